// The reader beside a host that uses Xerces itself.
#include <gtest/gtest.h>

#include <memory>
#include <xercesc/framework/MemBufInputSource.hpp>
#include <xercesc/sax2/DefaultHandler.hpp>
#include <xercesc/sax2/SAX2XMLReader.hpp>
#include <xercesc/sax2/XMLReaderFactory.hpp>
#include <xercesc/util/PlatformUtils.hpp>
#include <xercesc/util/XMLUni.hpp>

#include "schema/reader.h"
#include "unit/schema/corpus.h"

namespace schema {
namespace {

const std::string& Good() {
  static const auto& good = *new std::string(Request("<RemovePaymentLog PayId='1'/>"));
  return good;
}

TEST(Neighbour, TheHostMayInitializeAndTerminateAroundUs) {
  xercesc::XMLPlatformUtils::Initialize();
  EXPECT_TRUE(Read(Good()));
  xercesc::XMLPlatformUtils::Terminate();
  EXPECT_TRUE(Read(Good()));
  xercesc::XMLPlatformUtils::Initialize();
  xercesc::XMLPlatformUtils::Terminate();
  EXPECT_TRUE(Read(Good()));
}

TEST(Neighbour, TheHostsOwnStateStaysAsItWas) {
  Initialize();
  auto* manager = xercesc::XMLPlatformUtils::fgMemoryManager;
  auto* files = xercesc::XMLPlatformUtils::fgFileMgr;
  auto* net = xercesc::XMLPlatformUtils::fgNetAccessor;
  auto* panic = xercesc::XMLPlatformUtils::fgUserPanicHandler;
  EXPECT_TRUE(Read(Good()));
  EXPECT_FALSE(Read("<a>"));
  EXPECT_EQ(xercesc::XMLPlatformUtils::fgMemoryManager, manager);
  EXPECT_EQ(xercesc::XMLPlatformUtils::fgFileMgr, files);
  EXPECT_EQ(xercesc::XMLPlatformUtils::fgNetAccessor, net);
  EXPECT_EQ(xercesc::XMLPlatformUtils::fgUserPanicHandler, panic);
}

// Our grammar belongs to our parsers: a parser of the host has no opinion of our elements.
TEST(Neighbour, TheHostsParsersDoNotSeeOurGrammar) {
  Initialize();
  const std::unique_ptr<xercesc::SAX2XMLReader> parser(
      xercesc::XMLReaderFactory::createXMLReader());
  xercesc::DefaultHandler handler;
  parser->setErrorHandler(&handler);
  parser->setFeature(xercesc::XMLUni::fgSAX2CoreValidation, true);
  parser->setFeature(xercesc::XMLUni::fgXercesDynamic, true);
  const std::string wrong = Request("<Foo/>");
  const xercesc::MemBufInputSource source(reinterpret_cast<const XMLByte*>(wrong.data()),
                                          wrong.size(), u"host");
  parser->parse(source);
  EXPECT_EQ(parser->getErrorCount(), 0U);
  EXPECT_FALSE(Read(wrong));
}

}  // namespace
}  // namespace schema
