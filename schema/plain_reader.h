// The plain reader: well-formedness and namespaces, without a grammar.  It judges the documents
// that the validating parser must not see or has refused (reader.cc).
#ifndef SCHEMA_PLAIN_READER_H_
#define SCHEMA_PLAIN_READER_H_

#include <optional>
#include <string_view>

#include "schema/fault.h"
#include "schema/reader.h"

namespace schema {

// JudgePlainly gives what is wrong with a document whatever its structure: XmlNotWellFrmd, limits,
// XmlNotValid for a foreign namespace or a prefixed element, AttUnexpected for xsi:* and other
// prefixed attributes and for declarations other than our default namespace on the root, in that
// order.  Nothing if all that is in order.  Any thread; throws std::bad_alloc.
std::optional<Fault> JudgePlainly(std::string_view document, std::string_view root,
                                  const Limits& limits);

}  // namespace schema

#endif  // SCHEMA_PLAIN_READER_H_
