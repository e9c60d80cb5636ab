// Each limit at n-1, n and n+1, and the documents that limits exist for.
#include <gtest/gtest.h>

#include <string>

#include "schema/reader.h"
#include "unit/schema/corpus.h"

namespace schema {
namespace {

FaultCode CodeOf(const tl::expected<Document, Fault>& read) {
  return read ? FaultCode::kReserved : read.error().code;
}

TEST(Limits, Octets) {
  const std::string document = Request("<RemovePaymentLog PayId='1'/>");
  Limits limits;
  limits.max_octets = document.size() + 1;
  EXPECT_TRUE(Read(document, limits));
  limits.max_octets = document.size();
  EXPECT_TRUE(Read(document, limits));
  limits.max_octets = document.size() - 1;
  EXPECT_EQ(CodeOf(Read(document, limits)), FaultCode::kMsgTooLarge);
}

TEST(Limits, OctetsByDefault) {
  const auto padded = [](std::size_t octets) {
    std::string document = Request("<RemovePaymentLog PayId='1'/>");
    document.resize(octets, ' ');
    return document;
  };
  EXPECT_TRUE(Read(padded(1048575)));
  EXPECT_TRUE(Read(padded(1048576)));
  EXPECT_EQ(CodeOf(Read(padded(1048577))), FaultCode::kMsgTooLarge);
}

TEST(Limits, Depth) {
  // Three levels.
  const std::string document =
      Request("<ContinueProcess PayId='1'><PaySchemePackagedContent/></ContinueProcess>");
  Limits limits;
  limits.max_depth = 4;
  EXPECT_TRUE(Read(document, limits));
  limits.max_depth = 3;
  EXPECT_TRUE(Read(document, limits));
  limits.max_depth = 2;
  const auto read = Read(document, limits);
  EXPECT_EQ(CodeOf(read), FaultCode::kXmlNotValid);
  EXPECT_EQ(read.error().element_type, "ContinueProcess");
}

TEST(Limits, AttributesOfOneElement) {
  const auto with = [](int count) {
    std::string call = "<RemovePaymentLog PayId='1'";
    for (int i = 1; i < count; ++i) call += " a" + std::to_string(i) + "=''";
    return Request(call + "/>");
  };
  for (const int accepted : {63, 64}) {
    const auto read = Read(with(accepted));
    ASSERT_TRUE(read) << accepted;
    EXPECT_EQ(CheckAttributes(*read).error().code, FaultCode::kAttUnexpected);
  }
  const auto read = Read(with(65));
  EXPECT_EQ(CodeOf(read), FaultCode::kElTooLarge);
  EXPECT_EQ(read.error().element_type, "RemovePaymentLog");
}

TEST(Limits, TextAndValuesTogether) {
  // name PayId 5, value 1, content 10.
  const std::string document = Request(
      "<ContinueProcess PayId='1'><PaySchemePackagedContent>0123456789"
      "</PaySchemePackagedContent></ContinueProcess>");
  Limits limits;
  limits.max_text_octets = 17;
  EXPECT_TRUE(Read(document, limits));
  limits.max_text_octets = 16;
  EXPECT_TRUE(Read(document, limits));
  limits.max_text_octets = 15;
  const auto read = Read(document, limits);
  EXPECT_EQ(CodeOf(read), FaultCode::kElTooLarge);
  EXPECT_EQ(read.error().element_type, "PaySchemePackagedContent");
}

TEST(Limits, AHundredThousandLevels) {
  std::string open = "<IotpPaymentApiRequest>";
  std::string closed = open;
  for (int i = 0; i < 100000; ++i) {
    open += "<a>";
    closed += "<a>";
  }
  for (int i = 0; i < 100000; ++i) closed += "</a>";
  EXPECT_EQ(CodeOf(Read(open)), FaultCode::kXmlNotValid);
  EXPECT_EQ(CodeOf(Read(closed + "</IotpPaymentApiRequest>")), FaultCode::kXmlNotValid);
}

TEST(Limits, TenMebibytes) {
  std::string document(10 << 20, 'x');
  EXPECT_EQ(CodeOf(Read(document)), FaultCode::kMsgTooLarge);
  document.replace(0, 22, "<IotpPaymentApiRequest>");
  EXPECT_EQ(CodeOf(Read(document)), FaultCode::kMsgTooLarge);
}

TEST(Limits, AMebibyteOfAttributesOrElementsOrReferencesIsJudged) {
  std::string attributes = "<IotpPaymentApiRequest";
  for (int i = 0; attributes.size() < 1000000; ++i) attributes += " a" + std::to_string(i) + "=''";
  EXPECT_EQ(CodeOf(Read(attributes + "/>")), FaultCode::kElTooLarge);
  std::string elements;
  while (elements.size() < 1000000) elements += "<PaySchemePackagedContent/>";
  const auto read = Read(Request("<ContinueProcess PayId='1'>" + elements + "</ContinueProcess>"));
  ASSERT_TRUE(read);
  EXPECT_GT(read->call().children.size(), 37000U);
  std::string references;
  while (references.size() < 1000000) references += "&#65;";
  EXPECT_TRUE(Read(Request("<ContinueProcess PayId='1'><PaySchemePackagedContent>" + references +
                           "</PaySchemePackagedContent></ContinueProcess>")));
}

}  // namespace
}  // namespace schema
