#include "fuzz/call_sequence/play.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "fuzz/target.h"
#include "schema/reader.h"

namespace call_sequence {
namespace {

using bridge::programs::PurchaseOrder;
using fuzz::Require;
using schema::Node;

constexpr std::string_view kWalletNames = "mcdpq";
constexpr std::string_view kScheme = "PaySchemePackagedContent";
constexpr std::string_view kSoftwareId = "The SET Bridge authors, fuzz, 1.0.0, release";
constexpr std::array<std::string_view, 6> kStates = {"NotYetStarted", "InProgress", "Suspended",
                                                     "CompletedOk",   "Failed",     "ProcessError"};
constexpr std::array<std::string_view, 5> kCompletionCodes = {"", "ConsCancelled", "PaymtCancelled",
                                                              "PaymentDecl", "Nonsense"};
constexpr std::int64_t kSecond = 1000;
constexpr std::int64_t kDay = 86400 * kSecond;
constexpr std::array<std::int64_t, 12> kJumps = {
    kSecond, -kSecond, 61 * kSecond, -61 * kSecond, 3600 * kSecond, -3600 * kSecond,
    kDay,    -kDay,    40 * kDay,    -40 * kDay,    401 * kDay,     -401 * kDay};
// The clocks of hosts stand between 1970 and 2100.
constexpr std::int64_t kLatest = 4102444800 * kSecond;

}  // namespace

// Line hands out the choices of one line.
class Play::Line {
 public:
  explicit Line(std::string_view text) : text_(text) {}
  char Letter() { return Next('\0'); }
  std::size_t Below(std::size_t bound) {
    const auto c = static_cast<unsigned char>(Next('0'));
    if (c >= '0' && c <= '9') return static_cast<std::size_t>(c - '0') % bound;
    if (c >= 'a' && c <= 'z') return static_cast<std::size_t>(c - 'a' + 10) % bound;
    return c % bound;
  }

 private:
  char Next(char otherwise) {
    if (text_.empty()) return otherwise;
    const char c = text_.front();
    text_.remove_prefix(1);
    return c;
  }
  std::string_view text_;
};

Edit Play::ReadEdit(Line& line) {
  const std::size_t kind = line.Below(kEdits);
  return {kind, line.Below(kParameters)};
}

Play::Play(Wallets& wallets) : wallets_(wallets) {
  constexpr std::array<std::string_view, kPayments> kAmounts = {"157.53", "20.00", "1500.00",
                                                                "12000"};
  for (std::size_t i = 0; i < kPayments; ++i) {
    const std::string number = std::to_string(i);
    PurchaseOrder order;
    order.amount = kAmounts[i];
    order.curr_code = i == 3 ? "JPY" : "USD";
    order.instrument = i == 1 ? "plain" : "signed";
    order.merchant_pay_id = "M-" + number;
    order.consumer_pay_id = "C-" + number;
    order.handler_pay_id = "P-" + number;
    purchases_.emplace_back(std::move(order), [this](Role role, const std::string& request) {
      return tl::expected<std::string, std::string>(
          Ask(acting_[static_cast<std::size_t>(role)], request));
    });
  }
}

void Play::Run(std::string_view program) {
  for (int steps = 0; !program.empty() && steps < kMaxSteps; ++steps) {
    const std::size_t end = std::min(program.find('\n'), program.size());
    Step(Line(program.substr(0, end)));
    program.remove_prefix(std::min(end + 1, program.size()));
    CrashIfDue();
    CheckNext();
  }
  for (std::size_t wallet = 0; wallet < kWallets; ++wallet) {
    if (!wallets_.is_open(wallet)) continue;
    wallets_.Close(wallet);
    CheckLedgers(wallets_, wallet);
  }
}

void Play::Step(Line line) {
  edit_ = {};
  const char what = line.Letter();
  const bool purchase_step = (what >= '1' && what <= '9') || (what >= 'a' && what <= 'c');
  if (purchase_step) {
    const std::size_t payment = line.Below(kPayments);
    const std::size_t second = line.Below(2);
    acting_ = {kConsumer + second, kMerchant, kHandler + second};
    edit_ = ReadEdit(line);
    TakePurchaseStep(payment, static_cast<std::size_t>(what <= '9' ? what - '1' : what - 'a' + 9));
    return;
  }
  const auto wallet = [&] { return line.Below(kWallets); };
  switch (what) {
    case 'P':
      return Walk(line);
    case 'S':
      return ChangeState(line);
    case 'R':
      return Resume(line);
    case 'C':
      return Continue(line);
    case 'V':
      return InquireStatus(line);
    case 'H':
      return ContinueInquiry(line);
    case 'M':
      return Manage(line);
    case 'A':
      return Again(line);
    case 'I':
    case 'L': {
      const std::size_t payment = line.Below(kPayments);
      const std::size_t asked = wallet();
      edit_ = ReadEdit(line);
      return Send(asked, Node(what == 'I' ? "InquireProcessState" : "RemovePaymentLog")
                             .Set("PayId", PayId(asked, payment)));
    }
    case 'J': {
      const std::size_t payment = line.Below(kPayments);
      const std::size_t asked = kConsumer + line.Below(2);
      edit_ = ReadEdit(line);
      const std::size_t before = pool_.size();
      Send(asked, Node("StartPaymentInquiry").Set("ConsumerPayId", PayId(asked, payment)));
      if (pool_.size() > before) inqreq_[payment] = pool_.back();
      return;
    }
    case 'Q': {
      const std::size_t asked = wallet();
      edit_ = ReadEdit(line);
      return Send(asked, Node("InquirePendingPayment"));
    }
    case 'T': {
      const std::size_t asked = wallet();
      edit_ = ReadEdit(line);
      return Send(asked, Node("PaymentInstrumentInquiry")
                             .Set("BrandId", "VISA")
                             .Set("PaymentInstrumentId", "signed")
                             .Set("ProtocolId", "SETv1.0")
                             .Set("PropertyTypeList", "all"));
    }
    case 'U': {
      const std::size_t asked = wallet();
      edit_ = ReadEdit(line);
      return Send(asked, Node("InquireAuthChallenge").Set("AuthenticationId", "1"));
    }
    case 'Z': {
      const std::int64_t jump = kJumps[line.Below(kJumps.size())];
      const std::int64_t then = wallets_.now_ms() + jump;
      if (then <= 0 || then >= kLatest) return;
      wallets_.MoveClock(jump);
      for (auto& [place, shown] : shown_) shown.until_ms = std::max(shown.until_ms, then);
      return;
    }
    case 'O': {
      const std::size_t closed = wallet();
      if (!wallets_.is_open(closed)) return;
      wallets_.Reopen(closed);
      return CheckAll(closed);
    }
    case 'D': {
      const std::size_t crashed = wallet();
      if (!wallets_.is_open(crashed)) return;
      wallets_.TakeSnapshot(crashed);
      wallets_.Crash(crashed);
      return CheckAll(crashed);
    }
    case 'E': {
      const std::size_t crashing = kHandler + line.Below(2);
      wallets_.acquirer(crashing).OnRequest([this, crashing] {
        wallets_.TakeSnapshot(crashing);
        crash_due_ = crashing;
      });
      return;
    }
    case 'G': {
      const std::size_t handler = kHandler + line.Below(2);
      return wallets_.acquirer(handler).SetMood(static_cast<Mood>(line.Below(kMoods)));
    }
    case 'B':
      return wallets_.SetHostMood(static_cast<HostMood>(line.Below(4)));
    default:
      return;
  }
}

void Play::Walk(Line line) {
  const std::size_t payment = line.Below(kPayments);
  const std::size_t consumer = kConsumer + line.Below(2);
  const std::size_t handler = kHandler + line.Below(2);
  acting_ = {consumer, kMerchant, handler};
  const std::size_t last = line.Below(12);
  for (std::size_t step = 0; step <= last; ++step) TakePurchaseStep(payment, step);
}

void Play::TakePurchaseStep(std::size_t payment, std::size_t step) {
  using Steps = Purchase::Result (Purchase::*)();
  static constexpr std::array<Steps, 12> kSteps = {
      &Purchase::FindAcceptedPaymentBrand,     &Purchase::FindAcceptedPaymentProtocol,
      &Purchase::GetPaymentInitializationData, &Purchase::FindPaymentInstrument,
      &Purchase::CheckPaymentPossibility,      &Purchase::StartPaymentConsumer,
      &Purchase::StartPaymentPaymentHandler,   &Purchase::ContinueConsumerPInitRes,
      &Purchase::ContinuePaymentHandler,       &Purchase::ContinueConsumerPRes,
      &Purchase::CheckPaymentReceipt,          &Purchase::ExpandPaymentReceipt};
  const auto done = (purchases_[payment].*kSteps[step % kSteps.size()])();
  Require(done.has_value(), "an answer is a valid response");
}

void Play::Send(std::size_t wallet, const Node& call) {
  Ask(wallet, schema::WriteRequest(call, {std::string(kSoftwareId), {}}));
}

std::string Play::PayId(std::size_t wallet, std::size_t payment) const {
  constexpr std::string_view kLetters = "CMP";  // in the order of Role
  return std::string(1, kLetters[static_cast<std::size_t>(RoleOf(wallet))]) + "-" +
         std::to_string(payment);
}

Node Play::Scheme(std::string_view base64, std::string_view name) const {
  return schema::PackagedContent(kScheme, name, "PCDATA", "BASE64", base64);
}

std::string Play::PoolMessage(std::size_t number) const {
  if (pool_.empty()) return {};
  return pool_[pool_.size() - 1 - number % pool_.size()];
}

void Play::ChangeState(Line line) {
  const std::size_t payment = line.Below(kPayments);
  const std::size_t wallet = line.Below(kWallets);
  Node call("ChangeProcessState");
  call.Set("PayId", PayId(wallet, payment))
      .Set("ProcessState", kStates[line.Below(kStates.size())]);
  const std::string_view code = kCompletionCodes[line.Below(kCompletionCodes.size())];
  if (!code.empty()) call.Set("CompletionCode", code);
  if (line.Below(2) == 1) call.Set("ProcessType", "Inquiry");
  edit_ = ReadEdit(line);
  Send(wallet, call);
}

void Play::Resume(Line line) {
  const std::size_t payment = line.Below(kPayments);
  const std::size_t wallet = line.Below(kWallets);
  const std::size_t message = line.Below(4);
  edit_ = ReadEdit(line);
  if (RoleOf(wallet) != Role::kPaymentHandler) {
    return Send(wallet, Node("ResumePaymentConsumer").Set("ConsumerPayId", PayId(wallet, payment)));
  }
  Node call("ResumePaymentPaymentHandler");
  call.Set("PaymentHandlerPayId", PayId(wallet, payment));
  const Purchase& purchase = purchases_[payment];
  if (message == 1) call.Add(Scheme(purchase.pinitreq(), {}));
  if (message == 2) call.Add(Scheme(purchase.preq(), {}));
  if (message == 3) call.Add(Scheme(PoolMessage(0), {}));
  Send(wallet, call);
}

void Play::Continue(Line line) {
  constexpr std::array<std::string_view, 5> kNames = {"", "PRes", "InqRes", "Error", "Initiation"};
  const std::size_t payment = line.Below(kPayments);
  const std::size_t wallet = line.Below(kWallets);
  const std::string message = PoolMessage(line.Below(256));
  const std::string_view name = kNames[line.Below(kNames.size())];
  Node call("ContinueProcess");
  call.Set("PayId", PayId(wallet, payment));
  if (line.Below(2) == 1) call.Set("ProcessType", "Inquiry");
  call.Add(Scheme(message, name));
  edit_ = ReadEdit(line);
  Send(wallet, call);
}

void Play::InquireStatus(Line line) {
  const std::size_t payment = line.Below(kPayments);
  const std::size_t wallet = kHandler + line.Below(2);
  Node call("InquirePaymentStatus");
  call.Set("PaymentHandlerPayId", PayId(wallet, payment));
  const std::size_t message = line.Below(3);
  if (message == 0) call.Add(Scheme(inqreq_[payment], {}));
  if (message == 2) call.Add(Scheme(PoolMessage(0), {}));
  edit_ = ReadEdit(line);
  const std::size_t before = pool_.size();
  Send(wallet, call);
  if (pool_.size() > before) inqres_[payment] = pool_.back();
}

void Play::ContinueInquiry(Line line) {
  const std::size_t payment = line.Below(kPayments);
  const std::size_t wallet = kConsumer + line.Below(2);
  edit_ = ReadEdit(line);
  Send(wallet, Node("ContinueProcess")
                   .Set("PayId", PayId(wallet, payment))
                   .Set("ProcessType", "Inquiry")
                   .Add(Scheme(inqres_[payment], "InqRes")));
}

void Play::Manage(Line line) {
  constexpr std::array<std::string_view, 3> kActions = {"New", "Update", "Delete"};
  constexpr std::array<std::string_view, 5> kTexts = {
      "[[instrument]]\nid = \"third\"\nname = \"Another card\"\nbrand_id = \"VISA\"\n"
      "protocol_brand_id = \"VISA\"\npan = \"4000000000000028\"\nexpiry = \"203012\"\n",
      "[[instrument]]\nid = \"plain\"\nname = \"A renamed card\"\nbrand_id = \"VISA\"\n"
      "protocol_brand_id = \"VISA\"\npan = \"4000000000000028\"\nexpiry = \"203112\"\n",
      "[[instrument]]\nid = \"plain\"\n", "[[instrument]]\nid = \"third\"\n",
      "[[instrument]]\nid = \"signed\"\n"};
  const std::size_t wallet = line.Below(kWallets);
  const std::string_view action = kActions[line.Below(kActions.size())];
  const std::string_view text = kTexts[line.Below(kTexts.size())];
  edit_ = ReadEdit(line);
  Node call("ManagePaymentSoftware");
  call.Set("BrandId", "VISA").Set("ProtocolId", "SETv1.0").Set("Action", action);
  call.Add(
      schema::PackagedContent("BrandPackagedContent", "SET:Instrument", "PCDATA", "NONE", text));
  Send(wallet, call);
}

void Play::Again(Line line) {
  if (requests_.empty()) return;
  const std::size_t back = line.Below(256) % requests_.size();
  const auto [wallet, request] = requests_[requests_.size() - 1 - back];
  const std::size_t other = line.Below(kWallets + 1);  // '0': the same
  AskUnbent(other == 0 ? wallet : other - 1, request);
}

std::string Play::Ask(std::size_t wallet, std::string request) {
  return AskUnbent(wallet, Bend(edit_, wallet, PoolMessage(edit_.parameter), std::move(request)));
}

Shown Play::Known(std::size_t wallet, const std::string& pay_id) const {
  const auto known = shown_.find({wallet, pay_id});
  return known == shown_.end() ? Shown{} : known->second;
}

Shown Play::Show(std::size_t wallet, const std::string& pay_id) {
  Shown shown;
  shown.answer =
      wallets_.Call(wallet, schema::WriteRequest(Node("InquireProcessState").Set("PayId", pay_id),
                                                 {std::string(kSoftwareId), {}}));
  if (Shown known = Known(wallet, pay_id); known.answer == shown.answer) return known;
  const auto document = schema::ReadResponse(shown.answer);
  Require(document.has_value(), "an answer is a valid response");
  RequireNoSecret(shown.answer);
  const schema::Element& answer = document->call();
  if (answer.name == "ErrorResponse") return Shown{};
  shown.state = answer.Value("ProcessState");
  shown.percent = std::atoi(std::string(answer.Value("PercentComplete")).c_str());
  sights_.insert(std::string(1, kWalletNames[wallet]) + " " + shown.state);
  return shown;
}

void Play::Keep(std::size_t wallet, const std::string& pay_id, Shown shown) {
  const Shown before = Known(wallet, pay_id);
  const std::int64_t now_ms = wallets_.now_ms();
  const bool same = before.state == shown.state;
  shown.since_ms = same ? std::min(before.since_ms, now_ms) : now_ms;
  shown.until_ms = same ? before.until_ms : now_ms;
  if (!shown.state.empty()) {
    shown_[{wallet, pay_id}] = std::move(shown);
  } else if (shown_.erase({wallet, pay_id}) != 0) {
    answers_.Forget(wallet, pay_id);
  }
}

std::string Play::AskUnbent(std::size_t wallet, const std::string& request) {
  requests_.emplace_back(wallet, request);
  std::string response = wallets_.Call(wallet, request);
  const auto document = schema::ReadResponse(response);
  Require(document.has_value(), "an answer is a valid response");
  RequireNoSecret(response);
  const schema::Element& answer = document->call();
  sights_.insert(answer.name == "ErrorResponse"
                     ? "refused " + std::string(answer.Value("ErrorCode"))
                     : std::string(answer.name));
  const schema::Element* scheme = answer.Child(kScheme);
  if (scheme != nullptr && !scheme->text.empty()) pool_.emplace_back(scheme->text);
  const std::string pay_id = PayIdOf(request, RoleOf(wallet));
  if (pay_id.empty()) return response;
  const Shown before = Known(wallet, pay_id);
  const Shown after = Show(wallet, pay_id);
  const std::string wanted = Attribute(request, "ProcessState");
  const bool inquiry = Attribute(request, "ProcessType") == "Inquiry";
  const Made made{wallet, request, NameOfCall(request), wanted, pay_id, response, answer, inquiry};
  if (MayBeGone(before)) {
    answers_.Forget(wallet, pay_id);
  } else {
    CheckMove(made, before, after);
    answers_.Check(made, before.state != after.state);
  }
  if (crash_due_ == wallet) answers_.Forget(wallet, pay_id, request);
  Keep(wallet, pay_id, after);
  return response;
}

void Play::CheckAll(std::size_t wallet) {
  for (const auto& [place, before] : std::map(shown_)) {
    if (place.first == wallet) CheckSame(place.first, place.second);
  }
}

// One payment that this step was not about.
void Play::CheckNext() {
  if (shown_.empty()) return;
  auto it = shown_.begin();
  std::advance(it, checked_++ % shown_.size());
  CheckSame(it->first.first, std::string(it->first.second));
}

void Play::CheckSame(std::size_t wallet, const std::string& pay_id) {
  const Shown before = Known(wallet, pay_id);
  const Shown now = Show(wallet, pay_id);
  const bool gone = now.state.empty() && MayBeGone(before);
  Require(gone || now.answer == before.answer, "a payment changes by calls about it alone");
  Keep(wallet, pay_id, now);
}

// The wallet that asked its acquirer is what it was at that moment; the host has not got the
// answer.
void Play::CrashIfDue() {
  if (!crash_due_) return;
  const std::size_t wallet = *crash_due_;
  crash_due_.reset();
  wallets_.Crash(wallet);
  sights_.insert("crashed in an exchange");
  for (auto& [place, shown] : shown_) {
    if (place.first != wallet) continue;
    const Shown before = shown;
    shown = Show(wallet, place.second);
    shown.since_ms = before.since_ms;
    shown.until_ms = before.until_ms;
  }
}

}  // namespace call_sequence
