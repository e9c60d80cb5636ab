// The DTD's opinion of a document, by Xerces with our DTD put in front of it.
#ifndef TESTS_UNIT_SCHEMA_DTD_JUDGE_H_
#define TESTS_UNIT_SCHEMA_DTD_JUDGE_H_

#include <string>
#include <string_view>

namespace schema {

enum class DtdVerdict { kValid, kNotValid, kNotWellFormed };

// JudgeByDtd takes a document without DOCTYPE; the root decides which one it gets.  `why` receives
// what the parser says.  One thread.
DtdVerdict JudgeByDtd(std::string_view document, std::string* why = nullptr);

}  // namespace schema

#endif  // TESTS_UNIT_SCHEMA_DTD_JUDGE_H_
