#include "schema/writer.h"

#include "schema/guard.h"
#include "schema/utf.h"

namespace schema {
namespace {

// IsXmlCharacter: XML 1.0, 2.2, Char.
bool IsXmlCharacter(char32_t c) {
  return c == 0x9 || c == 0xA || c == 0xD || (c >= 0x20 && c <= 0xD7FF) ||
         (c >= 0xE000 && c <= 0xFFFD) || (c >= 0x10000 && c <= 0x10FFFF);
}

std::string_view Reference(char c, bool in_attribute) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";  // never leaves "]]>" in text
    case '\r':
      return "&#13;";  // a parser turns a bare one into a line feed (XML 1.0, 2.11)
    case '"':
      return in_attribute ? "&quot;" : "";
    case '\t':
      return in_attribute ? "&#9;" : "";
    case '\n':
      return in_attribute ? "&#10;" : "";
    default:
      return "";
  }
}

// Whether an octet stands for itself, in attributes and elsewhere.
constexpr bool IsPlain(char c) {
  // Without short cuts, so that a loop over it has no branches.
  return ((c >= ' ') & (c < 0x7F) & (c != '&') & (c != '<') & (c != '>') & (c != '"')) != 0;
}

// The end of the octets from `at` on that stand for themselves.  Looks at whole blocks, which a
// compiler turns into vector instructions: most of a long text is base64.
std::size_t EndOfPlain(std::string_view text, std::size_t at) {
  constexpr std::size_t kBlock = 32;
  for (; text.size() - at >= kBlock; at += kBlock) {
    unsigned others = 0;
    for (std::size_t i = 0; i < kBlock; ++i) others |= IsPlain(text[at + i]) ? 0U : 1U;
    if (others != 0) break;
  }
  while (at < text.size() && IsPlain(text[at])) ++at;
  return at;
}

void Escape(std::string& out, std::string_view text, bool in_attribute) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    at = EndOfPlain(text, at);
    out.append(text, begin, at - begin);
    if (at == text.size()) return;
    const char octet = text[at];
    if (const auto reference = Reference(octet, in_attribute); !reference.empty()) {
      out += reference;
      ++at;
      continue;
    }
    const char32_t c = NextUtf8(text, at);
    char utf8[4];
    out.append(utf8, EncodeUtf8(IsXmlCharacter(c) ? c : kReplacement, utf8));
  }
}

void WriteAttribute(std::string& out, std::string_view name, std::string_view value) {
  out += ' ';
  out += name;
  out += "=\"";
  Escape(out, value, true);
  out += '"';
}

void WriteNode(std::string& out, const Node& node) {
  out += '<';
  out += node.name;
  for (const auto& [name, value] : node.attributes) WriteAttribute(out, name, value);
  if (node.text.empty() && node.children.empty()) {
    out += "/>";
    return;
  }
  out += '>';
  Escape(out, node.text, false);
  for (const Node& child : node.children) WriteNode(out, child);
  out += "</";
  out += node.name;
  out += '>';
}

std::string WriteDocument(std::string_view root, const Node& content, const Envelope& envelope) {
  std::string out;
  out.reserve(1024);
  out += "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<";
  out += root;
  WriteAttribute(out, "xmlns", kNamespace);
  if (!envelope.language.empty()) WriteAttribute(out, "xml:lang", envelope.language);
  if (!envelope.content_software_id.empty()) {
    WriteAttribute(out, "ContentSoftwareID", envelope.content_software_id);
  }
  out += '>';
  WriteNode(out, content);
  out += "</";
  out += root;
  out += ">\n";
  return out;
}

}  // namespace

Node& Node::Set(std::string_view attribute, std::string_view value) {
  attributes.emplace_back(attribute, value);
  return *this;
}

Node& Node::SetIf(std::string_view attribute, std::optional<std::string_view> value) {
  if (value && !value->empty()) Set(attribute, *value);
  return *this;
}

Node& Node::Add(Node child) {
  children.push_back(std::move(child));
  return *this;
}

Node& Node::Text(std::string_view characters) {
  text = characters;
  return *this;
}

Node PackagedContent(std::string_view element, std::string_view name, std::string_view content,
                     std::string_view transform, std::string_view text) {
  Node node(element);
  node.SetIf("Name", name).Set("Content", content).Set("Transform", transform).Text(text);
  return node;
}

Node CopyOf(const Element& element) {
  Node node(element.name);
  for (const Attribute& attribute : element.attributes) node.Set(attribute.name, attribute.value);
  node.Text(element.text);
  for (const Element* child : element.children) node.Add(CopyOf(*child));
  return node;
}

std::string WriteResponse(const Node& response, const Envelope& envelope) {
  return WriteDocument(kResponseRoot, response, envelope);
}

std::string WriteRequest(const Node& call, const Envelope& envelope) {
  return WriteDocument(kRequestRoot, call, envelope);
}

ErrorResponse ToErrorResponse(const Fault& fault, std::string_view language) {
  ErrorResponse error;
  error.code = fault.code;
  error.language = language;
  if (!fault.element_type.empty()) {
    error.locations.push_back({fault.element_type, fault.att_name, {}});
  }
  return error;
}

std::string WriteError(const ErrorResponse& error, const Envelope& envelope) {
  Node node("ErrorResponse");
  node.SetIf("xml:lang", error.language);
  node.Set("ErrorCode", Name(error.code));
  node.Set("ErrorDesc", Clip(error.description, kMaxDescription));
  if (error.severity == Severity::kTransientError) {
    node.Set("Severity", "TransientError");
    node.Set("MinRetrySecs", std::to_string(error.min_retry_secs));
  } else {
    node.Set("Severity", "HardError");
  }
  node.SetIf("SwVendorErrorRef", error.vendor_reference);
  for (const ErrorLocation& location : error.locations) {
    Node place("ErrorLocation");
    place.Set("ElementType", location.element_type);
    place.SetIf("ElementRef", location.element_ref).SetIf("AttName", location.att_name);
    node.Add(std::move(place));
  }
  if (error.locations.empty()) {
    node.Add(std::move(Node("ErrorLocation").Set("ElementType", kRequestRoot)));
  }
  for (const Node& scheme : error.pay_scheme) node.Add(scheme);
  return WriteResponse(node, envelope);
}

std::string_view Clip(std::string_view utf8, std::size_t characters) {
  std::size_t at = 0;
  for (std::size_t count = 0; count < characters && at < utf8.size(); ++count) NextUtf8(utf8, at);
  return utf8.substr(0, at);
}

}  // namespace schema
