// The judge's own reading and writing of Payment API documents.  Reading goes through libxml2, so
// that no parser is shared with a module that uses another one.
#ifndef TESTS_CONFORMANCE_XML_H_
#define TESTS_CONFORMANCE_XML_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace conform {

inline constexpr std::string_view kNamespace = "http://www.iotp.org/2000/08/PaymentAPI";
inline constexpr std::string_view kHostSoftware = "The SET Bridge authors, opb-conform, 1.0, 1";

// An element.  Attribute names carry their prefix ("xml:lang").
struct Node {
  std::string name;
  std::vector<std::pair<std::string, std::string>> attributes = {};
  std::vector<Node> children = {};
  std::string text = {};

  Node& Set(std::string_view attribute, std::string_view value);  // adds or replaces
  Node& Remove(std::string_view attribute);
  Node& Add(Node child);
  Node& RemoveChild(std::string_view child);                  // every child of this name
  const std::string* Find(std::string_view attribute) const;  // null: absent
  std::string Get(std::string_view attribute) const;          // absent: ""
  const Node* Child(std::string_view child) const;            // the first, or null
  std::vector<const Node*> Children(std::string_view child) const;
};

std::string Escape(std::string_view text);
std::string WriteElement(const Node& node);
// A request document around `call`.
std::string WriteRequest(const Node& call);

// The root element; nothing if `document` is not well-formed.
std::optional<Node> ReadXml(std::string_view document);
// Why `document` is no valid IotpPaymentApiResponse (RFC 3867, 3 to 5, as corrected); empty if it
// is one.
std::string ResponseFault(std::string_view document);

}  // namespace conform

#endif  // TESTS_CONFORMANCE_XML_H_
