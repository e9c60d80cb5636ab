#include "rule.h"

namespace conform {

const Rules& AllRules() {
  static const Rules& all = *[] {
    auto* rules = new Rules;
    AddAbiRules(*rules);
    AddXmlRules(*rules);
    AddCallInputRules(*rules);
    AddCallOutputRules(*rules);
    AddCopiedRules(*rules);
    AddAliasRules(*rules);
    AddContentRules(*rules);
    AddPendingRules(*rules);
    AddSoftwareRules(*rules);
    AddErrorRules(*rules);
    AddCallBackRules(*rules);
    AddThreadRules(*rules);
    AddForkRules(*rules);
    AddStoreRules(*rules);
    AddSecretRules(*rules);
    AddSetConsumerRules(*rules);
    AddSetHandlerRules(*rules);
    AddInitiationRules(*rules);
    AddStateRules(*rules);
    AddReplayRules(*rules);
    AddReceiptRules(*rules);
    return rules;
  }();
  return all;
}

}  // namespace conform
