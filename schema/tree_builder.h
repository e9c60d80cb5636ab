// TreeBuilder: the handler of the validating parse.  It makes the Document.
#ifndef SCHEMA_TREE_BUILDER_H_
#define SCHEMA_TREE_BUILDER_H_

#include <cstddef>
#include <string_view>
#include <vector>

#include "schema/document.h"
#include "schema/guard.h"

namespace schema {

// One TreeBuilder reads one document.  Refuses XmlNotValid at the first breach of the structure.
class TreeBuilder final : public Guard {
 public:
  using Guard::Guard;

  void startElement(const XMLCh* uri, const XMLCh* local_name, const XMLCh* qualified_name,
                    const xercesc::Attributes& attributes) override;
  void characters(const XMLCh* text, XMLSize_t length) override;
  void endElement(const XMLCh* uri, const XMLCh* local_name, const XMLCh* qualified_name) override;
  void error(const xercesc::SAXParseException& problem) override;

  // saw_passphrase says whether any element carried a Passphrase in whatever spelling.
  bool saw_passphrase() const { return saw_passphrase_; }
  // Take gives the Document of a parse that went through.
  Document Take();

 private:
  struct Open {
    Element* element;
    const ElementRule* rule;
    std::size_t first_child;  // in children_
  };

  std::string_view Keep(std::u16string_view text);
  std::string_view KeepNormalized(std::u16string_view value);
  void CountText(std::size_t octets);
  void KeepAttributes(Element& element, const ElementRule& rule,
                      const xercesc::Attributes& attributes);

  Document document_;
  std::vector<Open> open_elements_;
  std::vector<const Element*> children_;  // finished elements whose parent is still open
  std::vector<Attribute> attributes_;
  WipingVector<char16_t> text_;
  WipingVector<char> utf8_;
  std::size_t text_octets_ = 0;
  bool saw_passphrase_ = false;
};

}  // namespace schema

#endif  // SCHEMA_TREE_BUILDER_H_
