// The calls of RFC 3867 with a valid document of each, for the families of rules that hold for
// every call.
#ifndef TESTS_CONFORMANCE_RULES_CALL_TABLE_H_
#define TESTS_CONFORMANCE_RULES_CALL_TABLE_H_

#include <opb.h>

#include <span>

#include "calls.h"

namespace conform {

struct CallRow {
  const char* section;  // of RFC 3538, or of RFC 3867 where that has none
  const char* name;
  opb_role roles;  // RFC 3867, Table 1
  Node (*make)();
};

std::span<const CallRow> CallTable();
const CallRow& CallNamed(std::string_view name);

// The kind of wallet for the first of `roles` that the module plays; skips if it plays none.
const WalletKind& KindFor(Context& context, opb_role roles);

}  // namespace conform

#endif  // TESTS_CONFORMANCE_RULES_CALL_TABLE_H_
