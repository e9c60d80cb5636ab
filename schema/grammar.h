// The grammar: both namespace forms of the XSD, compiled once into one locked pool that lives as
// long as the process.  A locked pool is read by any number of parsers at once.
#ifndef SCHEMA_GRAMMAR_H_
#define SCHEMA_GRAMMAR_H_

#include <xercesc/framework/XMLGrammarPool.hpp>

namespace schema {

// Grammar gives the pool, and on its first call initialises Xerces (never terminated: the host may
// use Xerces too) and compiles the schemas.  Any thread.  Throws std::runtime_error.
xercesc::XMLGrammarPool* Grammar();

}  // namespace schema

#endif  // SCHEMA_GRAMMAR_H_
