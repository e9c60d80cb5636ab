#include "schema/plain_reader.h"

#include <memory>
#include <string>
#include <utility>
#include <xercesc/sax2/XMLReaderFactory.hpp>
#include <xercesc/util/XMLUni.hpp>

#include "schema/guard.h"
#include "schema/utf.h"

namespace schema {
namespace {

constexpr std::u16string_view kOurs = u"http://www.iotp.org/2000/08/PaymentAPI";

class PlainHandler final : public Guard {
 public:
  using Guard::Guard;

  void startElement(const XMLCh*, const XMLCh* local_name, const XMLCh* qualified_name,
                    const xercesc::Attributes& attributes) override {
    Enter(local_name, attributes);
    if (std::u16string_view(qualified_name).find(u':') != std::u16string_view::npos) {
      Note(foreign_, FaultCode::kXmlNotValid, Problem::kElementPrefixed);
    }
    for (XMLSize_t i = 0; i < attributes.getLength(); ++i) {
      JudgeAttribute(attributes.getQName(i), attributes.getValue(i));
    }
  }
  void endElement(const XMLCh*, const XMLCh*, const XMLCh*) override { Leave(); }
  // Recoverable errors of a parser without a grammar are those of namespaces: an unbound prefix.
  void error(const xercesc::SAXParseException&) override {
    Note(foreign_, FaultCode::kXmlNotValid, Problem::kUnboundPrefix);
  }

  std::optional<Fault> Verdict() {
    for (auto* fault : {&foreign_, &prefixed_, &declared_}) {
      if (*fault) return std::move(*fault);
    }
    return std::nullopt;
  }

 private:
  void JudgeAttribute(const XMLCh* qualified_name, const XMLCh* value) {
    const std::u16string_view name = qualified_name;
    if (name == u"xmlns") {
      if (value != kOurs) {
        Note(foreign_, FaultCode::kXmlNotValid, Problem::kForeignNamespace);
      } else if (depth() > 1) {
        Note(declared_, FaultCode::kAttUnexpected, Problem::kNamespaceAgain, "xmlns");
      }
    } else if (name.starts_with(u"xmlns:")) {
      Note(declared_, FaultCode::kAttUnexpected, Problem::kNamespaceUnneeded,
           AttributeName(qualified_name));
    } else if (name.find(u':') != std::u16string_view::npos && !name.starts_with(u"xml:")) {
      Note(prefixed_, FaultCode::kAttUnexpected, Problem::kForeignAttribute,
           AttributeName(qualified_name));
    }
  }

  // Note keeps the first fault of its kind.
  void Note(std::optional<Fault>& place, FaultCode code, Problem problem,
            std::string_view attribute = {}) {
    if (!place) place = MakeFault(code, Innermost(), problem, attribute);
  }

  std::optional<Fault> foreign_;
  std::optional<Fault> prefixed_;
  std::optional<Fault> declared_;
};

}  // namespace

std::optional<Fault> JudgePlainly(std::string_view document, std::string_view root,
                                  const Limits& limits) {
  WipingMemoryManager manager;
  PlainHandler handler(root, limits);
  const std::unique_ptr<xercesc::SAX2XMLReader> parser(
      xercesc::XMLReaderFactory::createXMLReader(&manager));
  Harden(*parser);
  parser->setFeature(xercesc::XMLUni::fgSAX2CoreValidation, false);
  parser->setFeature(xercesc::XMLUni::fgXercesSchema, false);
  try {
    Parse(*parser, manager, handler, document);
  } catch (Refusal& refusal) {
    return std::move(refusal.fault);
  }
  return handler.Verdict();
}

}  // namespace schema
