// ManagePaymentSoftware (RFC 3867, 4.6.1; docs/provisioning.md): cards come, change and go while
// the wallet is open.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "end_to_end/forge.h"
#include "end_to_end/market.h"
#include "end_to_end/refusals.h"
#include "end_to_end/verdict.h"
#include "schema/reader.h"
#include "schema/writer.h"
#include "setcore/base64.h"
#include "setcore/octets.h"
#include "setcore/pki/certificate.h"

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

std::string Hex(setcore::OctetView octets) {
  std::string text;
  for (const std::uint8_t octet : octets) {
    text += "0123456789abcdef"[octet >> 4];
    text += "0123456789abcdef"[octet & 15];
  }
  return text;
}

// How many rows of the wallet's tables belong to the instrument.
std::size_t StoredParts(const std::string& db, const std::string& id) {
  std::size_t count = Query(db, "SELECT sealed_pan FROM instrument WHERE id = '" + id + "'").size();
  for (const char* list : {"chain", "word", "amount_limit"}) {
    count +=
        Query(db, std::string("SELECT 1 FROM ") + list + " WHERE owner = 'instrument:" + id + "'")
            .size();
  }
  return count;
}

void Change(const std::string& db, const std::string& sql) {
  sqlite3* connection = nullptr;
  ASSERT_EQ(sqlite3_open_v2(db.c_str(), &connection, SQLITE_OPEN_READWRITE, nullptr), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(connection, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(connection);
}

class Management : public testing::Test {
 protected:
  std::string Response(Role role, schema::Node call) {
    return market_.Ask(role, schema::WriteRequest(call, {"The authors, tests, 1.0.0", {}}));
  }
  std::string Manage(const std::string& action, const std::string& content,
                     const std::string& transform = "NONE", const std::string& brand = "VISA") {
    schema::Node call("ManagePaymentSoftware");
    call.Set("BrandId", brand).Set("ProtocolId", "SETv1.0").Set("Action", action);
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
  std::string LastDigits(const std::string& id) {
    const auto document =
        schema::ReadResponse(Response(Role::kConsumer, schema::Node("PaymentInstrumentInquiry")
                                                           .Set("BrandId", "VISA")
                                                           .Set("PaymentInstrumentId", id)
                                                           .Set("ProtocolId", "SETv1.0")
                                                           .Set("PropertyTypeList", "Identifier")));
    const auto found = document->call().Children("PaymentInstrumentProperty");
    if (found.size() != 1) return {};
    const std::string value(found.front()->Value("PropertyValue"));
    return value.substr(value.size() - 4);
  }
  // The market's signing card as an instrument with another id; `key` replaces its certificate.
  std::string Signing(const std::string& id, const setcore::pki::CertifiedKey* key = nullptr) {
    const auto& brand = market_.world().pki.brands.front();
    const std::string pki = market_.PkiDirectory() + "/" + brand.stem + "-cardholder";
    return "[[instrument]]\nid = \"" + id +
           "\"\nname = \"Third\"\nbrand_id = \"VISA\"\nprotocol_brand_id = \"VISA\"\npan = \"" +
           std::string(brand.pan.view()) + "\"\nexpiry = \"" + brand.expiry +
           "\"\ncertificate = '''" +
           (key != nullptr ? setcore::pki::WritePem(key->chain) : FileText(pki + ".pem")) +
           "'''\nprivate_key = '''" +
           (key != nullptr ? std::string(key->key.Pem().view()) : FileText(pki + ".key")) +
           "'''\ncard_secret = \"" + Hex(brand.card_secret.view()) + "\"\npan_secret = \"" +
           Hex(brand.pan_secret.view()) + "\"\n";
  }
  std::string Inquire(const std::string& pay_id) {
    last_ = Response(
        Role::kConsumer,
        schema::Node("StartPaymentInquiry").Set("ConsumerPayId", pay_id).Set("Passphrase", kRight));
    return Verdict(market_, last_);
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

  const std::string signing = Signing("third");
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

// interfaces.md, 3: what a pending payment uses stays.  Name, currencies and limits are nothing
// that it uses.
TEST_F(Management, APendingPaymentKeepsTheCardThatItsConsumerHasChosen) {
  ASSERT_EQ(Manage("New", Plain("second")), kDone);
  Purchase pending = Paying("1", "second");
  WalkToStart(pending);
  ASSERT_FALSE(pending.StartPaymentConsumer()->refused);
  const std::string other_pan = Replaced(Plain("second"), "4000000000000028", "4000000000000036");
  const auto expect_kept = [&] {
    for (const std::string& changed :
         {other_pan, Replaced(Plain("second"), "203911", "203912"), Signing("second"),
          Replaced(Plain("second"), "protocol_brand_id = \"VISA\"",
                   "protocol_brand_id = \"VISA:Gold\"")}) {
      EXPECT_EQ(Manage("Update", changed), kIllegal);
      EXPECT_THAT(LastDescription(), HasSubstr("a pending payment still uses"));
    }
    EXPECT_EQ(LastDigits("second"), "0028");
  };
  expect_kept();
  EXPECT_EQ(Manage("Update", Replaced(Plain("second", "limits = { USD = [\"1\", \"2\"] }\n"),
                                      "Second", "Renamed")),
            kDone);
  EXPECT_EQ(Instruments(), before_);

  ASSERT_FALSE(pending.ChangeProcessState(Role::kConsumer, "Suspended")->refused);
  expect_kept();
  ASSERT_FALSE(pending.ChangeProcessState(Role::kConsumer, "Failed")->refused);
  EXPECT_EQ(Manage("Update", other_pan), kDone);
  EXPECT_EQ(LastDigits("second"), "0036");
}

TEST_F(Management, ACardNeverChangesItsBrand) {
  ASSERT_EQ(Manage("New", Plain("second")), kDone);
  std::string other = Plain("second");
  for (int i = 0; i < 2; ++i) other = Replaced(other, "\"VISA\"", "\"JCB\"");
  const std::string illegal = "AttValIllegal ManagePaymentSoftware@BrandId";
  EXPECT_EQ(Manage("Update", other, "NONE", "JCB"), illegal);
  EXPECT_EQ(Manage("Update", other), illegal);
  EXPECT_EQ(Manage("Update", Plain("second"), "NONE", "JCB"), illegal);
  auto with_second = before_;
  with_second.push_back("second");
  EXPECT_EQ(Instruments(), with_second);
}

// set-processing.md, 6: an InqReq is signed with the certificate that signed the PReq.
TEST_F(Management, APaymentIsInquiredWithTheCertificateThatSignedItsPReqOrNotAtAll) {
  const auto renewed = [&] {
    const Forge forge(market_);
    return forge.Make(forge.CardholderProfile(), "cca");
  }();
  ASSERT_EQ(Manage("New", Signing("third")), kDone);
  Purchase paid = Paying("1", "third");
  WalkToPReq(paid);
  EXPECT_EQ(Manage("Update", Replaced(Plain("second"), "second", "third")), kIllegal);
  EXPECT_EQ(Manage("Update", Signing("third", &renewed)), kIllegal);
  EXPECT_EQ(Manage("Update", Replaced(Signing("third"), "Third", "Renamed")), kDone);
  ASSERT_FALSE(paid.ContinuePaymentHandler()->refused);
  ASSERT_FALSE(paid.ContinueConsumerPRes()->refused);
  ASSERT_FALSE(paid.ChangeProcessState(Role::kConsumer, "CompletedOk")->refused);

  // A final payment does not keep the card from changing.
  const std::string refused = "ReqRefused StartPaymentInquiry, again in 60 s";
  ASSERT_EQ(Manage("Update", Replaced(Plain("second"), "second", "third")), kDone);
  EXPECT_EQ(Inquire("C-1"), refused);
  EXPECT_THAT(LastDescription(), HasSubstr("the certificate that signed the PReq"));
  ASSERT_EQ(Manage("Update", Signing("third", &renewed)), kDone);
  EXPECT_EQ(Inquire("C-1"), refused);
  ASSERT_EQ(Manage("Update", Signing("third")), kDone);
  EXPECT_EQ(Inquire("C-1"), "StartPaymentInquiryResponse, with InqReq");
}

// interfaces.md, 3: a deleted instrument stays only until the payments that use it are final.
TEST_F(Management, ADeletedCardGoesWithTheLastPaymentThatUsesIt) {
  const std::string db = market_.WalletDb(Role::kConsumer);
  const std::string deleted = "[[instrument]]\nid = \"second\"\n";
  const auto stored = [&] { return StoredParts(db, "second"); };
  ASSERT_EQ(Manage("New", Plain("second", "currencies = [\"USD\"]\n")), kDone);
  ASSERT_EQ(stored(), 2U);
  Purchase paid = Paying("1", "second");
  WalkToPReq(paid);
  Purchase cancelled = Paying("2", "second");
  WalkToPReq(cancelled);
  Purchase other = market_.NewPurchase("3");
  WalkToPReq(other);
  ASSERT_EQ(Manage("Delete", deleted), kDone);

  ASSERT_FALSE(other.ChangeProcessState(Role::kConsumer, "Failed")->refused);
  ASSERT_FALSE(paid.ContinuePaymentHandler()->refused);
  ASSERT_FALSE(paid.ContinueConsumerPRes()->refused);
  ASSERT_FALSE(paid.ChangeProcessState(Role::kConsumer, "CompletedOk")->refused);
  ASSERT_FALSE(cancelled.ChangeProcessState(Role::kConsumer, "Suspended")->refused);
  EXPECT_EQ(stored(), 2U);
  EXPECT_EQ(Manage("New", Plain("second")), kIllegal);

  ASSERT_FALSE(cancelled.ChangeProcessState(Role::kConsumer, "Failed")->refused);
  EXPECT_EQ(stored(), 0U);
  EXPECT_EQ(Manage("Delete", deleted), kIllegal);
  ASSERT_EQ(Manage("New", Replaced(Plain("second"), "4000000000000028", "4000000000000036")),
            kDone);
  EXPECT_EQ(LastDigits("second"), "0036");
  Purchase again = Paying("4", "second");
  Walk(again);
  EXPECT_THAT(stored(), 1U);
}

// What a program that did not remove it has left goes when the wallet is opened.
TEST_F(Management, AHiddenCardThatNoPaymentUsesDoesNotSurviveARestart) {
  const std::string db = market_.WalletDb(Role::kConsumer);
  ASSERT_EQ(Manage("New", Plain("second", "currencies = [\"USD\"]\n")), kDone);
  ASSERT_EQ(Manage("New", Plain("third")), kDone);
  Purchase pending = Paying("1", "third");
  WalkToPReq(pending);
  market_.CloseWallet(Role::kConsumer);
  Change(db, "UPDATE instrument SET hidden = 1 WHERE id IN ('second', 'third')");
  market_.OpenWallet(Role::kConsumer);
  EXPECT_EQ(StoredParts(db, "second"), 0U);
  EXPECT_EQ(StoredParts(db, "third"), 1U);
  EXPECT_EQ(Manage("New", Plain("second")), kDone);
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
