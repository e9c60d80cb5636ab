// What a file holds: DER, base64, a SET Initiation, PackagedContent in XML.
#include <algorithm>
#include <utility>

#include "bridge/programs/set_bridge/decode/grammar.h"
#include "bridge/programs/set_bridge/decode/tree.h"
#include "setcore/asn1/lint.h"
#include "setcore/base64.h"
#include "setcore/initiation/header_block.h"
#include "setcore/initiation/initiation.h"
#include "setcore/messages/receive.h"

namespace bridge::programs::decode {
namespace {

namespace der = setcore::der;
using setcore::OctetView;

constexpr std::uint8_t kSequenceOctet = 0x30;

std::string_view Text(OctetView octets) {
  return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}

Node TextNode(std::string name, std::string_view text, const Options& options) {
  Node node;
  node.name = std::move(name);
  node.value = Printable(options.show_secrets ? std::string(text) : Masked(text));
  return node;
}

// A MessageWrapper if it has the skeleton of one, else the first type that fits entirely.
Node SetStructure(OctetView octets, const Options& options) {
  if (setcore::ReadSkeleton(octets, octets.size())) {
    return ReadDer(octets, "MessageWrapper", options);
  }
  for (const std::string_view type : StandAlone()) {
    if (auto node = TryDer(octets, type, options)) return *std::move(node);
  }
  return ReadDer(octets, "MessageWrapper", options);
}

std::optional<Node> InitiationTree(OctetView octets, const Options& options) {
  const auto block = setcore::initiation::ParseHeaderBlock(octets);
  if (!block) return std::nullopt;
  Node root;
  root.kind = Node::Kind::kObject;
  root.type = setcore::initiation::Classify(octets).kind == setcore::initiation::Kind::kResponse
                  ? "SETInitiationResponse"
                  : "SETInitiation";
  Node fields;
  fields.kind = Node::Kind::kObject;
  fields.name = "fields";
  for (const auto& field : block->fields) {
    fields.children.push_back(TextNode(Printable(field.name), field.value, options));
  }
  root.children.push_back(std::move(fields));
  if (!block->body.empty()) {
    root.children.push_back(TextNode("body", Text(block->body), options));
  }
  return root;
}

// --- PackagedContent
// ------------------------------------------------------------------------------

// The characters that XML's five entities and character references stand for.
std::string Unescaped(std::string_view text) {
  constexpr std::pair<std::string_view, std::string_view> kEntities[] = {
      {"&lt;", "<"},  {"&gt;", ">"},   {"&amp;", "&"},  {"&quot;", "\""}, {"&apos;", "'"},
      {"&#9;", "\t"}, {"&#10;", "\n"}, {"&#13;", "\r"}, {"&#xA;", "\n"},  {"&#xD;", "\r"}};
  std::string out;
  while (!text.empty()) {
    const auto* entity = std::ranges::find_if(
        kEntities, [text](const auto& each) { return text.starts_with(each.first); });
    if (entity != std::end(kEntities)) {
      out += entity->second;
      text.remove_prefix(entity->first.size());
    } else {
      out += text.front();
      text.remove_prefix(1);
    }
  }
  return out;
}

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// The value of an attribute in a start tag; "" if it is not there.
std::string Attribute(std::string_view tag, std::string_view name) {
  for (std::size_t at = tag.find(name); at != std::string_view::npos; at = tag.find(name, at + 1)) {
    std::size_t i = at + name.size();
    while (i < tag.size() && IsSpace(tag[i])) ++i;
    if (at == 0 || !IsSpace(tag[at - 1]) || i == tag.size() || tag[i] != '=') continue;
    ++i;
    while (i < tag.size() && IsSpace(tag[i])) ++i;
    if (i == tag.size() || (tag[i] != '"' && tag[i] != '\'')) continue;
    const std::size_t end = tag.find(tag[i], i + 1);
    if (end == std::string_view::npos) return {};
    return Unescaped(tag.substr(i + 1, end - i - 1));
  }
  return {};
}

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && IsSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsSpace(text.back())) text.remove_suffix(1);
  return text;
}

// Takes the text of an element, up to the next tag, off the front of `rest`; CDATA sections are
// text.
std::string TakeText(std::string_view& rest) {
  constexpr std::string_view kOpen = "<![CDATA[";
  constexpr std::string_view kClose = "]]>";
  std::string out;
  while (!rest.empty()) {
    if (rest.starts_with(kOpen)) {
      const std::size_t end = rest.find(kClose);
      if (end == std::string_view::npos) {
        rest = {};
        return out;
      }
      out += rest.substr(kOpen.size(), end - kOpen.size());
      rest.remove_prefix(end + kClose.size());
      continue;
    }
    if (rest.front() == '<') return out;
    const std::size_t end = std::min(rest.find('<'), rest.size());
    out += Unescaped(rest.substr(0, end));
    rest.remove_prefix(end);
  }
  return out;
}

std::optional<Node> DecodeOctets(OctetView input, const Options& options);

// One element, whose attributes stand in `tag`.
Node Packaged(std::string_view name, std::string_view tag, const std::string& data,
              const Options& options) {
  Node element;
  element.kind = Node::Kind::kObject;
  element.type = Printable(name);
  for (const std::string_view attribute : {"Name", "Content", "Transform"}) {
    const std::string value = Attribute(tag, attribute);
    if (!value.empty()) {
      element.children.push_back(TextNode(std::string(attribute), value, options));
    }
  }
  std::optional<Node> inside;
  if (Attribute(tag, "Transform") == "BASE64") {
    if (const auto octets = setcore::DecodeBase64(data)) inside = DecodeOctets(*octets, options);
  }
  if (!inside) inside = TextNode("", Trimmed(data), options);
  inside->name = "ContentData";
  element.children.push_back(*std::move(inside));
  return element;
}

// Every element whose name ends in PackagedContent, with what it holds.  This is no XML parser: it
// goes once over the text, finds start tags and takes what stands behind them.
std::optional<Node> PackagedContents(std::string_view xml, const Options& options) {
  constexpr std::string_view kEnding = "PackagedContent";
  Node root;
  root.kind = Node::Kind::kList;
  root.type = "PackagedContent";
  while (!xml.empty()) {
    xml.remove_prefix(std::min(xml.find('<'), xml.size()));
    if (xml.empty()) break;
    xml.remove_prefix(1);
    const std::string_view name = xml.substr(0, xml.find_first_of(" \t\n\r/<>"));
    if (!name.ends_with(kEnding) || name.starts_with('!')) continue;
    const std::size_t end = xml.find('>');
    if (end == std::string_view::npos) break;
    const std::string_view tag = xml.substr(0, end);
    xml.remove_prefix(end + 1);
    const std::string data = tag.ends_with('/') ? std::string() : TakeText(xml);
    root.children.push_back(Packaged(name, tag, data, options));
  }
  if (root.children.empty()) return std::nullopt;
  if (root.children.size() > 1) return root;
  return std::move(root.children.front());
}

// --- which of them
// --------------------------------------------------------------------------------

bool LooksLikeDer(OctetView input) {
  der::Element element;
  return !input.empty() && input[0] == kSequenceOctet &&
         der::ParseElement(input, element) == nullptr && element.size == input.size();
}

bool LooksLikeChoice(OctetView input) {
  der::Element element;
  return !input.empty() && (input[0] & 0xE0) == 0xA0 &&
         der::ParseElement(input, element) == nullptr && element.size == input.size();
}

std::optional<Node> DecodeOctets(OctetView input, const Options& options) {
  if (LooksLikeDer(input) || LooksLikeChoice(input)) return SetStructure(input, options);
  const auto classified = setcore::initiation::Classify(input);
  using setcore::initiation::Kind;
  if (classified.kind == Kind::kMimeSetMessage) return SetStructure(classified.message, options);
  if (auto tree = InitiationTree(input, options)) return tree;
  // DER that is cut off or goes on too long is shown as far as it goes.
  if (!input.empty() && input[0] == kSequenceOctet) return SetStructure(input, options);
  return std::nullopt;
}

}  // namespace

std::optional<Node> Decode(OctetView input, const Options& options) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  std::string_view text = Text(input);
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  text = Trimmed(text);
  if (text.starts_with('<')) {
    auto packaged = PackagedContents(text, options);
    return packaged;
  }
  if (LooksLikeDer(input)) return DecodeOctets(input, options);
  if (const auto octets = setcore::DecodeBase64(text); octets && !octets->empty()) {
    if (auto node = DecodeOctets(*octets, options)) return node;
  }
  return DecodeOctets(input, options);
}

}  // namespace bridge::programs::decode
