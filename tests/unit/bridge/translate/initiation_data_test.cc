#include "bridge/translate/initiation_data.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "bridge/texts/texts.h"
#include "vectors/vector_file.h"

namespace bridge {
namespace {

using initiation::Profile;
using initiation::Reason;
using setcore::Octets;

Octets Bytes(std::string_view text) { return {text.begin(), text.end()}; }

class CountingRandom : public setcore::Random {
 public:
  void Fill(std::span<std::uint8_t> out) override {
    for (std::uint8_t& octet : out) octet = next_++;
  }

 private:
  std::uint8_t next_ = 0;
};

IotpTerms Terms() {
  return {"SETv1.0", {"VISA", "Gold", ""}, {840, 12950, -2}, "wVn96VS6+gUk4kGzkNFWLL4UqSs="};
}

constexpr std::string_view kData =
    "Content-Transfer-Encoding: Binary\r\nSET-Initiation-Type: Payment-Initiation\r\n";

tl::expected<initiation::Initiation, initiation::Fault> Build(const std::string& more) {
  return BuildInitiation(Bytes(std::string(kData) + more), Terms());
}

std::string Refusal(const tl::expected<initiation::Initiation, initiation::Fault>& result) {
  if (result) return "accepted";
  return result.error().field + " " + std::string(Name(result.error().reason));
}

TEST(InitiationData, TheVectorOfTheFirstInitiationIsBuiltOctetForOctet) {
  const auto file = vectors::Read(OPB_VECTORS "/common/initiation.txt");
  PackagedContent packaged = MakeSetContent(file.Hex("header-data"));
  EXPECT_EQ(packaged.data, file.Text("content-data"));
  const auto data = ReadSetContent(packaged, "PayProtocolPackagedContent");
  ASSERT_TRUE(data);
  IotpTerms terms;
  terms.protocol_id = file.Text("protocol-id");
  terms.protocol_brand_id = ParseProtocolBrandId(file.Text("protocol-brand-id"))->id;
  terms.purch_amt = *ToPurchAmt(kIso4217A, file.Text("curr-code"), file.Text("amount"));
  terms.order_hash = file.Text("od");
  const auto built = BuildInitiation(*data, terms);
  ASSERT_TRUE(built) << Refusal(built);
  EXPECT_EQ(initiation::Write(*built, false), file.Hex("initiation"));
  EXPECT_EQ(built->lid_m, file.Hex("lid-m"));
}

TEST(InitiationData, ThePromotionalCardNameStaysBehind) {
  IotpTerms terms = Terms();
  terms.protocol_brand_id.pcn = "UC";
  const auto built = BuildInitiation(Bytes(kData), terms);
  ASSERT_TRUE(built);
  EXPECT_EQ(built->brands, std::vector<std::string>{"VISA:Gold"});
}

TEST(InitiationData, DataMayRepeatWhatIotpSaysButNotContradictIt) {
  EXPECT_EQ(Refusal(Build("SET-Version: 1.0\r\n")), "accepted");
  EXPECT_EQ(Refusal(Build("SET-Brand: VISA:Gold\r\n")), "accepted");
  EXPECT_EQ(Refusal(Build("SET-Brand: VISA\r\n")), "SET-Brand inconsistent");
  EXPECT_EQ(Refusal(Build("SET-PurchAmt: 840 12950 -2\r\n")), "accepted");
  EXPECT_EQ(Refusal(Build("SET-PurchAmt: 840 1295 -1\r\n")), "SET-PurchAmt inconsistent");
  EXPECT_EQ(Refusal(Build("Content-Type: text/plain; charset=US-ASCII\r\n")), "accepted");
  EXPECT_EQ(Refusal(Build("Content-Type: text/html\r\n")), "Content-Type inconsistent");
  EXPECT_EQ(Refusal(BuildInitiation(Bytes("Content-Transfer-Encoding: base64\r\n"
                                          "SET-Initiation-Type: Payment-Initiation\r\n"),
                                    Terms())),
            "Content-Transfer-Encoding inconsistent");
}

TEST(InitiationData, TheProtocolIdMustSpeakOfVersionOne) {
  IotpTerms terms = Terms();
  terms.protocol_id = "SETv2.0";
  EXPECT_EQ(Refusal(BuildInitiation(Bytes(kData), terms)), "SET-Version unsupported");
  terms.protocol_id = "SET1.0";
  EXPECT_EQ(Refusal(BuildInitiation(Bytes(kData), terms)), "SET-Version syntax");
}

TEST(InitiationData, ABrandTooLongForSetIsRefused) {
  IotpTerms terms = Terms();
  terms.protocol_brand_id = {std::string(40, 'a'), "", ""};
  EXPECT_EQ(Refusal(BuildInitiation(Bytes(kData), terms)), "accepted");
  terms.protocol_brand_id = {std::string(41, 'a'), "", ""};
  EXPECT_EQ(Refusal(BuildInitiation(Bytes(kData), terms)), "SET-Brand too-large");
}

TEST(InitiationData, WhatTheDataLackIsRefused) {
  EXPECT_EQ(Refusal(BuildInitiation(Bytes("X: y\r\n"), Terms())), "SET-Initiation-Type missing");
  EXPECT_EQ(Refusal(BuildInitiation({}, Terms())), " syntax");
}

TEST(InitiationData, TheMerchantAnnouncesItsLidM) {
  CountingRandom random;
  const Octets lid_m = MakeLidM({0, &random});
  EXPECT_EQ(lid_m.size(), 20U);
  const auto data = MakePayProtocol(lid_m, nullptr, "MerchantData");
  ASSERT_TRUE(data);
  EXPECT_EQ(AnnouncedLidM(*data), lid_m);
  const std::string text(data->begin(), data->end());
  EXPECT_EQ(text,
            "MIME-Version: 1.0\r\nContent-Transfer-Encoding: Binary\r\n"
            "SET-Initiation-Type: Payment-Initiation\r\n"
            "SET-LID-M: 000102030405060708090A0B0C0D0E0F10111213\r\n");
  EXPECT_EQ(BuildInitiation(*data, Terms())->lid_m, lid_m);
}

TEST(InitiationData, MerchantDataAreMerged) {
  const PackagedContent merchant =
      MakeSetContent(Bytes("set-recurring: 31 20260223\nSET-LID-M: abcd\nMIME-Version: 2.0\n"
                           "SET-Ext-OID: 1.2\nSET-Ext-Mandatory: true\n"),
                     kSetInitiationName);
  const auto data = MakePayProtocol(Octets{1}, &merchant, "MerchantData");
  ASSERT_TRUE(data) << Words(data.error().detail, Language::kEnglish);
  EXPECT_EQ(AnnouncedLidM(*data), (Octets{0xAB, 0xCD}));
  EXPECT_EQ(std::string(data->begin(), data->end()),
            "MIME-Version: 1.0\r\nContent-Transfer-Encoding: Binary\r\n"
            "SET-Initiation-Type: Payment-Initiation\r\nSET-LID-M: ABCD\r\n"
            "SET-Recurring: 31 20260223\r\nSET-Ext-OID: 1.2\r\nSET-Ext-Mandatory: true\r\n");
}

TEST(InitiationData, WhatIsNoPayProtocolAnnouncesNoLidM) {
  EXPECT_EQ(AnnouncedLidM({}), std::nullopt);
  EXPECT_EQ(AnnouncedLidM(Bytes("AAAA")), std::nullopt);
}

TEST(InitiationData, BadMerchantDataAreIllegalContent) {
  for (const char* text : {"SET-Brand: VISA\n", "SET-LID-M: x\n", "nonsense\n",
                           "SET-Recurring: 1 20260101\nSET-InstallTotalTrans: 2\n"}) {
    const PackagedContent merchant = MakeSetContent(Bytes(text));
    const auto data = MakePayProtocol(Octets{1}, &merchant, "MerchantData");
    ASSERT_FALSE(data) << text;
    EXPECT_EQ(data.error().code, schema::FaultCode::kElContIllegal);
    EXPECT_EQ(data.error().element_type, "MerchantData");
  }
  PackagedContent merchant = MakeSetContent(Bytes("X: y\n"));
  merchant.data = "?";
  EXPECT_FALSE(MakePayProtocol(Octets{1}, &merchant, "MerchantData"));
}

}  // namespace
}  // namespace bridge
