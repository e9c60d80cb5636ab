#include "edits.h"

#include <openssl/evp.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <vector>

namespace bad {
namespace {

void EditAttribute(const std::string& kind, const Change& change, std::string& text) {
  for (std::size_t at = FindValue(text, change.first, 0); at != std::string::npos;
       at = FindValue(text, change.first, at)) {
    const std::size_t end = text.find(text[at - 1], at);
    if (kind == "drop") {
      const std::size_t begin = at - change.first.size() - 3;
      text.erase(begin, end + 1 - begin);
      at = begin;
    } else {
      text.replace(at, end - at, change.second);
    }
  }
}

void Swap(const Change& change, std::string& text) {
  for (std::size_t at = text.find(change.first); at != std::string::npos;
       at = text.find(change.first, at + change.second.size())) {
    text.replace(at, change.first.size(), change.second);
  }
}

// Whether the element that begins at `at` has this name.
bool IsNamed(const std::string& text, std::size_t at, const std::string& name) {
  return text.compare(at + 1, name.size(), name) == 0 &&
         std::string(" />").find(text[at + 1 + name.size()]) != std::string::npos;
}

void Strip(const Change& change, std::string& text) {
  const std::string close = "</" + change.first + ">";
  for (std::size_t at = text.find('<'); at != std::string::npos; at = text.find('<', at)) {
    if (!IsNamed(text, at, change.first)) {
      ++at;
      continue;
    }
    const std::size_t open_end = text.find('>', at);
    const std::size_t end = text[open_end - 1] == '/'
                                ? open_end + 1
                                : std::min(text.size(), text.find(close, at) + close.size());
    text.erase(at, end - at);
  }
}

void Add(const Change& change, std::string& text) {
  const std::size_t at = text.find("<" + change.call);
  if (at == std::string::npos) return;
  std::string attribute = " ";
  attribute += change.first + "=\"" + change.second + "\"";
  text.insert(at + 1 + change.call.size(), attribute);
}

void Flip(const Change& change, std::string& text) {
  std::size_t element = text.find("<PaySchemePackagedContent");
  if (element == std::string::npos) element = text.find("<PayProtocolPackagedContent");
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
  const int bit = change.second.empty() ? 1 : std::atoi(change.second.c_str());
  octets[length * static_cast<std::size_t>(std::atoi(change.first.c_str())) / 1000] ^=
      static_cast<unsigned char>(bit);
  std::string again(coded.size() + 1, '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(again.data()), octets.data(),
                  static_cast<int>(length));
  again.pop_back();
  text.replace(begin, end - begin, again);
}

}  // namespace

std::size_t FindValue(const std::string& text, const std::string& attribute, std::size_t from) {
  const std::size_t at = text.find(" " + attribute + "=", from);
  return at == std::string::npos ? at : at + attribute.size() + 3;
}

bool Edit(const std::string& kind, const Change& change, std::string& text) {
  if (kind == "drop" || kind == "set") {
    EditAttribute(kind, change, text);
  } else if (kind == "add") {
    Add(change, text);
  } else if (kind == "swap") {
    Swap(change, text);
  } else if (kind == "strip") {
    Strip(change, text);
  } else if (kind == "flip") {
    Flip(change, text);
  } else if (kind == "waver") {
    static std::atomic<int> times = 0;
    if (++times % 2 == 0) Flip(change, text);
  } else {
    return false;
  }
  return true;
}

}  // namespace bad
