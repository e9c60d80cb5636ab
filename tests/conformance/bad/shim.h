// A bad module forwards everything to a good one and breaks one rule.  Its file defines
// SetBadness(), which replaces functions of the table or hooks into requests and answers.
#ifndef TESTS_CONFORMANCE_BAD_SHIM_H_
#define TESTS_CONFORMANCE_BAD_SHIM_H_

#include <string>
#include <string_view>

// The table that is exported is filled when the module is loaded, so it is no constant here.
#define opb_entry opb_entry_as_declared
#include <opb.h>
#undef opb_entry

namespace bad {

struct Hooks {
  void (*request)(std::string& request) = nullptr;
  void (*answer)(std::string_view request, std::string& answer) = nullptr;
};

// The good module's table: of the module that OPB_CONFORM_INNER names, else of the build's.
const opb_entry_table& Inner();

// Defined by each bad module; called at load.
void SetBadness(opb_entry_table& table, Hooks& hooks);

// Replaces the first `what`; true if there was one.
bool Replace(std::string& text, std::string_view what, std::string_view by);
bool Contains(std::string_view text, std::string_view what);

// call as it would be without a replacement, hooks included.
opb_status ForwardCall(opb_wallet wallet, opb_text request, opb_blob* response);

}  // namespace bad

#endif  // TESTS_CONFORMANCE_BAD_SHIM_H_
