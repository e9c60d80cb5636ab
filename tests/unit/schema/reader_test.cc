// The bad-input list, as far as it is the reader's: one row per document with the code, the
// ElementType and the AttName that RFC 3867, Table 2, and docs/interfaces.md name.
#include "schema/reader.h"

#include <gtest/gtest.h>

#include <string>

#include "schema/grammar.h"
#include "unit/schema/corpus.h"

namespace schema {
namespace {

constexpr std::string_view kXmlns = "xmlns=\"http://www.iotp.org/2000/08/PaymentAPI\"";
constexpr std::string_view kXsi = "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"";

std::string Root(std::string_view attributes, std::string_view content) {
  return "<IotpPaymentApiRequest " + std::string(attributes) + ">" + std::string(content) +
         "</IotpPaymentApiRequest>";
}

const std::string kGood = "<RemovePaymentLog PayId=\"p\"/>";

struct Row {
  std::string what;
  std::string document;
  FaultCode code;
  std::string element = "IotpPaymentApiRequest";
  std::string attribute = {};
};

void Expect(const Row& row) {
  auto read = Read(row.document);
  Fault fault;
  if (!read) {
    fault = read.error();
  } else if (const auto checked = CheckAttributes(*read); !checked) {
    fault = checked.error();
  } else {
    FAIL() << row.what << ": accepted";
  }
  EXPECT_EQ(Name(fault.code), Name(row.code)) << row.what;
  EXPECT_EQ(fault.element_type, row.element) << row.what;
  EXPECT_EQ(fault.att_name, row.attribute) << row.what;
}

using enum FaultCode;

TEST(Reader, WhatIsNotWellFormedIsSaidToBeSo) {
  for (const Row& row : {
           Row{"nothing", "", kXmlNotWellFrmd},
           Row{"white space", " \n", kXmlNotWellFrmd},
           Row{"text", "hello", kXmlNotWellFrmd},
           Row{"an octet 0 at the end", Request(kGood) + std::string(1, '\0'), kXmlNotWellFrmd},
           Row{"only a declaration", "<?xml version=\"1.0\"?>", kXmlNotWellFrmd},
           Row{"a root left open", "<IotpPaymentApiRequest>" + kGood, kXmlNotWellFrmd},
           Row{"tags crossed", Request("<a><b></a></b>"), kXmlNotWellFrmd},
           Row{"two roots", Request(kGood) + "<a/>", kXmlNotWellFrmd},
           Row{"trailing text", Request(kGood) + "x", kXmlNotWellFrmd},
           Row{"an attribute twice", Request("<RemovePaymentLog PayId='1' PayId='1'/>"),
               kXmlNotWellFrmd},
           Row{"an attribute without quotes", Request("<RemovePaymentLog PayId=1/>"),
               kXmlNotWellFrmd},
           Row{"< in a value", Request("<RemovePaymentLog PayId='<'/>"), kXmlNotWellFrmd},
           Row{"an unknown entity", Request("<RemovePaymentLog PayId='&x;'/>"), kXmlNotWellFrmd},
           Row{"a control character", Request("<RemovePaymentLog PayId='\x01'/>"), kXmlNotWellFrmd},
           Row{"a reference to one", Request("<RemovePaymentLog PayId='&#1;'/>"), kXmlNotWellFrmd},
           Row{"a reference to a surrogate", Request("<RemovePaymentLog PayId='&#xD800;'/>"),
               kXmlNotWellFrmd},
           Row{"NUL", Request(std::string("<RemovePaymentLog PayId='\0'/>", 28)), kXmlNotWellFrmd},
           Row{"an unbound prefix", Request("<x:RemovePaymentLog PayId='1'/>"), kXmlNotWellFrmd},
           Row{"broken after being not valid", Request("<Unknown/><a>"), kXmlNotWellFrmd},
       }) {
    Expect(row);
  }
}

TEST(Reader, OtherEncodingsAreNotWellFormed) {
  const std::string good = Request(kGood);
  std::string utf16 = "\xFF\xFE";
  for (const char c : good) utf16 += {c, '\0'};
  for (const Row& row : {
           Row{"UTF-16 declared", "<?xml version='1.0' encoding='UTF-16'?>" + good,
               kXmlNotWellFrmd},
           Row{"Latin 1 declared", "<?xml version='1.0' encoding=\"ISO-8859-1\"?>" + good,
               kXmlNotWellFrmd},
           Row{"UTF-16 sent", utf16, kXmlNotWellFrmd},
           Row{"Latin 1 sent", Request("<RemovePaymentLog PayId='\xE9'/>"), kXmlNotWellFrmd},
           Row{"overlong", Request("<RemovePaymentLog PayId='\xC0\xAF'/>"), kXmlNotWellFrmd},
           Row{"a surrogate", Request("<RemovePaymentLog PayId='\xED\xA0\x80'/>"), kXmlNotWellFrmd},
           Row{"beyond Unicode", Request("<RemovePaymentLog PayId='\xF4\x90\x80\x80'/>"),
               kXmlNotWellFrmd},
           Row{"cut in a character", Request("<RemovePaymentLog PayId='\xE2\x82'/>"),
               kXmlNotWellFrmd},
           Row{"XML 1.1", "<?xml version='1.1'?>" + good, kXmlNotWellFrmd},
       }) {
    Expect(row);
  }
  for (const std::string_view accepted :
       {"", "\xEF\xBB\xBF", "<?xml version='1.0'?>", "<?xml version='1.0' encoding='UTF-8'?>",
        "<?xml version='1.0' encoding='utf-8'?>\n", "\xEF\xBB\xBF<?xml version='1.0'?>",
        "<?xml version = \"1.0\" encoding = \"us-ascii\" standalone='yes' ?><!-- a --><?b c?>"}) {
    EXPECT_TRUE(Read(std::string(accepted) + good)) << accepted;
  }
}

TEST(Reader, WhatBreaksTheStructureIsNotValid) {
  for (const Row& row : {
           Row{"another root", "<Foo/>", kXmlNotValid},
           Row{"a call as root", kGood, kXmlNotValid},
           Row{"a response",
               "<IotpPaymentApiResponse><RemovePaymentLogResponse/>"
               "</IotpPaymentApiResponse>",
               kXmlNotValid},
           Row{"no call", Request(""), kXmlNotValid},
           Row{"two calls", Request(kGood + kGood), kXmlNotValid},
           Row{"an unknown call", Request("<Foo/>"), kXmlNotValid},
           Row{"a known element that is no call", Request("<BrandItem/>"), kXmlNotValid},
           Row{"the name in lower case", Request("<removepaymentlog PayId='1'/>"), kXmlNotValid},
           Row{"text beside the call", Request(kGood + "x"), kXmlNotValid},
           Row{"an unknown element inside",
               Request("<FindAcceptedPaymentBrand><Foo/></FindAcceptedPaymentBrand>"), kXmlNotValid,
               "FindAcceptedPaymentBrand"},
           Row{"a known element in the wrong place",
               Request("<FindAcceptedPaymentBrand><Brand/></FindAcceptedPaymentBrand>"),
               kXmlNotValid, "FindAcceptedPaymentBrand"},
           Row{"text where elements belong",
               Request("<FindAcceptedPaymentBrand>x</FindAcceptedPaymentBrand>"), kXmlNotValid,
               "FindAcceptedPaymentBrand"},
           Row{"something in an empty element",
               Request("<RemovePaymentLog PayId='1'><a/></RemovePaymentLog>"), kXmlNotValid,
               "RemovePaymentLog"},
           Row{"an element in packaged content",
               Request("<ContinueProcess PayId='1'><PaySchemePackagedContent><a/>"
                       "</PaySchemePackagedContent></ContinueProcess>"),
               kXmlNotValid, "PaySchemePackagedContent"},
           Row{"a child missing", Request("<ContinueProcess PayId='1'/>"), kXmlNotValid,
               "ContinueProcess"},
           Row{"the wrong order",
               Request("<StartPaymentConsumer><OrderPackagedContent/><BrandPackagedContent/>"
                       "</StartPaymentConsumer>"),
               kXmlNotValid, "StartPaymentConsumer"},
           Row{"two where one may be",
               Request("<FindAcceptedPaymentProtocol><MerchantData/><MerchantData/>"
                       "</FindAcceptedPaymentProtocol>"),
               kXmlNotValid, "FindAcceptedPaymentProtocol"},
       }) {
    Expect(row);
  }
}

TEST(Reader, ForeignNamespacesAreNotValid) {
  for (const Row& row : {
           Row{"another one", Root("xmlns='urn:other'", kGood), kXmlNotValid},
           Row{"ours, cut", Root("xmlns='http://www.iotp.org/2000/08/PaymentAP'", kGood),
               kXmlNotValid},
           Row{"none, said aloud", Root("xmlns=''", kGood), kXmlNotValid},
           Row{"a prefix",
               "<p:IotpPaymentApiRequest xmlns:p='http://www.iotp.org/2000/08/PaymentAPI'>"
               "<p:RemovePaymentLog PayId='1'/></p:IotpPaymentApiRequest>",
               kXmlNotValid},
           Row{"another one inside",
               Root(kXmlns, "<RemovePaymentLog xmlns='urn:other' PayId='1'/>"), kXmlNotValid,
               "RemovePaymentLog"},
           Row{"none inside", Root(kXmlns, "<RemovePaymentLog xmlns='' PayId='1'/>"), kXmlNotValid,
               "RemovePaymentLog"},
       }) {
    Expect(row);
  }
}

TEST(Reader, DocumentTypesAndEntitiesAreRefusedUnread) {
  std::string laughs = "<!DOCTYPE IotpPaymentApiRequest [<!ENTITY a0 'ha'>";
  for (int i = 1; i < 30; ++i) {
    const std::string last = "&a" + std::to_string(i - 1) + ";";
    laughs += "<!ENTITY a" + std::to_string(i) + " '" + last + last + "'>";
  }
  laughs += "]>" + Request("<RemovePaymentLog PayId='&a29;'/>");
  for (const Row& row : {
           Row{"a bare one", "<!DOCTYPE IotpPaymentApiRequest>" + Request(kGood), kXmlNotValid},
           Row{"after a declaration and a comment",
               "<?xml version='1.0'?><!-- <a> --><?p <!DOC?>\n<!DOCTYPE IotpPaymentApiRequest>" +
                   Request(kGood),
               kXmlNotValid},
           Row{"external",
               "<!DOCTYPE IotpPaymentApiRequest SYSTEM 'file:///etc/hostname'>" + Request(kGood),
               kXmlNotValid},
           Row{"an external entity",
               "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>" +
                   Request("<RemovePaymentLog PayId='1'>&x;</RemovePaymentLog>"),
               kXmlNotValid},
           Row{"an entity bomb", laughs, kXmlNotValid},
           Row{"a broken one", "<!DOCTYPE", kXmlNotValid},
           Row{"in the wrong place", "<a><!DOCTYPE a></a>", kXmlNotWellFrmd},
       }) {
    Expect(row);
  }
}

TEST(Reader, WhatOnlyLooksLikeADocumentTypeIsRead) {
  const auto read = Read(Request(
      "<ContinueProcess PayId='1'><PaySchemePackagedContent><![CDATA[<!DOCTYPE a xmlns='b'>]]>"
      "</PaySchemePackagedContent></ContinueProcess>"));
  ASSERT_TRUE(read) << Name(read.error().code);
  EXPECT_EQ(read->call().children.front()->text, "<!DOCTYPE a xmlns='b'>");
}

TEST(Reader, AttributesAreJudgedByName) {
  const std::string amount =
      "PayDirection='Debit' CurrCode='USD' Amount='1' MerchantPayId='m' MerchantOrgId='o'";
  const auto brand = [](const std::string& attributes) {
    return Request("<FindAcceptedPaymentBrand " + attributes + "/>");
  };
  for (const Row& row : {
           Row{"missing", Request("<RemovePaymentLog/>"), kAttMissing, "RemovePaymentLog", "PayId"},
           Row{"unexpected", Request("<RemovePaymentLog PayId='1' Foo=''/>"), kAttUnexpected,
               "RemovePaymentLog", "Foo"},
           Row{"unexpected goes before missing", Request("<RemovePaymentLog Foo=''/>"),
               kAttUnexpected, "RemovePaymentLog", "Foo"},
           Row{"missing goes before illegal", Request("<ChangeProcessState ProcessState='Done'/>"),
               kAttMissing, "ChangeProcessState", "PayId"},
           Row{"illegal", Request("<ChangeProcessState PayId='1' ProcessState='Done'/>"),
               kAttValIllegal, "ChangeProcessState", "ProcessState"},
           Row{"an empty identifier", Request("<RemovePaymentLog PayId=''/>"), kAttValIllegal,
               "RemovePaymentLog", "PayId"},
           Row{"on the root", Root("Foo='1'", kGood), kAttUnexpected, "IotpPaymentApiRequest",
               "Foo"},
           Row{"xml:base", Root("xml:base='a'", kGood), kAttUnexpected, "IotpPaymentApiRequest",
               "xml:base"},
           Row{"xml:lang where it has no place",
               Request("<RemovePaymentLog PayId='1' xml:lang='en'/>"), kAttUnexpected,
               "RemovePaymentLog", "xml:lang"},
           Row{"Passphrase where it has no place", brand(amount + " Passphrase='x'"),
               kAttUnexpected, "FindAcceptedPaymentBrand", "Passphrase"},
           Row{"one attribute in two spellings",
               Request("<RemovePaymentLog PayId='1' WalletID='a' WalletId='a'/>"), kAttUnexpected,
               "RemovePaymentLog", "WalletID"},
           Row{"an amount",
               brand("PayDirection='Debit' CurrCode='USD' Amount='1,50' "
                     "MerchantPayId='m' MerchantOrgId='o'"),
               kAttValIllegal, "FindAcceptedPaymentBrand", "Amount"},
           Row{"what SET requires (E-104)",
               brand("PayDirection='Debit' CurrCode='USD' Amount='1' MerchantPayId='m'"),
               kAttMissing, "FindAcceptedPaymentBrand", "MerchantOrgId"},
           Row{"a child's",
               Request("<FindAcceptedPaymentBrand " + amount +
                       "><MerchantData Transform='base64'/></FindAcceptedPaymentBrand>"),
               kAttValIllegal, "MerchantData", "Transform"},
           Row{"xsi:type", Root(kXsi, "<RemovePaymentLog PayId='1' xsi:type='a'/>"), kAttUnexpected,
               "RemovePaymentLog", "xsi:type"},
           Row{"xsi:schemaLocation",
               Root(std::string(kXsi) + " xsi:schemaLocation='urn:a file:///etc/hostname'", kGood),
               kAttUnexpected, "IotpPaymentApiRequest", "xsi:schemaLocation"},
           Row{"xsi:nil", Root(kXsi, "<RemovePaymentLog PayId='1' xsi:nil='true'/>"),
               kAttUnexpected, "RemovePaymentLog", "xsi:nil"},
           Row{"a declaration that nobody uses", Root(kXsi, kGood), kAttUnexpected,
               "IotpPaymentApiRequest", "xmlns:xsi"},
           Row{"our namespace again",
               Root(kXmlns, "<RemovePaymentLog " + std::string(kXmlns) + " PayId='1'/>"),
               kAttUnexpected, "RemovePaymentLog", "xmlns"},
           Row{"a very long name is cut",
               Request("<RemovePaymentLog PayId='1' " + std::string(1000, 'a') + "=''/>"),
               kAttUnexpected, "RemovePaymentLog", std::string(64, 'a')},
       }) {
    Expect(row);
  }
}

// Errata E-98, E-99: every spelling is accepted and comes as the one of the schema.
TEST(Reader, SpellingsAreUnified) {
  for (const std::string_view passphrase : {"Passphrase", "PassPhrase", "passphrase"}) {
    for (const std::string_view wallet : {"WalletID", "WalletId"}) {
      for (const std::string_view software : {"ContentSoftwareID", "ContentSoftwareId"}) {
        const auto read = Read(
            Root(std::string(software) + "='s'", "<InquirePendingPayment " + std::string(wallet) +
                                                     "='w' " + std::string(passphrase) + "='p'/>"));
        ASSERT_TRUE(read);
        ASSERT_TRUE(CheckAttributes(*read));
        EXPECT_EQ(read->call().Find("WalletID"), "w");
        EXPECT_EQ(read->call().Find("Passphrase"), "p");
        EXPECT_EQ(read->content_software_id(), "s");
      }
    }
  }
}

// Errata E-72.
TEST(Reader, AProcessStateComesInTheSpellingOfTheSchema) {
  for (const auto& [written, meant] : {std::pair{"CompletedOK", "CompletedOk"},
                                       {"failed", "Failed"},
                                       {" Suspend ", "Suspended"},
                                       {"NOTYETSTARTED", "NotYetStarted"},
                                       {"Suspending", "Suspending"}}) {
    const auto read = Read(
        Request("<ChangeProcessState PayId='1' ProcessState='" + std::string(written) + "'/>"));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->call().Find("ProcessState"), meant);
  }
}

// Errata M-2.
TEST(Reader, BothSpellingsOfCheckPaymentPossibilityKeepTheirs) {
  for (const std::string name : {"CheckPaymentPossibility", "CheckPaymentPossiblity"}) {
    const auto read = Read(Request("<" + name + "/>"));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->call().name, name);
  }
}

TEST(Reader, DefaultsAndNormalisationAreThoseOfTheDtd) {
  const auto read = Read(
      Request("<ContinueProcess PayId=' 1&#10;2  3 '><PaySchemePackagedContent Name=' a ' "
              "Content=' x  y '>&#xE9;&lt;\r\n &#13;\xF0\x9F\x98\x80</PaySchemePackagedContent>"
              "</ContinueProcess>"));
  ASSERT_TRUE(read);
  ASSERT_TRUE(CheckAttributes(*read));
  const Element& call = read->call();
  EXPECT_EQ(call.Value("ProcessType"), "Payment");
  EXPECT_EQ(call.Value("PayId"), " 1\n2  3 ") << "CDATA keeps its white space";
  const Element& content = *call.Child("PaySchemePackagedContent");
  EXPECT_EQ(content.Value("Name"), "a") << "tokens are trimmed";
  EXPECT_EQ(content.Value("Content"), " x  y ");
  EXPECT_EQ(content.Value("Transform"), "NONE");
  EXPECT_EQ(content.text, "\xC3\xA9<\n \r\xF0\x9F\x98\x80");
  EXPECT_EQ(content.Find("Missing"), std::nullopt);
  EXPECT_EQ(call.Child("Missing"), nullptr);
  EXPECT_EQ(call.Children("PaySchemePackagedContent").size(), 1U);
}

TEST(Reader, ADocumentStaysGoodWhenItIsMoved) {
  auto read = Read(Request("<RemovePaymentLog PayId='abc'/>"));
  ASSERT_TRUE(read);
  const Document moved = std::move(*read);
  EXPECT_EQ(moved.call().Value("PayId"), "abc");
}

// A parser over a locked pool keeps each namespace name for good: foreign ones must not reach it.
TEST(Reader, ForeignNamespacesDoNotGrowTheGrammarPool) {
  ASSERT_TRUE(Read(Request(kGood)));
  const auto names = Grammar()->getURIStringPool()->getStringCount();
  for (int i = 0; i < 50; ++i) {
    const std::string uri = "urn:x" + std::to_string(i);
    EXPECT_FALSE(Read(Root("xmlns='" + uri + "'", kGood)));
    EXPECT_FALSE(Read(Root("xmlns:a='" + uri + "'", kGood)));
    EXPECT_FALSE(Read(Root(kXmlns, "<a:b xmlns:a='" + uri + "' a:c='1'/>")));
    EXPECT_FALSE(Read(Root("", "<RemovePaymentLog PayId='1' xmlns:xmlns='" + uri + "'/>")));
  }
  EXPECT_EQ(Grammar()->getURIStringPool()->getStringCount(), names);
}

TEST(Reader, AFaultNamesWhatItsCodeDoesNotSay) {
  struct {
    std::string document;
    Problem problem;
  } const rows[] = {
      {Request(kGood) + std::string(1, '\0'), Problem::kNulOctet},
      {"<?xml version='1.1'?>" + Request(kGood), Problem::kXmlVersion},
      {"<?xml version='1.0' encoding='UTF-16'?>" + Request(kGood), Problem::kEncoding},
      {"<!DOCTYPE IotpPaymentApiRequest>" + Request(kGood), Problem::kDoctype},
      {Request("<Unknown/>"), Problem::kNone},
      {"<IotpPaymentApiResponse/>", Problem::kWrongRoot},
      {Root("xmlns='urn:x'", kGood), Problem::kForeignNamespace},
      {Root("xmlns:a='urn:x'", "<a:b/>"), Problem::kElementPrefixed},
      {Root("xmlns:a='urn:x'", kGood), Problem::kNamespaceUnneeded},
      {Request(kGood + kGood), Problem::kNone},
  };
  for (const auto& row : rows) {
    const auto read = Read(row.document);
    ASSERT_FALSE(read) << row.document;
    EXPECT_EQ(read.error().problem, row.problem) << row.document;
  }
  const auto twice = Read(Request("\n <Unknown/>"));
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().line, 2U);
  EXPECT_EQ(twice.error().column, 12U);
}

// What a Fault says is written into a response and a log: it never quotes the document.
TEST(Reader, FaultsDoNotQuoteTheDocument) {
  const std::string secret = "opensesame";
  for (const std::string& document :
       {Request("<RemovePaymentLog PayId='1' Passphrase='" + secret + "'"),
        Request("<RemovePaymentLog PayId='1' Passphrase='" + secret + "<'/>"),
        Request("<RemovePaymentLog Passphrase='" + secret + "'/>"),
        Request("<ChangeProcessState PayId='1' ProcessState='" + secret + "'/>"),
        Request("<RemovePaymentLog PayId='1'>" + secret + "</RemovePaymentLog>"),
        Request("<" + secret + "/>")}) {
    auto read = Read(document);
    std::string text;
    if (!read) {
      text = read.error().element_type + read.error().att_name;
    } else {
      const auto checked = CheckAttributes(*read);
      ASSERT_FALSE(checked) << document;
      text = checked.error().element_type + checked.error().att_name;
    }
    EXPECT_EQ(text.find(secret), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace schema
