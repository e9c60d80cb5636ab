// STATE: each transition of RFC 3538, 8.9.1 and 8.9.2 with the errata E-71 to E-80, and each that
// is forbidden, as one row; then what other calls do to the state.
#include <fmt/format.h>

#include "payment.h"

namespace conform {
namespace {

using set::Manner;

constexpr const char* kConsumerStates = "RFC 3538, 8.9.1";
constexpr const char* kHandlerStates = "RFC 3538, 8.9.2";
constexpr const char* kUnchanged = "RFC 3867, 4.3.6";

// --- ChangeProcessState --------------------------------------------------------------------------

// A payment is brought into a state, ChangeProcessState is called, and this must be the answer and
// the state that stays.
struct Row {
  const char* from;  // a key of the tables below
  const char* wish;
  const char* answer;
  const char* clause;
};

void BringConsumer(ConsumerPayment& payment, std::string_view from) {
  if (from == "not-started") {
    payment.context.Expect(payment.wallet, FindPaymentInstrument(payment.deal));
  } else if (from == "in-progress") {
    payment.Start();
  } else if (from == "ordered") {
    payment.Order();
  } else if (from == "paid") {
    payment.Finish();
  } else if (from == "suspended") {
    payment.Start();
    payment.Change("Suspended");
  } else if (from == "completed") {
    payment.Finish();
    payment.Change("CompletedOk");
  } else if (from == "failed") {
    payment.Start();
    payment.Change("Failed");
  } else if (from == "process-error") {
    payment.Start();
    payment.Change("ProcessError");
  }
}

void BringHandler(HandlerPayment& payment, std::string_view from) {
  if (from == "in-progress") {
    payment.Start();
  } else if (from == "suspended") {
    payment.Start();
    payment.Change("Suspended");
  } else if (from == "open-intent") {
    payment.gateway().Always(Manner::kSilent);
    payment.MakePReq();
    const Answer answer = payment.SendPReq();
    Require(answer.code() == "TransportError",
            "a silent gateway was answered by " + answer.Summary());
  } else if (from == "completed") {
    payment.Pay();
  } else if (from == "failed") {
    payment.Start();
    payment.Change("Failed");
  } else if (from == "process-error") {
    payment.Start();
    payment.Change("ProcessError");
  }
}

const Row kConsumerRows[] = {
    {"not-started", "CompletedOk", "NotYetStarted", "RFC 3538 errata, E-77"},
    {"not-started", "Failed", "NotYetStarted", "RFC 3538 errata, E-77"},
    {"not-started", "Suspended", "NotYetStarted", "RFC 3538 errata, E-77"},
    {"not-started", "ProcessError", "NotYetStarted", "RFC 3538 errata, E-77"},
    {"in-progress", "InProgress", "InProgress", "RFC 3538, 8.9.1; errata E-71"},
    {"in-progress", "Suspended", "Suspended", kConsumerStates},
    {"in-progress", "Failed", "Failed", "RFC 3538, 8.9.1; errata E-71"},
    {"in-progress", "ProcessError", "ProcessError", kConsumerStates},
    {"in-progress", "CompletedOk", "InProgress", "RFC 3538 errata, E-77; D-71"},
    {"ordered", "Suspended", "Suspended", kConsumerStates},
    {"ordered", "Failed", "Failed", kConsumerStates},
    {"ordered", "ProcessError", "ProcessError", kConsumerStates},
    {"ordered", "CompletedOk", "InProgress", "RFC 3538 errata, E-77; D-71"},
    {"paid", "CompletedOk", "CompletedOk", "RFC 3538, 8.9.1; D-70"},
    {"paid", "InProgress", "InProgress", "RFC 3538, 8.9.1; D-70"},
    {"suspended", "Suspended", "Suspended", kUnchanged},
    {"suspended", "Failed", "Failed", "RFC 3538 errata, E-75"},
    {"suspended", "ProcessError", "ProcessError", kConsumerStates},
    {"suspended", "CompletedOk", "Suspended", "RFC 3538 errata, E-75"},
    {"completed", "InProgress", "CompletedOk", kUnchanged},
    {"completed", "Suspended", "CompletedOk", kUnchanged},
    {"completed", "Failed", "CompletedOk", "RFC 3538 errata, E-73"},
    {"completed", "ProcessError", "CompletedOk", kUnchanged},
    {"completed", "CompletedOk", "CompletedOk", kUnchanged},
    {"failed", "InProgress", "Failed", kUnchanged},
    {"failed", "Suspended", "Failed", kUnchanged},
    {"failed", "CompletedOk", "Failed", kUnchanged},
    {"failed", "ProcessError", "Failed", kUnchanged},
    {"process-error", "InProgress", "ProcessError", kUnchanged},
    {"process-error", "Suspended", "ProcessError", kUnchanged},
    {"process-error", "CompletedOk", "ProcessError", kUnchanged},
    {"process-error", "Failed", "ProcessError", kUnchanged},
};

const Row kHandlerRows[] = {
    {"in-progress", "InProgress", "InProgress", "RFC 3538, 8.9.2; errata E-71"},
    {"in-progress", "Suspended", "Suspended", "RFC 3538 errata, E-74"},
    {"in-progress", "Failed", "Failed", "RFC 3538, 8.9.2; errata E-71"},
    {"in-progress", "ProcessError", "ProcessError", kHandlerStates},
    {"in-progress", "CompletedOk", "InProgress", "RFC 3538 errata, E-77"},
    {"open-intent", "InProgress", "InProgress", "RFC 3538 errata, E-71"},
    {"open-intent", "Suspended", "InProgress", "RFC 3538 errata, E-71"},
    {"open-intent", "Failed", "InProgress", "RFC 3538 errata, E-71"},
    {"open-intent", "ProcessError", "InProgress", "RFC 3538 errata, E-71"},
    {"open-intent", "CompletedOk", "InProgress", "RFC 3538 errata, E-77"},
    {"suspended", "Failed", "Failed", "RFC 3538 errata, E-74"},
    {"suspended", "ProcessError", "ProcessError", "RFC 3538 errata, E-74"},
    {"suspended", "CompletedOk", "Suspended", "RFC 3538 errata, E-77"},
    {"completed", "CompletedOk", "CompletedOk", kUnchanged},
    {"completed", "InProgress", "CompletedOk", kUnchanged},
    {"completed", "Suspended", "CompletedOk", kUnchanged},
    {"completed", "ProcessError", "CompletedOk", kUnchanged},
    {"completed", "Failed", "Failed", "RFC 3538, 8.9.2; errata E-73"},
    {"failed", "InProgress", "Failed", kUnchanged},
    {"failed", "Suspended", "Failed", kUnchanged},
    {"failed", "CompletedOk", "Failed", kUnchanged},
    {"failed", "ProcessError", "Failed", kUnchanged},
    {"process-error", "InProgress", "ProcessError", kUnchanged},
    {"process-error", "Suspended", "ProcessError", kUnchanged},
    {"process-error", "CompletedOk", "ProcessError", kUnchanged},
    {"process-error", "Failed", "ProcessError", kUnchanged},
};

void CheckRow(Payment& payment, const Row& row) {
  const std::string answer = payment.Change(row.wish);
  Require(answer == row.answer,
          fmt::format("ChangeProcessState({}) answers {}, not {}", row.wish, answer, row.answer));
  payment.ExpectState(row.answer);
}

void AddRows(Rules& rules, const char* role, std::span<const Row> rows, bool consumer) {
  for (const Row& row : rows) {
    Rule rule;
    rule.id = fmt::format("STATE-{}-{}-{}", role, row.from, row.wish);
    rule.clause = row.clause;
    rule.sentence = fmt::format("{}, {}: ChangeProcessState({}) gives {}", role, row.from, row.wish,
                                row.answer);
    rule.check = [&row, consumer](Context& context) {
      if (consumer) {
        ConsumerPayment payment(context);
        BringConsumer(payment, row.from);
        CheckRow(payment, row);
      } else {
        HandlerPayment payment(context);
        BringHandler(payment, row.from);
        CheckRow(payment, row);
      }
    };
    rules.push_back(std::move(rule));
  }
}

// --- what other calls do -------------------------------------------------------------------------

void ExpectPercent(Payment& payment, const char* percent) {
  const std::string now = payment.Inquire().call().Get("PercentComplete");
  Require(now == percent, fmt::format("PercentComplete is {}, not {}", now, percent));
}

void ConsumerRefusal(Context& context) {
  ConsumerPayment payment(context);
  payment.merchant.spoil["PInitResData"] = [](set::Value& data) {
    data["chall-C"] = Octets(20, 7);
  };
  payment.Start();
  ExpectSetError(payment, payment.Continue(payment.pinitres), set::kChallengeMismatch);
  payment.ExpectState("ProcessError");
}

void ConsumerDeclined(Context& context) {
  ConsumerPayment payment(context);
  payment.Order();
  const Answer answer = payment.SendPRes(4, 2);
  Require(answer.call().Get("ContStatus") == "End", "declined PRes: " + answer.Summary());
  const Answer state = payment.Inquire();
  Require(state.call().Get("ProcessState") == "Failed", "ProcessState is not Failed");
  Require(state.call().Get("CompletionCode") == "Unspecified", "CompletionCode");
  ExpectPercent(payment, "100");
}

void ReceivesError(Payment& payment, const Octets& error) {
  const Answer answer = payment.Continue(error);
  Require(answer.call().Get("ContStatus") == "End", "an Error was answered by " + answer.Summary());
  payment.ExpectState("ProcessError");
}

void HandlerBadSignature(Context& context) {
  HandlerPayment payment(context);
  payment.cardholder.spoil["PI-TBS"] = [](set::Value& tbs) {
    tbs["hPIData.digest"] = Octets(20, 1);
  };
  payment.MakePReq();
  ExpectSetError(payment, payment.Continue(payment.preq), set::kSignatureFailure);
  payment.ExpectState("ProcessError");
}

void HandlerDeclined(Context& context) {
  HandlerPayment payment(context);
  payment.gateway().Always(Manner::kDecline);
  payment.MakePReq();
  const Answer answer = payment.SendPReq();
  Require(answer.code() == "BusError", "declined: " + answer.Summary());
  const Answer state = payment.Inquire();
  Require(state.call().Get("ProcessState") == "Failed", "ProcessState is not Failed");
  Require(state.call().Get("CompletionCode") == "Unspecified", "CompletionCode");
}

void WishThen(Context& context, Manner outcome, bool reversed) {
  HandlerPayment payment(context);
  BringHandler(payment, "open-intent");
  Require(payment.Change("Failed") == "InProgress", "the wish was not kept for later");
  payment.gateway().Always(outcome);
  payment.SendPReq();
  payment.ExpectNoFault();
  payment.ExpectState("Failed");
  Require(payment.gateway().reversals() == (reversed ? 1 : 0),
          fmt::format("{} reversals", payment.gateway().reversals()));
}

void ReversalRefused(Context& context) {
  HandlerPayment payment(context);
  payment.Pay();
  payment.gateway().Always(Manner::kDecline);
  Require(payment.Change("Failed") == "CompletedOk", "a refused reversal changed the state");
  payment.ExpectNoFault();
  payment.ExpectState("CompletedOk");
}

void ReversalSilent(Context& context) {
  HandlerPayment payment(context);
  payment.Pay();
  const std::size_t before = payment.gateway().requests().size();
  payment.gateway().Always(Manner::kSilent);
  Require(payment.Change("Failed") == "CompletedOk", "an open reversal changed the state");
  Require(payment.gateway().requests().size() > before, "no reversal was asked for");
  payment.gateway().Always(Manner::kApprove);
  Require(payment.Change("Failed") == "Failed", "the repeated wish did not reverse");
  payment.ExpectNoFault();
  const auto requests = payment.gateway().requests();
  for (std::size_t i = before; i < requests.size(); ++i) {
    Require(requests[i] == requests[before], "the reversal was not sent again octet for octet");
  }
}

void ReversedWithCode(Context& context) {
  HandlerPayment payment(context);
  payment.Pay();
  payment.Change("Failed");
  const std::string code = payment.Inquire().call().Get("CompletionCode");
  Require(code == "PaymtCancelled", "CompletionCode is " + code);
}

struct Event {
  const char* id;
  const char* clause;
  const char* sentence;
  void (*check)(Context&);
};

const Event kEvents[] = {
    {"STATE-consumer-start", "RFC 3538, 8.9.1 and 8.12",
     "StartPaymentConsumer makes the payment InProgress, 40 percent",
     [](Context& context) {
       ConsumerPayment payment(context);
       payment.Start();
       payment.ExpectState("InProgress");
       ExpectPercent(payment, "40");
     }},
    {"STATE-consumer-preq", "RFC 3538, 8.9.1 and 8.12",
     "a PInitRes leaves the consumer InProgress, 80 percent once the PReq is made",
     [](Context& context) {
       ConsumerPayment payment(context);
       payment.Order();
       payment.ExpectState("InProgress");
       ExpectPercent(payment, "80");
     }},
    {"STATE-consumer-pres", "RFC 3538 errata, E-79; D-70",
     "a good PRes leaves the consumer InProgress, 100 percent, until ChangeProcessState",
     [](Context& context) {
       ConsumerPayment payment(context);
       payment.Finish();
       payment.ExpectState("InProgress");
       ExpectPercent(payment, "100");
     }},
    {"STATE-consumer-declined", "RFC 3538, 8.9.1; D-69",
     "a PRes that says declined makes the consumer's payment Failed, Unspecified, 100 percent",
     ConsumerDeclined},
    {"STATE-consumer-technical-error", "RFC 3538, 8.9.1",
     "a PInitRes with a SET error makes the consumer's payment ProcessError", ConsumerRefusal},
    {"STATE-consumer-receives-error", "RFC 3538, 9.4.2",
     "a SET Error from the payment handler ends the consumer's payment in ProcessError",
     [](Context& context) {
       ConsumerPayment payment(context);
       payment.Start();
       ReceivesError(payment, payment.merchant.Error(set::kUnspecifiedFailure, payment.pinitreq));
     }},
    {"STATE-consumer-resume", "RFC 3538, 8.9.1",
     "ResumePaymentConsumer makes a Suspended payment InProgress",
     [](Context& context) {
       ConsumerPayment payment(context);
       BringConsumer(payment, "suspended");
       context.Expect(payment.wallet, ResumePaymentConsumer(payment.deal));
       payment.ExpectState("InProgress");
     }},
    {"STATE-consumer-suspended-continue", "RFC 3538 errata, E-5",
     "ContinueProcess on a Suspended payment is BusError and leaves it Suspended",
     [](Context& context) {
       ConsumerPayment payment(context);
       BringConsumer(payment, "suspended");
       ExpectNoMessage(payment.Continue(payment.pinitres), "BusError");
       payment.ExpectState("Suspended");
     }},
    {"STATE-consumer-final-continue", "D-39; RFC 3867, 4.3.5",
     "ContinueProcess on a Failed payment is BusError without message and changes nothing",
     [](Context& context) {
       ConsumerPayment payment(context);
       BringConsumer(payment, "failed");
       ExpectNoMessage(payment.Continue(payment.pinitres), "BusError");
       payment.ExpectState("Failed");
     }},
    {"STATE-consumer-late-pres", "RFC 3538 errata, E-120",
     "a verified PRes for a cancelled payment is BusError and leaves it Failed",
     [](Context& context) {
       ConsumerPayment payment(context);
       payment.Order();
       payment.Change("Failed");
       ExpectNoMessage(payment.SendPRes(), "BusError");
       payment.ExpectState("Failed");
     }},
    {"STATE-consumer-resume-not-suspended", "RFC 3538 errata, E-118",
     "ResumePaymentConsumer of a payment that was not suspended is BusError",
     [](Context& context) {
       ConsumerPayment payment(context);
       payment.Start();
       context.ExpectError(payment.wallet, ResumePaymentConsumer(payment.deal), "BusError");
       payment.ExpectState("InProgress");
     }},
    {"STATE-consumer-failed-code", "RFC 3538 errata, E-77",
     "Failed without CompletionCode is recorded as Unspecified",
     [](Context& context) {
       ConsumerPayment payment(context);
       payment.Start();
       payment.Change("Failed");
       const std::string code = payment.Inquire().call().Get("CompletionCode");
       Require(code == "Unspecified", "CompletionCode is " + code);
     }},
    {"STATE-consumer-survives", "opb.h, call",
     "the state of a payment is the same after the wallet was closed and opened",
     [](Context& context) {
       ConsumerPayment payment(context);
       BringConsumer(payment, "suspended");
       payment.Reopen();
       payment.ExpectState("Suspended");
     }},
    {"STATE-handler-start", "RFC 3538, 8.9.2 and 8.12",
     "StartPaymentPaymentHandler makes the payment InProgress, 60 percent",
     [](Context& context) {
       HandlerPayment payment(context);
       payment.Start();
       payment.ExpectState("InProgress");
       ExpectPercent(payment, "60");
     }},
    {"STATE-handler-completed", "RFC 3538, 8.9.2; errata E-77",
     "an approved authorization makes the payment handler's payment CompletedOk, 100 percent",
     [](Context& context) {
       HandlerPayment payment(context);
       payment.Pay();
       payment.ExpectState("CompletedOk");
       ExpectPercent(payment, "100");
     }},
    {"STATE-handler-declined", "RFC 3538, 8.9.2 and 8.4.5",
     "a declined authorization makes it Failed with CompletionCode Unspecified", HandlerDeclined},
    {"STATE-handler-technical-error", "RFC 3538, 8.9.2",
     "a PReq with a wrong signature makes it ProcessError", HandlerBadSignature},
    {"STATE-handler-receives-error", "RFC 3538, 8.9.2 and 9.4.2",
     "a SET Error from the consumer ends the payment handler's payment in ProcessError",
     [](Context& context) {
       HandlerPayment payment(context);
       payment.Start();
       const set::Acquirer author(set::MakeParty(context.counterparty(), 5), payment.market);
       ReceivesError(payment, author.Error(set::kUnspecifiedFailure, payment.pinitres,
                                           payment.market.cardholder));
     }},
    {"STATE-handler-no-answer", "set-processing 7.6",
     "no answer of the acquirer leaves the payment InProgress, 80 percent",
     [](Context& context) {
       HandlerPayment payment(context);
       BringHandler(payment, "open-intent");
       payment.ExpectState("InProgress");
       ExpectPercent(payment, "80");
     }},
    {"STATE-handler-wish-declined", "RFC 3538 errata, E-71",
     "Failed, wished for while the acquirer was silent, comes when it declines",
     [](Context& context) { WishThen(context, Manner::kDecline, false); }},
    {"STATE-handler-wish-approved", "RFC 3538 errata, E-71 and E-73",
     "Failed, wished for while the acquirer was silent, comes after a reversal when it approves",
     [](Context& context) { WishThen(context, Manner::kApprove, true); }},
    {"STATE-handler-reversal-refused", "RFC 3538 errata, E-73",
     "a reversal that the acquirer refuses leaves the payment CompletedOk", ReversalRefused},
    {"STATE-handler-reversal-silent", "RFC 3538 errata, E-73",
     "a reversal without answer leaves CompletedOk, and the next wish sends the same octets",
     ReversalSilent},
    {"STATE-handler-reversed-code", "RFC 3538 errata, E-73",
     "a reversed payment has the CompletionCode PaymtCancelled", ReversedWithCode},
    {"STATE-handler-suspended-continue", "RFC 3538 errata, E-5 and E-74",
     "ContinueProcess on a Suspended payment is BusError and leaves it Suspended",
     [](Context& context) {
       HandlerPayment payment(context);
       payment.MakePReq();
       payment.Change("Suspended");
       ExpectNoMessage(payment.SendPReq(), "BusError");
       payment.ExpectState("Suspended");
       Require(payment.gateway().requests().empty(), "an AuthReq was sent");
     }},
    {"STATE-handler-resume", "RFC 3538 errata, E-74 and E-65",
     "ResumePaymentPaymentHandler makes a Suspended payment InProgress",
     [](Context& context) {
       HandlerPayment payment(context);
       BringHandler(payment, "suspended");
       context.Expect(payment.wallet, ResumePaymentPaymentHandler(payment.deal, payment.pinitreq));
       payment.ExpectState("InProgress");
     }},
    {"STATE-handler-final-continue", "D-39",
     "a PReq for a Failed payment is BusError without message, and nothing is authorized",
     [](Context& context) {
       HandlerPayment payment(context);
       payment.MakePReq();
       payment.Change("Failed");
       ExpectNoMessage(payment.SendPReq(), "BusError");
       Require(payment.gateway().requests().empty(), "an AuthReq was sent");
       payment.ExpectState("Failed");
     }},
    {"STATE-handler-survives", "opb.h, call",
     "CompletedOk is there after the wallet was closed and opened",
     [](Context& context) {
       HandlerPayment payment(context);
       payment.Pay();
       payment.Reopen();
       payment.ExpectState("CompletedOk");
     }},
    {"STATE-unknown", "RFC 3538 errata, E-76",
     "ChangeProcessState of an unknown PayId is AttValIllegal",
     [](Context& context) {
       context.ExpectError(context.Open(kConsumer), ChangeProcessState("C-9", "Failed"),
                           "AttValIllegal");
     }},
};

}  // namespace

void AddStateRules(Rules& rules) {
  AddRows(rules, "consumer", kConsumerRows, true);
  AddRows(rules, "handler", kHandlerRows, false);
  for (const Event& event : kEvents) {
    rules.push_back({event.id, event.clause, event.sentence, Level::kMust, event.check});
  }
}

}  // namespace conform
