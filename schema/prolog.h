// What can be said of a document before it is parsed.  Pure functions over the octets.
#ifndef SCHEMA_PROLOG_H_
#define SCHEMA_PROLOG_H_

#include <optional>
#include <string_view>

#include "schema/fault.h"

namespace schema {

// SkipByteOrderMark takes a UTF-8 byte order mark off (interfaces, 5).
std::string_view SkipByteOrderMark(std::string_view document);

// JudgeProlog refuses, in a document without byte order mark, an encoding declaration other than
// UTF-8 or US-ASCII and an XML version other than 1.0 (XmlNotWellFrmd), and a DOCTYPE
// (XmlNotValid). What else is wrong with the prolog is left to the parser.
std::optional<Fault> JudgeProlog(std::string_view document);

// HasOnlyOurNamespace says whether the one place, if any, where the document writes "xmlns"
// declares the namespace of the Payment API as the default.  If not, the document may bind other
// names, and has to be judged by the plain reader before a parser with the shared grammar sees it:
// that one keeps every namespace name for good.
bool HasOnlyOurNamespace(std::string_view document);

}  // namespace schema

#endif  // SCHEMA_PROLOG_H_
