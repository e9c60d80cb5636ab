// What a change does to a document: requests, answers, CallBacks and their answers.
#ifndef TESTS_CONFORMANCE_BAD_EDITS_H_
#define TESTS_CONFORMANCE_BAD_EDITS_H_

#include <string>

namespace bad {

// A change, word by word (proxy.cc).
struct Change {
  std::string kind, call, first, second;
};

// False if `kind` (without "-in", "-told" or "-heard") is no edit of a document.
bool Edit(const std::string& kind, const Change& change, std::string& text);

// Where the value of `attribute` stands; npos if the text has none from `from` on.
std::size_t FindValue(const std::string& text, const std::string& attribute, std::size_t from);

}  // namespace bad

#endif  // TESTS_CONFORMANCE_BAD_EDITS_H_
