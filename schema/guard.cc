#include "schema/guard.h"

#include <new>
#include <xercesc/framework/MemBufInputSource.hpp>
#include <xercesc/sax/Locator.hpp>
#include <xercesc/sax/SAXParseException.hpp>
#include <xercesc/util/OutOfMemoryException.hpp>
#include <xercesc/util/XMLUni.hpp>

#include "schema/utf.h"

namespace schema {
namespace {

constexpr std::size_t kMaxNameUnits = 64;

}  // namespace

std::string AttributeName(const XMLCh* name) {
  const std::u16string_view wide = std::u16string_view(name).substr(0, kMaxNameUnits);
  std::string out(Utf8Bound(wide.size()), '\0');
  out.resize(EncodeUtf8(wide, out.data()));
  return out;
}

Fault Guard::MakeFault(FaultCode code, std::string_view element, Problem problem,
                       std::string_view attribute) const {
  Fault fault{code, std::string(element), std::string(attribute), problem};
  if (locator_ != nullptr) {
    fault.line = locator_->getLineNumber();
    fault.column = locator_->getColumnNumber();
  }
  return fault;
}

void Guard::Refuse(FaultCode code, std::string_view element, Problem problem,
                   std::string_view attribute) const {
  throw Refusal{MakeFault(code, element, problem, attribute)};
}

std::string_view Guard::Innermost() const {
  for (auto rule = open_.rbegin(); rule != open_.rend(); ++rule) {
    if (*rule != nullptr) return (*rule)->name;
  }
  return root_;
}

const ElementRule* Guard::Enter(const XMLCh* name, const xercesc::Attributes& attributes) {
  if (open_.size() >= limits_.max_depth) {
    Refuse(FaultCode::kXmlNotValid, Innermost(), Problem::kTooDeep);
  }
  // No name of the schema is longer than this; a longer one is unknown.
  constexpr std::size_t kLongest = 64;
  char utf8[Utf8Bound(kLongest)];
  const std::u16string_view wide = name;
  const ElementRule* rule =
      wide.size() > kLongest ? nullptr : FindElement({utf8, EncodeUtf8(wide, utf8)});
  open_.push_back(rule);
  if (attributes.getLength() > limits_.max_attributes) {
    Refuse(FaultCode::kElTooLarge, Innermost(), Problem::kTooManyAttributes);
  }
  return rule;
}

// Never Xerces' own text: it can quote the document.
Fault Guard::NotWellFormed() const {
  return MakeFault(FaultCode::kXmlNotWellFrmd, root_, Problem::kNone);
}

void Guard::fatalError(const xercesc::SAXParseException&) { throw Refusal{NotWellFormed()}; }

xercesc::InputSource* Guard::resolveEntity(const XMLCh*, const XMLCh*) {
  Refuse(FaultCode::kXmlNotValid, Innermost(), Problem::kExternalEntity);
}

void Guard::startDTD(const XMLCh*, const XMLCh*, const XMLCh*) {
  Refuse(FaultCode::kXmlNotValid, root_, Problem::kDoctype);
}

void Harden(xercesc::SAX2XMLReader& parser) {
  using xercesc::XMLUni;
  parser.setFeature(XMLUni::fgSAX2CoreNameSpaces, true);
  parser.setFeature(XMLUni::fgSAX2CoreNameSpacePrefixes, true);
  parser.setFeature(XMLUni::fgXercesLoadExternalDTD, false);
  parser.setFeature(XMLUni::fgXercesLoadSchema, false);
  parser.setFeature(XMLUni::fgXercesDisableDefaultEntityResolution, true);
}

void Parse(xercesc::SAX2XMLReader& parser, xercesc::MemoryManager& memory, Guard& guard,
           std::string_view document) {
  parser.setContentHandler(&guard);
  parser.setErrorHandler(&guard);
  parser.setLexicalHandler(&guard);
  parser.setEntityResolver(&guard);
  xercesc::MemBufInputSource source(reinterpret_cast<const XMLByte*>(document.data()),
                                    document.size(), u"document", false, &memory);
  source.setCopyBufToStream(false);
  source.setEncoding(xercesc::XMLUni::fgUTF8EncodingString);
  try {
    parser.parse(source);
  } catch (const xercesc::OutOfMemoryException&) {
    throw std::bad_alloc();
  } catch (const xercesc::XMLException&) {
    throw Refusal{guard.NotWellFormed()};
  } catch (const xercesc::SAXException&) {
    throw Refusal{guard.NotWellFormed()};
  }
}

}  // namespace schema
