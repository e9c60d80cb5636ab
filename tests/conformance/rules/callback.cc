// CALLBACK: opb.host-callback/1 (RFC 3867, 5).
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "stages.h"

namespace conform {
namespace {

constexpr const char* kClause = "RFC 3867, 5";
constexpr std::string_view kFunction = "progress";

std::string Response(std::string_view call) {
  return fmt::format("<IotpPaymentApiResponse xmlns=\"{}\">{}</IotpPaymentApiResponse>", kNamespace,
                     call);
}

// The start of a payment that names the function, and the languages with it, as RFC 3867, 4.3.1,
// asks for.
Node Naming(std::string_view languages = "en") {
  Node call = StartPaymentConsumer(Deal());
  call.Set("CallBackFunction", kFunction);
  call.Set("CallBackLanguageList", languages);
  return call;
}

// What the host was told.
struct Told {
  std::string function;
  std::string document;
  Node call = {};  // the CallBack element
};

// A host that answers each CallBack by `answer`, and a start that names its function.
struct Listening {
  explicit Listening(Context& c, std::string answer = Response("<CallBackResponse/>"),
                     std::string_view languages = "en")
      : context(c), start(Naming(languages)) {
    c.host().OfferCallBack(
        [this, answer](std::string_view function, std::string_view request, std::string& response) {
          Told one{std::string(function), std::string(request)};
          if (auto root = ReadXml(request); root && !root->children.empty()) {
            one.call = root->children.back();
          }
          const std::lock_guard lock(mutex);
          told.push_back(std::move(one));
          response = answer;
          return OPB_OK;
        });
  }

  std::size_t count() {
    const std::lock_guard lock(mutex);
    return told.size();
  }
  void RequireTold() { Require(count() > 0, "the host was not called back"); }

  Context& context;
  Node start;
  std::mutex mutex;
  std::vector<Told> told;
};

void NoService(Context& c) { c.Expect(c.Open(kConsumer), Naming()); }

void NotNamed(Context& c) {
  Listening host(c);
  host.start.Remove("CallBackFunction");
  c.Expect(c.Open(kConsumer), host.start);
  Require(host.count() == 0, "the host was called back without having named a function");
}

void Called(Context& c) {
  Listening host(c);
  c.Expect(c.Open(kConsumer), host.start);
  host.RequireTold();
  Require(host.told[0].function == kFunction, "the function is " + host.told[0].function);
}

void ValidRequest(Context& c) {
  Listening host(c);
  c.Expect(c.Open(kConsumer), host.start);
  host.RequireTold();
  const auto root = ReadXml(host.told[0].document);
  Require(root && root->name == "IotpPaymentApiRequest" && root->children.size() == 1 &&
              root->children[0].name == "CallBack",
          "the document is no CallBack: " + host.told[0].document);
  Require(host.told[0].call.Get("PayId") == "C-1", "the PayId is another");
}

void TellsState(Context& c) {
  Listening host(c);
  c.Expect(c.Open(kConsumer), host.start);
  host.RequireTold();
  Require(host.told.back().call.Get("ProcessState") == "InProgress" &&
              host.told.back().call.Get("PercentComplete") == "40",
          "after the PInitReq: " + host.told.back().document);
}

void AfterCommit(Context& c) {
  const opb_wallet wallet = c.Open(kMerchant);  // opens before the service is offered
  c.Close(wallet);
  std::string seen;
  opb_wallet consumer = 0;
  c.host().OfferCallBack([&](std::string_view, std::string_view, std::string& response) {
    const Answer answer = c.Send(consumer, InquireProcessState("C-1"));
    if (seen.empty()) {
      seen = answer.refused() ? answer.Summary() : answer.call().Get("ProcessState");
    }
    response = Response("<CallBackResponse/>");
    return OPB_OK;
  });
  consumer = c.Open(kConsumer);
  c.Expect(consumer, Naming());
  Require(!seen.empty(), "the host was not called back");
  Require(seen == "InProgress", "asked from inside the CallBack the payment is " + seen);
}

void NotForReplay(Context& c) {
  Listening host(c);
  const opb_wallet wallet = c.Open(kConsumer);
  c.Expect(wallet, host.start);
  host.RequireTold();
  const std::size_t before = host.count();
  c.Expect(wallet, host.start);
  Require(host.count() == before, "a repeated request called back again");
}

void Language(Context& c) {
  Listening host(c, Response("<CallBackResponse/>"), "de en");
  c.Expect(c.Open(kConsumer), host.start);
  host.RequireTold();
  Require(host.told[0].call.Get("xml:lang") == "de",
          "xml:lang is \"" + host.told[0].call.Get("xml:lang") + "\"");
}

void Garbage(Context& c) {
  Listening host(c, "<garbage");
  const opb_wallet wallet = c.Open(kConsumer);
  c.Expect(wallet, host.start);
  host.RequireTold();
  const Answer answer = c.Send(wallet, InquireProcessState("C-1"));
  Require(answer.call().Get("ProcessState") == "InProgress", "after garbage: " + answer.document);
}

void Failing(Context& c) {
  std::atomic<int> calls = 0;
  c.host().OfferCallBack([&](std::string_view, std::string_view, std::string&) {
    ++calls;
    return OPB_E_INTERNAL;
  });
  const opb_wallet wallet = c.Open(kConsumer);
  c.Expect(wallet, Naming());
  Require(calls > 0, "the host was not called back");
  const Answer answer = c.Send(wallet, InquireProcessState("C-1"));
  Require(answer.call().Get("ProcessState") == "InProgress", "the payment is harmed");
}

void Cancelled(Context& c, const std::string& response) {
  Listening host(c, response);
  ConsumerStage payment(c);
  c.Send(payment.wallet, host.start);
  host.RequireTold();
  const Answer answer = c.Send(payment.wallet, InquireProcessState("C-1"));
  Require(answer.call().Get("ProcessState") == "Failed" &&
              answer.call().Get("CompletionCode") == "ConsCancelled",
          "after the cancel: " + answer.document);
}

void CancelledByCode(Context& c) {
  Cancelled(c, Response("<CallBackResponse CompletionCode=\"ConsCancelled\"/>"));
}

void CancelledByError(Context& c, std::string_view code) {
  Cancelled(c, Response(fmt::format("<ErrorResponse ErrorCode=\"{}\" ErrorDesc=\"no\" "
                                    "Severity=\"HardError\"><ErrorLocation "
                                    "ElementType=\"CallBack\"/></ErrorResponse>",
                                    code)));
}

void HoldsItsOwnCallOnly(Context& c) {
  std::atomic<bool> inside = false;
  std::atomic<bool> leave = false;
  std::atomic<bool> gave_up = false;
  c.host().OfferCallBack([&](std::string_view, std::string_view, std::string& response) {
    if (!inside.exchange(true)) {
      for (int i = 0; i < 500 && !leave; ++i) usleep(10000);
      gave_up = !leave;
    }
    response = Response("<CallBackResponse/>");
    return OPB_OK;
  });
  const opb_wallet wallet = c.Open(kConsumer);
  std::thread held([&] { c.Send(wallet, Naming()); });
  for (int i = 0; i < 200 && !inside; ++i) usleep(10000);
  Deal other;
  other.consumer_pay_id = "C-2";
  const bool called = inside;
  const Answer answer = c.Send(wallet, StartPaymentConsumer(other));
  const Answer query = c.Send(wallet, InquireProcessState("C-1"));
  leave = true;
  held.join();
  Require(called, "the host was not called back");
  Require(!answer.refused(), "another payment: " + answer.Summary());
  Require(!query.refused(), "a query: " + query.Summary());
  Require(!gave_up, "another payment or a query waited for the CallBack");
}

}  // namespace

void AddCallBackRules(Rules& rules) {
  const auto add = [&](const char* id, const char* sentence, void (*check)(Context&)) {
    rules.push_back({id, kClause, sentence, Level::kMust, check});
  };
  add("CALLBACK-no-service", "a host without the service is served all the same", NoService);
  add("CALLBACK-not-named", "a request that names no function is not called back", NotNamed);
  add("CALLBACK-called", "the function that the request names is called", Called);
  add("CALLBACK-valid", "what the host gets is a CallBack for the PayId", ValidRequest);
  add("CALLBACK-state", "a CallBack tells ProcessState and PercentComplete", TellsState);
  add("CALLBACK-after-commit", "what a CallBack tells can be asked from inside it", AfterCommit);
  add("CALLBACK-not-for-replay", "a repeated request does not call back again", NotForReplay);
  add("CALLBACK-language", "CallBackLanguageList chooses the language", Language);
  add("CALLBACK-garbage", "a host that answers garbage harms nothing", Garbage);
  add("CALLBACK-failing", "a service that fails harms nothing", Failing);
  add("CALLBACK-cancel-code", "CallBackResponse with ConsCancelled cancels the payment",
      CancelledByCode);
  add("CALLBACK-cancel-error", "ErrorResponse with BusError cancels the payment",
      [](Context& c) { CancelledByError(c, "BusError"); });
  rules.push_back({"CALLBACK-cancel-alias", "RFC 3867, 5; errata E-2",
                   "ErrorResponse with BusinessError cancels the payment as BusError does",
                   Level::kShould, [](Context& c) { CancelledByError(c, "BusinessError"); }});
  add("CALLBACK-held", "a CallBack that does not return holds its own call only",
      HoldsItsOwnCallOnly);
}

}  // namespace conform
