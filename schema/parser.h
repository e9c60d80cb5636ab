// Parser: a validating SAX2 parser over the shared grammar, with the memory that it lives in; and
// the parsers that are idle.  A parser costs more to make than to use, but keeps copies of what it
// read.
#ifndef SCHEMA_PARSER_H_
#define SCHEMA_PARSER_H_

#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>
#include <xercesc/sax2/SAX2XMLReader.hpp>

#include "schema/wiping.h"

namespace schema {

// For one thread at a time.  Throws std::runtime_error if the grammar cannot be loaded.
struct Parser {
  Parser();

  WipingMemoryManager memory;  // outlives `sax`
  std::unique_ptr<xercesc::SAX2XMLReader> sax;
};

// Any thread.
class IdleParsers {
 public:
  // Take gives an idle parser or a new one.
  std::unique_ptr<Parser> Take();
  // Return keeps a parser for the next Take, up to kMost.  Not for one that has seen a Passphrase.
  void Return(std::unique_ptr<Parser> parser);
  // Holds says whether the memory of any idle parser contains `octets`.
  bool Holds(const void* octets, std::size_t size) const;
  std::size_t size() const;

  static constexpr std::size_t kMost = 16;

 private:
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<Parser>> parsers_;
};

// Idle gives the idle parsers of this process; they are never destroyed.
IdleParsers& Idle();

}  // namespace schema

#endif  // SCHEMA_PARSER_H_
