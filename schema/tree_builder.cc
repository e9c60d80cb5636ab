#include "schema/tree_builder.h"

#include <algorithm>
#include <new>
#include <utility>

#include "schema/utf.h"

namespace schema {
namespace {

template <class T>
std::span<const T> KeepAll(Arena& arena, std::span<const T> all) {
  if (all.empty()) return {};
  auto* place = reinterpret_cast<T*>(arena.Allocate(all.size_bytes()));
  std::uninitialized_copy(all.begin(), all.end(), place);
  return {place, all.size()};
}

}  // namespace

std::string_view TreeBuilder::Keep(std::u16string_view text) {
  utf8_.resize(Utf8Bound(text.size()));
  const std::size_t size = EncodeUtf8(text, utf8_.data());
  CountText(size);
  return document_.arena_.Keep({utf8_.data(), size});
}

std::string_view TreeBuilder::KeepNormalized(std::u16string_view value) {
  text_.clear();
  for (const char16_t c : value) {
    if (c != u' ' || (!text_.empty() && text_.back() != u' ')) text_.push_back(c);
  }
  if (!text_.empty() && text_.back() == u' ') text_.pop_back();
  return Keep({text_.data(), text_.size()});
}

void TreeBuilder::CountText(std::size_t octets) {
  text_octets_ += octets;
  if (text_octets_ > limits().max_text_octets) {
    Refuse(FaultCode::kElTooLarge, Innermost(), Problem::kTooMuchText);
  }
}

void TreeBuilder::KeepAttributes(Element& element, const ElementRule& rule,
                                 const xercesc::Attributes& attributes) {
  attributes_.clear();
  for (XMLSize_t i = 0; i < attributes.getLength(); ++i) {
    const std::u16string_view name = attributes.getQName(i);
    if (name == u"xmlns") continue;
    const std::string_view written = Keep(name);
    const std::string_view schema_name = SchemaName(written);
    if (schema_name == "Passphrase") saw_passphrase_ = true;
    const AttributeRule* known = rule.Find(schema_name);
    const std::u16string_view value = attributes.getValue(i);
    if (known == nullptr) {
      attributes_.push_back({written, Keep(value)});
    } else if (IsTokenized(known->kind)) {
      attributes_.push_back({known->name, SchemaWord(known->kind, KeepNormalized(value))});
    } else {
      attributes_.push_back({known->name, Keep(value)});
    }
  }
  for (const AttributeRule& attribute : rule.attributes) {
    if (attribute.default_value.empty()) continue;
    const bool given = std::any_of(attributes_.begin(), attributes_.end(),
                                   [&](const Attribute& a) { return a.name == attribute.name; });
    if (!given) attributes_.push_back({attribute.name, attribute.default_value});
  }
  element.attributes = KeepAll<Attribute>(document_.arena_, attributes_);
}

void TreeBuilder::startElement(const XMLCh* uri, const XMLCh* local_name,
                               const XMLCh* qualified_name, const xercesc::Attributes& attributes) {
  const ElementRule* rule = Enter(local_name, attributes);
  if (rule == nullptr || std::u16string_view(local_name) != qualified_name) {
    Refuse(FaultCode::kXmlNotValid, Innermost(), Problem::kUnknownElement);
  }
  if (depth() == 1) {
    if (rule->name != root()) {
      Refuse(FaultCode::kXmlNotValid, root(), Problem::kWrongRoot);
    }
    document_.namespaced_ = !std::u16string_view(uri).empty();
  }
  auto* element = new (document_.arena_.Allocate(sizeof(Element))) Element{};
  element->name = rule->name;
  KeepAttributes(*element, *rule, attributes);
  open_elements_.push_back({element, rule, children_.size()});
  text_.clear();
}

void TreeBuilder::characters(const XMLCh* text, XMLSize_t length) {
  if (open_elements_.empty() || !open_elements_.back().rule->text) return;
  text_.insert(text_.end(), text, text + length);
}

void TreeBuilder::endElement(const XMLCh*, const XMLCh*, const XMLCh*) {
  const Open done = open_elements_.back();
  open_elements_.pop_back();
  if (done.rule->text) done.element->text = Keep({text_.data(), text_.size()});
  done.element->children =
      KeepAll<const Element*>(document_.arena_, std::span(children_).subspan(done.first_child));
  children_.resize(done.first_child);
  children_.push_back(done.element);
  Leave();
}

void TreeBuilder::error(const xercesc::SAXParseException&) {
  Refuse(FaultCode::kXmlNotValid, Innermost(), Problem::kNone);
}

Document TreeBuilder::Take() {
  const Element* root = children_.front();
  document_.root_ = root;
  document_.call_ = root->children.empty() ? root : root->children.front();
  return std::move(document_);
}

}  // namespace schema
