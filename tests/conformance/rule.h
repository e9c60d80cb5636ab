// A rule: one sentence about a bridge that a clause supports, and the function that finds out
// whether it holds.  A check that returns has passed; what it throws is any other outcome.
#ifndef TESTS_CONFORMANCE_RULE_H_
#define TESTS_CONFORMANCE_RULE_H_

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace conform {

class Context;

enum class Level { kMust, kShould, kMay };

enum class Result { kPassed, kFailed, kCrashed, kTimeout, kSkipped, kWarning };

// Verdict is what a check throws when it cannot pass.
struct Verdict {
  Result result = Result::kFailed;
  std::string reason;
};

[[noreturn]] inline void Fail(std::string reason) {
  throw Verdict{Result::kFailed, std::move(reason)};
}
// Skip says that the module lacks what the rule is about; a must rule that is skipped is reported.
[[noreturn]] inline void Skip(std::string reason) {
  throw Verdict{Result::kSkipped, std::move(reason)};
}
[[noreturn]] inline void Warn(std::string reason) {
  throw Verdict{Result::kWarning, std::move(reason)};
}
inline void Require(bool holds, const std::string& reason) {
  if (!holds) Fail(reason);
}

struct Rule {
  std::string id;        // GROUP-words, unique; the group is what stands before the first '-'
  std::string clause;    // "RFC 3538, 8.4.4"
  std::string sentence;  // what must hold
  Level level = Level::kMust;
  std::function<void(Context&)> check;
  // The parameters of RFC 3538, 7 that the rule speaks of, as clauses.h names them.
  std::vector<std::string> covers = {};
};

using Rules = std::vector<Rule>;

// Each file of rules/ adds its own.
void AddAbiRules(Rules& rules);
void AddXmlRules(Rules& rules);
void AddCallInputRules(Rules& rules);
void AddCallOutputRules(Rules& rules);
void AddAliasRules(Rules& rules);
void AddContentRules(Rules& rules);
void AddCopiedRules(Rules& rules);
void AddErrorRules(Rules& rules);
void AddCallBackRules(Rules& rules);
void AddInitiationRules(Rules& rules);
void AddPendingRules(Rules& rules);
void AddSoftwareRules(Rules& rules);
void AddThreadRules(Rules& rules);
void AddForkRules(Rules& rules);
void AddStoreRules(Rules& rules);
void AddSecretRules(Rules& rules);
void AddSetConsumerRules(Rules& rules);
void AddSetHandlerRules(Rules& rules);
void AddStateRules(Rules& rules);
void AddReplayRules(Rules& rules);
void AddReceiptRules(Rules& rules);

// All rules, in the order of the report.
const Rules& AllRules();

}  // namespace conform

#endif  // TESTS_CONFORMANCE_RULE_H_
