#include "setcore/messages/codes.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

#include "setcore/messages/code_names.h"
#include "setcore/messages/wrapper.h"

namespace setcore::msg {
namespace {

constexpr std::string_view kMessages[] = {
    "PInitReq",      "PInitRes",      "PReq",         "PRes",         "InqReq",
    "InqRes",        "AuthReq",       "AuthRes",      "AuthRevReq",   "AuthRevRes",
    "CapReq",        "CapRes",        "CapRevReq",    "CapRevRes",    "CredReq",
    "CredRes",       "CredRevReq",    "CredRevRes",   "PCertReq",     "PCertRes",
    "BatchAdminReq", "BatchAdminRes", "CardCInitReq", "CardCInitRes", "Me-AqCInitReq",
    "Me-AqCInitRes", "RegFormReq",    "RegFormRes",   "CertReq",      "CertRes",
    "CertInqReq",    "CertInqRes"};

template <class E, std::size_t kSize>
std::string_view Find(const std::string_view (&names)[kSize], E value) {
  const auto at = static_cast<std::size_t>(value);
  return at < kSize ? names[at] : std::string_view();
}

template <class Code, std::size_t kSize>
std::string_view NameOf(const std::string_view (&names)[kSize], Code code) {
  static_assert(kSize == der::EnumRange<Code>::kMax + 1);
  return Find(names, code);
}

}  // namespace

std::string_view Name(CompletionCode code) { return NameOf(kCompletionCodes, code); }
std::string_view Name(AuthCode code) { return NameOf(kAuthCodes, code); }
std::string_view Name(CapCode code) { return NameOf(kCapCodes, code); }
std::string_view Name(CapRevOrCredCode code) { return NameOf(kCapRevOrCredCodes, code); }
std::string_view Name(AuthRevCode code) { return NameOf(kAuthRevCodes, code); }

std::optional<AuthCode> ParseAuthCode(std::string_view name) {
  const auto* const at = std::ranges::find(kAuthCodes, name);
  if (at == std::end(kAuthCodes)) return std::nullopt;
  return static_cast<AuthCode>(std::distance(std::begin(kAuthCodes), at));
}

std::string_view Name(MessageType type) {
  return type == MessageType::kError ? std::string_view("Error") : Find(kMessages, type);
}

}  // namespace setcore::msg
