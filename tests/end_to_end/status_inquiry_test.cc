// Status inquiry on both sides (RFC 3538, 6.3, 8.6; E-61, E-68, E-75, E-77, E-120, D-77).
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bridge/calls/ledger.h"
#include "end_to_end/forge.h"
#include "end_to_end/market.h"
#include "end_to_end/verdict.h"
#include "schema/writer.h"
#include "setcore/base64.h"

namespace market {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string Request(const schema::Node& node) {
  return schema::WriteRequest(node, {"The SET Bridge authors, end-to-end tests, 1.0.0", {}});
}

std::string MessageIn(const std::string& response) {
  return ContentOf(response, "PaySchemePackagedContent");
}

class StatusInquiry : public testing::Test {
 protected:
  explicit StatusInquiry(Options options = ImpatientHandler()) : market_(std::move(options)) {}

  std::string Start(const std::string& pay_id = "C-1") {
    return market_.Ask(Role::kConsumer,
                       Request(schema::Node("StartPaymentInquiry").Set("ConsumerPayId", pay_id)));
  }
  static std::string Inquire(const std::string& inqreq, const std::string& pay_id = "P-1") {
    schema::Node call("InquirePaymentStatus");
    call.Set("PaymentHandlerPayId", pay_id);
    if (!inqreq.empty()) {
      call.Add(schema::PackagedContent("PaySchemePackagedContent", {}, "PCDATA", "BASE64", inqreq));
    }
    return Request(call);
  }
  std::string AskHandler(const std::string& inqreq, const std::string& pay_id = "P-1") {
    return market_.Ask(Role::kPaymentHandler, Inquire(inqreq, pay_id));
  }
  std::string TellConsumer(const std::string& inqres, bool inquiry = true) {
    const std::string request = ContinueRequest("C-1", inqres);
    return Verdict(market_, market_.Ask(Role::kConsumer, inquiry ? With(request, "ContinueProcess",
                                                                        "ProcessType=\"Inquiry\"")
                                                                 : request));
  }
  std::string Change(const std::string& state, const std::string& more = {}) {
    return market_.Ask(Role::kConsumer,
                       "<IotpPaymentApiRequest><ChangeProcessState PayId=\"C-1\" ProcessState=\"" +
                           state + "\" " + more + "/></IotpPaymentApiRequest>");
  }
  std::string TellHandler(const std::string& message, bool inquiry = false) {
    const std::string request = ContinueRequest("P-1", message);
    return Verdict(market_,
                   market_.Ask(Role::kPaymentHandler,
                               inquiry ? With(request, "ContinueProcess", "ProcessType=\"Inquiry\"")
                                       : request));
  }
  // Number and size of what the wallets of consumer and payment handler hold.
  using Traces = std::vector<std::vector<Row>>;
  Traces CountTraces() const {
    Traces traces;
    for (const Role role : {Role::kConsumer, Role::kPaymentHandler}) {
      traces.push_back(Query(market_.WalletDb(role),
                             "SELECT COUNT(*), SUM(length(received)), SUM(length(sent)) FROM entry "
                             "UNION ALL SELECT entries, status_desc, process_state FROM payment"));
    }
    return traces;
  }
  // Makes the payment handler's history one of `length` entries.
  void FillHistory(int length) {
    market_.CloseWallet(Role::kPaymentHandler);
    sqlite3* store = nullptr;
    sqlite3_open(market_.WalletDb(Role::kPaymentHandler).c_str(), &store);
    const std::string to = std::to_string(length);
    const std::string sql =
        "INSERT INTO entry (id, at, call) WITH RECURSIVE n(i) AS (SELECT entries + 1 FROM payment "
        "UNION ALL SELECT i + 1 FROM n WHERE i < " +
        to +
        ") "
        "SELECT (SELECT id FROM payment) << 20 | i, 0, 'ContinueProcess' FROM n;"
        "UPDATE payment SET entries = " +
        to;
    EXPECT_EQ(sqlite3_exec(store, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(store);
    sqlite3_close(store);
    market_.OpenWallet(Role::kPaymentHandler);
  }
  std::string HistoryLength() const {
    return Query(market_.WalletDb(Role::kPaymentHandler), "SELECT entries FROM payment")[0][0];
  }
  // The payment handler's payment with this suffix, which has no XID yet.
  void BeginWithInitiationResponse(const std::string& suffix) {
    constexpr std::string_view kResponse =
        "MIME-Version: 1.0\r\nContent-Transfer-Encoding: Binary\r\n"
        "SET-Initiation-Type: Payment-Initiation-Response\r\nSET-Version: 1.0\r\n"
        "SET-Brand: VISA\r\n\r\n";
    Purchase begun = market_.NewPurchase(suffix);
    ASSERT_FALSE(begun.FindAcceptedPaymentBrand()->refused);
    ASSERT_FALSE(begun.FindAcceptedPaymentProtocol()->refused);
    ASSERT_FALSE(begun.GetPaymentInitializationData()->refused);
    ASSERT_FALSE(begun.FindPaymentInstrument()->refused);
    ASSERT_FALSE(begun.StartPaymentConsumer()->refused);
    const std::string start = market_.Draft(begun, &Purchase::StartPaymentPaymentHandler);
    const std::string response = setcore::EncodeBase64(
        {reinterpret_cast<const std::uint8_t*>(kResponse.data()), kResponse.size()});
    EXPECT_EQ(
        Verdict(market_, market_.Ask(Role::kPaymentHandler,
                                     WithContent(start, "PaySchemePackagedContent", response))),
        "StartPaymentPaymentHandlerResponse Continue, with Initiation Response");
  }
  static auto SaysPaidButEnded() {
    return AllOf(HasSubstr("ProcessState=\"Failed\""),
                 HasSubstr("CompletionCode=\"ConsCancelled\""), HasSubstr("AuthCode=approved(0)"),
                 HasSubstr("may have been charged"));
  }
  std::string ConsumerState() { return StateOf(market_, Role::kConsumer, purchase_); }

  Market market_;
  Purchase purchase_ = market_.NewPurchase("1");
};

TEST_F(StatusInquiry, APaymentWithoutPReqHasNothingToAsk) {
  ASSERT_FALSE(purchase_.FindAcceptedPaymentBrand()->refused);
  ASSERT_FALSE(purchase_.FindAcceptedPaymentProtocol()->refused);
  ASSERT_FALSE(purchase_.GetPaymentInitializationData()->refused);
  ASSERT_FALSE(purchase_.FindPaymentInstrument()->refused);
  ASSERT_FALSE(purchase_.StartPaymentConsumer()->refused);
  EXPECT_EQ(Verdict(market_, Start()), "StartPaymentInquiryResponse");
  ASSERT_FALSE(purchase_.StartPaymentPaymentHandler()->refused);
  const std::string state = AskHandler({});
  EXPECT_EQ(Verdict(market_, state), "InquirePaymentStatusResponse");
  EXPECT_THAT(state, HasSubstr("ProcessState=\"InProgress\""));
}

TEST_F(StatusInquiry, ALostPResIsFoundByInquiry) {
  WalkToPReq(purchase_);
  ASSERT_FALSE(purchase_.ContinuePaymentHandler()->refused);
  const std::string first = Start();
  EXPECT_EQ(Verdict(market_, first), "StartPaymentInquiryResponse, with InqReq");
  EXPECT_EQ(Start(), first);  // not answered yet
  const std::string answer = AskHandler(MessageIn(first));
  EXPECT_EQ(Verdict(market_, answer), "InquirePaymentStatusResponse, with PRes approved");
  EXPECT_THAT(answer, HasSubstr("ProcessState=\"CompletedOk\""));
  EXPECT_THAT(answer, HasSubstr("PaymentHandlerPayId=\"P-1\""));
  EXPECT_EQ(AskHandler(MessageIn(first)), answer);  // journaled
  const std::string inqres = MessageIn(answer);

  EXPECT_THAT(Change("CompletedOk"), HasSubstr("ProcessState=\"InProgress\""));
  EXPECT_THAT(Change("Suspended"), HasSubstr("ProcessState=\"Suspended\""));
  EXPECT_EQ(TellConsumer(inqres), "ContinueProcessResponse End");
  EXPECT_EQ(ConsumerState(), "Suspended 100");
  // The receipt is what was seen first: the InqRes.
  EXPECT_EQ(Query(market_.WalletDb(Role::kConsumer), "SELECT Name FROM receipts WHERE PayId='C-1'"),
            (std::vector<Row>{{"InqRes"}}));
  EXPECT_THAT(Change("CompletedOk"), HasSubstr("ProcessState=\"Suspended\""));
  EXPECT_THAT(Change("CompletedOk", "ProcessType=\"Inquiry\""),
              HasSubstr("ProcessState=\"CompletedOk\""));
  EXPECT_NE(Start(), first);  // answered: another question
}

TEST_F(StatusInquiry, APositiveAnswerCountsLikeAPRes) {
  WalkToPReq(purchase_);
  ASSERT_FALSE(purchase_.ContinuePaymentHandler()->refused);
  // ProcessType may be forgotten: the message says what it is.
  EXPECT_EQ(TellConsumer(MessageIn(AskHandler(MessageIn(Start()))), false),
            "ContinueProcessResponse End");
  EXPECT_EQ(ConsumerState(), "InProgress 100");
  EXPECT_THAT(Change("CompletedOk"), HasSubstr("ProcessState=\"CompletedOk\""));
}

TEST_F(StatusInquiry, AnUndecidedPaymentStaysWhatItIs) {
  WalkToPReq(purchase_);
  const std::string early = AskHandler(MessageIn(Start()));
  EXPECT_EQ(Verdict(market_, early), "InquirePaymentStatusResponse, with PRes orderNotReceived");
  EXPECT_EQ(TellConsumer(MessageIn(early)), "ContinueProcessResponse End");
  EXPECT_EQ(ConsumerState(), "InProgress 80");
  EXPECT_THAT(StatusDescOf(market_, Role::kConsumer, purchase_), HasSubstr("orderNotReceived"));
  market_.StopGateway();
  ASSERT_TRUE(purchase_.ContinuePaymentHandler()->refused);
  const std::string open = AskHandler(MessageIn(Start()));
  EXPECT_EQ(Verdict(market_, open), "InquirePaymentStatusResponse, with PRes orderReceived");
  EXPECT_EQ(TellConsumer(MessageIn(open)), "ContinueProcessResponse End");
  EXPECT_EQ(ConsumerState(), "InProgress 80");
  EXPECT_THAT(StatusDescOf(market_, Role::kConsumer, purchase_),
              HasSubstr("the authorization is pending"));
  market_.StartGateway();
  ASSERT_FALSE(purchase_.ContinuePaymentHandler()->refused);
  ASSERT_FALSE(purchase_.ContinueConsumerPRes()->refused);
  EXPECT_THAT(Change("CompletedOk"), HasSubstr("ProcessState=\"CompletedOk\""));
}

TEST_F(StatusInquiry, ACancelledPaymentThatWasPaidAllTheSameKeepsTheReceipt) {
  WalkToPReq(purchase_);
  ASSERT_FALSE(purchase_.ContinuePaymentHandler()->refused);
  Change("Failed", "CompletionCode=\"ConsCancelled\"");
  EXPECT_EQ(TellConsumer(MessageIn(AskHandler(MessageIn(Start())))), "ContinueProcessResponse End");
  EXPECT_EQ(ConsumerState(), "Failed 100");
  EXPECT_THAT(StatusDescOf(market_, Role::kConsumer, purchase_),
              HasSubstr("may have been charged"));
  // The PRes that comes after all takes the place of the InqRes (E-120).
  EXPECT_EQ(purchase_.ContinueConsumerPRes()->code, "BusError");
  EXPECT_THAT(purchase_.last_response(), HasSubstr("may have been charged"));
  EXPECT_EQ(ConsumerState(), "Failed 100");
  EXPECT_FALSE(purchase_.CheckPaymentReceipt()->refused);
}

// E-120: the InqRes is the receipt only while there is no PRes.
TEST_F(StatusInquiry, AfterAnInqResThePResIsStillTheReceipt) {
  WalkToPReq(purchase_);
  ASSERT_FALSE(purchase_.ContinuePaymentHandler()->refused);
  EXPECT_EQ(TellConsumer(MessageIn(AskHandler(MessageIn(Start())))), "ContinueProcessResponse End");
  ASSERT_FALSE(purchase_.ContinueConsumerPRes()->refused);
  EXPECT_EQ(ConsumerState(), "InProgress 100");
  EXPECT_FALSE(purchase_.CheckPaymentReceipt()->refused);
  EXPECT_THAT(Change("CompletedOk"), HasSubstr("ProcessState=\"CompletedOk\""));
}

TEST_F(StatusInquiry, APResThatComesAfterCompletionByInquiryBecomesTheReceipt) {
  WalkToPReq(purchase_);
  ASSERT_FALSE(purchase_.ContinuePaymentHandler()->refused);
  EXPECT_EQ(TellConsumer(MessageIn(AskHandler(MessageIn(Start())))), "ContinueProcessResponse End");
  EXPECT_THAT(Change("CompletedOk"), HasSubstr("ProcessState=\"CompletedOk\""));
  const std::string before = StatusDescOf(market_, Role::kConsumer, purchase_);
  EXPECT_EQ(purchase_.ContinueConsumerPRes()->code, "BusError");
  EXPECT_EQ(ConsumerState(), "CompletedOk 100");
  EXPECT_EQ(StatusDescOf(market_, Role::kConsumer, purchase_), before);
  EXPECT_FALSE(purchase_.CheckPaymentReceipt()->refused);
}

TEST_F(StatusInquiry, WhatDoesNotVerifyChangesNoState) {
  WalkToPReq(purchase_);
  ASSERT_FALSE(purchase_.ContinuePaymentHandler()->refused);
  const std::string inqreq = MessageIn(Start());
  EXPECT_EQ(TellConsumer(inqreq),
            "EncapProtErr PaySchemePackagedContent, with signed Error "
            "messageNotSupported");
  EXPECT_EQ(ConsumerState(), "InProgress 80");
  EXPECT_EQ(TellConsumer(purchase_.pres()).substr(0, 12), "EncapProtErr");
  EXPECT_EQ(ConsumerState(), "InProgress 80");
  EXPECT_EQ(Verdict(market_, AskHandler(purchase_.preq())).substr(0, 12), "EncapProtErr");
  EXPECT_EQ(StateOf(market_, Role::kPaymentHandler, purchase_), "CompletedOk 100");
  EXPECT_EQ(
      Verdict(market_, market_.Ask(Role::kPaymentHandler, Replaced(Inquire(inqreq), "P-1", "P-9"))),
      "AttValIllegal InquirePaymentStatus@PaymentHandlerPayId");
}

TEST_F(StatusInquiry, WhatNothingVerifiesLeavesNoTrace) {
  WalkToPReq(purchase_);
  ASSERT_FALSE(purchase_.ContinuePaymentHandler()->refused);
  const std::string inqreq = MessageIn(Start());
  const std::string error =
      MessageIn(market_.Ask(Role::kConsumer, With(ContinueRequest("C-1", inqreq), "ContinueProcess",
                                                  "ProcessType=\"Inquiry\"")));
  const Traces before = CountTraces();
  for (const std::string& garbage : {std::string("AAAA"), std::string("AAAB"), purchase_.preq()}) {
    EXPECT_EQ(Verdict(market_, AskHandler(garbage)).substr(0, 12), "EncapProtErr");
    EXPECT_EQ(TellConsumer(garbage).substr(0, 12), "EncapProtErr");
  }
  EXPECT_EQ(TellConsumer(error), "ContinueProcessResponse End");
  EXPECT_EQ(TellHandler(error, true), "ContinueProcessResponse End");
  EXPECT_EQ(CountTraces(), before);
  EXPECT_EQ(Verdict(market_, AskHandler(inqreq)),
            "InquirePaymentStatusResponse, with PRes approved");
  EXPECT_NE(CountTraces(), before);
}

TEST_F(StatusInquiry, WhatNothingVerifiesWhileTheOutcomeIsOpenIsRecordedOnce) {
  WalkToPReq(purchase_);
  const std::string error =
      MessageIn(market_.Ask(Role::kConsumer, With(ContinueRequest("C-1", MessageIn(Start())),
                                                  "ContinueProcess", "ProcessType=\"Inquiry\"")));
  market_.StopGateway();
  ASSERT_TRUE(purchase_.ContinuePaymentHandler()->refused);
  EXPECT_EQ(TellHandler(error), "ContinueProcessResponse End") << "StatusDesc says it";
  const Traces before = CountTraces();
  EXPECT_EQ(TellHandler(error), "ContinueProcessResponse End");
  EXPECT_EQ(TellHandler("AAAA").substr(0, 12), "EncapProtErr");
  EXPECT_EQ(TellHandler(MessageIn(Start())), "BusError ContinueProcess");
  EXPECT_EQ(CountTraces(), before);
  market_.StartGateway();
  EXPECT_FALSE(purchase_.ContinuePaymentHandler()->refused);
}

// RFC 3867, 2.5 (2), 4.5.5: PaymentHandlerPayId names the payment that the InqReq is about.
TEST_F(StatusInquiry, AQuestionAboutAnotherPaymentIsRefusedAndLeavesNoTrace) {
  Purchase other = market_.NewPurchase("2");
  for (Purchase* paid : {&purchase_, &other}) {
    WalkToPReq(*paid);
    ASSERT_FALSE(paid->ContinuePaymentHandler()->refused);
  }
  const std::string inqreq = MessageIn(Start("C-2"));
  const Traces before = CountTraces();
  EXPECT_EQ(Verdict(market_, AskHandler(inqreq, "P-1")),
            "EncapProtErr PaySchemePackagedContent, with signed Error unknownXID");
  EXPECT_EQ(CountTraces(), before);
  EXPECT_EQ(Verdict(market_, AskHandler(inqreq, "P-2")),
            "InquirePaymentStatusResponse, with PRes approved");
}

// set-processing.md, 6: "not received" is the answer about what the wallet does not know.  An XID
// is known from its PInitRes on.
TEST_F(StatusInquiry, APaymentWithoutXidDoesNotDenyThePReqOfAnother) {
  WalkToPReq(purchase_);
  BeginWithInitiationResponse("2");
  constexpr char kUnknown[] = "EncapProtErr PaySchemePackagedContent, with signed Error unknownXID";
  const std::string inqreq = MessageIn(Start());
  EXPECT_EQ(Verdict(market_, AskHandler(inqreq, "P-2")), kUnknown);
  ASSERT_FALSE(purchase_.ContinuePaymentHandler()->refused);
  EXPECT_EQ(Verdict(market_, AskHandler(inqreq, "P-2")), kUnknown);
  EXPECT_EQ(StateOf(market_, Role::kPaymentHandler, "P-2"), "InProgress 20");
}

TEST_F(StatusInquiry, AQuestionThatDoesNotVerifyIsRefusedForThatFirst) {  // D-26
  Purchase other = market_.NewPurchase("2");
  WalkToPReq(purchase_);
  WalkToPReq(other);
  EXPECT_EQ(Verdict(market_, AskHandler(other.preq())),
            "EncapProtErr PaySchemePackagedContent, with signed Error messageNotSupported");
}

// ProcessType may be forgotten: what the message is decides.
TEST_F(StatusInquiry, NoMessageOfAnInquiryEndsThePaymentThatItComesTo) {
  WalkToPReq(purchase_);
  const std::string inqreq = MessageIn(Start());
  const std::string inqres = MessageIn(AskHandler(inqreq));
  const Traces before = CountTraces();
  EXPECT_EQ(TellHandler(inqreq), "BusError ContinueProcess");
  EXPECT_EQ(TellHandler(inqres), "BusError ContinueProcess");
  EXPECT_EQ(TellConsumer(inqreq, false),
            "EncapProtErr PaySchemePackagedContent, with signed Error messageNotSupported");
  EXPECT_EQ(CountTraces(), before);
  EXPECT_EQ(StateOf(market_, Role::kPaymentHandler, purchase_), "InProgress 60");
  EXPECT_EQ(ConsumerState(), "InProgress 80");
  EXPECT_FALSE(purchase_.ContinuePaymentHandler()->refused);
}

// RFC 3867, 2.5 (4), 4.3.6: what an inquiry reports is verified, and changes nothing by itself.
TEST_F(StatusInquiry, AReportThatNothingProvesChangesNothing) {
  WalkToPReq(purchase_);
  ASSERT_FALSE(purchase_.ContinuePaymentHandler()->refused);
  const Traces before = CountTraces();
  for (const char* state : {"NotYetStarted", "InProgress", "Suspended", "Failed", "ProcessError"}) {
    EXPECT_THAT(Change(state, "ProcessType=\"Inquiry\""),
                AllOf(HasSubstr("ProcessState=\"InProgress\""), Not(HasSubstr("CompletionCode"))))
        << state;
  }
  EXPECT_EQ(CountTraces(), before);
  ASSERT_FALSE(purchase_.ContinueConsumerPRes()->refused);
  EXPECT_EQ(ConsumerState(), "InProgress 100");
}

TEST_F(StatusInquiry, AReportThatContradictsTheVerifiedAnswerChangesNothing) {
  WalkToPReq(purchase_);
  ASSERT_FALSE(purchase_.ContinuePaymentHandler()->refused);
  EXPECT_EQ(TellConsumer(MessageIn(AskHandler(MessageIn(Start())))), "ContinueProcessResponse End");
  for (const char* state : {"Failed", "ProcessError"}) {
    EXPECT_THAT(Change(state, "ProcessType=\"Inquiry\""),
                AllOf(HasSubstr("ProcessState=\"InProgress\""), HasSubstr("AuthCode=approved(0)")))
        << state;
  }
  EXPECT_THAT(Change("CompletedOk", "ProcessType=\"Inquiry\""),
              HasSubstr("ProcessState=\"CompletedOk\""));
}

TEST_F(StatusInquiry, WhatWasTakenBackIsNotCompletedByAReport) {
  WalkToPReq(purchase_);
  ASSERT_FALSE(purchase_.ContinuePaymentHandler()->refused);
  EXPECT_EQ(TellConsumer(MessageIn(AskHandler(MessageIn(Start())))), "ContinueProcessResponse End");
  ASSERT_FALSE(purchase_.ChangeProcessState(Role::kPaymentHandler, "Failed")->refused);
  EXPECT_EQ(TellConsumer(MessageIn(AskHandler(MessageIn(Start())))), "ContinueProcessResponse End");
  EXPECT_THAT(Change("CompletedOk", "ProcessType=\"Inquiry\""),
              HasSubstr("ProcessState=\"InProgress\""));
  EXPECT_THAT(
      Change("Failed", "ProcessType=\"Inquiry\" CompletionCode=\"PaymtCancelled\""),
      AllOf(HasSubstr("ProcessState=\"Failed\""), HasSubstr("CompletionCode=\"PaymtCancelled\""),
            HasSubstr("orderRejected(1) The payment handler has rejected the order.")));
}

// E-71 lets the consumer cancel; E-120: that the money may be gone is said all the same.
TEST_F(StatusInquiry, CancellingWhatAnInqResHasProvenPaidSaysThatItWasPaid) {
  WalkToPReq(purchase_);
  ASSERT_FALSE(purchase_.ContinuePaymentHandler()->refused);
  EXPECT_EQ(TellConsumer(MessageIn(AskHandler(MessageIn(Start())))), "ContinueProcessResponse End");
  EXPECT_THAT(Change("Failed", "CompletionCode=\"ConsCancelled\""), SaysPaidButEnded());
}

TEST_F(StatusInquiry, CancellingWhatAPResHasProvenPaidSaysThatItWasPaid) {
  WalkToPReq(purchase_);
  ASSERT_FALSE(purchase_.ContinuePaymentHandler()->refused);
  ASSERT_FALSE(purchase_.ContinueConsumerPRes()->refused);
  EXPECT_THAT(Change("Failed", "CompletionCode=\"ConsCancelled\""), SaysPaidButEnded());
}

TEST_F(StatusInquiry, AFullHistoryTakesOnlyWhatMovesThePayment) {
  WalkToPReq(purchase_);
  FillHistory(bridge::kMaxEntries - 1);
  const std::string first = MessageIn(Start());
  const std::string answer = AskHandler(first);
  EXPECT_EQ(Verdict(market_, answer), "InquirePaymentStatusResponse, with PRes orderNotReceived");
  EXPECT_EQ(TellConsumer(MessageIn(answer)), "ContinueProcessResponse End");
  const std::string second = MessageIn(Start());
  ASSERT_NE(second, first);
  EXPECT_EQ(HistoryLength(), std::to_string(bridge::kMaxEntries));
  EXPECT_EQ(Verdict(market_, AskHandler(second)), "BusError InquirePaymentStatus");
  EXPECT_EQ(HistoryLength(), std::to_string(bridge::kMaxEntries));
  EXPECT_EQ(AskHandler(first), answer) << "it is in the journal";
  // The purchase goes on.
  ASSERT_FALSE(purchase_.ContinuePaymentHandler()->refused);
  EXPECT_EQ(StateOf(market_, Role::kPaymentHandler, purchase_), "CompletedOk 100");
  EXPECT_EQ(Verdict(market_, AskHandler(second)), "BusError InquirePaymentStatus");
}

Options DecliningMarket() {
  Options options = ImpatientHandler();
  options.declines = true;
  return options;
}

class DeclinedInquiry : public StatusInquiry {
 protected:
  DeclinedInquiry() : StatusInquiry(DecliningMarket()) {}
};

TEST_F(DeclinedInquiry, AFailureThatAnInqResProvesEndsThePayment) {
  WalkToPReq(purchase_);
  EXPECT_THAT(Change("Failed", "ProcessType=\"Inquiry\""),
              HasSubstr("ProcessState=\"InProgress\""));
  ASSERT_TRUE(purchase_.ContinuePaymentHandler()->refused);
  EXPECT_EQ(TellConsumer(MessageIn(AskHandler(MessageIn(Start())))), "ContinueProcessResponse End");
  EXPECT_EQ(ConsumerState(), "InProgress 80");
  EXPECT_THAT(Change("CompletedOk", "ProcessType=\"Inquiry\""),
              HasSubstr("ProcessState=\"InProgress\""));
  EXPECT_THAT(
      Change("Failed", "ProcessType=\"Inquiry\""),
      AllOf(HasSubstr("ProcessState=\"Failed\""), HasSubstr("CompletionCode=\"Unspecified\""),
            HasSubstr("AuthCode=declined(2) The card issuer has declined")));
}

}  // namespace
}  // namespace market
