// PReqs that do not belong here: signed by nobody's cardholder, for another amount, order or brand,
// paid before, second ones.  Each row names the answer and the state that RFC 3538, 8.9 leaves.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "end_to_end/forge.h"
#include "end_to_end/market.h"
#include "end_to_end/refusals.h"
#include "end_to_end/verdict.h"
#include "setcore/base64.h"
#include "setcore/messages/glance.h"

namespace market {
namespace {

using setcore::Octets;

constexpr char kEncapProtErr[] = "EncapProtErr PaySchemePackagedContent";

TEST(BadPReq, APReqIsSignedByACardholderOrNobody) {
  Market market;
  const Forge forge(market);
  const std::string error = std::string(kEncapProtErr) + ", with signed Error ";
  struct Case {
    std::string what;
    setcore::pki::CertifiedKey signing;
    std::string verdict;
  };
  const std::vector<Case> cases = {
      {"a merchant", forge.Load("merchant-sign"), error + "invalidCertificate"},
      {"expired", forge.Make(forge.CardholderProfile(), "cca", -86400 * 30, -86400),
       error + "expiredCertificate"},
      {"under a root that is not at hand", forge.MakeForeign(forge.CardholderProfile()),
       error + "missingCertificate"},
      {"certified by the merchants' authority", forge.Make(forge.CardholderProfile(), "mca"),
       error + "invalidCertificate"},
  };
  int number = 0;
  for (const Case& c : cases) {
    Purchase purchase = market.NewPurchase(std::to_string(++number));
    WalkToPReq(purchase);
    EXPECT_EQ(Verdict(market, market.Ask(Role::kPaymentHandler,
                                         ContinueRequest(purchase.order().handler_pay_id,
                                                         forge.PReq(purchase, c.signing)))),
              c.verdict)
        << c.what;
    EXPECT_EQ(StateOf(market, Role::kPaymentHandler, purchase), "ProcessError 60") << c.what;
  }
  EXPECT_TRUE(market.Authorizations().empty());
}

// E-111: the handler's own IOTP values and those of the PReq differ.
TEST(BadPReq, AnotherAmountOrOrderIsRejected) {
  Market market;
  const auto refuse = [&](const std::string& suffix, const auto& change) {
    Purchase purchase = market.NewPurchase(suffix);
    EXPECT_FALSE(purchase.FindAcceptedPaymentBrand()->refused);
    EXPECT_FALSE(purchase.FindAcceptedPaymentProtocol()->refused);
    EXPECT_FALSE(purchase.GetPaymentInitializationData()->refused);
    EXPECT_FALSE(purchase.FindPaymentInstrument()->refused);
    EXPECT_FALSE(purchase.StartPaymentConsumer()->refused);
    const std::string started =
        market.Ask(Role::kPaymentHandler,
                   change(market.Draft(purchase, &Purchase::StartPaymentPaymentHandler)));
    const std::string continued = market.Ask(
        Role::kConsumer, ContinueRequest(purchase.order().consumer_pay_id,
                                         ContentOf(started, "PaySchemePackagedContent")));
    const std::string preq = ContentOf(continued, "PaySchemePackagedContent");
    EXPECT_EQ(Verdict(market, market.Ask(Role::kPaymentHandler,
                                         ContinueRequest(purchase.order().handler_pay_id, preq))),
              "BusError ContinueProcess, with PRes orderRejected");
    EXPECT_EQ(StateOf(market, Role::kPaymentHandler, purchase), "Failed 100");
    EXPECT_THAT(StatusDescOf(market, Role::kPaymentHandler, purchase),
                testing::HasSubstr("orderRejected"));
  };
  refuse("1", [](const std::string& text) { return WithAttribute(text, "Amount", "157.54"); });
  refuse("2", [](const std::string& text) { return WithAttribute(text, "Amount", "157.530"); });
  refuse("3", [](const std::string& text) { return WithAttribute(text, "CurrCode", "EUR"); });
  refuse("4", [](const std::string& text) {
    std::string order_hash = ContentOf(text, "TradingRoleDataPackagedContent");
    order_hash[0] = order_hash[0] == 'A' ? 'B' : 'A';
    return WithContent(text, "TradingRoleDataPackagedContent", order_hash);
  });
  EXPECT_TRUE(market.Authorizations().empty());
}

// RFC 3538, 8.4.4 (1)(b): Gold was selected, the card's certificate says nothing of it.
TEST(BadPReq, ACardOfAnotherBrandIsNotValid) {
  Options options;
  options.edit_merchant = options.edit_handler = [](std::string text) {
    return Replaced(std::move(text), "protocol_brand_id = \"VISA\"",
                    "protocol_brand_id = \"VISA:Gold\"");
  };
  Market market(options);
  const Forge forge(market);
  Purchase purchase = market.NewPurchase("1");
  ASSERT_FALSE(purchase.FindAcceptedPaymentBrand()->refused);
  ASSERT_FALSE(purchase.FindAcceptedPaymentProtocol()->refused);
  ASSERT_FALSE(purchase.GetPaymentInitializationData()->refused);
  const setcore::PurchaseTerms terms = forge.Terms(purchase);
  ASSERT_EQ(terms.brand_id, "VISA:Gold");
  const Octets pinitreq = forge.PInitReq(terms);
  const std::string end = "</StartPaymentPaymentHandler>";
  const std::string started = market.Ask(
      Role::kPaymentHandler,
      Replaced(market.Draft(purchase, &Purchase::StartPaymentPaymentHandler), "/>" + end,
               ">" + setcore::EncodeBase64(pinitreq) + "</PaySchemePackagedContent>" + end));
  const Octets pinitres = Decoded(ContentOf(started, "PaySchemePackagedContent"));
  const Octets preq = forge.PReq(pinitreq, pinitres, terms, forge.Load("cardholder"));
  EXPECT_EQ(Verdict(market, market.Ask(Role::kPaymentHandler, ContinueRequest("P-1", preq))),
            "AttNotValid ProtocolBrand@BrandId");
  EXPECT_EQ(StateOf(market, Role::kPaymentHandler, purchase), "ProcessError 60");
  EXPECT_TRUE(market.Authorizations().empty());
}

// Brand integrity of a card without certificate: the OIData stands for it (E-41), and no PCN can be
// shown (E-40).
TEST(BadPReq, ACardWithoutCertificateIsOfTheSelectedBrand) {
  Market market;
  PurchaseOrder order;
  order.instrument = market.world().pki.brands.front().unsigned_instrument;
  struct Case {
    std::string selected;
    bool valid;
  };
  const std::vector<Case> cases = {{"VISA", true},           {"visa", true},
                                   {"VISA:Gold", false},     {"VISA:gold", false},
                                   {"VISA::WalMart", false}, {"VISA:Gold:WalMart", false}};
  int number = 0;
  std::size_t paid = 0;
  for (const Case& c : cases) {
    Purchase purchase = market.NewPurchase(std::to_string(++number), order);
    WalkToStart(purchase);
    ASSERT_FALSE(purchase.StartPaymentConsumer()->refused);
    const std::string start = market.Draft(purchase, &Purchase::StartPaymentPaymentHandler);
    const std::string pinitres = ContentOf(
        market.Ask(Role::kPaymentHandler, WithAttribute(start, "ProtocolBrandId", c.selected)),
        "PaySchemePackagedContent");
    const std::string preq = ContentOf(
        market.Ask(Role::kConsumer, ContinueRequest(purchase.order().consumer_pay_id, pinitres)),
        "PaySchemePackagedContent");
    EXPECT_EQ(Verdict(market, market.Ask(Role::kPaymentHandler,
                                         ContinueRequest(purchase.order().handler_pay_id, preq))),
              c.valid ? "ContinueProcessResponse End, with PRes approved"
                      : "AttNotValid ProtocolBrand@BrandId")
        << c.selected;
    EXPECT_EQ(StateOf(market, Role::kPaymentHandler, purchase),
              c.valid ? "CompletedOk 100" : "ProcessError 60")
        << c.selected;
    paid += c.valid ? 1 : 0;
  }
  EXPECT_EQ(market.Authorizations().size(), paid);
}

TEST(BadPReq, APReqPaysOnceUnderOnePayId) {
  Market market;
  Purchase paid = market.NewPurchase("1");
  WalkToPReq(paid);
  ASSERT_FALSE(paid.ContinuePaymentHandler()->refused);
  // The same PInitReq starts a second payment, which the PReq of the first is to pay.
  const std::string start = WithAttribute(market.Draft(paid, &Purchase::StartPaymentPaymentHandler),
                                          "PaymentHandlerPayId", "P-2");
  ASSERT_EQ(Verdict(market, market.Ask(Role::kPaymentHandler, start)),
            "StartPaymentPaymentHandlerResponse Continue, with PInitRes");
  EXPECT_EQ(Verdict(market, market.Ask(Role::kPaymentHandler, ContinueRequest("P-2", paid.preq()))),
            std::string(kEncapProtErr) + ", with signed Error unknownXID");
  EXPECT_EQ(StateOf(market, Role::kPaymentHandler, "P-2"), "InProgress 60");
  EXPECT_EQ(market.Authorizations().size(), 1U);
}

// set-processing 2.3: a PReq of another payment, paid or not, harms neither.
TEST(BadPReq, APReqOfAnotherPaymentHarmsNoPayment) {
  Market market;
  const Forge forge(market);
  Purchase paid = market.NewPurchase("1");
  Purchase started = market.NewPurchase("2");
  Purchase purchase = market.NewPurchase("3");
  WalkToPReq(paid);
  WalkToPReq(started);
  WalkToPReq(purchase);
  ASSERT_FALSE(paid.ContinuePaymentHandler()->refused);
  const std::string before = Ledger(market, Role::kPaymentHandler);
  const Octets unverifiable = forge.PReq(started, forge.MakeForeign(forge.CardholderProfile()));
  for (const Octets& preq : {Decoded(paid.preq()), Decoded(started.preq()), unverifiable}) {
    EXPECT_EQ(Verdict(market, market.Ask(Role::kPaymentHandler, ContinueRequest("P-3", preq))),
              std::string(kEncapProtErr) + ", with signed Error unknownXID");
  }
  // What is older than the date window is of another payment all the same.
  market.SetClockAhead(std::int64_t{2} * 86400 * 1000);
  EXPECT_EQ(
      Verdict(market, market.Ask(Role::kPaymentHandler, ContinueRequest("P-3", started.preq()))),
      std::string(kEncapProtErr) + ", with signed Error unknownXID");
  market.SetClockAhead(0);
  EXPECT_EQ(Ledger(market, Role::kPaymentHandler), before);
  for (Purchase* each : {&started, &purchase}) {
    EXPECT_FALSE(each->ContinuePaymentHandler()->refused);
    EXPECT_EQ(StateOf(market, Role::kPaymentHandler, *each), "CompletedOk 100");
  }
}

// The same for a payment that would begin with it.
TEST(BadPReq, APReqOfAnotherPaymentStartsNone) {
  Market market;
  Purchase purchase = market.NewPurchase("1");
  WalkToPReq(purchase);
  const std::string start =
      WithContent(WithAttribute(market.Draft(purchase, &Purchase::StartPaymentPaymentHandler),
                                "PaymentHandlerPayId", "P-2"),
                  "PaySchemePackagedContent", purchase.preq());
  EXPECT_EQ(Verdict(market, market.Ask(Role::kPaymentHandler, start)),
            std::string(kEncapProtErr) + ", with signed Error unknownXID");
  EXPECT_EQ(StateOf(market, Role::kPaymentHandler, "P-2"), "absent");
  EXPECT_EQ(StateOf(market, Role::kPaymentHandler, purchase), "InProgress 60");
}

// set-processing 2.3: an RRPID that stands under another payment touches neither, nor the wallet.
TEST(BadPReq, AnRrpidOfAnotherPaymentHarmsNoPayment) {
  Market market;
  const Forge forge(market);
  Purchase paid = market.NewPurchase("1");
  Purchase other = market.NewPurchase("2");
  WalkToPReq(paid);
  WalkToPReq(other);
  const Octets rrpid(20, 7);
  const auto card = forge.Load("cardholder");
  EXPECT_EQ(Verdict(market, market.Ask(Role::kPaymentHandler,
                                       ContinueRequest("P-1", forge.PReq(paid, card, rrpid)))),
            "ContinueProcessResponse End, with PRes approved");
  // Once for an order that matches, once for one that does not.
  setcore::PurchaseTerms cheaper = forge.Terms(other);
  cheaper.purch_amt.amount = 1;
  for (const setcore::PurchaseTerms& terms : {forge.Terms(other), cheaper}) {
    const Octets preq =
        forge.PReq(Decoded(other.pinitreq()), Decoded(other.pinitres()), terms, card, rrpid);
    EXPECT_EQ(Verdict(market, market.Ask(Role::kPaymentHandler, ContinueRequest("P-2", preq))),
              std::string(kEncapProtErr) + ", with signed Error unknownXID");
    EXPECT_EQ(StateOf(market, Role::kPaymentHandler, other), "InProgress 60");
  }
  EXPECT_EQ(Verdict(market, market.Ask(Role::kPaymentHandler,
                                       ContinueRequest("P-2", forge.PReq(other, card)))),
            "ContinueProcessResponse End, with PRes approved");
}

// D-39, set-processing 2.3.
TEST(BadPReq, ASecondPReqOfAPaidPaymentGetsTheRecordedOutcome) {
  Market market;
  const Forge forge(market);
  Purchase purchase = market.NewPurchase("1");
  WalkToPReq(purchase);
  const Octets first = Decoded(purchase.preq());
  const auto card = forge.Load("cardholder");
  const Octets same_rrpid = forge.PReq(purchase, card, *setcore::Glance(first)->rrpid);
  ASSERT_NE(same_rrpid, first);
  ASSERT_FALSE(purchase.ContinuePaymentHandler()->refused);
  const std::string before = Ledger(market, Role::kPaymentHandler);
  EXPECT_EQ(Verdict(market, market.Ask(Role::kPaymentHandler, ContinueRequest("P-1", same_rrpid))),
            std::string(kEncapProtErr) + ", with signed Error unspecifiedFailure");
  EXPECT_EQ(Ledger(market, Role::kPaymentHandler), before);
  EXPECT_EQ(Verdict(market, market.Ask(Role::kPaymentHandler,
                                       ContinueRequest("P-1", forge.PReq(purchase, card)))),
            "ContinueProcessResponse End, with PRes approved");
  EXPECT_EQ(StateOf(market, Role::kPaymentHandler, purchase), "CompletedOk 100");
  EXPECT_EQ(market.Authorizations().size(), 1U);
  // Another cardholder's PReq for the same XID: invalidCertificate.
  const auto other = forge.Make(forge.CardholderProfile(), "cca");
  EXPECT_EQ(Verdict(market, market.Ask(Role::kPaymentHandler,
                                       ContinueRequest("P-1", forge.PReq(purchase, other)))),
            std::string(kEncapProtErr) + ", with signed Error invalidCertificate");
  EXPECT_EQ(StateOf(market, Role::kPaymentHandler, purchase), "CompletedOk 100");
  EXPECT_THAT(StatusDescOf(market, Role::kPaymentHandler, purchase),
              testing::HasSubstr("approved"));
  // What cannot be read changes nothing, either.
  EXPECT_EQ(Verdict(market,
                    market.Ask(Role::kPaymentHandler, ContinueRequest("P-1", Octets{0x30, 0x00}))),
            "BusError ContinueProcess");
  EXPECT_EQ(StateOf(market, Role::kPaymentHandler, purchase), "CompletedOk 100");
}

TEST(BadPReq, AFailedPaymentTakesNoPReq) {
  Options options;
  options.declines = true;
  Market market(options);
  const Forge forge(market);
  Purchase purchase = market.NewPurchase("1");
  WalkToPReq(purchase);
  ASSERT_EQ(purchase.ContinuePaymentHandler()->code, "BusError");
  const std::string before = Ledger(market, Role::kPaymentHandler);
  const Octets another = forge.PReq(purchase, forge.Load("cardholder"));
  EXPECT_EQ(Verdict(market, market.Ask(Role::kPaymentHandler, ContinueRequest("P-1", another))),
            "BusError ContinueProcess");
  EXPECT_EQ(Ledger(market, Role::kPaymentHandler), before);
  EXPECT_EQ(market.Authorizations().size(), 1U);
}

// E-73: what was approved and then taken back is not reported as approved to whoever asks anew.
TEST(BadPReq, APaymentThatWasTakenBackTakesNoPReq) {
  Market market;
  const Forge forge(market);
  Purchase purchase = market.NewPurchase("1");
  WalkToPReq(purchase);
  ASSERT_FALSE(purchase.ContinuePaymentHandler()->refused);
  const std::string approved = purchase.last_response();
  ASSERT_FALSE(purchase.ChangeProcessState(Role::kPaymentHandler, "Failed")->refused);
  ASSERT_EQ(StateOf(market, Role::kPaymentHandler, purchase), "Failed 100");
  const std::string before = Ledger(market, Role::kPaymentHandler);
  const Octets another = forge.PReq(purchase, forge.Load("cardholder"));
  EXPECT_EQ(Verdict(market, market.Ask(Role::kPaymentHandler, ContinueRequest("P-1", another))),
            "BusError ContinueProcess");
  // The PReq that was answered before gets that answer again (invariant 2).
  const std::string same = ContinueRequest("P-1", Decoded(purchase.preq()));
  EXPECT_EQ(market.Ask(Role::kPaymentHandler, same), approved);
  EXPECT_EQ(Ledger(market, Role::kPaymentHandler), before);
  EXPECT_EQ(market.Authorizations().size(), 1U);
}

// A BusError while Suspended is no final answer.
TEST(BadPReq, ASuspendedPaymentGoesOnWithTheSamePReq) {
  Market market;
  Purchase purchase = market.NewPurchase("1");
  WalkToPReq(purchase);
  ASSERT_FALSE(purchase.ChangeProcessState(Role::kPaymentHandler, "Suspended")->refused);
  EXPECT_EQ(purchase.Attribute("ProcessState"), "Suspended");
  const std::string before = Ledger(market, Role::kPaymentHandler);
  ASSERT_TRUE(purchase.ContinuePaymentHandler()->refused);
  EXPECT_EQ(Verdict(market, purchase.last_response()), "BusError ContinueProcess");
  EXPECT_EQ(Ledger(market, Role::kPaymentHandler), before);
  ASSERT_FALSE(purchase.ChangeProcessState(Role::kPaymentHandler, "InProgress")->refused);
  ASSERT_FALSE(purchase.ContinuePaymentHandler()->refused);
  EXPECT_EQ(market.Authorizations().size(), 1U);
}

}  // namespace
}  // namespace market
