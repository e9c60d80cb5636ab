// ManagePaymentSoftware (RFC 3867, 4.6.1; docs/provisioning.md): cards come, change and go while
// the wallet is open.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "end_to_end/market.h"
#include "end_to_end/verdict.h"
#include "schema/reader.h"
#include "schema/writer.h"
#include "setcore/base64.h"

namespace market {
namespace {

using testing::HasSubstr;

constexpr const char* kRight = "open sesame";

std::string FileText(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string Plain(const std::string& id, const std::string& more = {}) {
  return "[[instrument]]\nid = \"" + id +
         "\"\nname = \"Second\"\nbrand_id = \"VISA\"\nprotocol_brand_id = \"VISA\"\n"
         "pan = \"4000000000000028\"\nexpiry = \"203911\"\n" +
         more;
}

class Management : public testing::Test {
 protected:
  std::string Response(Role role, schema::Node call) {
    return market_.Ask(role, schema::WriteRequest(call, {"The authors, tests, 1.0.0", {}}));
  }
  std::string Manage(const std::string& action, const std::string& content,
                     const std::string& transform = "NONE") {
    schema::Node call("ManagePaymentSoftware");
    call.Set("BrandId", "VISA").Set("ProtocolId", "SETv1.0").Set("Action", action);
    if (market_options_.passphrases.contains(Role::kConsumer)) call.Set("Passphrase", kRight);
    call.Add(schema::PackagedContent("BrandPackagedContent", "SET:Instrument", "PCDATA", transform,
                                     content));
    last_ = Response(Role::kConsumer, call);
    return Verdict(market_, last_);
  }
  std::string LastDescription() const {
    const auto document = schema::ReadResponse(last_);
    return std::string(document->call().Value("ErrorDesc"));
  }
  std::vector<std::string> Instruments() {
    Purchase purchase = market_.NewPurchase("list");
    if (purchase.FindAcceptedPaymentBrand()->refused ||
        purchase.FindAcceptedPaymentProtocol()->refused ||
        purchase.FindPaymentInstrument()->refused) {
      return {"refused"};
    }
    std::vector<std::string> ids;
    const auto document = schema::ReadResponse(purchase.last_response());
    for (const auto* card : document->call().Children("PayInstrument")) {
      ids.emplace_back(card->Value("Id"));
    }
    return ids;
  }
  Purchase Paying(const std::string& suffix, const std::string& instrument) {
    PurchaseOrder order;
    order.instrument = instrument;
    return market_.NewPurchase(suffix, order);
  }

  static Options LockedConsumer() {
    Options options;
    options.passphrases[Role::kConsumer] = kRight;
    return options;
  }
  Options market_options_ = LockedConsumer();
  Market market_{market_options_};
  const std::vector<std::string> before_ = Instruments();
  std::string last_;
};

constexpr const char* kDone = "ManagePaymentSoftwareResponse";
constexpr const char* kIllegal = "ElContIllegal BrandPackagedContent";

TEST_F(Management, ANewCardPaysAtOnceAndAfterARestart) {
  ASSERT_EQ(Manage("New", Plain("second")), kDone);
  EXPECT_THAT(last_, HasSubstr("Action=\"New\""));
  EXPECT_THAT(last_, HasSubstr("WalletID=\"alice-1\""));
  EXPECT_THAT(last_, testing::Not(HasSubstr(kRight)));
  auto with_second = before_;
  with_second.push_back("second");
  EXPECT_EQ(Instruments(), with_second);
  EXPECT_EQ(Manage("New", Plain("second")), kIllegal);

  const auto& brand = market_.world().pki.brands.front();
  const std::string pki = market_.PkiDirectory() + "/" + brand.stem + "-cardholder";
  const auto hex = [](setcore::OctetView octets) {
    std::string text;
    for (const std::uint8_t octet : octets) {
      text += "0123456789abcdef"[octet >> 4];
      text += "0123456789abcdef"[octet & 15];
    }
    return text;
  };
  const std::string signing =
      "[[instrument]]\nid = \"third\"\nname = \"Third\"\nbrand_id = \"VISA\"\n"
      "protocol_brand_id = \"VISA\"\npan = \"" +
      std::string(brand.pan.view()) + "\"\nexpiry = \"" + brand.expiry + "\"\ncertificate = '''" +
      FileText(pki + ".pem") + "'''\nprivate_key = '''" + FileText(pki + ".key") +
      "'''\ncard_secret = \"" + hex(brand.card_secret.view()) + "\"\npan_secret = \"" +
      hex(brand.pan_secret.view()) + "\"\n";
  ASSERT_EQ(Manage("New",
                   setcore::EncodeBase64(
                       {reinterpret_cast<const std::uint8_t*>(signing.data()), signing.size()}),
                   "BASE64"),
            kDone);
  Purchase second = Paying("1", "second");
  Walk(second);
  Purchase third = Paying("2", "third");
  Walk(third);
  EXPECT_EQ(market_.Authorizations().size(), 2U);
  market_.Reopen(Role::kConsumer);
  with_second.push_back("third");
  EXPECT_EQ(Instruments(), with_second);
}

TEST_F(Management, AChangedCardIsAnotherOneAndAPendingPaymentKeepsItsOwn) {
  ASSERT_EQ(Manage("New", Plain("second")), kDone);
  ASSERT_EQ(Manage("Update", Plain("second", "currencies = [\"EUR\"]\n")), kDone);
  EXPECT_EQ(Instruments(), before_);  // the purchase is in USD
  ASSERT_EQ(Manage("Update", Plain("second", "limits = { USD = [\"1\", \"200\"] }\n")), kDone);

  Purchase pending = Paying("1", "second");
  WalkToPReq(pending);
  ASSERT_EQ(Manage("Delete", "[[instrument]]\nid = \"second\"\n"), kDone);
  EXPECT_EQ(Instruments(), before_);
  EXPECT_EQ(Manage("Delete", "[[instrument]]\nid = \"second\"\n"), kIllegal);
  EXPECT_EQ(Manage("New", Plain("second")), kIllegal);
  ASSERT_FALSE(pending.ContinuePaymentHandler()->refused);
  ASSERT_FALSE(pending.ContinueConsumerPRes()->refused);
}

TEST_F(Management, WhatIsWrongIsNamedAndChangesNothing) {
  EXPECT_EQ(Manage("Update", Plain("nobody")), kIllegal);
  EXPECT_EQ(Manage("New", "not toml"), kIllegal);
  EXPECT_EQ(Manage("New", Plain("x", "colour = \"red\"\n")), kIllegal);
  EXPECT_THAT(LastDescription(), HasSubstr("BrandPackagedContent:8: instrument.colour"));
  EXPECT_EQ(Manage("New", Plain("x") + Plain("y")), kIllegal);
  EXPECT_EQ(Manage("New", Plain("x", "certificate = \"a.pem\"\n")), kIllegal);
  EXPECT_EQ(Manage("New", "%%%", "BASE64"), kIllegal);
  EXPECT_EQ(Manage("Delete", "[[instrument]]\nname = \"second\"\n"), kIllegal);
  EXPECT_EQ(Manage("New", Replaced(Plain("x"), "\"VISA\"", "\"JCB\"")),
            "AttValIllegal ManagePaymentSoftware@BrandId");
  EXPECT_EQ(Instruments(), before_);

  const auto verdict = [&](Role role, const schema::Node& call) {
    return Verdict(market_, Response(role, call));
  };
  const schema::Node empty("ManagePaymentSoftware");
  EXPECT_EQ(verdict(Role::kConsumer, schema::Node(empty).Set("Passphrase", kRight)),
            "ReqNotSupp ManagePaymentSoftware");
  EXPECT_EQ(verdict(Role::kMerchant, schema::Node(empty).Set("Action", "New")),
            "ReqNotSupp ManagePaymentSoftware");
  EXPECT_THAT(Response(Role::kMerchant, empty), HasSubstr("set-bridge provision"));
  EXPECT_EQ(verdict(Role::kConsumer, schema::Node(empty).Set("Action", "New")),
            "AttMissing ManagePaymentSoftware@BrandId");
  EXPECT_EQ(
      verdict(Role::kConsumer, schema::Node(empty).Set("BrandId", "VISA").Set("Action", "New")),
      "AttMissing ManagePaymentSoftware@ProtocolId");
  EXPECT_EQ(verdict(Role::kConsumer, schema::Node(empty)
                                         .Set("BrandId", "VISA")
                                         .Set("ProtocolId", "SETv1.0")
                                         .Set("Action", "New")),
            "ElMissing BrandPackagedContent");
  market_.Reopen(Role::kConsumer);
  EXPECT_EQ(verdict(Role::kConsumer, empty), "AttMissing ManagePaymentSoftware@Passphrase");
}

}  // namespace
}  // namespace market
