// THREAD: every function from any thread at any time (opb.h, Threads).
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include "stages.h"

namespace conform {
namespace {

constexpr const char* kClause = "opb.h, Threads";
constexpr int kThreads = 8;

template <typename Work>
void InThreads(const Work& work) {
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back([&work, i] { work(i); });
  for (std::thread& thread : threads) thread.join();
}

void SameRequest(Context& c) {
  const opb_wallet wallet = c.Open(kConsumer);
  const std::string request = WriteRequest(StartPaymentConsumer(Deal()));
  std::vector<Answer> answers(kThreads);
  InThreads([&](int i) {
    do {
      answers[static_cast<std::size_t>(i)] = c.Send(wallet, request);
    } while (answers[static_cast<std::size_t>(i)].code() == "MsgBeingProc");
  });
  std::set<std::string> documents;
  for (const Answer& answer : answers) {
    Require(!answer.refused(), "one thread got " + answer.Summary());
    documents.insert(answer.document);
  }
  Require(documents.size() == 1,
          fmt::format("one request was answered in {} ways", documents.size()));
}

void OwnPayments(Context& c) {
  const opb_wallet wallet = c.Open(kConsumer);
  std::atomic<int> bad = 0;
  InThreads([&](int i) {
    for (int j = 0; j < 4; ++j) {
      Deal deal;
      deal.consumer_pay_id = fmt::format("C-{}-{}", i, j);
      const Answer start = c.Send(wallet, StartPaymentConsumer(deal));
      const Answer query = c.Send(wallet, InquireProcessState(deal.consumer_pay_id));
      for (const Answer* answer : {&start, &query}) {
        if (answer->status != OPB_OK || answer->refused()) ++bad;
      }
    }
  });
  Require(bad == 0, fmt::format("{} calls of independent payments were refused", bad.load()));
}

// A PReq that waits for an acquirer that takes it and says nothing, in a thread of its own.
struct Waiting {
  explicit Waiting(Context& c) : payment(c, Issuer::kSilent) {
    payment.Start();
    payment.preq = payment.cardholder->PReq(payment.pinitres);
    request = WriteRequest(ContinueProcess("P-1", payment.preq));
    thread = std::thread([this, &c] {
      c.Send(payment.wallet, request);
      ended = true;
    });
    for (int i = 0; i < 300 && payment.gateway->connections() == 0; ++i) usleep(10000);
    if (payment.gateway->connections() == 0) {
      thread.join();
      Fail("the acquirer is not asked");
    }
  }
  ~Waiting() { thread.join(); }

  // Whether the exchange goes on.  A call that waited for its end returned with it: the thread gets
  // time to say so.
  bool GoesOn() const {
    usleep(50000);
    return !ended;
  }

  HandlerStage payment;
  std::string request;
  std::atomic<bool> ended = false;
  std::thread thread;
};

void QueriesGoOn(Context& c) {
  Waiting waiting(c);
  const Answer answer = waiting.payment.Inquire();
  const bool in_time = waiting.GoesOn();
  Require(answer.call().Get("ProcessState") == "InProgress", "the query: " + answer.Summary());
  Require(in_time, "the query was answered only when the exchange had ended");
}

void BeingProcessed(Context& c) {
  Waiting waiting(c);
  const Answer answer = c.Send(waiting.payment.wallet, waiting.request);
  const bool in_time = waiting.GoesOn();
  Require(in_time, "the second call was answered only when the exchange had ended");
  Require(answer.code() == "MsgBeingProc", "the second call: " + answer.Summary());
  Require(answer.call().Get("Severity") == "TransientError", "it is no TransientError");
}

void CloseWhileWaiting(Context& c) {
  Waiting waiting(c);
  const opb_status status = c.Close(waiting.payment.wallet);
  const bool in_time = waiting.GoesOn();
  if (in_time) Require(status == OPB_E_STATE, "close during a call: " + StatusName(status));
}

void OtherPayments(Context& c) {
  Waiting waiting(c);
  Deal deal;
  deal.handler_pay_id = "P-2";
  const auto cardholder = MakeCardholder(c.counterparty(), deal.terms);
  const Answer answer =
      c.Send(waiting.payment.wallet, StartPaymentPaymentHandler(deal, cardholder->PInitReq()));
  const bool in_time = waiting.GoesOn();
  Require(!answer.refused(), "another payment: " + answer.Summary());
  Require(in_time, "another payment waited for the exchange of the first");
}

void SignalsBlocked(Context& c) {
  std::set<std::string> before;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    before.insert(task.path().filename().string());
  }
  HandlerStage payment(c);
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    before.insert(task.path().filename().string());  // those of the judge's own gateway
  }
  payment.PReq();
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    if (before.contains(task.path().filename().string())) continue;
    std::ifstream status(task.path() / "status");
    std::string name;
    for (std::string line; std::getline(status, line);) {
      if (line.starts_with("Name:")) name = line.substr(6);
      if (!line.starts_with("SigBlk:")) continue;
      const unsigned long long blocked = std::stoull(line.substr(8), nullptr, 16);
      // SIGTERM, SIGINT, SIGHUP, SIGCHLD, SIGALRM, SIGUSR1
      constexpr unsigned long long kSome =
          (1ull << 14) | (1ull << 1) | 1ull | (1ull << 16) | (1ull << 13) | (1ull << 9);
      if (name != "opb-conform" || (blocked & kSome) != 0) {
        Require((blocked & kSome) == kSome,
                fmt::format("thread {} takes signals (SigBlk {:x})", name, blocked));
      }
    }
  }
}

void ServiceCallsIn(Context& c) {
  const opb_wallet wallet = c.Open(kConsumer);
  std::atomic<int> depth = 0;
  std::atomic<bool> failed = false;
  c.host().on_log = [&] {
    if (depth.fetch_add(1) == 0) {
      if (c.Send(wallet, InquireProcessState("X-1")).status != OPB_OK) failed = true;
    }
    --depth;
  };
  c.Expect(wallet, StartPaymentConsumer(Deal()));
  c.Send(wallet, "<");
  c.host().on_log = {};
  Require(!failed, "a call from inside the log service failed");
}

void OpenAndClose(Context& c) {
  c.module();
  const auto from = c.Wallet(kConsumer);
  for (int i = 0; i < kThreads; ++i) c.Wallet(kConsumer, fmt::format("copy-{}", i));
  std::atomic<int> bad = 0;
  InThreads([&](int i) {
    for (int j = 0; j < 3; ++j) {
      opb_wallet wallet = 0;
      if (c.TryOpen(c.setting().directory / fmt::format("copy-{}", i), OPB_ROLE_CONSUMER,
                    &wallet) != OPB_OK ||
          c.Send(wallet, InquireProcessState("X-1")).status != OPB_OK ||
          c.Close(wallet) != OPB_OK) {
        ++bad;
      }
    }
  });
  Require(bad == 0, fmt::format("{} of 24 openings in 8 threads failed", bad.load()));
}

}  // namespace

void AddThreadRules(Rules& rules) {
  const auto add = [&](const char* id, const char* clause, const char* sentence,
                       void (*check)(Context&)) {
    rules.push_back({id, clause, sentence, Level::kMust, check});
  };
  add("THREAD-same-request", "opb.h, call", "one request from eight threads gets one answer",
      SameRequest);
  add("THREAD-own-payments", kClause, "payments of different threads do not hinder each other",
      OwnPayments);
  add("THREAD-open-close", kClause, "wallets are opened and closed from any thread", OpenAndClose);
  add("THREAD-query-while-waiting", kClause,
      "a query is answered while the payment waits for the acquirer", QueriesGoOn);
  add("THREAD-being-processed", "RFC 3867, 2.6.2, Table 2",
      "the same PReq from a second thread is MsgBeingProc while the first waits", BeingProcessed);
  add("THREAD-other-payments", kClause, "another payment starts while one waits for the acquirer",
      OtherPayments);
  add("THREAD-close-while-waiting", "opb.h, close", "close during a call is OPB_E_STATE",
      CloseWhileWaiting);
  add("THREAD-signals-blocked", kClause, "threads of the module leave signals to the host",
      SignalsBlocked);
  add("THREAD-service-calls-in", kClause, "the log service may call back into the module",
      ServiceCallsIn);
}

}  // namespace conform
