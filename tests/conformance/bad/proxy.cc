// The proxy: a good module that changes one thing in its answers, or in the requests on their way
// in.  OPB_CONFORM_CHANGE names the thing; proxy.txt holds all of them.  A change that cannot be
// read aborts.
//   drop CALL ATTRIBUTE          the attribute is left out
//   set CALL ATTRIBUTE VALUE     the attribute, where it is, has another value
//   swap CALL WORD WORD          one word stands for another
//   strip CALL ELEMENT           the elements of that name are left out
//   flip CALL PERMILLE           one bit of the first message, that far into it
//   flip-in CALL PERMILLE        the same in the request
//   count CALL                   no two answers are alike
// CALL is the element of the request, or * for all.
#include <openssl/evp.h>

#include <atomic>
#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

#include "shim.h"

namespace bad {
namespace {

struct Change {
  std::string kind, call, first, second;
};
Change change;

// Where the value of `attribute` stands; npos if the text has none from `from` on.
std::size_t FindValue(const std::string& text, const std::string& attribute, std::size_t from) {
  const std::size_t at = text.find(" " + attribute + "=", from);
  return at == std::string::npos ? at : at + attribute.size() + 3;
}

void EditAttribute(std::string& text) {
  for (std::size_t at = FindValue(text, change.first, 0); at != std::string::npos;
       at = FindValue(text, change.first, at)) {
    const std::size_t end = text.find(text[at - 1], at);
    if (change.kind == "drop") {
      const std::size_t begin = at - change.first.size() - 3;
      text.erase(begin, end + 1 - begin);
      at = begin;
    } else {
      text.replace(at, end - at, change.second);
    }
  }
}

void Swap(std::string& text) {
  for (std::size_t at = text.find(change.first); at != std::string::npos;
       at = text.find(change.first, at + change.second.size())) {
    text.replace(at, change.first.size(), change.second);
  }
}

void Strip(std::string& text) {
  const std::string open = "<" + change.first;
  const std::string close = "</" + change.first + ">";
  for (std::size_t at = text.find(open); at != std::string::npos; at = text.find(open, at)) {
    const std::size_t end = text.find(close, at);
    if (end == std::string::npos) return;
    text.erase(at, end + close.size() - at);
  }
}

void Flip(std::string& text) {
  const std::size_t element = text.find("<PaySchemePackagedContent");
  if (element == std::string::npos) return;
  const std::size_t begin = text.find('>', element) + 1;
  const std::size_t end = text.find('<', begin);
  const std::string coded = text.substr(begin, end - begin);
  std::vector<unsigned char> octets(coded.size());
  const int size =
      EVP_DecodeBlock(octets.data(), reinterpret_cast<const unsigned char*>(coded.data()),
                      static_cast<int>(coded.size()));
  if (size < 8) return;
  std::size_t length = static_cast<std::size_t>(size);
  for (std::size_t i = coded.size(); i-- > 0 && coded[i] == '=';) --length;
  octets[length * static_cast<std::size_t>(std::atoi(change.first.c_str())) / 1000] ^= 1;
  std::string again(coded.size() + 1, '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(again.data()), octets.data(),
                  static_cast<int>(length));
  again.pop_back();
  text.replace(begin, end - begin, again);
}

void Count(std::string& text) {
  static std::atomic<int> answers = 0;
  const std::size_t at = FindValue(text, "ContentSoftwareID", 0);
  if (at != std::string::npos) text.insert(at, std::to_string(++answers) + " ");
}

bool Speaks(std::string_view request) {
  return change.call == "*" || Contains(request, "<" + change.call + " ") ||
         Contains(request, "<" + change.call + ">") || Contains(request, "<" + change.call + "/");
}

void OnAnswer(std::string_view request, std::string& answer) {
  if (!Speaks(request)) return;
  if (change.kind == "drop" || change.kind == "set") EditAttribute(answer);
  if (change.kind == "swap") Swap(answer);
  if (change.kind == "strip") Strip(answer);
  if (change.kind == "flip") Flip(answer);
  if (change.kind == "count") Count(answer);
}

void OnRequest(std::string& request) {
  if (change.kind == "flip-in" && Speaks(request)) Flip(request);
}

}  // namespace

void SetBadness(opb_entry_table&, Hooks& hooks) {
  const char* line = std::getenv("OPB_CONFORM_CHANGE");
  std::istringstream words(line == nullptr ? "" : line);
  words >> change.kind >> change.call >> change.first >> change.second;
  if (change.call.empty()) std::abort();
  hooks.request = OnRequest;
  hooks.answer = OnAnswer;
}

}  // namespace bad
