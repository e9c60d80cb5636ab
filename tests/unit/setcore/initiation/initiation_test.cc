#include "setcore/initiation/initiation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "vectors/vector_file.h"

namespace setcore::initiation {
namespace {

Octets Bytes(std::string_view text) { return {text.begin(), text.end()}; }

// The smallest whole Initiation; `more` are header lines that follow.
std::string Whole(const std::string& more = {}, const std::string& body = "order") {
  return "SET-Initiation-Type: Payment-Initiation\r\nSET-Version: 1.0\r\nSET-Brand: VISA\r\n"
         "SET-PurchAmt: 840 1 0\r\n" +
         more + "\r\n" + body;
}

Result<Initiation> ParseWhole(const std::string& more = {}, const std::string& body = "order") {
  return Parse(Bytes(Whole(more, body)), Profile::kInitiation);
}

// "field reason", for one line per expectation.
std::string Refusal(const Result<Initiation>& result) {
  if (result) return "accepted";
  return result.error().field + " " + std::string(Name(result.error().reason));
}

std::string RefusalOf(const std::string& more) { return Refusal(ParseWhole(more)); }

TEST(Initiation, TheVectorOfTheHeaderDataIsReadAndWrittenBack) {
  const auto file = vectors::Read(OPB_VECTORS "/common/initiation.txt");
  const Octets data = file.Hex("header-data");
  const auto message = Parse(data, Profile::kPayProtocol);
  ASSERT_TRUE(message) << Refusal(message);
  EXPECT_EQ(message->lid_m, file.Hex("lid-m"));
  EXPECT_EQ(LidMText(*message->lid_m), file.Text("lid-m.as-text"));
  ASSERT_TRUE(message->recurring);
  EXPECT_EQ(message->recurring->frequency, 31U);
  EXPECT_EQ(message->recurring->expiry, 825033600);  // 1996-02-23T00:00:00Z
  EXPECT_EQ(Write(*message, true), data);
}

TEST(Initiation, TheVectorOfTheWholeMessageIsReadAndWrittenBack) {
  const auto file = vectors::Read(OPB_VECTORS "/common/initiation.txt");
  const Octets octets = file.Hex("initiation");
  const auto message = Parse(octets, Profile::kInitiation);
  ASSERT_TRUE(message) << Refusal(message);
  EXPECT_EQ(message->version, "1.0");
  EXPECT_EQ(message->brands, std::vector<std::string>{"VISA:Gold"});
  EXPECT_EQ(message->purch_amt, (PurchAmt{840, 12950, -2}));
  EXPECT_EQ(message->body, Bytes(file.Text("od")));
  EXPECT_EQ(Write(*message, false), octets);
}

TEST(Initiation, LineEndsFoldingCaseAndAliasesAreRead) {
  const auto message = Parse(Bytes("set-initiation-TYPE:payment-INITIATION\nSET-Version:1.0\n"
                                   "SET-Brand:\r\n  VISA\r\n\thttp://x/y.gif \nSET-Amount: 840 1 0"
                                   "\nSET-InstallTotalTrance: 12\nX-Other: kept\n\nbody\n"),
                             Profile::kInitiation);
  ASSERT_TRUE(message) << Refusal(message);
  EXPECT_EQ(message->brands, std::vector<std::string>{"VISA"});
  EXPECT_EQ(message->install_total_trans, 12U);
  EXPECT_EQ(message->purch_amt, (PurchAmt{840, 1, 0}));
  EXPECT_EQ(message->Find("X-Other"), "kept");
  EXPECT_EQ(message->Find("SET-InstallTotalTrans"), "12");
  EXPECT_EQ(message->body, Bytes("body\n"));
}

TEST(Initiation, TheBodyIsNotTrimmed) {
  EXPECT_EQ(ParseWhole("", " \r\n x ")->body, Bytes(" \r\n x "));
  EXPECT_EQ(ParseWhole("", "")->body, Octets());
}

TEST(Initiation, AnEncodedBodyIsDecodedBeforeItIsTaken) {
  const auto base64 = ParseWhole("Content-Transfer-Encoding: base64\r\n", "b3Jk\r\nZXI=");
  ASSERT_TRUE(base64);
  EXPECT_EQ(base64->body, Bytes("order"));
  EXPECT_EQ(base64->Find("Content-Transfer-Encoding"), "Binary");
  const auto printable =
      ParseWhole("Content-Transfer-Encoding: quoted-printable\r\n", "or=64=\r\ner=\n=3D");
  ASSERT_TRUE(printable);
  EXPECT_EQ(printable->body, Bytes("order="));
  EXPECT_EQ(Refusal(ParseWhole("Content-Transfer-Encoding: base64\r\n", "b3Jk!")),
            "Content-Transfer-Encoding syntax");
  EXPECT_EQ(Refusal(ParseWhole("Content-Transfer-Encoding: quoted-printable\r\n", "=6")),
            "Content-Transfer-Encoding syntax");
}

TEST(Initiation, LexicalFaultsAreRefused) {
  const auto refusal = [](const std::string& text) {
    return Refusal(Parse(Bytes(text), Profile::kInitiation));
  };
  EXPECT_EQ(refusal(""), " syntax");
  EXPECT_EQ(refusal("\r\nbody"), " syntax");
  EXPECT_EQ(refusal(" x: y\r\n\r\n"), " syntax");
  EXPECT_EQ(refusal("no colon\r\n\r\n"), " syntax");
  EXPECT_EQ(refusal(": x\r\n\r\n"), " syntax");
  EXPECT_EQ(refusal("SET Brand: x\r\n\r\n"), " syntax");
  EXPECT_EQ(RefusalOf("X: \xC3\xA4\r\n"), " syntax");
  EXPECT_EQ(RefusalOf(std::string("X: \0\r\n", 6)), " syntax");
  EXPECT_EQ(RefusalOf("X: a\rb\r\n"), " syntax");
  EXPECT_EQ(RefusalOf("X: \x7F\r\n"), " syntax");
}

TEST(Initiation, LinesHaveALimit) {
  EXPECT_EQ(RefusalOf("X: " + std::string(kMaxLine - 4, 'a') + "\r\n"), "accepted");
  EXPECT_EQ(RefusalOf("X: " + std::string(kMaxLine - 3, 'a') + "\r\n"), "accepted");
  EXPECT_EQ(RefusalOf("X: " + std::string(kMaxLine - 2, 'a') + "\r\n"), " too-large");
}

TEST(Initiation, TheHeaderBlockHasALimit) {
  const std::size_t room = kMaxHeaderBlock - Whole("", "").size();
  std::string filler;
  while (room - filler.size() > 1000) filler += "X: " + std::string(495, 'a') + "\r\n";
  const std::size_t rest = room - filler.size();  // 501 to 1000 octets, one more line
  ASSERT_GT(rest, 6U);
  const auto with = [&](std::size_t size) {
    return RefusalOf(filler + "X: " + std::string(size - 5, 'a') + "\r\n");
  };
  EXPECT_EQ(with(rest - 1), "accepted");
  EXPECT_EQ(with(rest), "accepted");
  EXPECT_EQ(with(rest + 1), " too-large");
}

TEST(Initiation, TheBodyHasALimit) {
  EXPECT_EQ(Refusal(ParseWhole("", std::string(kMaxBody - 1, 'a'))), "accepted");
  EXPECT_EQ(Refusal(ParseWhole("", std::string(kMaxBody, 'a'))), "accepted");
  EXPECT_EQ(Refusal(ParseWhole("", std::string(kMaxBody + 1, 'a'))), " too-large");
}

TEST(Initiation, NothingMayFollowHeaderOnlyData) {
  const std::string data =
      "Content-Transfer-Encoding: Binary\r\nSET-Initiation-Type: Payment-Initiation\r\n";
  EXPECT_EQ(Refusal(Parse(Bytes(data), Profile::kPayProtocol)), "accepted");
  EXPECT_EQ(Refusal(Parse(Bytes(data + "\r\n"), Profile::kPayProtocol)), "accepted");
  EXPECT_EQ(Refusal(Parse(Bytes(data.substr(0, data.size() - 2)), Profile::kPayProtocol)),
            "accepted");
  EXPECT_EQ(Refusal(Parse(Bytes(data + "\r\nx"), Profile::kPayProtocol)), " syntax");
}

TEST(Initiation, EveryMandatoryFieldIsMissedInTheOrderOfTheTable) {
  const std::string type = "SET-Initiation-Type: Payment-Initiation\r\n";
  const auto refusal = [](const std::string& text, Profile profile) {
    return Refusal(Parse(Bytes(text + "\r\n"), profile));
  };
  EXPECT_EQ(refusal("X: y\r\n", Profile::kInitiation), "SET-Initiation-Type missing");
  EXPECT_EQ(refusal("X: y\r\n", Profile::kResponse), "SET-Initiation-Type missing");
  EXPECT_EQ(refusal("X: y\r\n", Profile::kMerchantData), "accepted");
  EXPECT_EQ(refusal(type, Profile::kInitiation), "SET-Version missing");
  EXPECT_EQ(refusal(type + "SET-Version: 1.0\r\n", Profile::kInitiation), "SET-Brand missing");
  EXPECT_EQ(refusal(type + "SET-Version: 1.0\r\nSET-Brand: VISA\r\n", Profile::kInitiation),
            "SET-PurchAmt missing");
  EXPECT_EQ(refusal(type, Profile::kFollowing), "accepted");
  EXPECT_EQ(refusal(type, Profile::kPayProtocol), "Content-Transfer-Encoding missing");
}

TEST(Initiation, TheTypeSelectsTheStateMachine) {
  const auto refusal = [](const std::string& type, Profile profile) {
    return Refusal(Parse(Bytes("SET-Initiation-Type: " + type + "\r\n\r\n"), profile));
  };
  for (const char* type : {"Inquiry-Initiation", "Registration-Initiation", "",
                           "Payment-Initiation-Response", "Payment-Initiation2"}) {
    EXPECT_EQ(refusal(type, Profile::kFollowing), "SET-Initiation-Type unsupported") << type;
  }
  EXPECT_EQ(refusal("payment-initiation-response", Profile::kResponse), "accepted");
  EXPECT_EQ(refusal("Payment-Initiation", Profile::kResponse), "SET-Initiation-Type unsupported");
  EXPECT_EQ(refusal("Payment-Initiation\r\nSET-Error-Field: SET-Brand", Profile::kResponse),
            "accepted");
}

TEST(Initiation, ChecksComeInTheirFixedOrder) {
  const auto refusal = [](const std::string& text) {
    return Refusal(Parse(Bytes(text + "\r\n"), Profile::kInitiation));
  };
  // Each line set has the faults of later checks too.
  const std::string later = "SET-LID-M: XX\r\nSET-LID-M: XX\r\nSET-Ext-Data: 00\r\n";
  EXPECT_EQ(refusal(later + "X: \x01\r\n"), " syntax");
  EXPECT_EQ(refusal(later + "SET-Version: 2.0\r\n"), "SET-Initiation-Type missing");
  const std::string type = "SET-Initiation-Type: Payment-Initiation\r\n";
  EXPECT_EQ(refusal(later + type + "SET-Version: 2.0\r\n"), "SET-Version unsupported");
  EXPECT_EQ(refusal(later + type + "SET-Version: 1\r\n"), "SET-Version syntax");
  EXPECT_EQ(refusal(later + type + "SET-Version: 1.0\r\n"), "SET-Brand missing");
  EXPECT_EQ(RefusalOf(later), "SET-LID-M syntax");
  EXPECT_EQ(RefusalOf("SET-LID-M: 00\r\nSET-LID-M: 00\r\nSET-Ext-Data: 00\r\n"
                      "SET-Recurring: 1 20260101\r\nSET-InstallTotalTrans: 2\r\n"),
            "SET-LID-M duplicate");
  EXPECT_EQ(RefusalOf("SET-Ext-Data: 00\r\nSET-Recurring: 1 20260101\r\n"
                      "SET-InstallTotalTrans: 2\r\n"),
            "SET-Recurring inconsistent");
  EXPECT_EQ(RefusalOf("SET-Ext-Data: 00\r\n"), "SET-Ext-Data syntax");
}

TEST(Initiation, LidMIsTwoToFortyHexDigits) {
  EXPECT_EQ(RefusalOf("SET-LID-M:\r\n"), "SET-LID-M syntax");
  EXPECT_EQ(RefusalOf("SET-LID-M: 0\r\n"), "SET-LID-M syntax");
  EXPECT_EQ(RefusalOf("SET-LID-M: 0g\r\n"), "SET-LID-M syntax");
  EXPECT_EQ(ParseWhole("SET-LID-M: aF\r\n")->lid_m, Octets{0xAF});
  EXPECT_EQ(RefusalOf("SET-LID-M: " + std::string(38, 'A') + "\r\n"), "accepted");
  EXPECT_EQ(RefusalOf("SET-LID-M: " + std::string(40, 'A') + "\r\n"), "accepted");
  EXPECT_EQ(RefusalOf("SET-LID-M: " + std::string(42, 'A') + "\r\n"), "SET-LID-M too-large");
}

TEST(Initiation, InstallTotalTransIsTwoToNineHundredNinetyNine) {
  EXPECT_EQ(RefusalOf("SET-InstallTotalTrans: 1\r\n"), "SET-InstallTotalTrans syntax");
  EXPECT_EQ(ParseWhole("SET-InstallTotalTrans: 2\r\n")->install_total_trans, 2U);
  EXPECT_EQ(ParseWhole("SET-Install-Total-Trans: 998\r\n")->install_total_trans, 998U);
  EXPECT_EQ(ParseWhole("SET-InstallTotalTrans: 999\r\n")->install_total_trans, 999U);
  EXPECT_EQ(RefusalOf("SET-InstallTotalTrans: 1000\r\n"), "SET-InstallTotalTrans too-large");
  EXPECT_EQ(RefusalOf("SET-InstallTotalTrans: -2\r\n"), "SET-InstallTotalTrans syntax");
}

TEST(Initiation, RecurringIsAFrequencyAndADate) {
  const auto expiry = [](const std::string& text) {
    const auto message = ParseWhole("SET-Recurring: " + text + "\r\n");
    return message ? message->recurring->expiry : Time{-1};
  };
  EXPECT_EQ(expiry("1 20260115"), 1768435200);
  EXPECT_EQ(expiry("365 202601151200"), 1768478400);
  EXPECT_EQ(expiry("366  20260115120059"), 1768478459);
  EXPECT_EQ(RefusalOf("SET-Recurring: 367 20260115\r\n"), "SET-Recurring too-large");
  for (const char* text :
       {"", "31", "0 20260115", "31 2026011", "31 20260230", "31 20261301", "31 202601152400",
        "31 202601151260", "31 20260115120060", "-1 20260115", "31 2026-01-15", "1000 20260115"}) {
    EXPECT_EQ(RefusalOf(std::string("SET-Recurring: ") + text + "\r\n"), "SET-Recurring syntax")
        << text;
  }
}

TEST(Initiation, BrandsAreShortAndHaveOneProduct) {
  const auto refusal = [](const std::string& brand) {
    return RefusalOf("SET-Brand: " + brand + "\r\n");  // repeatable: the second one is judged
  };
  EXPECT_EQ(refusal("VISA:Gold http://x/y"), "accepted");
  EXPECT_EQ(refusal(std::string(39, 'a')), "accepted");
  EXPECT_EQ(refusal(std::string(40, 'a')), "accepted");
  EXPECT_EQ(refusal(std::string(41, 'a')), "SET-Brand too-large");
  EXPECT_EQ(refusal(""), "SET-Brand syntax");
  EXPECT_EQ(refusal(":Gold"), "SET-Brand syntax");
  EXPECT_EQ(refusal("VISA:Gold:UC"), "SET-Brand syntax");
}

TEST(Initiation, EchoesHaveALimit) {
  // Longer than a line, so it comes folded.
  const auto folded = [](std::size_t size) {
    return "SET-Echo-In-Response: " + std::string(500, 'a') + "\r\n " +
           std::string(size - 501, 'b') + "\r\n";
  };
  EXPECT_EQ(RefusalOf(folded(kMaxEcho - 1)), "accepted");
  EXPECT_EQ(RefusalOf(folded(kMaxEcho)), "accepted");
  EXPECT_EQ(RefusalOf(folded(kMaxEcho + 1)), "SET-Echo-In-Response too-large");
  EXPECT_EQ(RefusalOf("SET-Echo-In-Request:\r\n"), "SET-Echo-In-Request syntax");
}

// Reads `message`, writes it and reads it again.
void ExpectTheSameAgain(const std::string& more) {
  const auto message = ParseWhole(more);
  ASSERT_TRUE(message) << message.error().detail;
  const Octets written = Write(*message, false);
  const auto again = Parse(written, Profile::kInitiation);
  ASSERT_TRUE(again) << again.error().detail;
  EXPECT_EQ(again->fields, message->fields);
  EXPECT_EQ(again->body, message->body);
}

TEST(Initiation, WhatCameFoldedCanBeWrittenAndReadAgain) {
  const std::string piece(500, 'a');
  ExpectTheSameAgain("SET-Echo-In-Response: " + piece + "\r\n " + piece + "\r\n");
  ExpectTheSameAgain("X: a  b " + piece + "\r\n\t" + piece + " \t c\r\n " + piece + "\r\n");
  ExpectTheSameAgain("X:\r\n " + std::string(kMaxLine - 1, 'a') + "\r\n b\r\n");
}

TEST(Initiation, ALineThatIsFullWithoutASpaceCanBeWrittenAndReadAgain) {
  for (const std::size_t size : {kMaxLine - 4, kMaxLine - 3, kMaxLine - 2}) {
    ExpectTheSameAgain("X:" + std::string(size, 'a') + "\r\n");
  }
  ExpectTheSameAgain(std::string(kMaxLine - 1, 'x') + ":\r\n");
}

TEST(Initiation, ABlockThatIsTooLongWhenWrittenIsRefused) {
  // "a:" LF comes in 3 octets and is written in 5.
  const std::size_t room = (kMaxHeaderBlock - Whole("", "").size()) / 5;
  const auto lines = [](std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += "a:\n";
    return text;
  };
  ExpectTheSameAgain(lines(room - 1));
  ExpectTheSameAgain(lines(room));
  EXPECT_EQ(RefusalOf(lines(room + 1)), " too-large");
}

TEST(Initiation, ABadAddressIsDroppedWithAWarning) {
  for (const char* url : {"ftp://x/", "http://", "http:///x", "http://user@x/", "x", "http://a b/",
                          "javascript://x"}) {
    const auto message = ParseWhole(std::string("SET-Success-URL: ") + url + "\r\n");
    ASSERT_TRUE(message) << url;
    EXPECT_FALSE(message->Find("SET-Success-URL")) << url;
    EXPECT_EQ(message->warnings.size(), 1U) << url;
  }
  const auto good = ParseWhole("SET-Service-URL: HTTPS://x.example:8080/a?b@c\r\n");
  EXPECT_TRUE(good->Find("SET-Service-URL"));
  EXPECT_TRUE(good->warnings.empty());
}

TEST(Initiation, ExtensionsAreGroups) {
  const auto message = ParseWhole(
      "SET-Ext-OID: 2.23.42.1.1\r\nSET-Ext-Data: 3000\r\nSET-Ext-Mandatory: no\r\n"
      "SET-Ext-OID: 1.2\r\nSET-Ext-OID: 0.39.1\r\nSET-Ext-Data: MAA=\r\n");
  ASSERT_TRUE(message) << Refusal(message);
  const std::vector<Extension> expected = {
      {"2.23.42.1.1", false, {0x30, 0x00}}, {"1.2", false, {}}, {"0.39.1", false, {0x30, 0x00}}};
  EXPECT_EQ(message->extensions, expected);
}

TEST(Initiation, MalformedExtensionGroupsAreRefused) {
  const std::string oid = "SET-Ext-OID: 1.2\r\n";
  EXPECT_EQ(RefusalOf("SET-Ext-Mandatory: no\r\n" + oid), "SET-Ext-Mandatory syntax");
  EXPECT_EQ(RefusalOf(oid + "SET-Ext-Mandatory: maybe\r\n"), "SET-Ext-Mandatory syntax");
  EXPECT_EQ(RefusalOf(oid + "SET-Ext-Mandatory: no\r\nSET-Ext-Mandatory: no\r\n"),
            "SET-Ext-Mandatory duplicate");
  EXPECT_EQ(RefusalOf(oid + "SET-Ext-Data: 00\r\nSET-Ext-Data: 00\r\n"), "SET-Ext-Data duplicate");
  EXPECT_EQ(RefusalOf(oid + "SET-Ext-Data: 0\r\n"), "SET-Ext-Data syntax");
  for (const char* text : {"", "1", "1.", ".1", "3.1", "1..2", "01.2", "1.02", "1.2x"}) {
    EXPECT_EQ(RefusalOf(std::string("SET-Ext-OID: ") + text + "\r\n"), "SET-Ext-OID syntax")
        << text;
  }
}

TEST(Initiation, ExtensionsAreAtMostSixtyFour) {
  std::string groups;
  for (std::size_t i = 0; i < kMaxExtensions - 1; ++i) groups += "SET-Ext-OID: 1.2\r\n";
  EXPECT_EQ(RefusalOf(groups), "accepted");
  EXPECT_EQ(RefusalOf(groups + "SET-Ext-OID: 1.2\r\n"), "accepted");
  EXPECT_EQ(RefusalOf(groups + "SET-Ext-OID: 1.2\r\nSET-Ext-OID: 1.2\r\n"),
            "SET-Ext-OID too-large");
}

TEST(Initiation, AMandatoryExtensionMustBeKnown) {
  for (const char* yes : {"true", "YES", "1"}) {
    const std::string group = std::string("SET-Ext-OID: 1.2\r\nSET-Ext-Mandatory: ") + yes + "\r\n";
    EXPECT_EQ(RefusalOf(group), "SET-Ext-OID unsupported");
    const std::string_view known[] = {"1.2"};
    EXPECT_EQ(Refusal(Parse(Bytes(Whole(group)), Profile::kInitiation, known)), "accepted");
    EXPECT_EQ(Refusal(Parse(Bytes(group), Profile::kMerchantData)), "accepted");
  }
}

TEST(Initiation, WhatIotpSuppliesDoesNotBelongIntoMerchantData) {
  for (const char* line : {"SET-Version: 1.0", "SET-Brand: VISA", "SET-PurchAmt: 840 1 0",
                           "Content-Type: text/plain", "SET-Error-Field: x"}) {
    const auto result = Parse(Bytes(std::string(line) + "\r\n"), Profile::kMerchantData);
    ASSERT_FALSE(result) << line;
    EXPECT_EQ(result.error().reason, Reason::kUnsupported);
  }
}

TEST(Initiation, FieldsThatWereNotReadMeetTheSameChecks) {
  const auto refusal = [](Field field) {
    return Refusal(FromFields({std::move(field)}, {}, Profile::kMerchantData));
  };
  EXPECT_EQ(Refusal(FromFields({}, {}, Profile::kMerchantData)), " syntax");
  EXPECT_EQ(refusal({"X Y", "z"}), " syntax");
  EXPECT_EQ(refusal({"X", "a\r\nSET-Brand: evil"}), "X syntax");
  EXPECT_EQ(refusal({"X", " padded"}), "X syntax");
  EXPECT_EQ(refusal({"X", std::string(kMaxLine - 3, 'a')}), "accepted");
  EXPECT_EQ(refusal({"X", std::string(kMaxLine - 2, 'a')}), "X too-large");
}

TEST(Initiation, WhatIsAcceptedIsWrittenAndReadAgainTheSame) {
  std::mt19937 random(7);  // NOLINT: the same run every time
  const std::string base = Whole(
      "SET-LID-M: 0011\r\nSET-Recurring: 31 20260223\r\nSET-Ext-OID: 1.2.3\r\n"
      "SET-Ext-Data: 3000\r\nSET-Echo-In-Response: hello world\r\n");
  int accepted = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string mutant = base;
    for (int change = 0; change < 2; ++change) {
      const std::size_t at = random() % mutant.size();
      if (random() % 3 == 0) {
        mutant.erase(at, 1);
      } else {
        mutant[at] = static_cast<char>(random() % 96 + 32);
      }
    }
    const auto first = Parse(Bytes(mutant), Profile::kInitiation);
    if (!first) continue;
    ++accepted;
    const auto second = Parse(Write(*first, false), Profile::kInitiation);
    ASSERT_TRUE(second) << mutant;
    EXPECT_EQ(second->fields, first->fields);
    EXPECT_EQ(second->body, first->body);
    EXPECT_EQ(second->extensions, first->extensions);
  }
  EXPECT_GT(accepted, 1000);
}

TEST(Initiation, TheKindIsSeenFromTheFirstOctetOrTheHeader) {
  const Octets der = {0x30, 0x03, 0x02, 0x01, 0x00};
  EXPECT_EQ(Classify(der).kind, Kind::kSetMessage);
  EXPECT_EQ(Classify({}).kind, Kind::kUnknown);
  EXPECT_EQ(Classify(Bytes("\x31\x30")).kind, Kind::kUnknown);
  EXPECT_EQ(Classify(Bytes(Whole())).kind, Kind::kInitiation);
  EXPECT_EQ(Classify(Bytes("SET-Initiation-Type: Payment-Initiation-Response\r\n\r\n")).kind,
            Kind::kResponse);
  EXPECT_EQ(Classify(Bytes("SET-Error-Field: x\r\n\r\n")).kind, Kind::kResponse);
  EXPECT_EQ(Classify(Bytes("X: y\r\n\r\n")).kind, Kind::kUnknown);

  Octets mime =
      Bytes("Content-Type: Application/SET-Payment; x=y\r\nSET-Echo-In-Request: z\r\n\r\n");
  EXPECT_EQ(Classify(mime).kind, Kind::kUnknown);
  mime.insert(mime.end(), der.begin(), der.end());
  const Classified classified = Classify(mime);
  EXPECT_EQ(classified.kind, Kind::kMimeSetMessage);
  EXPECT_TRUE(
      std::equal(classified.message.begin(), classified.message.end(), der.begin(), der.end()));
}

}  // namespace
}  // namespace setcore::initiation
