#include "xml.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/valid.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "response_dtd.h"

namespace conform {
namespace {

struct FreeDoc {
  void operator()(xmlDoc* doc) const { xmlFreeDoc(doc); }
};
using Doc = std::unique_ptr<xmlDoc, FreeDoc>;

std::string Text(const xmlChar* text) {
  return text == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(text));
}

Doc Parse(std::string_view document) {
  return Doc(xmlReadMemory(document.data(), static_cast<int>(document.size()), nullptr, nullptr,
                           XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                               XML_PARSE_NOCDATA | XML_PARSE_HUGE));
}

std::string QualifiedName(const xmlNs* ns, const xmlChar* name) {
  if (ns == nullptr || ns->prefix == nullptr) return Text(name);
  return Text(ns->prefix) + ":" + Text(name);
}

Node ToNode(const xmlNode* element) {
  Node node;
  node.name = QualifiedName(element->ns, element->name);
  for (const xmlNs* ns = element->nsDef; ns != nullptr; ns = ns->next) {
    node.Set(ns->prefix == nullptr ? "xmlns" : "xmlns:" + Text(ns->prefix), Text(ns->href));
  }
  for (const xmlAttr* attribute = element->properties; attribute != nullptr;
       attribute = attribute->next) {
    xmlChar* value = xmlNodeListGetString(element->doc, attribute->children, 1);
    node.Set(QualifiedName(attribute->ns, attribute->name), Text(value));
    xmlFree(value);
  }
  for (const xmlNode* child = element->children; child != nullptr; child = child->next) {
    if (child->type == XML_ELEMENT_NODE) node.children.push_back(ToNode(child));
    if (child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE) {
      node.text += Text(child->content);
    }
  }
  return node;
}

void Keep(void* context, const char* format, ...) {
  auto& first = *static_cast<std::string*>(context);
  if (!first.empty()) return;
  char line[512];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  first = line;
  std::erase(first, '\n');
}

}  // namespace

Node& Node::Set(std::string_view attribute, std::string_view value) {
  for (auto& [known, old] : attributes) {
    if (known == attribute) {
      old = value;
      return *this;
    }
  }
  attributes.emplace_back(attribute, value);
  return *this;
}

Node& Node::Remove(std::string_view attribute) {
  std::erase_if(attributes, [&](const auto& pair) { return pair.first == attribute; });
  return *this;
}

Node& Node::Add(Node child) {
  children.push_back(std::move(child));
  return *this;
}

Node& Node::RemoveChild(std::string_view child) {
  std::erase_if(children, [&](const Node& node) { return node.name == child; });
  return *this;
}

const std::string* Node::Find(std::string_view attribute) const {
  for (const auto& [known, value] : attributes) {
    if (known == attribute) return &value;
  }
  return nullptr;
}

std::string Node::Get(std::string_view attribute) const {
  const std::string* value = Find(attribute);
  return value == nullptr ? std::string() : *value;
}

const Node* Node::Child(std::string_view child) const {
  const auto found = std::ranges::find_if(children, [&](const Node& n) { return n.name == child; });
  return found == children.end() ? nullptr : &*found;
}

std::vector<const Node*> Node::Children(std::string_view child) const {
  std::vector<const Node*> out;
  for (const Node& node : children) {
    if (node.name == child) out.push_back(&node);
  }
  return out;
}

std::string Escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\t':
        out += "&#9;";
        break;
      case '\r':
        out += "&#13;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string WriteElement(const Node& node) {
  std::string out = "<" + node.name;
  for (const auto& [name, value] : node.attributes)
    out += " " + name + "=\"" + Escape(value) + "\"";
  if (node.children.empty() && node.text.empty()) return out + "/>";
  out += ">" + Escape(node.text);
  for (const Node& child : node.children) out += WriteElement(child);
  return out + "</" + node.name + ">";
}

std::string WriteRequest(const Node& call) {
  Node root{"IotpPaymentApiRequest"};
  root.Set("xmlns", kNamespace).Set("ContentSoftwareID", kHostSoftware).Add(call);
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + WriteElement(root);
}

std::optional<Node> ReadXml(std::string_view document) {
  const Doc doc = Parse(document);
  if (doc == nullptr) return std::nullopt;
  const xmlNode* root = xmlDocGetRootElement(doc.get());
  if (root == nullptr) return std::nullopt;
  return ToNode(root);
}

std::string ResponseFault(std::string_view document) {
  const Doc doc = Parse(document);
  if (doc == nullptr) return "not well-formed";
  xmlParserInputBuffer* input = xmlParserInputBufferCreateMem(
      kResponseDtd, static_cast<int>(std::strlen(kResponseDtd)), XML_CHAR_ENCODING_UTF8);
  const std::unique_ptr<xmlDtd, void (*)(xmlDtd*)> dtd(
      xmlIOParseDTD(nullptr, input, XML_CHAR_ENCODING_UTF8), xmlFreeDtd);
  if (dtd == nullptr) return "the judge's own DTD cannot be read";
  const std::unique_ptr<xmlValidCtxt, void (*)(xmlValidCtxt*)> context(xmlNewValidCtxt(),
                                                                       xmlFreeValidCtxt);
  std::string fault;
  context->userData = &fault;
  context->error = Keep;
  if (xmlValidateDtd(context.get(), doc.get(), dtd.get()) == 1) return "";
  return fault.empty() ? "not valid" : fault;
}

}  // namespace conform
