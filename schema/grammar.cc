#include "schema/grammar.h"

#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <xercesc/framework/MemBufInputSource.hpp>
#include <xercesc/framework/XMLGrammarPoolImpl.hpp>
#include <xercesc/sax2/DefaultHandler.hpp>
#include <xercesc/sax2/SAX2XMLReader.hpp>
#include <xercesc/sax2/XMLReaderFactory.hpp>
#include <xercesc/util/PlatformUtils.hpp>
#include <xercesc/util/XMLUni.hpp>
#include <xercesc/validators/schema/SchemaGrammar.hpp>

#include "schema/schema_text.h"
#include "schema/utf.h"

namespace schema {
namespace {

std::unique_ptr<xercesc::MemBufInputSource> Source(std::string_view text, std::string_view name) {
  const std::u16string id = ToUtf16(name);
  auto source = std::make_unique<xercesc::MemBufInputSource>(
      reinterpret_cast<const XMLByte*>(text.data()), text.size(), id.c_str());
  source->setCopyBufToStream(false);
  return source;
}

// Serves the one inclusion that the wrapper schema makes, and nothing else.
class SchemaLoader final : public xercesc::DefaultHandler {
 public:
  xercesc::InputSource* resolveEntity(const XMLCh*, const XMLCh* system_id) override {
    const std::u16string_view wanted = system_id;
    if (!wanted.ends_with(u"iotp_payment_api.xsd")) {
      throw std::runtime_error("the built-in schema asks for a foreign document");
    }
    return Source(PlainSchemaText(), "iotp_payment_api.xsd").release();
  }
  void warning(const xercesc::SAXParseException& problem) override { error(problem); }
  void error(const xercesc::SAXParseException& problem) override {
    char text[512];
    const std::u16string_view message = problem.getMessage();
    const std::size_t size = EncodeUtf8(message.substr(0, 160), text);
    throw std::runtime_error("the built-in schema is bad: " + std::string(text, size));
  }
  void fatalError(const xercesc::SAXParseException& problem) override { error(problem); }
};

// Xerces makes content models, their text and lists of attributes when they are first asked for, in
// the shared grammar and without a lock, even if the pool is locked.  After this nothing is left to
// make, so that threads only read.
void MakeWhatIsMadeLate(const xercesc::XMLGrammarPool& pool) {
  auto grammars = pool.getGrammarEnumerator();
  while (grammars.hasMoreElements()) {
    xercesc::Grammar& grammar = grammars.nextElement();
    if (grammar.getGrammarType() != xercesc::Grammar::SchemaGrammarType) continue;
    xercesc::RefHashTableOfEnumerator<xercesc::ComplexTypeInfo> types(
        static_cast<xercesc::SchemaGrammar&>(grammar).getComplexTypeRegistry());
    while (types.hasMoreElements()) {
      xercesc::ComplexTypeInfo& type = types.nextElement();
      type.getContentModel();
      type.getFormattedContentModel();
      type.getAttDefList();
    }
  }
}

xercesc::XMLGrammarPool* Load() {
  using xercesc::XMLUni;
  try {
    xercesc::XMLPlatformUtils::Initialize();
  } catch (const xercesc::XMLException&) {
    throw std::runtime_error("Xerces does not start");
  }
  auto pool =
      std::make_unique<xercesc::XMLGrammarPoolImpl>(xercesc::XMLPlatformUtils::fgMemoryManager);
  const std::unique_ptr<xercesc::SAX2XMLReader> reader(xercesc::XMLReaderFactory::createXMLReader(
      xercesc::XMLPlatformUtils::fgMemoryManager, pool.get()));
  SchemaLoader loader;
  reader->setEntityResolver(&loader);
  reader->setErrorHandler(&loader);
  reader->setFeature(XMLUni::fgXercesDisableDefaultEntityResolution, true);
  reader->setFeature(XMLUni::fgXercesSchemaFullChecking, true);
  const auto plain = Source(PlainSchemaText(), "iotp_payment_api.xsd");
  const auto spaced = Source(NamespaceSchemaText(), "iotp_payment_api_namespace.xsd");
  if (reader->loadGrammar(*plain, xercesc::Grammar::SchemaGrammarType, true) == nullptr ||
      reader->loadGrammar(*spaced, xercesc::Grammar::SchemaGrammarType, true) == nullptr) {
    throw std::runtime_error("the built-in schema cannot be compiled");
  }
  pool->lockPool();
  MakeWhatIsMadeLate(*pool);
  return pool.release();
}

}  // namespace

xercesc::XMLGrammarPool* Grammar() {
  static std::once_flag once;
  static xercesc::XMLGrammarPool* pool = nullptr;
  std::call_once(once, [] { pool = Load(); });
  return pool;
}

}  // namespace schema
