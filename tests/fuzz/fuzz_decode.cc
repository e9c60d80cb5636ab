// set-bridge decode on whatever comes: it prints or refuses, never anything that a terminal obeys,
// and the JSON stays inside its quotes.
#include <algorithm>
#include <string>

#include "bridge/programs/set_bridge/decode/tree.h"
#include "fuzz/target.h"

namespace {

using namespace bridge::programs::decode;

bool Plain(const std::string& text) {
  return std::ranges::all_of(text, [](char c) {
    return c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const setcore::OctetView input(data, size);
  const auto hidden = Decode(input, {});
  const auto shown = Decode(input, {.show_secrets = true});
  fuzz::Require(hidden.has_value() == shown.has_value(), "secrets do not decide what it is");
  if (!hidden) return 0;
  fuzz::Require(Faults(*hidden) == Faults(*shown), "secrets do not decide what is wrong");
  for (const Node* node : {&*hidden, &*shown}) {
    fuzz::Require(Plain(ToText(*node)), "a text is plain");
    fuzz::Require(Plain(ToJson(*node)), "JSON is plain");
  }
  return 0;
}
