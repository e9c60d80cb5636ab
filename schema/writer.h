// The writer: a tree out as a Payment API document in UTF-8 with the namespace (RFC 3867, 3;
// interfaces, 5).  Whatever the values hold, the result is well-formed: markup is escaped, white
// space in attributes becomes character references, and what XML 1.0 cannot carry (control
// characters, octets that are not UTF-8) becomes U+FFFD.  Nothing here fails except for memory.
#ifndef SCHEMA_WRITER_H_
#define SCHEMA_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schema/document.h"
#include "schema/fault.h"

namespace schema {

// An element to be written.  Names must be names of the schema; they are written as they are.
struct Node {
  explicit Node(std::string_view element) : name(element) {}

  // Set appends an attribute; each name once.
  Node& Set(std::string_view attribute, std::string_view value);
  // SetIf appends the attribute if there is a value and it is not empty.
  Node& SetIf(std::string_view attribute, std::optional<std::string_view> value);
  // Add appends a child element and gives this element back.
  Node& Add(Node child);
  // Text sets the character data.
  Node& Text(std::string_view characters);

  std::string name;
  std::string text;
  std::vector<std::pair<std::string, std::string>> attributes;
  std::vector<Node> children;
};

// PackagedContent makes an element of that family, for example
// PackagedContent("PaySchemePackagedContent", "PRes", "PCDATA", "BASE64", text): Name is left out
// if empty (RFC 3504, 2.1; errata E-48).
Node PackagedContent(std::string_view element, std::string_view name, std::string_view content,
                     std::string_view transform, std::string_view text);

// CopyOf makes a Node of a parsed element.
Node CopyOf(const Element& element);

// What stands on the root of a document.  Empty ones are left out.
struct Envelope {
  std::string content_software_id;
  std::string language;  // xml:lang
};

// WriteResponse puts one response element into an IotpPaymentApiResponse.
std::string WriteResponse(const Node& response, const Envelope& envelope);

// WriteRequest puts one call into an IotpPaymentApiRequest (CallBack; programs and tests).
std::string WriteRequest(const Node& call, const Envelope& envelope);

enum class Severity : std::uint8_t { kHardError, kTransientError };

struct ErrorLocation {
  std::string element_type;  // NMTOKEN
  std::string att_name;      // empty: the element itself
  std::string element_ref;   // empty: none; BusError may name a payment here (RFC 3867, Table 2)
};

// ErrorResponse (RFC 3867, 3).
struct ErrorResponse {
  FaultCode code = FaultCode::kUnknownError;
  std::string language;     // xml:lang of `description`
  std::string description;  // cut after kMaxDescription characters
  Severity severity = Severity::kHardError;
  std::uint32_t min_retry_secs = 1;      // written with TransientError only
  std::string vendor_reference;          // SwVendorErrorRef, left out if empty
  std::vector<ErrorLocation> locations;  // none: IotpPaymentApiRequest (interfaces, 5)
  std::vector<Node> pay_scheme;          // PaySchemePackagedContent (errata E-7)
};

// Characters of ErrorDesc and StatusDesc (RFC 3867, Table 3).
inline constexpr std::size_t kMaxDescription = 256;

// ToErrorResponse makes the hard error that a Fault stands for, with one location.  Its description
// is left to the caller.
ErrorResponse ToErrorResponse(const Fault& fault, std::string_view language);

// WriteError puts an ErrorResponse into an IotpPaymentApiResponse.
std::string WriteError(const ErrorResponse& error, const Envelope& envelope);

// Clip cuts a UTF-8 text after `characters` characters, never inside one.
std::string_view Clip(std::string_view utf8, std::size_t characters);

}  // namespace schema

#endif  // SCHEMA_WRITER_H_
