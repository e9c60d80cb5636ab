// A wallet with a passphrase: which calls need it, what a wrong one gets, and what guessing costs
// (interfaces, 3).  The clock is the host's.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "end_to_end/market.h"
#include "end_to_end/verdict.h"

namespace market {
namespace {

constexpr char kRight[] = "correct horse";

Options Locked() {
  Options options;
  options.passphrases = {{Role::kPaymentHandler, kRight}};
  return options;
}

// A purchase that waits for StartPaymentPaymentHandler.
Purchase Begun(Market& market) {
  Purchase purchase = market.NewPurchase("1");
  EXPECT_FALSE(purchase.FindAcceptedPaymentBrand()->refused);
  EXPECT_FALSE(purchase.FindAcceptedPaymentProtocol()->refused);
  EXPECT_FALSE(purchase.GetPaymentInitializationData()->refused);
  EXPECT_FALSE(purchase.FindPaymentInstrument()->refused);
  EXPECT_FALSE(purchase.StartPaymentConsumer()->refused);
  return purchase;
}

std::string Opening(const std::string& request, const std::string& call,
                    const std::string& passphrase) {
  return With(request, call, "Passphrase=\"" + passphrase + "\"");
}

constexpr char kStart[] = "StartPaymentPaymentHandler";
constexpr char kStarted[] = "StartPaymentPaymentHandlerResponse Continue, with PInitRes";
constexpr char kMissing[] = "AttMissing StartPaymentPaymentHandler@Passphrase";
constexpr char kWrong[] = "AttValIllegal StartPaymentPaymentHandler@Passphrase";

std::string Busy(int seconds) {
  return "SystemBusy StartPaymentPaymentHandler, again in " + std::to_string(seconds) + " s";
}

TEST(Passphrase, IsNeededUntilItHasBeenGivenOnce) {
  Market market(Locked());
  Purchase purchase = Begun(market);
  const std::string start = market.Draft(purchase, &Purchase::StartPaymentPaymentHandler);
  const auto ask = [&](const std::string& request) {
    return Verdict(market, market.Ask(Role::kPaymentHandler, request));
  };
  const std::string before = Ledger(market, Role::kPaymentHandler);
  EXPECT_EQ(ask(start), kMissing);
  EXPECT_EQ(ask(Opening(start, kStart, "")), kWrong);
  EXPECT_EQ(ask(Opening(start, kStart, "correct hors")), kWrong);
  EXPECT_EQ(ask(Opening(start, kStart, "correct horses")), kWrong);
  // The WalletID is judged first, attributes after it.
  EXPECT_EQ(ask(Replaced(start, "<StartPaymentPaymentHandler ",
                         "<StartPaymentPaymentHandler WalletID=\"x\" Passphrase=\"y\" ")),
            "AttValIllegal StartPaymentPaymentHandler@WalletID");
  EXPECT_EQ(ask(WithoutAttribute(start, "Amount")), kMissing);
  EXPECT_EQ(Ledger(market, Role::kPaymentHandler), before);
  // A locked wallet answers what needs no secret.
  EXPECT_EQ(ask("<IotpPaymentApiRequest><InquireProcessState PayId=\"P-1\"/>"
                "</IotpPaymentApiRequest>"),
            "AttValIllegal InquireProcessState@PayId");
  EXPECT_EQ(ask(Opening(start, kStart, kRight)), kStarted);
  // Unlocked: without one it goes on, with a wrong one it does not.
  EXPECT_EQ(ask(start), kStarted);
  EXPECT_EQ(ask(Opening(start, kStart, "wrong")), kWrong);
  EXPECT_EQ(ask(Opening(start, kStart, kRight)), kStarted);
  market.Reopen(Role::kPaymentHandler);
  EXPECT_EQ(ask(start), kMissing);
}

TEST(Passphrase, GuessingCostsTimeThatDoubles) {
  Market market(Locked());
  Purchase purchase = Begun(market);
  const std::string start = market.Draft(purchase, &Purchase::StartPaymentPaymentHandler);
  const auto ask = [&](const std::string& passphrase) {
    return Verdict(market, market.Ask(Role::kPaymentHandler, Opening(start, kStart, passphrase)));
  };
  std::int64_t now = 0;
  // The system's clock goes on meanwhile: a second more is waited, never one less told.
  const auto wait = [&](std::int64_t seconds) { market.SetClockAhead(now += seconds * 1000); };
  for (int i = 0; i < 5; ++i) EXPECT_EQ(ask("wrong"), kWrong);
  int seconds = 1;
  for (int i = 0; i < 11; ++i) {
    EXPECT_EQ(ask("wrong"), Busy(seconds));
    EXPECT_EQ(ask(kRight), Busy(seconds)) << "the right one waits, too";
    wait(seconds);
    EXPECT_EQ(ask("wrong"), kWrong);
    seconds = std::min(seconds * 2, 300);
  }
  // Counted in the store: opening again helps nobody.
  market.Reopen(Role::kPaymentHandler);
  EXPECT_EQ(ask(kRight), Busy(300));
  wait(300);
  EXPECT_EQ(ask(kRight), kStarted);
  // The right one ends the row.
  for (int i = 0; i < 4; ++i) EXPECT_EQ(ask("wrong"), kWrong);
  EXPECT_EQ(ask(kRight), kStarted);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(ask("wrong"), kWrong);
  EXPECT_EQ(ask(kRight), Busy(1));
}

TEST(Passphrase, AWholePurchaseGoesWithIt) {
  Options options;
  for (const Role role : {Role::kConsumer, Role::kPaymentHandler}) {
    options.passphrases[role] = kRight;
  }
  Market market(options);
  Purchase purchase = market.NewPurchase("1");
  ASSERT_FALSE(purchase.FindAcceptedPaymentBrand()->refused);
  ASSERT_FALSE(purchase.FindAcceptedPaymentProtocol()->refused);
  ASSERT_FALSE(purchase.GetPaymentInitializationData()->refused);
  ASSERT_FALSE(purchase.FindPaymentInstrument()->refused);
  ASSERT_FALSE(purchase.CheckPaymentPossibility()->refused);
  const std::string consumer = market.Draft(purchase, &Purchase::StartPaymentConsumer);
  const std::string check = market.Draft(purchase, &Purchase::CheckPaymentPossibility);
  EXPECT_EQ(Verdict(market, market.Ask(Role::kConsumer,
                                       Opening(check, "CheckPaymentPossibility", "wrong"))),
            "AttValIllegal CheckPaymentPossibility@Passphrase");
  EXPECT_EQ(Verdict(market,
                    market.Ask(Role::kConsumer, Opening(consumer, "StartPaymentConsumer", kRight))),
            "StartPaymentConsumerResponse Continue, with PInitReq");
  // Without Passphrase it is the same request (docs/architecture.md, What is journaled).
  ASSERT_FALSE(purchase.StartPaymentConsumer()->refused);
  const std::string handler = market.Draft(purchase, &Purchase::StartPaymentPaymentHandler);
  EXPECT_EQ(Verdict(market, market.Ask(Role::kPaymentHandler, Opening(handler, kStart, kRight))),
            kStarted);
  ASSERT_FALSE(purchase.StartPaymentPaymentHandler()->refused);
  ASSERT_FALSE(purchase.ContinueConsumerPInitRes()->refused);
  ASSERT_FALSE(purchase.ContinuePaymentHandler()->refused);
  ASSERT_FALSE(purchase.ContinueConsumerPRes()->refused);
  // Taking the payment back signs an AuthRevReq (interfaces.md, 3).
  market.Reopen(Role::kPaymentHandler);
  const std::string cancel =
      "<IotpPaymentApiRequest><ChangeProcessState PayId=\"P-1\" ProcessState=\"Failed\" "
      "ProcessType=\"Payment\"/></IotpPaymentApiRequest>";
  EXPECT_EQ(Verdict(market, market.Ask(Role::kPaymentHandler, cancel)),
            "AttMissing ChangeProcessState@Passphrase");
  EXPECT_EQ(StateOf(market, Role::kPaymentHandler, purchase), "CompletedOk 100");
  EXPECT_EQ(Verdict(market, market.Ask(Role::kPaymentHandler,
                                       Opening(cancel, "ChangeProcessState", kRight))),
            "ChangeProcessStateResponse");
  EXPECT_EQ(StateOf(market, Role::kPaymentHandler, purchase), "Failed 100");
}

TEST(Passphrase, AResumedPaymentAsksForItWhenAMessageIsToBeProcessed) {
  Market market(Locked());
  Purchase purchase = Begun(market);
  const std::string start = market.Draft(purchase, &Purchase::StartPaymentPaymentHandler);
  const std::string started = market.Ask(Role::kPaymentHandler, Opening(start, kStart, kRight));
  EXPECT_EQ(Verdict(market, started), kStarted);
  ASSERT_FALSE(purchase.StartPaymentPaymentHandler()->refused);
  ASSERT_FALSE(purchase.ContinueConsumerPInitRes()->refused);
  market.Reopen(Role::kPaymentHandler);
  const std::string call = "ResumePaymentPaymentHandler";
  const std::string empty =
      "<IotpPaymentApiRequest><" + call + " PaymentHandlerPayId=\"P-1\"/></IotpPaymentApiRequest>";
  const std::string full =
      Replaced(empty, "/>",
               "><PaySchemePackagedContent Transform=\"BASE64\" Content=\"PCDATA\">" +
                   purchase.preq() + "</PaySchemePackagedContent></" + call + ">");
  const auto ask = [&](const std::string& request) {
    return Verdict(market, market.Ask(Role::kPaymentHandler, request));
  };
  EXPECT_EQ(ask(full), "AttMissing ResumePaymentPaymentHandler@Passphrase");
  EXPECT_EQ(ask(empty), "ResumePaymentPaymentHandlerResponse Continue, with PInitRes");
  EXPECT_EQ(ask(Opening(full, call, kRight)),
            "ResumePaymentPaymentHandlerResponse End, with PRes approved");
}

// interfaces.md, 3; RFC 3867, 4.4.3.
TEST(Passphrase, GeneralInquiriesAskForItOnlyWhenTheyNeedIt) {
  Options options;
  options.passphrases[Role::kConsumer] = kRight;
  Market market(options);
  const auto ask = [&](const std::string& call) {
    return Verdict(market, market.Ask(Role::kConsumer, "<IotpPaymentApiRequest><" + call +
                                                           "/></IotpPaymentApiRequest>"));
  };
  EXPECT_EQ(ask("InquirePendingPayment"), "InquirePendingPaymentResponse");
  Purchase purchase = market.NewPurchase("1");
  ASSERT_FALSE(purchase.FindAcceptedPaymentBrand()->refused);
  ASSERT_FALSE(purchase.FindAcceptedPaymentProtocol()->refused);
  ASSERT_FALSE(purchase.GetPaymentInitializationData()->refused);
  ASSERT_FALSE(purchase.FindPaymentInstrument()->refused);
  market.Ask(Role::kConsumer, Opening(market.Draft(purchase, &Purchase::StartPaymentConsumer),
                                      "StartPaymentConsumer", kRight));
  market.Reopen(Role::kConsumer);
  EXPECT_EQ(ask("InquirePendingPayment"), "AttMissing InquirePendingPayment@Passphrase");
  EXPECT_EQ(ask("ResumePaymentConsumer ConsumerPayId=\"C-1\""),
            "ResumePaymentConsumerResponse Continue, with PInitReq");
  const std::string inquiry = "PaymentInstrumentInquiry BrandId=\"VISA\" PaymentInstrumentId=\"" +
                              purchase.order().instrument +
                              "\" ProtocolId=\"SETv1.0\" PropertyTypeList=";
  EXPECT_EQ(ask(inquiry + "\"LogEntries\""), "PaymentInstrumentInquiryResponse");
  EXPECT_EQ(ask(inquiry + "\"LogEntries Expiration\""),
            "AttMissing PaymentInstrumentInquiry@Passphrase");
  EXPECT_EQ(ask(inquiry + "\"all\""), "AttMissing PaymentInstrumentInquiry@Passphrase");
  EXPECT_EQ(ask(std::string("InquirePendingPayment Passphrase=\"") + kRight + "\""),
            "InquirePendingPaymentResponse");
  EXPECT_EQ(ask(inquiry + "\"Expiration\""), "PaymentInstrumentInquiryResponse");
}

}  // namespace
}  // namespace market
