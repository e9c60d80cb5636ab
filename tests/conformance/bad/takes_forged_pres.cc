// Breaks SET-5.6-signature: accepts a PRes whose signature is wrong.
#include <openssl/evp.h>

#include <vector>

#include "shim.h"

namespace bad {
namespace {

// Whether the SET Error of this answer says signatureFailure: ENUMERATED 8.
bool SaysSignatureFailure(const std::string& answer) {
  const auto element = answer.find("<PaySchemePackagedContent");
  if (element == std::string::npos) return false;
  const auto begin = answer.find('>', element) + 1;
  const std::string base64 = answer.substr(begin, answer.find('<', begin) - begin);
  std::vector<unsigned char> octets(base64.size());
  EVP_DecodeBlock(octets.data(), reinterpret_cast<const unsigned char*>(base64.data()),
                  static_cast<int>(base64.size()));
  return Contains({reinterpret_cast<const char*>(octets.data()), octets.size()}, "\x0a\x01\x08");
}

}  // namespace

void SetBadness(opb_entry_table&, Hooks& hooks) {
  hooks.answer = [](std::string_view request, std::string& answer) {
    if (!Contains(request, "Name=\"PRes\"") || !SaysSignatureFailure(answer)) return;
    const auto begin = answer.find("<ErrorResponse");
    const auto end = answer.find("</ErrorResponse>") + sizeof "</ErrorResponse>" - 1;
    answer.replace(begin, end - begin, "<ContinueProcessResponse ContStatus=\"End\"/>");
  };
}

}  // namespace bad
