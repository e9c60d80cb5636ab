// The corpus: one valid document per call and per response of the Payment API, with every element
// and attribute that it can have, values escaped where they need it.
#ifndef TESTS_UNIT_SCHEMA_CORPUS_H_
#define TESTS_UNIT_SCHEMA_CORPUS_H_

#include <string>
#include <string_view>
#include <vector>

namespace schema {

struct CorpusFile {
  std::string name;  // of the call or response
  std::string text;
  bool request;
};

// Corpus reads the files, sorted by name.
std::vector<CorpusFile> Corpus();

// WithoutNamespace takes the xmlns declaration off a document.
std::string WithoutNamespace(std::string text);

// Request wraps one call, given as XML, into a root without namespace.
std::string Request(std::string_view call);

}  // namespace schema

#endif  // TESTS_UNIT_SCHEMA_CORPUS_H_
