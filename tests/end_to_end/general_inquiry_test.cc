// General inquiries (RFC 3867, 4.4): pending payments, removed payments, properties of a card.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "end_to_end/market.h"
#include "end_to_end/verdict.h"
#include "schema/reader.h"
#include "schema/writer.h"

namespace market {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::int64_t kMsPerDay = 86400000;

std::string Request(const schema::Node& node) {
  return schema::WriteRequest(node, {"The SET Bridge authors, end-to-end tests, 1.0.0", {}});
}

std::vector<std::string> PendingOf(Market& market, Role role) {
  const std::string response = market.Ask(role, Request(schema::Node("InquirePendingPayment")));
  const auto document = schema::ReadResponse(response);
  std::vector<std::string> found;
  for (const auto* payment : document->call().Children("PaymentId")) {
    found.emplace_back(payment->Value("PayId"));
  }
  return found;
}

std::string Remove(Market& market, Role role, std::string_view pay_id) {
  return Verdict(market,
                 market.Ask(role, Request(schema::Node("RemovePaymentLog").Set("PayId", pay_id))));
}

class GeneralInquiry : public testing::Test {
 protected:
  Market market_{ImpatientHandler()};
  Purchase purchase_ = market_.NewPurchase("1");
};

TEST_F(GeneralInquiry, ListsWhatIsInProgressSuspendedOrOpenAtTheAcquirer) {
  EXPECT_THAT(PendingOf(market_, Role::kConsumer), IsEmpty());
  WalkToPReq(purchase_);
  Purchase second = market_.NewPurchase("2");
  WalkToPReq(second);
  ASSERT_TRUE(second.ChangeProcessState(Role::kConsumer, "Suspended"));
  Purchase third = market_.NewPurchase("3");
  WalkToPReq(third);
  ASSERT_TRUE(third.ChangeProcessState(Role::kConsumer, "Failed"));
  EXPECT_THAT(PendingOf(market_, Role::kConsumer), ElementsAre("C-1", "C-2"));
  // RFC 3867, Table 1: not for a merchant.
  EXPECT_EQ(Verdict(market_,
                    market_.Ask(Role::kMerchant, Request(schema::Node("InquirePendingPayment")))),
            "ReqNotSupp InquirePendingPayment");
  market_.StopGateway();
  ASSERT_TRUE(purchase_.ContinuePaymentHandler()->refused);
  ASSERT_TRUE(second.ChangeProcessState(Role::kPaymentHandler, "Failed"));
  ASSERT_TRUE(third.ChangeProcessState(Role::kPaymentHandler, "ProcessError"));
  EXPECT_THAT(PendingOf(market_, Role::kPaymentHandler), ElementsAre("P-1"));
}

TEST_F(GeneralInquiry, OnlyAFinalPaymentIsRemoved) {
  WalkToPReq(purchase_);
  EXPECT_EQ(Remove(market_, Role::kConsumer, "C-1"), "BusError RemovePaymentLog");
  ASSERT_TRUE(purchase_.ChangeProcessState(Role::kConsumer, "Suspended"));
  EXPECT_EQ(Remove(market_, Role::kConsumer, "C-1"), "BusError RemovePaymentLog");
  market_.StopGateway();
  ASSERT_TRUE(purchase_.ContinuePaymentHandler()->refused);
  EXPECT_EQ(Remove(market_, Role::kPaymentHandler, "P-1"), "BusError RemovePaymentLog");
  EXPECT_EQ(Remove(market_, Role::kConsumer, "nobody"), "AttValIllegal RemovePaymentLog@PayId");
}

TEST_F(GeneralInquiry, ARemovedPaymentLeavesWhatRefusesItsReplay) {
  Walk(purchase_);
  const std::string db = market_.WalletDb(Role::kPaymentHandler);
  const auto requests = Query(db,
                              "SELECT group_concat(call || ' ' || hex(digest), char(10)) "
                              "FROM entry WHERE digest IS NOT NULL");
  EXPECT_THAT(requests.at(0).at(0), testing::ContainsRegex("StartPayment.*\nContinueProcess"));
  const Row before = Query(db, "SELECT xid, changed FROM payment").at(0);
  ASSERT_NE(before[0], "");
  const std::string started = market_.Draft(purchase_, &Purchase::StartPaymentPaymentHandler);
  EXPECT_EQ(Remove(market_, Role::kPaymentHandler, "P-1"), "RemovePaymentLogResponse");

  EXPECT_THAT(Query(db, "SELECT * FROM payments"), IsEmpty());
  for (const char* table : {"entry", "intent", "events", "receipts"}) {
    EXPECT_THAT(Query(db, std::string("SELECT * FROM ") + table), IsEmpty()) << table;
  }
  // Role, PayId, request digests, XID, final state and times; nothing else.
  const auto kept = Query(db, "SELECT * FROM removed_payment");
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_THAT(kept[0], ElementsAre("P-1", "PaymentHandler", "CompletedOk", "", before[0],
                                   requests[0][0], before[1], testing::Ne("")));

  EXPECT_EQ(Remove(market_, Role::kPaymentHandler, "P-1"), "AttValIllegal RemovePaymentLog@PayId");
  ASSERT_TRUE(purchase_.InquireProcessState(Role::kPaymentHandler)->refused);
  EXPECT_EQ(purchase_.Attribute("ErrorCode"), "AttValIllegal");
  EXPECT_EQ(Verdict(market_, market_.Ask(Role::kPaymentHandler, started)),
            "AttValIllegal StartPaymentPaymentHandler@PaymentHandlerPayId");
  EXPECT_EQ(Verdict(market_,
                    market_.Ask(Role::kPaymentHandler, ContinueRequest("P-1", purchase_.preq()))),
            "AttValIllegal ContinueProcess@PayId");
  // The same PReq under a new PayId (set-processing.md, 2.3).
  EXPECT_EQ(Verdict(market_, market_.Ask(Role::kPaymentHandler,
                                         WithAttribute(started, "PaymentHandlerPayId", "P-9"))),
            "StartPaymentPaymentHandlerResponse Continue, with PInitRes");
  market_.Ask(Role::kPaymentHandler, ContinueRequest("P-9", purchase_.preq()));
  EXPECT_EQ(market_.Authorizations().size(), 1U);
}

TEST_F(GeneralInquiry, WhatWasKeptLongEnoughIsRemovedByItself) {
  Walk(purchase_);
  Purchase pending = market_.NewPurchase("2");
  WalkToPReq(pending);
  const std::string query = "SELECT PayId FROM payments";
  market_.SetClockAhead(399 * kMsPerDay);
  PendingOf(market_, Role::kConsumer);
  EXPECT_THAT(Query(market_.WalletDb(Role::kConsumer), query),
              ElementsAre(ElementsAre("C-1"), ElementsAre("C-2")));
  market_.SetClockAhead(401 * kMsPerDay);
  PendingOf(market_, Role::kConsumer);
  EXPECT_THAT(Query(market_.WalletDb(Role::kConsumer), query), ElementsAre(ElementsAre("C-2")));
  EXPECT_EQ(StateOf(market_, Role::kPaymentHandler, purchase_), "CompletedOk 100");
}

// Nothing of money stands in a payment that was never started.
TEST_F(GeneralInquiry, APaymentThatIsNeverStartedGoesByItselfAndNotByACall) {
  ASSERT_FALSE(purchase_.FindAcceptedPaymentBrand()->refused);
  ASSERT_FALSE(purchase_.FindAcceptedPaymentProtocol()->refused);
  ASSERT_FALSE(purchase_.FindPaymentInstrument()->refused);
  EXPECT_EQ(StateOf(market_, Role::kConsumer, "C-1"), "NotYetStarted 0");
  EXPECT_EQ(Remove(market_, Role::kConsumer, "C-1"), "BusError RemovePaymentLog");
  market_.SetClockAhead(399 * kMsPerDay);
  PendingOf(market_, Role::kConsumer);
  EXPECT_EQ(StateOf(market_, Role::kConsumer, "C-1"), "NotYetStarted 0");
  market_.SetClockAhead(401 * kMsPerDay);
  PendingOf(market_, Role::kConsumer);
  EXPECT_EQ(StateOf(market_, Role::kConsumer, "C-1"), "absent");
  EXPECT_THAT(Query(market_.WalletDb(Role::kConsumer), "SELECT * FROM removed_payment"), IsEmpty());
  EXPECT_FALSE(purchase_.FindPaymentInstrument()->refused);
}

schema::Node Properties(std::string_view list) {
  return schema::Node("PaymentInstrumentInquiry")
      .Set("BrandId", "VISA")
      .Set("PaymentInstrumentId", "visa-gold")
      .Set("ProtocolId", "SETv1.0")
      .Set("PropertyTypeList", list);
}

struct Answered {
  std::vector<std::string> values;
  std::string unavailable;
};

Answered AskProperties(Market& market, const schema::Node& node) {
  const std::string response = market.Ask(Role::kConsumer, Request(node));
  const auto document = schema::ReadResponse(response);
  Answered answered;
  if (!document || document->call().name == "ErrorResponse") {
    return {{Verdict(market, response)}, {}};
  }
  for (const auto* property : document->call().Children("PaymentInstrumentProperty")) {
    answered.values.push_back(std::string(property->Value("PropertyType")) + "=" +
                              std::string(property->Value("PropertyValue")));
    EXPECT_NE(property->Value("PropertyDesc"), "");
  }
  answered.unavailable = document->call().Value("UnavailablePropertyList");
  return answered;
}

TEST_F(GeneralInquiry, APaymentInstrumentTellsItsProperties) {
  const std::string id = market_.world().pki.brands.front().instrument;
  const std::string pan(market_.world().pki.brands.front().pan.view());
  Walk(purchase_);
  schema::Node inquiry("PaymentInstrumentInquiry");
  inquiry.Set("BrandId", "VISA").Set("PaymentInstrumentId", id).Set("ProtocolId", "SETv1.0");
  const auto answered = AskProperties(
      market_,
      schema::Node(inquiry).Set("PropertyTypeList",
                                "Balance Identifier Expiration LogEntries PayAmount0 PayAmount1 "
                                "PayTime0 PayParty-0 Limit Colour"));
  const std::string hidden(pan.size() - 4, '*');
  const std::string expiry = market_.world().pki.brands.front().expiry;
  ASSERT_EQ(answered.values.size(), 6U);
  EXPECT_EQ(answered.values[0], "Identifier=" + hidden + pan.substr(pan.size() - 4));
  EXPECT_EQ(answered.values[1], "Expiration=" + expiry.substr(0, 4) + "-" + expiry.substr(4));
  EXPECT_EQ(answered.values[2], "LogEntries=1");
  EXPECT_EQ(answered.values[3], "PayAmount0=157.53 USD");
  EXPECT_THAT(answered.values[4], testing::StartsWith("PayTime0=20"));
  EXPECT_THAT(answered.values[5], testing::StartsWith("PayParty-0="));
  EXPECT_EQ(answered.unavailable, "Balance PayAmount1 Limit Colour");
}

// RFC 3867, Table 3: the predefined property.
TEST_F(GeneralInquiry, AllPropertiesAreThoseOfTheCardAndOfItsLastPayment) {
  schema::Node inquiry("PaymentInstrumentInquiry");
  inquiry.Set("BrandId", "VISA")
      .Set("ProtocolId", "SETv1.0")
      .Set("PaymentInstrumentId", market_.world().pki.brands.front().instrument);
  const auto before = AskProperties(market_, schema::Node(inquiry).Set("PropertyTypeList", "all"));
  EXPECT_THAT(before.values, ElementsAre(testing::StartsWith("Expiration="),
                                         testing::StartsWith("Identifier="), "LogEntries=0"));
  EXPECT_EQ(before.unavailable, "PaymentLimit PayAmount0 PayParty0 PayTime0");
  Walk(purchase_);
  const auto after = AskProperties(
      market_, schema::Node(inquiry).Set("PropertyTypeList", "LogEntries all Colour PayAmount0"));
  EXPECT_THAT(after.values,
              ElementsAre("LogEntries=1", testing::StartsWith("Expiration="),
                          testing::StartsWith("Identifier="), "PayAmount0=157.53 USD",
                          testing::StartsWith("PayParty0="), testing::StartsWith("PayTime0=20")));
  EXPECT_EQ(after.unavailable, "PaymentLimit Colour");
}

TEST_F(GeneralInquiry, ANumberThatNoRecordedPaymentHasIsUnavailable) {
  const std::string numbers =
      "PayAmount-9223372036854775808 PayParty-9223372036854775807 PayTime9223372036854775807 "
      "PayTime9223372036854775808";
  schema::Node inquiry("PaymentInstrumentInquiry");
  inquiry.Set("BrandId", "VISA").Set("ProtocolId", "SETv1.0").Set("PropertyTypeList", numbers);
  Walk(purchase_);
  const auto answered = AskProperties(
      market_, schema::Node(inquiry).Set("PaymentInstrumentId",
                                         market_.world().pki.brands.front().instrument));
  EXPECT_THAT(answered.values, IsEmpty());
  EXPECT_EQ(answered.unavailable, numbers);
}

TEST_F(GeneralInquiry, APropertyInquiryNamesWhatIsWrong) {
  EXPECT_THAT(AskProperties(market_, Properties("LogEntries").Set("xml:lang", "de")).values,
              ElementsAre("AttValIllegal PaymentInstrumentInquiry@PaymentInstrumentId"));
  schema::Node none("PaymentInstrumentInquiry");
  none.Set("BrandId", "VISA").Set("ProtocolId", "SETv1.0").Set("PropertyTypeList", "LogEntries");
  EXPECT_THAT(AskProperties(market_, none).values,
              ElementsAre("AttMissing PaymentInstrumentInquiry@PaymentInstrumentId"));
  schema::Node other("PaymentInstrumentInquiry");
  other.Set("BrandId", "JCB").Set("ProtocolId", "SETv1.0").Set("PropertyTypeList", "LogEntries");
  EXPECT_THAT(AskProperties(market_, other).values,
              ElementsAre("AttValIllegal PaymentInstrumentInquiry@BrandId"));
  schema::Node of_brand("PaymentInstrumentInquiry");
  of_brand.Set("BrandId", "VISA")
      .Set("PaymentInstrumentId", market_.world().pki.brands.front().instrument)
      .Set("ProtocolId", "SETv1.0")
      .Set("PropertyTypeList", "LogEntries");
  const auto with = [&](std::string_view protocol, std::string_view brand) {
    schema::Node node(of_brand);
    node.Add(
        schema::Node("ProtocolBrand").Set("ProtocolId", protocol).Set("ProtocolBrandId", brand));
    return AskProperties(market_, node).values;
  };
  EXPECT_THAT(with("SETv2.0", "MasterCard:Gold"),
              ElementsAre("AttValIllegal ProtocolBrand@ProtocolId"));
  EXPECT_THAT(with("SETv1.0", "MasterCard:Gold"),
              ElementsAre("AttValIllegal PaymentInstrumentInquiry@BrandId"));
  EXPECT_THAT(with("SETv1.0", "VISA:a:b:c"),
              ElementsAre("AttValIllegal ProtocolBrand@ProtocolBrandId"));
  EXPECT_THAT(with("SETv1.0", "VISA"), ElementsAre("LogEntries=0"));
}

}  // namespace
}  // namespace market
