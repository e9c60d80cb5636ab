// SET messages that do not belong here: garbage, foreign and late ones, wrong certificates.  Each
// row names the answer and the state that RFC 3538, 8.9 leaves.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "end_to_end/forge.h"
#include "end_to_end/market.h"
#include "end_to_end/verdict.h"
#include "setcore/base64.h"
#include "setcore/compose_error.h"

namespace market {
namespace {

using setcore::Octets;

constexpr char kEncapProtErr[] = "EncapProtErr PaySchemePackagedContent";

Octets Text(const std::string& text) { return {text.begin(), text.end()}; }

Octets CutOff(Octets message) {
  message.pop_back();
  return message;
}

Octets WithTrailingOctet(Octets message) {
  message.push_back(0);
  return message;
}

Octets WithLastOctetChanged(Octets message) {
  message.back() ^= 1;
  return message;
}

struct Row {
  std::string what;
  Octets message;
  std::string verdict;
};

// Octets that are no message at all, and what the consumer or the handler answers to them.
std::vector<Row> Garbage(const Octets& right) {
  const std::string decoding = std::string(kEncapProtErr) + ", with signed Error decodingFailure";
  return {
      {"DER of nothing", {0x30, 0x00}, decoding},
      {"an INTEGER in a SEQUENCE", {0x30, 0x03, 0x02, 0x01, 0x05}, decoding},
      {"indefinite length", {0x30, 0x80, 0x00, 0x00}, decoding},
      {"a length beyond all octets", {0x30, 0x84, 0xff, 0xff, 0xff, 0xff}, decoding},
      {"cut off", CutOff(right), decoding},
      {"a trailing octet", WithTrailingOctet(right), decoding},
  };
}

// A purchase that has come to the PInitRes, which the consumer has not seen.
Purchase Begun(Market& market, const std::string& suffix) {
  Purchase purchase = market.NewPurchase(suffix);
  EXPECT_FALSE(purchase.FindAcceptedPaymentBrand()->refused);
  EXPECT_FALSE(purchase.FindAcceptedPaymentProtocol()->refused);
  EXPECT_FALSE(purchase.GetPaymentInitializationData()->refused);
  EXPECT_FALSE(purchase.FindPaymentInstrument()->refused);
  EXPECT_FALSE(purchase.StartPaymentConsumer()->refused);
  EXPECT_FALSE(purchase.StartPaymentPaymentHandler()->refused);
  return purchase;
}

TEST(BadSetMessage, GarbageEndsTheConsumersPayment) {
  Market market;
  Purchase sample = Begun(market, "sample");
  int number = 0;
  for (const bool has_sent_preq : {false, true}) {
    for (const Row& row : Garbage(Decoded(sample.pinitres()))) {
      const std::string suffix = std::to_string(++number);
      Purchase purchase = Begun(market, suffix);
      if (has_sent_preq) {
        ASSERT_FALSE(purchase.ContinueConsumerPInitRes()->refused);
      }
      const std::string request = ContinueRequest("C-" + suffix, row.message);
      const std::string answer = market.Ask(Role::kConsumer, request);
      EXPECT_EQ(Verdict(market, answer), row.verdict) << row.what;
      EXPECT_EQ(StateOf(market, Role::kConsumer, purchase),
                has_sent_preq ? "ProcessError 80" : "ProcessError 40")
          << row.what;
      EXPECT_EQ(market.Ask(Role::kConsumer, request), answer) << row.what;  // stored
    }
  }
}

// `purchase` is at its PReq when the payment handler gets the message of the row.
void ExpectHandlerEnds(Market& market, Purchase& purchase, const Row& row) {
  const std::string request = ContinueRequest(purchase.order().handler_pay_id, row.message);
  const std::string answer = market.Ask(Role::kPaymentHandler, request);
  EXPECT_EQ(Verdict(market, answer), row.verdict) << row.what;
  EXPECT_EQ(StateOf(market, Role::kPaymentHandler, purchase), "ProcessError 60") << row.what;
  EXPECT_EQ(market.Ask(Role::kPaymentHandler, request), answer) << row.what;
  // Nothing more is possible, and nothing more changes.
  const std::string before = Ledger(market, Role::kPaymentHandler);
  EXPECT_EQ(Verdict(market,
                    market.Ask(Role::kPaymentHandler,
                               ContinueRequest(purchase.order().handler_pay_id, purchase.preq()))),
            "BusError ContinueProcess")
      << row.what;
  EXPECT_EQ(Ledger(market, Role::kPaymentHandler), before);
}

TEST(BadSetMessage, GarbageEndsTheHandlersPayment) {
  Market market;
  int number = 0;
  Purchase sample = market.NewPurchase("sample");
  WalkToPReq(sample);
  std::vector<Row> rows = Garbage(Decoded(sample.preq()));
  rows.push_back({"a PInitReq", Decoded(sample.pinitreq()),
                  std::string(kEncapProtErr) + ", with signed Error messageNotSupported"});
  // D-79: a bad Initiation Response gets no payload.
  rows.push_back({"text", Text("Set me up!"), kEncapProtErr});
  rows.push_back(
      {"an initiation", Text("SET-Initiation-Type: Payment-Initiation\r\n\r\n"), kEncapProtErr});
  for (const Row& row : rows) {
    Purchase purchase = market.NewPurchase(std::to_string(++number));
    WalkToPReq(purchase);
    ExpectHandlerEnds(market, purchase, row);
  }
  EXPECT_TRUE(market.Authorizations().empty());
}

TEST(BadSetMessage, ItsPReqWithAnOctetChangedEndsTheHandlersPayment) {
  Market market;
  Purchase purchase = market.NewPurchase("1");
  WalkToPReq(purchase);
  ExpectHandlerEnds(market, purchase,
                    {"the last octet", WithLastOctetChanged(Decoded(purchase.preq())),
                     std::string(kEncapProtErr) + ", with signed Error signatureFailure"});
  EXPECT_TRUE(market.Authorizations().empty());
}

TEST(BadSetMessage, AtTheStartThePayProtocolDataAndThePInitReqAreJudged) {
  Market market;
  const Forge forge(market);
  Purchase sample = market.NewPurchase("sample");
  WalkToPReq(sample);
  setcore::PurchaseTerms other_brand = forge.Terms(sample);
  other_brand.brand_id = "MasterCard";
  setcore::PurchaseTerms other_order = forge.Terms(sample);
  other_order.lid_m->back() ^= 1;
  const std::string decoding = std::string(kEncapProtErr) + ", with signed Error decodingFailure";
  const std::vector<Row> rows = {
      {"DER of nothing", {0x30, 0x00}, decoding},
      {"cut off", CutOff(Decoded(sample.pinitreq())), decoding},
      {"a trailing octet", WithTrailingOctet(Decoded(sample.pinitreq())), decoding},
      {"a PInitRes", Decoded(sample.pinitres()),
       std::string(kEncapProtErr) + ", with signed Error messageNotSupported"},
      {"another order", forge.PInitReq(other_order),
       std::string(kEncapProtErr) + ", with signed Error unknownLID"},  // D-34, D-68
      {"text", Text("Set me up!"), kEncapProtErr},
  };
  int number = 0;
  for (const Row& row : rows) {
    Purchase purchase = market.NewPurchase(std::to_string(++number));
    const std::string start =
        WithAttribute(market.Draft(sample, &Purchase::StartPaymentPaymentHandler),
                      "PaymentHandlerPayId", purchase.order().handler_pay_id);
    const std::string request =
        Replaced(start, sample.pinitreq(), setcore::EncodeBase64(row.message));
    EXPECT_EQ(Verdict(market, market.Ask(Role::kPaymentHandler, request)), row.verdict) << row.what;
    EXPECT_EQ(StateOf(market, Role::kPaymentHandler, purchase), "ProcessError 0") << row.what;
  }
  // D-74: nothing has begun.
  const std::string start =
      WithAttribute(market.Draft(sample, &Purchase::StartPaymentPaymentHandler),
                    "PaymentHandlerPayId", "P-brand");
  const std::string before = Ledger(market, Role::kPaymentHandler);
  EXPECT_EQ(
      Verdict(market, market.Ask(Role::kPaymentHandler,
                                 Replaced(start, sample.pinitreq(),
                                          setcore::EncodeBase64(forge.PInitReq(other_brand))))),
      "AttNotValid ProtocolBrand@BrandId");
  EXPECT_EQ(Ledger(market, Role::kPaymentHandler), before);
  // 9.4.1 (A): the consumer answers PayProtocol data that cannot be used as their receiver would.
  Purchase bad = market.NewPurchase("bad");
  ASSERT_FALSE(bad.FindAcceptedPaymentBrand()->refused);
  ASSERT_FALSE(bad.FindAcceptedPaymentProtocol()->refused);
  ASSERT_FALSE(bad.FindPaymentInstrument()->refused);
  const std::string consumer = market.Draft(bad, &Purchase::StartPaymentConsumer);
  const std::string garbled = WithContent(consumer, "PayProtocolPackagedContent",
                                          setcore::EncodeBase64(Text("Set me up!")));
  EXPECT_EQ(Verdict(market, market.Ask(Role::kConsumer, garbled)),
            "EncapProtErr PayProtocolPackagedContent, with Initiation Response");
  EXPECT_EQ(StateOf(market, Role::kConsumer, bad), "ProcessError 0");
}

TEST(BadSetMessage, APInitResIsSignedByTheMerchantOrNobody) {
  Market market;
  const Forge forge(market);
  const std::string error = std::string(kEncapProtErr) + ", with signed Error ";
  struct Case {
    std::string what;
    setcore::pki::CertifiedKey signing;
    std::string verdict;
  };
  const std::vector<Case> cases = {
      {"a cardholder", forge.Load("cardholder"), error + "invalidCertificate"},
      {"a gateway", forge.Load("gateway-sign"), error + "invalidCertificate"},
      {"expired", forge.Make(forge.MerchantProfile(false), "mca", -86400 * 30, -86400),
       error + "expiredCertificate"},
      {"not yet valid", forge.Make(forge.MerchantProfile(false), "mca", 86400, 86400 * 30),
       error + "invalidCertificate"},
      {"under a root that is not at hand", forge.MakeForeign(forge.MerchantProfile(false)),
       error + "missingCertificate"},
      {"certified by the cardholders' authority", forge.Make(forge.MerchantProfile(false), "cca"),
       error + "invalidCertificate"},
      {"a key for encryption", forge.Make(forge.MerchantProfile(true), "mca"),
       error + "invalidCertificate"},
  };
  int number = 0;
  for (const Case& c : cases) {
    Purchase purchase = Begun(market, std::to_string(++number));
    const Octets forged = forge.PInitRes(purchase, c.signing);
    EXPECT_EQ(
        Verdict(market, market.Ask(Role::kConsumer,
                                   ContinueRequest(purchase.order().consumer_pay_id, forged))),
        c.verdict)
        << c.what;
    EXPECT_EQ(StateOf(market, Role::kConsumer, purchase), "ProcessError 40") << c.what;
  }
  // The forge itself is right: the merchant's own certificate is accepted.
  Purchase purchase = Begun(market, "own");
  EXPECT_EQ(Verdict(market, market.Ask(Role::kConsumer,
                                       ContinueRequest(
                                           purchase.order().consumer_pay_id,
                                           forge.PInitRes(purchase, forge.Load("merchant-sign"))))),
            "ContinueProcessResponse Continue, with PReq");
}

// The shop's certificate is good, but of another brand than the purchase: nothing is sent (errata
// E, payload table).
TEST(BadSetMessage, APInitResOfAnotherBrandStopsThePayment) {
  Market market;
  const Forge forge(market);
  Purchase purchase = Begun(market, "1");
  const Octets other = forge.PInitRes(purchase, forge.MakeMerchantOf("MasterCard"));
  EXPECT_EQ(Verdict(market, market.Ask(Role::kConsumer, ContinueRequest("C-1", other))),
            kEncapProtErr);
  EXPECT_EQ(StateOf(market, Role::kConsumer, purchase), "ProcessError 40");
}

// set-processing 2.3: an XID that stands under another payment touches neither, nor the wallet.
TEST(BadSetMessage, AnXidOfAnotherPaymentHarmsNoPayment) {
  Market market;
  const Forge forge(market);
  const auto with_xid = [&](const Purchase& purchase) {
    const auto signing = forge.Load("merchant-sign");
    const auto exchange = forge.Load("merchant-exchange");
    const auto gateway = forge.Load("gateway-exchange");
    setcore::MerchantKeys keys;
    keys.signing = &signing.key;
    keys.signing_chain = signing.chain;
    keys.exchange = &exchange.key;
    keys.exchange_chain = exchange.chain;
    keys.gateway_chain = gateway.chain;
    PreparedRandom random(setcore::Octets(20, 9));
    const setcore::Environment environment{forge.environment().now, &random};
    return setcore::ComposePInitRes(environment, keys, forge.trust(), forge.Terms(purchase),
                                    Decoded(purchase.pinitreq()))
        .value()
        .message;
  };
  const auto started = [&](const char* suffix) {
    Purchase purchase = market.NewPurchase(suffix);
    EXPECT_FALSE(purchase.FindAcceptedPaymentBrand()->refused);
    EXPECT_FALSE(purchase.FindAcceptedPaymentProtocol()->refused);
    EXPECT_FALSE(purchase.GetPaymentInitializationData()->refused);
    EXPECT_FALSE(purchase.FindPaymentInstrument()->refused);
    EXPECT_FALSE(purchase.StartPaymentConsumer()->refused);
    return purchase;
  };
  const Purchase first = started("1");
  Purchase second = started("2");
  EXPECT_EQ(Verdict(market, market.Ask(Role::kConsumer, ContinueRequest("C-1", with_xid(first)))),
            "ContinueProcessResponse Continue, with PReq");
  EXPECT_EQ(Verdict(market, market.Ask(Role::kConsumer, ContinueRequest("C-2", with_xid(second)))),
            std::string(kEncapProtErr) + ", with signed Error unknownXID");
  EXPECT_EQ(StateOf(market, Role::kConsumer, second), "InProgress 40");
  ASSERT_FALSE(second.StartPaymentPaymentHandler()->refused);
  EXPECT_FALSE(second.ContinueConsumerPInitRes()->refused);
}

TEST(BadSetMessage, ASecondPInitResMakesNoSecondPReq) {
  Market market;
  const Forge forge(market);
  Purchase purchase = market.NewPurchase("1");
  WalkToPReq(purchase);
  const std::string before = Ledger(market, Role::kConsumer);
  const Octets second = forge.PInitRes(purchase, forge.Load("merchant-sign"));
  EXPECT_EQ(Verdict(market, market.Ask(Role::kConsumer, ContinueRequest("C-1", second))),
            kEncapProtErr);
  EXPECT_EQ(Ledger(market, Role::kConsumer), before);
  ASSERT_FALSE(purchase.ContinuePaymentHandler()->refused);
  ASSERT_FALSE(purchase.ContinueConsumerPRes()->refused);
}

TEST(BadSetMessage, APResOfAnotherPaymentProvesNothing) {
  Market market;
  Purchase paid = market.NewPurchase("1");
  Walk(paid);
  Purchase purchase = market.NewPurchase("2");
  WalkToPReq(purchase);
  EXPECT_EQ(
      Verdict(market, market.Ask(Role::kConsumer, ContinueRequest("C-2", paid.pres(), "PRes"))),
      std::string(kEncapProtErr) + ", with signed Error unknownXID");
  EXPECT_EQ(StateOf(market, Role::kConsumer, purchase), "ProcessError 80");
}

// RFC 3538, 9.4.2 (2): an Error Block received is handed to ContinueProcess.
TEST(BadSetMessage, AnErrorOfTheOtherSideEndsThePayment) {
  Market market;
  const Forge forge(market);
  Purchase purchase = market.NewPurchase("1");
  WalkToPReq(purchase);
  setcore::Error error;
  error.code = setcore::ErrorCode::kSignatureFailure;
  const auto merchant = forge.Load("merchant-sign");
  EXPECT_EQ(
      Verdict(market, market.Ask(Role::kConsumer,
                                 ContinueRequest("C-1", setcore::ComposeError(
                                                            forge.environment(), &merchant,
                                                            Decoded(purchase.preq()), error)))),
      "ContinueProcessResponse End");
  EXPECT_EQ(StateOf(market, Role::kConsumer, purchase), "ProcessError 80");
  EXPECT_EQ(
      Verdict(market, market.Ask(Role::kPaymentHandler,
                                 ContinueRequest("P-1", setcore::ComposeError(
                                                            forge.environment(), nullptr,
                                                            Decoded(purchase.pinitres()), error)))),
      "ContinueProcessResponse End");
  EXPECT_EQ(StateOf(market, Role::kPaymentHandler, purchase), "ProcessError 60");
}

// E-120: the payment was cancelled, and then the PRes came.
TEST(BadSetMessage, ALatePResIsKeptAsReceipt) {
  Market market;
  Purchase purchase = market.NewPurchase("1");
  WalkToPReq(purchase);
  ASSERT_FALSE(purchase.ContinuePaymentHandler()->refused);
  ASSERT_FALSE(purchase.ChangeProcessState(Role::kConsumer, "Failed")->refused);
  EXPECT_EQ(purchase.Attribute("ProcessState"), "Failed");
  const auto late = purchase.ContinueConsumerPRes();
  EXPECT_EQ(Verdict(market, purchase.last_response()), "BusError ContinueProcess");
  EXPECT_THAT(late->description, testing::HasSubstr("may have been charged"));
  EXPECT_THAT(StatusDescOf(market, Role::kConsumer, purchase),
              testing::HasSubstr("may have been charged"));
  EXPECT_EQ(StateOf(market, Role::kConsumer, purchase), "Failed 100");
  EXPECT_EQ(Query(market.WalletDb(Role::kConsumer), "SELECT Name FROM receipts").size(), 1U);
  EXPECT_FALSE(purchase.CheckPaymentReceipt()->refused);
}

// E-77, D-71.
TEST(BadSetMessage, CompletedOkIsBelievedOnlyWithAPRes) {
  Market market;
  Purchase purchase = market.NewPurchase("1");
  WalkToPReq(purchase);
  for (const Role role : {Role::kConsumer, Role::kPaymentHandler}) {
    ASSERT_FALSE(purchase.ChangeProcessState(role, "CompletedOk")->refused);
    EXPECT_EQ(purchase.Attribute("ProcessState"), "InProgress");
  }
  // A final state stays (RFC 3867, 4.3.6).
  ASSERT_FALSE(purchase.ContinuePaymentHandler()->refused);
  for (const std::string state : {"Suspended", "ProcessError", "InProgress"}) {
    ASSERT_FALSE(purchase.ChangeProcessState(Role::kPaymentHandler, state)->refused);
    EXPECT_EQ(purchase.Attribute("ProcessState"), "CompletedOk") << state;
  }
}

}  // namespace
}  // namespace market
