// The two schemas as text in the program (embed.cmake makes the definitions from the .xsd files).
#ifndef SCHEMA_SCHEMA_TEXT_H_
#define SCHEMA_SCHEMA_TEXT_H_

#include <string_view>

namespace schema {

// PlainSchemaText is iotp_payment_api.xsd: documents without xmlns.
std::string_view PlainSchemaText();

// NamespaceSchemaText is iotp_payment_api_namespace.xsd, which includes the other by that name.
std::string_view NamespaceSchemaText();

}  // namespace schema

#endif  // SCHEMA_SCHEMA_TEXT_H_
