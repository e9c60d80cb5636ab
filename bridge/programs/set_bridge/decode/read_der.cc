// DER against the grammar.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <utility>

#include "bridge/programs/set_bridge/decode/grammar.h"
#include "bridge/programs/set_bridge/decode/tree.h"
#include "setcore/asn1/lint.h"
#include "setcore/asn1/oid.h"
#include "setcore/asn1/real.h"
#include "setcore/asn1/tag.h"
#include "setcore/asn1/text.h"
#include "setcore/asn1/values.h"

namespace bridge::programs::decode {
namespace {

namespace der = setcore::der;
using der::Element;
using der::Tag;
using setcore::OctetView;

constexpr int kMaxLevels = 64;  // of the tree
constexpr std::size_t kMaxNodes = 20'000;

std::string_view Text(OctetView octets) {
  return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}

std::string Hex(OctetView octets) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  out.reserve(octets.size() * 2);
  for (const std::uint8_t octet : octets) {
    out.push_back(kDigits[octet >> 4]);
    out.push_back(kDigits[octet & 0xF]);
  }
  return out;
}

// The decimal text of an INTEGER that fits, else its contents in hex.
std::string Number(OctetView contents, bool& decimal) {
  const auto value = der::ParseInteger(contents);
  decimal = !contents.empty() && value.has_value();
  return decimal ? std::to_string(*value) : Hex(contents);
}

// A REAL of base 2 as the nearest double; empty if that is beyond all doubles.
std::string Ratio(OctetView contents) {
  if (contents.empty()) return "0";
  const std::size_t exponent_size = (contents[0] & 3U) + 1U;
  const std::size_t shift = contents[0] >> 2U & 3U;
  const auto exponent = der::ParseInteger(contents.subspan(1, exponent_size));
  double mantissa = 0;
  for (const std::uint8_t octet : contents.subspan(1 + exponent_size)) {
    mantissa = mantissa * 256 + octet;
  }
  const std::int64_t scale = std::clamp<std::int64_t>(exponent.value_or(0), -5000, 5000) +
                             static_cast<std::int64_t>(shift);
  const double value = std::ldexp(mantissa, static_cast<int>(scale));
  if (!std::isfinite(value)) return {};
  return fmt::format("{}", (contents[0] & 0x40U) != 0 ? -value : value);
}

std::string TagName(const Tag& tag) {
  constexpr std::pair<Tag, std::string_view> kNames[] = {
      {der::kBoolean, "BOOLEAN"},
      {der::kInteger, "INTEGER"},
      {der::kBitString, "BIT STRING"},
      {der::kOctetString, "OCTET STRING"},
      {der::kNull, "NULL"},
      {der::kObjectIdentifier, "OBJECT IDENTIFIER"},
      {der::kReal, "REAL"},
      {der::kEnumerated, "ENUMERATED"},
      {der::kSequence, "SEQUENCE"},
      {der::kSet, "SET"},
  };
  const auto* found = std::ranges::find(kNames, tag, &std::pair<Tag, std::string_view>::first);
  if (found != std::end(kNames)) return std::string(found->second);
  return tag.universal() ? fmt::format("UNIVERSAL {}", tag.number)
                         : fmt::format("[{}]", tag.number);
}

bool IsText(const Tag& tag) {
  return std::ranges::any_of(
      std::initializer_list<Tag>{der::kUtf8String, der::kNumericString, der::kPrintableString,
                                 der::kTeletexString, der::kIa5String, der::kVisibleString},
      [&tag](const Tag& each) { return each == tag; });
}

class Walk {
 public:
  // A trial goes no further than the first part that does not fit.
  Walk(const Options& options, bool trial) : options_(options), trial_(trial) {}

  // One value of `type` and nothing behind it.
  Node Whole(OctetView octets, std::string_view type) { return Only(octets, type, 0); }

 private:
  // One whole element as a value of `type`.
  Node Value(const Element& element, OctetView whole, std::string_view type, int level) {
    const Type* found = FindType(type);
    if (found == nullptr || found->shape == Shape::kAny) return Unknown(element, level);
    if (found->shape == Shape::kChoice) return Alternative(element, *found, level);
    if (found->shape == Shape::kName) return Name(whole);
    if (found->shape == Shape::kExtensionValue) return Unknown(element, level);
    return Contents(element, *found, level);
  }

  // Tells whether `tag` begins the field.
  bool Fits(const Tag& tag, const Field& field) {
    if (field.tagging == Tagging::kExplicit) return tag == der::Context(field.number, true);
    if (field.tagging == Tagging::kImplicit) {
      return tag.number == field.number && (tag.leading & 0xC0) == 0x80;
    }
    return Natural(tag, field.type);
  }

  bool Natural(const Tag& tag, std::string_view name) {
    const Type* type = FindType(name);
    if (type == nullptr) return false;
    switch (type->shape) {
      case Shape::kSequence:
      case Shape::kName:
        return tag == der::kSequence;
      case Shape::kList:
        return tag == der::kSequence || tag == der::kSet;
      case Shape::kChoice:
        return std::ranges::any_of(type->fields,
                                   [&](const Field& field) { return Fits(tag, field); });
      case Shape::kEnumerated:
        return tag == der::kEnumerated;
      case Shape::kBoolean:
        return tag == der::kBoolean;
      case Shape::kInteger:
        return tag == der::kInteger;
      case Shape::kBitString:
        return tag == der::kBitString;
      case Shape::kOctets:
      case Shape::kCiphertext:
        return tag == der::kOctetString;
      case Shape::kNull:
        return tag == der::kNull;
      case Shape::kOid:
        return tag == der::kObjectIdentifier;
      case Shape::kReal:
        return tag == der::kReal;
      case Shape::kText:
        return IsText(tag) || tag == der::kBmpString;
      case Shape::kTime:
        return tag == der::kGeneralizedTime || tag == der::kUtcTime;
      case Shape::kAccount:
        return tag == der::kNumericString;
      case Shape::kSecret:
        return tag == der::kOctetString || tag == der::kNumericString;
      case Shape::kExtensionValue:
        return tag == der::kOctetString || tag == der::Context(0, true);
      case Shape::kAny:
      case Shape::kContent:
        return true;
    }
    return false;
  }

  // What stands inside the tag of `element`, which may be an IMPLICIT one.
  Node Contents(const Element& element, const Type& type, int level) {
    const OctetView contents = element.contents;
    Node node;
    node.type = type.name;
    switch (type.shape) {
      case Shape::kSequence:
        node.kind = Node::Kind::kObject;
        Components(contents, type, level, node);
        return node;
      case Shape::kList:
        node.kind = Node::Kind::kList;
        Items(contents, type.element, level, node);
        return node;
      case Shape::kBoolean:
        node.kind = Node::Kind::kBoolean;
        node.value = contents.size() == 1 && contents[0] != 0 ? "true" : "false";
        return node;
      case Shape::kInteger: {
        bool decimal = false;
        node.value = Number(contents, decimal);
        node.kind = decimal ? Node::Kind::kNumber : Node::Kind::kHex;
        return node;
      }
      case Shape::kEnumerated:
        return Enumerated(contents, type);
      case Shape::kBitString:
        node.kind = Node::Kind::kHex;
        node.value = Hex(contents.empty() ? contents : contents.subspan(1));
        return node;
      case Shape::kNull:
        node.kind = Node::Kind::kNull;
        return node;
      case Shape::kOid:
        return ObjectIdentifier(contents);
      case Shape::kReal:
        if (const char* why = der::RealFault(contents)) {
          node = Octets(contents);
          node.fault = why;
          return node;
        }
        node.kind = Node::Kind::kNumber;
        node.value = Ratio(contents);
        if (node.value.empty()) {
          node = Octets(contents);
          node.fault = "beyond all doubles";
        }
        return node;
      case Shape::kText:
        node.value = element.tag == der::kBmpString ? Bmp(contents) : Words(Text(contents));
        return node;
      case Shape::kTime:
        node.value = Words(Text(contents));
        return node;
      case Shape::kAccount:
        node.value = options_.show_secrets ? Printable(Text(contents)) : Account(Text(contents));
        return node;
      case Shape::kSecret:
        return Secret(element);
      case Shape::kCiphertext:
        node = Octets(contents);
        node.note = fmt::format("encrypted, {} octets", contents.size());
        return node;
      default:
        return Octets(contents);
    }
  }

  Node TooDeep(OctetView octets) const {
    Node node = Octets(octets);
    node.fault = "too deep to be shown";
    return node;
  }

  Node Secret(const Element& element) {
    if (!options_.show_secrets) {
      Node hidden;
      hidden.value = "hidden";
      return hidden;
    }
    if (element.tag != der::kNumericString) return Octets(element.contents);
    Node node;
    node.value = Printable(Text(element.contents));
    return node;
  }

  // The middle of an account number hidden, whatever its length and check digit.
  static std::string Account(std::string_view pan) {
    constexpr std::size_t kLeast = 13;
    std::string out(pan.size(), '*');
    if (pan.size() < kLeast) return out;
    const std::string shown = Printable(pan);
    if (shown.size() != pan.size()) return out;
    out.replace(0, 6, shown, 0, 6);
    out.replace(out.size() - 4, 4, shown, shown.size() - 4, 4);
    return out;
  }

  std::string Words(std::string_view text) const {
    return Printable(options_.show_secrets ? std::string(text) : Masked(text));
  }

  std::string Bmp(OctetView contents) const {
    if (contents.size() % 2 != 0) return Hex(contents);
    return Words(der::SetString::FromContents(contents, true).Utf8());
  }

  Node Octets(OctetView octets) const {
    Node node;
    node.kind = Node::Kind::kHex;
    if (options_.show_secrets) {
      node.value = Hex(octets);
    } else {
      const std::string masked = Masked(Text(octets));
      node.value = Hex({reinterpret_cast<const std::uint8_t*>(masked.data()), masked.size()});
    }
    return node;
  }

  static Node Enumerated(OctetView contents, const Type& type) {
    Node node;
    const auto value = der::ParseInteger(contents);
    const std::int64_t at = contents.empty() || !value ? -1 : *value - type.first;
    if (at < 0 || at >= static_cast<std::int64_t>(type.values.size())) {
      node.value = value && !contents.empty() ? std::to_string(*value) : Hex(contents);
      node.fault = fmt::format("no value of {}", type.name);
      return node;
    }
    node.value = type.values[static_cast<std::size_t>(at)];
    node.note = std::to_string(*value);
    return node;
  }

  Node ObjectIdentifier(OctetView contents) {
    Node node;
    const auto oid = der::Oid::FromContents(contents);
    if (!oid) {
      node = Octets(contents);
      node.fault = "no OBJECT IDENTIFIER";
      return node;
    }
    node.value = oid->Text();
    node.note = NameOfOid(node.value);
    announced_ = node.value;
    return node;
  }

  static Node Name(OctetView whole) {
    Node node;
    node.value = Printable(NameText(whole));
    if (node.value.empty()) node.value = "empty";
    return node;
  }

  // C=US, O=VISA, ...: every attribute whose value is a text.
  static std::string NameText(OctetView whole) {
    std::string out;
    Element name;
    if (der::ParseElement(whole, name) != nullptr) return out;
    OctetView sets = name.contents;
    Element set;
    while (!sets.empty() && der::ParseElement(sets, set) == nullptr) {
      sets = sets.subspan(set.size);
      OctetView pairs = set.contents;
      Element pair;
      while (!pairs.empty() && der::ParseElement(pairs, pair) == nullptr) {
        pairs = pairs.subspan(pair.size);
        Element type;
        Element value;
        if (der::ParseElement(pair.contents, type) != nullptr ||
            der::ParseElement(pair.contents.subspan(type.size), value) != nullptr) {
          continue;
        }
        if (!out.empty()) out += ", ";
        out += fmt::format("{}={}", AttributeName(type.contents),
                           value.tag == der::kBmpString && value.contents.size() % 2 == 0
                               ? der::SetString::FromContents(value.contents, true).Utf8()
                               : std::string(Text(value.contents)));
      }
    }
    return out;
  }

  static std::string AttributeName(OctetView contents) {
    constexpr std::pair<std::string_view, std::string_view> kNames[] = {
        {"2.5.4.3", "CN"}, {"2.5.4.6", "C"}, {"2.5.4.10", "O"}, {"2.5.4.11", "OU"}};
    const auto oid = der::Oid::FromContents(contents);
    if (!oid) return "?";
    std::string dotted = oid->Text();
    for (const auto& [number, name] : kNames) {
      if (number == dotted) return std::string(name);
    }
    return dotted;
  }

  // The components of a SEQUENCE in the order of the grammar; what fits none of them is shown too.
  void Components(OctetView contents, const Type& type, int level, Node& into) {
    std::size_t next = 0;
    while (!contents.empty()) {
      Element element;
      if (!Take(contents, element, into)) return;
      const OctetView whole = contents.first(element.size);
      contents = contents.subspan(element.size);
      std::size_t at = next;
      while (at < type.fields.size() && !Fits(element.tag, type.fields[at])) {
        if (!type.fields[at].optional) break;
        ++at;
      }
      if (at == type.fields.size() || !Fits(element.tag, type.fields[at])) {
        Node stray = Unknown(element, level + 1);
        stray.name = "unexpected";
        stray.fault = "not expected here";
        into.children.push_back(std::move(stray));
        if (trial_) return;
        continue;
      }
      next = at + 1;
      Node child = Component(element, whole, type.fields[at], level + 1);
      child.name = type.fields[at].name;
      into.children.push_back(std::move(child));
    }
    for (; next < type.fields.size(); ++next) {
      if (type.fields[next].optional) continue;
      into.fault = fmt::format("{} is missing", type.fields[next].name);
      return;
    }
  }

  Node Component(const Element& element, OctetView whole, const Field& field, int level) {
    if (level > kMaxLevels) return TooDeep(element.contents);
    const Type* type = FindType(field.type);
    if (type != nullptr && type->shape == Shape::kContent)
      return Announced(element.contents, level);
    if (type != nullptr && type->shape == Shape::kExtensionValue) {
      return element.tag == der::kOctetString ? Announced(element.contents, level)
                                              : Unknown(element, level);
    }
    if (field.tagging == Tagging::kExplicit) return Only(element.contents, field.type, level);
    if (type != nullptr && field.tagging == Tagging::kImplicit && type->shape != Shape::kAny) {
      return Contents(element, *type, level);
    }
    return Value(element, whole, field.type, level);
  }

  // One value of `type` and nothing behind it.
  Node Only(OctetView octets, std::string_view type, int level) {
    if (level > kMaxLevels) return TooDeep(octets);
    Element element;
    Node node;
    if (!Take(octets, element, node)) {
      Node broken = Octets(octets);
      broken.fault = node.fault;
      return broken;
    }
    const Field field{{}, type};
    const OctetView whole = octets.first(element.size);
    node = Fits(element.tag, field) ? Component(element, whole, field, level)
                                    : Unknown(element, level);
    if (!Fits(element.tag, field)) node.fault = fmt::format("no {}", type);
    if (element.size != octets.size() && node.fault.empty()) node.fault = "octets behind the value";
    return node;
  }

  // A value of the type that the last OBJECT IDENTIFIER named.
  Node Announced(OctetView octets, int level) {
    const std::string_view type = TypeOfOid(announced_);
    return Only(octets, type.empty() ? std::string_view("ANY") : type, level);
  }

  void Items(OctetView contents, std::string_view type, int level, Node& into) {
    while (!contents.empty()) {
      Element element;
      if (!Take(contents, element, into)) return;
      into.children.push_back(Only(contents.first(element.size), type, level + 1));
      if (trial_ && !into.children.back().fault.empty()) return;
      contents = contents.subspan(element.size);
    }
  }

  Node Alternative(const Element& element, const Type& type, int level) {
    for (const Field& field : type.fields) {
      if (!Fits(element.tag, field)) continue;
      Node node;
      node.kind = Node::Kind::kObject;
      node.type = type.name;
      Node child = Component(element, {}, field, level + 1);
      child.name = field.name;
      node.children.push_back(std::move(child));
      return node;
    }
    Node node = Unknown(element, level);
    node.fault = fmt::format("no alternative of {}", type.name);
    return node;
  }

  // A value that no grammar tells anything about.
  Node Unknown(const Element& element, int level) {
    if (element.tag.constructed()) {
      Node node;
      node.kind = Node::Kind::kList;
      node.type = TagName(element.tag);
      Items(element.contents, "ANY", level, node);
      return node;
    }
    Node node;
    if (IsText(element.tag)) {
      node.value = Words(Text(element.contents));
    } else if (element.tag == der::kBmpString) {
      node.value = Bmp(element.contents);
    } else if (const Type* type = FindType(TagName(element.tag)); type != nullptr) {
      node = Contents(element, *type, level);
    } else {
      node = Octets(element.contents);
    }
    return node;
  }

  // The element that `octets` begins with; a fault and false if there is none or no room for it.
  bool Take(OctetView octets, Element& element, Node& into) {
    if (++nodes_ > kMaxNodes) {
      into.fault = "more than can be shown";
      return false;
    }
    if (const char* why = der::ParseElement(octets, element)) {
      into.fault = why;
      return false;
    }
    return true;
  }

  const Options& options_;
  const bool trial_;
  std::string announced_;  // dotted, the last OBJECT IDENTIFIER
  std::size_t nodes_ = 0;
};

}  // namespace

std::optional<Node> TryDer(OctetView octets, std::string_view type, const Options& options) {
  Node node = Walk(options, true).Whole(octets, type);
  if (node.type != type && !node.type.empty()) return std::nullopt;
  node.type = type;
  if (Faults(node) != 0 || der::Lint(octets) != nullptr) return std::nullopt;
  return node;
}

Node ReadDer(OctetView octets, std::string_view type, const Options& options) {
  Node node = Walk(options, false).Whole(octets, type);
  if (node.type.empty()) node.type = type;
  if (const char* why = der::Lint(octets); why != nullptr && Faults(node) == 0) node.fault = why;
  return node;
}

std::size_t Faults(const Node& node) {
  std::size_t count = node.fault.empty() ? 0 : 1;
  for (const Node& child : node.children) count += Faults(child);
  return count;
}

}  // namespace bridge::programs::decode
