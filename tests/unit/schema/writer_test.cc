#include "schema/writer.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "schema/attributes.h"
#include "schema/reader.h"
#include "schema/utf.h"
#include "unit/schema/corpus.h"
#include "unit/schema/dtd_judge.h"

namespace schema {
namespace {

bool Same(const Element& a, const Element& b) {
  if (a.name != b.name || a.text != b.text || a.attributes.size() != b.attributes.size() ||
      a.children.size() != b.children.size()) {
    return false;
  }
  for (const Attribute& attribute : a.attributes) {
    if (b.Find(attribute.name) != attribute.value) return false;
  }
  for (std::size_t i = 0; i < a.children.size(); ++i) {
    if (!Same(*a.children[i], *b.children[i])) return false;
  }
  return true;
}

Node Receipt(std::string_view text, std::string_view description) {
  Node node("InquireProcessStateResponse");
  node.Set("ProcessState", "Failed").Set("StatusDesc", description);
  node.Add(PackagedContent("PackagedContent", "PRes", "PCDATA", "NONE", text));
  return node;
}

TEST(Writer, AResponseLooksLikeThis) {
  Node node("ContinueProcessResponse");
  node.Set("ContStatus", "End").SetIf("Empty", "").SetIf("None", std::nullopt);
  node.Add(PackagedContent("PaySchemePackagedContent", "PRes", "PCDATA", "BASE64", "AAAA"));
  EXPECT_EQ(WriteResponse(node, {"Soft & Co", "en"}),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<IotpPaymentApiResponse xmlns=\"http://www.iotp.org/2000/08/PaymentAPI\" "
            "xml:lang=\"en\" ContentSoftwareID=\"Soft &amp; Co\">"
            "<ContinueProcessResponse ContStatus=\"End\"><PaySchemePackagedContent Name=\"PRes\" "
            "Content=\"PCDATA\" Transform=\"BASE64\">AAAA</PaySchemePackagedContent>"
            "</ContinueProcessResponse></IotpPaymentApiResponse>\n");
}

TEST(Writer, WhatTheCorpusHoldsIsWrittenAndReadAgain) {
  for (const CorpusFile& file : Corpus()) {
    const auto first = file.request ? Read(file.text) : ReadResponse(file.text);
    ASSERT_TRUE(first);
    const Envelope envelope{std::string(first->content_software_id()),
                            std::string(first->language())};
    const std::string written = file.request ? WriteRequest(CopyOf(first->call()), envelope)
                                             : WriteResponse(CopyOf(first->call()), envelope);
    const auto second = file.request ? Read(written) : ReadResponse(written);
    ASSERT_TRUE(second) << written;
    EXPECT_TRUE(Same(first->root(), second->root())) << file.name;
  }
}

TEST(Writer, WhatTheCorpusHoldsIsWrittenValidForTheDtd) {
  for (const CorpusFile& file : Corpus()) {
    const auto read = file.request ? Read(file.text) : ReadResponse(file.text);
    ASSERT_TRUE(read);
    std::string why;
    EXPECT_EQ(JudgeByDtd(file.request ? WriteRequest(CopyOf(read->call()), {"s", "en"})
                                      : WriteResponse(CopyOf(read->call()), {"s", "en"}),
                         &why),
              DtdVerdict::kValid)
        << why;
  }
}

// Property: any text that XML can carry comes back octet for octet, in text and in attributes.
TEST(Writer, AnyTextComesBack) {
  std::mt19937 random(20010702);
  constexpr std::string_view kNasty[] = {"&",   "<",     ">",    "\"",       "'",
                                         "]]>", "\t",    "\n",   "\r",       "\r\n",
                                         " ",   "&amp;", "<!--", "\xC2\x85", "\xE2\x80\xA8"};
  for (int round = 0; round < 500; ++round) {
    std::string text;
    for (int i = 0; i < 30; ++i) {
      if (random() % 2 == 0) {
        text += kNasty[random() % std::size(kNasty)];
        continue;
      }
      const char32_t c = 0x20 + random() % (random() % 2 == 0 ? 0x60 : 0xD000);
      char octets[4];
      text.append(octets, EncodeUtf8(c, octets));
    }
    const std::string written = WriteResponse(Receipt(text, text), {text, ""});
    const auto read = ReadResponse(written);
    ASSERT_TRUE(read) << written;
    EXPECT_EQ(read->content_software_id(), text);
    EXPECT_EQ(read->call().Value("StatusDesc"), text);
    EXPECT_EQ(read->call().children.front()->text, text);
  }
}

// Property: any octets whatever give a well-formed document.
TEST(Writer, AnyOctetsGiveAWellFormedDocument) {
  std::mt19937 random(19970531);
  for (int round = 0; round < 500; ++round) {
    std::string octets;
    for (int i = 0; i < 40; ++i) octets += static_cast<char>(random());
    const auto read = ReadResponse(WriteResponse(Receipt(octets, octets), {octets, ""}));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->call().Value("StatusDesc"), read->call().children.front()->text);
  }
}

TEST(Writer, WhatXmlCannotCarryBecomesTheReplacementCharacter) {
  const std::string control(
      "a\0b\x01"
      "c\x1F"
      "d\x7F\xFF\xEF\xBF\xBF",
      12);
  const auto read = ReadResponse(WriteResponse(Receipt(control, control), {}));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->call().Value("StatusDesc"),
            "a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD"
            "c\xEF\xBF\xBD"
            "d\x7F\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(Writer, AHardErrorNamesItsPlace) {
  const Fault fault{FaultCode::kAttValIllegal, "StartPaymentConsumer", "Amount"};
  ErrorResponse made = ToErrorResponse(fault, "en");
  made.description = "too much";
  const auto read = ReadResponse(WriteError(made, {"s", "en"}));
  ASSERT_TRUE(read);
  ASSERT_TRUE(CheckAttributes(*read));
  const Element& error = read->call();
  EXPECT_EQ(error.name, "ErrorResponse");
  EXPECT_EQ(error.Value("ErrorCode"), "AttValIllegal");
  EXPECT_EQ(error.Value("ErrorDesc"), "too much");
  EXPECT_EQ(error.Value("xml:lang"), "en");
  EXPECT_EQ(error.Value("Severity"), "HardError");
  EXPECT_EQ(error.Find("MinRetrySecs"), std::nullopt);
  ASSERT_EQ(error.children.size(), 1U);
  EXPECT_EQ(error.children[0]->Value("ElementType"), "StartPaymentConsumer");
  EXPECT_EQ(error.children[0]->Value("AttName"), "Amount");
  EXPECT_EQ(error.children[0]->Find("IotpMsgRef"), std::nullopt);
}

TEST(Writer, ATransientErrorSaysWhenToTryAgain) {
  ErrorResponse error;
  error.code = FaultCode::kTransportError;
  error.severity = Severity::kTransientError;
  error.min_retry_secs = 300;
  error.vendor_reference = "link.cc";
  error.locations = {{"ContinueProcess", "", ""}, {"PaySchemePackagedContent", "Name", "x"}};
  error.pay_scheme.push_back(
      PackagedContent("PaySchemePackagedContent", "", "PCDATA", "BASE64", "AAAA"));
  const auto read = ReadResponse(WriteError(error, {}));
  ASSERT_TRUE(read);
  ASSERT_TRUE(CheckAttributes(*read));
  const Element& written = read->call();
  EXPECT_EQ(written.Value("Severity"), "TransientError");
  EXPECT_EQ(written.Value("MinRetrySecs"), "300");
  EXPECT_EQ(written.Value("SwVendorErrorRef"), "link.cc");
  EXPECT_EQ(written.Children("ErrorLocation").size(), 2U);
  EXPECT_EQ(written.Child("PaySchemePackagedContent")->text, "AAAA");
}

TEST(Writer, AnErrorAlwaysHasALocation) {
  const auto read = ReadResponse(WriteError(ErrorResponse{}, {}));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->call().Child("ErrorLocation")->Value("ElementType"), "IotpPaymentApiRequest");
}

TEST(Writer, EveryErrorIsValidForTheDtd) {
  for (int code = 0; code <= static_cast<int>(FaultCode::kBusError); ++code) {
    ErrorResponse error =
        ToErrorResponse({static_cast<FaultCode>(code), "ContinueProcess", "xsi:type"}, "de-CH");
    error.description = "\x01 & <";
    error.severity = code % 2 == 0 ? Severity::kHardError : Severity::kTransientError;
    std::string why;
    EXPECT_EQ(JudgeByDtd(WriteError(error, {"s", "en"}), &why), DtdVerdict::kValid) << why;
  }
}

TEST(Writer, DescriptionsEndAfter256CharactersAndNotInsideOne) {
  for (const std::size_t length : {255U, 256U, 257U, 1000U}) {
    std::string text;
    for (std::size_t i = 0; i < length; ++i) text += "\xE2\x82\xAC";
    ErrorResponse error;
    error.description = text;
    const auto read = ReadResponse(WriteError(error, {}));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->call().Value("ErrorDesc").size(), 3 * std::min<std::size_t>(length, 256));
  }
  EXPECT_EQ(Clip("", 5), "");
  EXPECT_EQ(Clip("abc", 0), "");
  EXPECT_EQ(Clip("\xF0\x9F\x98\x80z", 1), "\xF0\x9F\x98\x80");
}

}  // namespace
}  // namespace schema
