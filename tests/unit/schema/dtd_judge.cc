#include "unit/schema/dtd_judge.h"

#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <xercesc/framework/MemBufInputSource.hpp>
#include <xercesc/framework/XMLGrammarPoolImpl.hpp>
#include <xercesc/sax/SAXParseException.hpp>
#include <xercesc/sax2/DefaultHandler.hpp>
#include <xercesc/sax2/SAX2XMLReader.hpp>
#include <xercesc/sax2/XMLReaderFactory.hpp>
#include <xercesc/util/XMLUni.hpp>

#include "schema/reader.h"
#include "schema/utf.h"
#include "schema/wiping.h"

namespace schema {
namespace {

const std::string& DtdText() {
  static const auto& text = *new std::string([] {
    std::ifstream in(OPB_SCHEMA_DTD, std::ios::binary);
    if (!in) throw std::runtime_error("no DTD at " OPB_SCHEMA_DTD);
    return std::string{std::istreambuf_iterator<char>(in), {}};
  }());
  return text;
}

std::unique_ptr<xercesc::MemBufInputSource> Source(std::string_view text, const XMLCh* id) {
  return std::make_unique<xercesc::MemBufInputSource>(reinterpret_cast<const XMLByte*>(text.data()),
                                                      text.size(), id);
}

class Judge final : public xercesc::DefaultHandler {
 public:
  xercesc::InputSource* resolveEntity(const XMLCh*, const XMLCh*) override {
    return Source(DtdText(), u"api.dtd").release();
  }
  void error(const xercesc::SAXParseException& problem) override {
    if (verdict == DtdVerdict::kValid) verdict = DtdVerdict::kNotValid;
    Note(problem);
  }
  void fatalError(const xercesc::SAXParseException& problem) override {
    verdict = DtdVerdict::kNotWellFormed;
    Note(problem);
  }
  void Note(const xercesc::SAXParseException& problem) {
    const std::u16string_view message = problem.getMessage();
    std::string utf8(Utf8Bound(message.size()), '\0');
    utf8.resize(EncodeUtf8(message, utf8.data()));
    why += utf8 + "; ";
  }

  DtdVerdict verdict = DtdVerdict::kValid;
  std::string why;
};

xercesc::SAX2XMLReader& Parser() {
  using xercesc::XMLUni;
  static xercesc::SAX2XMLReader& parser = *[] {
    Initialize();
    // Debian's answer to CVE-2018-1311 leaks a little per DTD: this memory stays reachable.
    static WipingMemoryManager& memory = *new WipingMemoryManager;
    auto* pool = new xercesc::XMLGrammarPoolImpl(&memory);
    auto* made = xercesc::XMLReaderFactory::createXMLReader(&memory, pool);
    made->setFeature(XMLUni::fgSAX2CoreValidation, true);
    made->setFeature(XMLUni::fgSAX2CoreNameSpaces, false);
    made->setFeature(XMLUni::fgXercesDynamic, false);
    made->setFeature(XMLUni::fgXercesSchema, false);
    Judge judge;
    made->setEntityResolver(&judge);
    made->setErrorHandler(&judge);
    if (made->loadGrammar(*Source(DtdText(), u"api.dtd"), xercesc::Grammar::DTDGrammarType, true) ==
            nullptr ||
        judge.verdict != DtdVerdict::kValid) {
      throw std::runtime_error("the DTD is not well-formed: " + judge.why);
    }
    made->setFeature(XMLUni::fgXercesUseCachedGrammarInParse, true);
    return made;
  }();
  return parser;
}

}  // namespace

DtdVerdict JudgeByDtd(std::string_view document, std::string* why) {
  const bool response = document.find("<IotpPaymentApiResponse") != std::string_view::npos;
  std::string whole(document);
  const auto body = whole.starts_with("<?xml") ? whole.find("?>") + 2 : 0;
  whole.insert(body, std::string("<!DOCTYPE ") +
                         (response ? "IotpPaymentApiResponse" : "IotpPaymentApiRequest") +
                         " SYSTEM \"api.dtd\">");
  Judge judge;
  Parser().setEntityResolver(&judge);
  Parser().setErrorHandler(&judge);
  Parser().parse(*Source(whole, u"document"));
  if (why != nullptr) *why = judge.why;
  return judge.verdict;
}

}  // namespace schema
