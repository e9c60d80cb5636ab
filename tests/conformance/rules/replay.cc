// REPLAY: the same request again gives the same octets and acts once, whatever lies between: a
// restart, another thread, a lost answer, a killed process.
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <thread>

#include "payment.h"
#include "set/identities.h"

namespace conform {
namespace {

using set::Manner;

constexpr const char* kTwice = "opb.h, call; set-processing 2.3";

void RequireSame(const Answer& first, const Answer& second) {
  Require(first.status == OPB_OK && second.status == OPB_OK, "no document");
  Require(first.document == second.document, "the second answer has other octets");
}

// --- which request, and what lies between --------------------------------------------------------

enum class Between { kNothing, kRestart, kThread, kTwoDays };

struct Gap {
  const char* id;
  const char* words;
  Between between;
};

constexpr Gap kGaps[] = {
    {"again", "sent again", Between::kNothing},
    {"restart", "sent again after close and open", Between::kRestart},
    {"thread", "sent again from another thread", Between::kThread},
    {"later", "sent again two days later", Between::kTwoDays},
};

Answer SendAfter(Payment& payment, Between between, const Node& request) {
  switch (between) {
    case Between::kNothing:
      break;
    case Between::kRestart:
      payment.Reopen();
      break;
    case Between::kThread: {
      Answer answer;
      std::thread([&] { answer = payment.context.Send(payment.wallet, request); }).join();
      return answer;
    }
    case Between::kTwoDays:
      payment.context.host().Advance(2 * 86400 * std::int64_t{1000});
      break;
  }
  return payment.context.Send(payment.wallet, request);
}

struct Step {
  const char* id;
  const char* words;
  // Brings the payment to the request, and gives it.
  Node (*consumer)(ConsumerPayment&);
  Node (*handler)(HandlerPayment&);
};

const Step kSteps[] = {
    {"start-consumer", "StartPaymentConsumer",
     [](ConsumerPayment& payment) { return payment.StartNode(); }, nullptr},
    {"pinitres", "ContinueProcess with PInitRes",
     [](ConsumerPayment& payment) {
       payment.Start();
       return payment.ContinueNode(payment.pinitres);
     },
     nullptr},
    {"pres", "ContinueProcess with PRes",
     [](ConsumerPayment& payment) {
       payment.Order();
       return payment.ContinueNode(payment.merchant.PRes(4, 0), "PRes");
     },
     nullptr},
    {"start-handler", "StartPaymentPaymentHandler", nullptr,
     [](HandlerPayment& payment) {
       payment.pinitreq = payment.cardholder.PInitReq();
       return payment.StartNode();
     }},
    {"preq", "ContinueProcess with PReq", nullptr,
     [](HandlerPayment& payment) {
       payment.gateway();
       payment.MakePReq();
       return payment.ContinueNode(payment.preq);
     }},
    {"preq-declined", "ContinueProcess with a PReq that is declined", nullptr,
     [](HandlerPayment& payment) {
       payment.gateway().Always(Manner::kDecline);
       payment.MakePReq();
       return payment.ContinueNode(payment.preq);
     }},
};

void CheckStep(Context& context, const Step& step, Between between) {
  const auto check = [&](Payment& payment, const Node& request) {
    const Answer first = context.Send(payment.wallet, request);
    Require(first.status == OPB_OK && !first.call().name.empty(), "no answer");
    RequireSame(first, SendAfter(payment, between, request));
  };
  if (step.consumer != nullptr) {
    ConsumerPayment payment(context);
    check(payment, step.consumer(payment));
  } else {
    HandlerPayment payment(context);
    check(payment, step.handler(payment));
    payment.ExpectNoFault();
    Require(payment.gateway().requests().size() <= 1, "more than one AuthReq was sent");
  }
}

// --- one authorization only ----------------------------------------------------------------------

void ExpectOneAuthorization(HandlerPayment& payment) {
  payment.ExpectNoFault();
  const auto requests = payment.gateway().requests();
  Require(!requests.empty(), "no AuthReq was sent");
  for (const Octets& request : requests) {
    Require(request == requests.front(), "two different AuthReqs were sent");
  }
  Require(payment.gateway().authorizations() == 1,
          fmt::format("{} authorizations", payment.gateway().authorizations()));
}

void ExpectPaid(HandlerPayment& payment, const Answer& answer) {
  Require(answer.call().name == "ContinueProcessResponse", "answered by " + answer.Summary());
  Judged("PRes", [&] { return payment.cardholder.TakePRes(answer.Message()); });
}

// The exchange goes wrong in this manner, then the request is repeated.
void Retry(Context& context, Manner manner, bool restart) {
  HandlerPayment payment(context);
  payment.gateway().Always(manner);
  payment.MakePReq();
  const Answer first = payment.SendPReq();
  Require(first.code() == "TransportError", "answered by " + first.Summary());
  if (restart) payment.Reopen();
  payment.gateway().Always(Manner::kApprove);
  ExpectPaid(payment, payment.SendPReq());
  ExpectOneAuthorization(payment);
}

void TwoThreads(Context& context) {
  HandlerPayment payment(context);
  payment.gateway();
  payment.MakePReq();
  const Node request = payment.ContinueNode(payment.preq);
  Answer answers[2];
  std::thread other([&] { answers[0] = context.Send(payment.wallet, request); });
  answers[1] = context.Send(payment.wallet, request);
  other.join();
  for (const Answer& answer : answers) {
    Require(!answer.refused() || answer.code() == "MsgBeingProc",
            "answered by " + answer.Summary());
  }
  ExpectPaid(payment, context.Send(payment.wallet, request));
  ExpectOneAuthorization(payment);
}

void TwoThreadsConsumer(Context& context) {
  ConsumerPayment payment(context);
  payment.Start();
  const Node request = payment.ContinueNode(payment.pinitres);
  Answer answers[2];
  std::thread other([&] { answers[0] = context.Send(payment.wallet, request); });
  answers[1] = context.Send(payment.wallet, request);
  other.join();
  const Octets preq = context.Send(payment.wallet, request).Message();
  for (const Answer& answer : answers) {
    Require(answer.code() == "MsgBeingProc" || answer.Message() == preq,
            "two threads got different PReqs");
  }
}

// --- a killed process ----------------------------------------------------------------------------

// Does `work` in a child that is killed in the end, without close.
void InKilledChild(Context& context, const std::function<void(Context&)>& work) {
  const int status = context.InChild([&](Context& inner) {
    work(inner);
    kill(getpid(), SIGKILL);
  });
  Require(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "the first process failed");
}

void WriteAll(int fd, const Octets& octets) {
  const auto size = static_cast<std::uint32_t>(octets.size());
  if (write(fd, &size, sizeof(size)) < 0 || write(fd, octets.data(), octets.size()) < 0) _exit(4);
}

Octets ReadAll(int fd) {
  std::uint32_t size = 0;
  if (read(fd, &size, sizeof(size)) != sizeof(size)) Fail("the first process said nothing");
  Octets octets(size);
  for (std::size_t at = 0; at < size;) {
    const auto got = read(fd, octets.data() + at, size - at);
    if (got <= 0) Fail("the first process said too little");
    at += static_cast<std::size_t>(got);
  }
  return octets;
}

void KilledConsumer(Context& context) {
  context.Wallet(kConsumer);
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error("pipe");
  InKilledChild(context, [&](Context& inner) {
    ConsumerPayment payment(inner);
    payment.Order();
    WriteAll(ends[1], payment.pinitres);
    WriteAll(ends[1], payment.preq);
  });
  const Octets pinitres = ReadAll(ends[0]);
  const Octets preq = ReadAll(ends[0]);
  ConsumerPayment payment(context);
  Require(payment.Continue(pinitres).Message() == preq, "the PReq after the crash is another one");
}

void KilledConsumerResumes(Context& context) {
  context.Wallet(kConsumer);
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error("pipe");
  InKilledChild(context, [&](Context& inner) {
    ConsumerPayment payment(inner);
    payment.Order();
    WriteAll(ends[1], payment.preq);
  });
  const Octets preq = ReadAll(ends[0]);
  ConsumerPayment payment(context);
  const Answer answer = context.Expect(payment.wallet, ResumePaymentConsumer(payment.deal));
  Require(answer.Message() == preq, "Resume after the crash gives other octets");
}

// The gateway of the parent is silent, the child is killed while it waits.
void KilledHandler(Context& context, bool answered) {
  context.Wallet(kHandler);
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error("pipe");
  const CounterpartyOptions options = context.counterparty();
  const set::Market market = set::ReadMarket(options.pki);
  set::Cardholder cardholder(set::MakeParty(options, 1), market, set::CertifiedCard(),
                             set::MakeBargain({}));
  const Octets pinitreq = cardholder.PInitReq();
  set::Gateway gateway(set::GatewayOptions(options),
                       set::Acquirer(set::MakeParty(options, 3), market));
  gateway.Always(answered ? Manner::kApprove : Manner::kSilent);
  int orders[2];
  if (pipe(orders) != 0) throw std::runtime_error("pipe");
  std::thread author([&] {
    cardholder.TakePInitRes(ReadAll(ends[0]));
    WriteAll(orders[1], cardholder.PReq());
  });
  Octets preq;
  InKilledChild(context, [&](Context& inner) {
    HandlerPayment payment(inner);
    payment.pinitreq = pinitreq;
    WriteAll(ends[1], inner.Expect(payment.wallet, payment.StartNode()).Message());
    const Octets order = ReadAll(orders[0]);
    WriteAll(ends[1], order);
    payment.Continue(order);
  });
  author.join();
  preq = ReadAll(ends[0]);
  Require(gateway.requests().size() >= 1, "no AuthReq was sent before the crash");
  gateway.Always(Manner::kApprove);
  HandlerPayment payment(context);
  const Answer answer = payment.Continue(preq);
  Require(answer.call().name == "ContinueProcessResponse", "answered by " + answer.Summary());
  Judged("PRes", [&] { return cardholder.TakePRes(answer.Message()); });
  const auto faults = gateway.faults();
  Require(faults.empty(), faults.empty() ? "" : faults.front());
  for (const Octets& request : gateway.requests()) {
    Require(request == gateway.requests().front(), "another AuthReq was sent after the crash");
  }
  Require(gateway.authorizations() == 1, "not one authorization");
}

// --- what looks like a repetition and is none ----------------------------------------------------

void SecondPInitRes(Context& context) {
  ConsumerPayment payment(context);
  payment.Order();
  payment.merchant.dice = set::SeededDice(99);
  const Octets second = payment.merchant.PInitRes(payment.pinitreq);
  ExpectNoMessage(payment.Continue(second), "EncapProtErr");
  payment.ExpectState("InProgress");
  Require(payment.Continue(payment.pinitres).Message() == payment.preq,
          "the first PInitRes gives another PReq now");
}

void XidElsewhere(Context& context) {
  HandlerPayment first(context);
  first.Pay();
  HandlerPayment second(context, CardKind::kCertified, {}, "2", first.wallet);
  second.Start();
  const Answer answer = second.Continue(first.preq);
  ExpectSetError(second, answer, set::kUnknownXid);
  Require(second.gateway().authorizations() == 1, "authorized twice");
  first.ExpectState("CompletedOk");
  second.ExpectState("InProgress");
}

void SameRrpidOtherOctets(Context& context) {
  HandlerPayment payment(context);
  payment.Pay();
  const Octets rrpid = set::Read(payment.preq).header().at("rrpid").octets();
  payment.cardholder.spoil["OIData"] = [rrpid](set::Value& order) { order["rrpid"] = rrpid; };
  payment.cardholder.spoil["MessageHeader"] = [rrpid](set::Value& header) {
    header["rrpid"] = rrpid;
  };
  const Octets second = payment.cardholder.PReq();
  ExpectSetError(payment, payment.Continue(second), set::kUnspecifiedFailure);
  ExpectOneAuthorization(payment);
  payment.ExpectState("CompletedOk");
}

void OtherTerms(Context& context) {
  ConsumerPayment payment(context);
  payment.Start();
  Deal other = payment.deal;
  other.terms.amount = "158.53";
  context.ExpectError(payment.wallet, StartPaymentConsumer(other), "AttValIllegal");
  payment.ExpectState("InProgress");
}

void QueryIsNotRemembered(Context& context) {
  ConsumerPayment payment(context);
  payment.Start();
  const std::string before = payment.Inquire().document;
  payment.Change("Failed");
  Require(payment.Inquire().document != before, "a query shows the state of before");
}

struct Single {
  const char* id;
  const char* clause;
  const char* sentence;
  void (*check)(Context&);
};

const Single kSingles[] = {
    {"REPLAY-retry-silent", "set-processing 7.6",
     "after TransportError the repeated call sends the same AuthReq and gives the PRes",
     [](Context& context) { Retry(context, Manner::kSilent, false); }},
    {"REPLAY-retry-hang-up", "set-processing 7.6",
     "after a connection that ended, the repeated call sends the same AuthReq",
     [](Context& context) { Retry(context, Manner::kHangUp, false); }},
    {"REPLAY-retry-half", "set-processing 7.6",
     "an answer that broke off was an authorization: the repeated call makes no second one",
     [](Context& context) { Retry(context, Manner::kHangUpMidAnswer, false); }},
    {"REPLAY-retry-false", "set-processing 7.6",
     "after a false AuthRes the repeated call sends the same AuthReq and gives the PRes",
     [](Context& context) { Retry(context, Manner::kForeignSigner, false); }},
    {"REPLAY-retry-restart", "set-processing 7.6",
     "after TransportError and a restart the repeated call sends the same AuthReq",
     [](Context& context) { Retry(context, Manner::kSilent, true); }},
    {"REPLAY-two-threads", kTwice, "a PReq sent by two threads at once is authorized once",
     TwoThreads},
    {"REPLAY-two-threads-consumer", kTwice, "a PInitRes sent by two threads at once gives one PReq",
     TwoThreadsConsumer},
    {"REPLAY-killed-consumer", kTwice,
     "a consumer that was killed gives the same PReq for the same PInitRes", KilledConsumer},
    {"REPLAY-killed-consumer-resume", "RFC 3538, 8.7; errata E-118",
     "ResumePaymentConsumer after a crash gives the last message octet for octet",
     KilledConsumerResumes},
    {"REPLAY-killed-waiting", "set-processing 7.6",
     "a payment handler killed while the gateway was silent sends the same AuthReq",
     [](Context& context) { KilledHandler(context, false); }},
    {"REPLAY-killed-answered", "set-processing 7.6",
     "a payment handler killed after the authorization makes no second one",
     [](Context& context) { KilledHandler(context, true); }},
    {"REPLAY-second-pinitres", "set-processing 2.3",
     "a second, different PInitRes is EncapProtErr without message and changes nothing",
     SecondPInitRes},
    {"REPLAY-xid-elsewhere", "set-processing 2.3",
     "a PReq of another payment is Error unknownXID and touches neither", XidElsewhere},
    {"REPLAY-same-rrpid", "set-processing 2.3",
     "the same RRPID with other octets is Error unspecifiedFailure and authorizes nothing",
     SameRrpidOtherOctets},
    {"REPLAY-other-terms", "RFC 3867, 4.3.1",
     "StartPaymentConsumer with a known id and another amount is AttValIllegal", OtherTerms},
    {"REPLAY-query", "D-73", "a repeated query shows the present state", QueryIsNotRemembered},
};

}  // namespace

void AddReplayRules(Rules& rules) {
  for (const Step& step : kSteps) {
    for (const Gap& gap : kGaps) {
      Rule rule;
      rule.id = fmt::format("REPLAY-{}-{}", step.id, gap.id);
      rule.clause = kTwice;
      rule.sentence =
          fmt::format("{}, {}, gives the same octets and acts once", step.words, gap.words);
      rule.check = [&step, &gap](Context& context) { CheckStep(context, step, gap.between); };
      rules.push_back(std::move(rule));
    }
  }
  for (const Single& single : kSingles) {
    rules.push_back({single.id, single.clause, single.sentence, Level::kMust, single.check});
  }
}

}  // namespace conform
