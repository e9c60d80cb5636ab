// ERROR: what an ErrorResponse looks like, which code and severity it has, what it carries, and in
// which order a bridge looks for faults.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>

#include "stages.h"

namespace conform {
namespace {

constexpr const char* kTable2 = "RFC 3867, 2.6.2, Table 2";
constexpr const char* kElement = "RFC 3867, 2.6.2, ErrorResponse";

constexpr std::string_view kCodes[] = {
    "AttMissing",     "AttNotSupp",  "AttNotValid",    "AttUnexpected",  "AttValIllegal",
    "AttValNotRecog", "BusError",    "ElContIllegal",  "ElInconsistent", "ElMissing",
    "ElNotSupp",      "ElNotValid",  "ElTooLarge",     "ElUnexpected",   "EncapProtErr",
    "MsgBeingProc",   "MsgTooLarge", "Reserved",       "ReqNotSupp",     "ReqRefused",
    "SyntaxError",    "SystemBusy",  "TransportError", "UnknownError",   "ValueTooLarge",
    "ValueTooSmall",  "XmlNotValid", "XmlNotWellFrmd"};

// Faults of every kind that need no SET message.
std::vector<Answer> Refusals(Context& c) {
  const opb_wallet wallet = c.Open(kConsumer);
  std::vector<Answer> out;
  const auto keep = [&](const std::string& document) {
    Answer answer = c.Send(wallet, document);
    Require(answer.refused(), "a faulty document was answered by " + answer.Summary());
    out.push_back(std::move(answer));
  };
  keep("<");
  keep("<IotpPaymentApiRequest/>");
  keep("<!DOCTYPE a><a/>");
  keep(WriteRequest(InquireProcessState("X-unknown")));
  keep(WriteRequest(InquireProcessState(std::string(5000, 'x'))));
  keep(WriteRequest(FindAcceptedPaymentBrand(Deal())));
  keep(WriteRequest(InquireAuthChallenge()));
  Node call = StartPaymentConsumer(Deal());
  call.Set(std::string(3000, 'a'), "b");
  keep(WriteRequest(call));
  call = StartPaymentConsumer(Deal());
  call.Set("Amount", std::string(4000, '9') + ",");
  keep(WriteRequest(call));
  call = StartPaymentConsumer(Deal());
  call.RemoveChild("PayProtocolPackagedContent");
  keep(WriteRequest(call));
  Deal early;
  early.ok_from = "2038-01-01T00:00:00Z";
  keep(WriteRequest(StartPaymentConsumer(early)));
  return out;
}

template <typename Check>
void ForEachRefusal(Context& c, const Check& check) {
  for (const Answer& answer : Refusals(c)) check(answer);
}

// Characters of UTF-8.
std::size_t Characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

void Locations(Context& c) {
  ForEachRefusal(c, [](const Answer& a) {
    Require(a.location() != nullptr && !a.location()->Get("ElementType").empty(),
            a.code() + " has no ErrorLocation with ElementType");
  });
}

void NoWireReferences(Context& c) {
  ForEachRefusal(c, [](const Answer& a) {
    for (const Node* location : a.call().Children("ErrorLocation")) {
      for (const char* name : {"IotpMsgRef", "BlkRef", "CompRef"}) {
        Require(location->Find(name) == nullptr, a.code() + " has " + name);
      }
    }
  });
}

void Described(Context& c) {
  ForEachRefusal(c, [](const Answer& a) {
    Require(!a.call().Get("ErrorDesc").empty(), a.code() + " has no ErrorDesc");
  });
}

void DescribedShortly(Context& c) {
  ForEachRefusal(c, [](const Answer& a) {
    const std::size_t length = Characters(a.call().Get("ErrorDesc"));
    Require(length <= 256, fmt::format("the ErrorDesc of {} has {} characters", a.code(), length));
  });
}

void KnownCodes(Context& c) {
  ForEachRefusal(c, [](const Answer& a) {
    Require(std::ranges::find(kCodes, a.code()) != std::end(kCodes),
            a.code() + " is no code of Table 2");
  });
}

void HardErrors(Context& c) {
  ForEachRefusal(c, [](const Answer& a) {
    Require(a.call().Get("Severity") == "HardError",
            a.code() + " is a " + a.call().Get("Severity"));
  });
}

void NoRetryWhenHard(Context& c) {
  ForEachRefusal(c, [](const Answer& a) {
    Require(a.call().Find("MinRetrySecs") == nullptr, a.code() + " has MinRetrySecs");
  });
}

void NoPayload(Context& c) {
  ForEachRefusal(c, [](const Answer& a) {
    Require(a.call().Child("PaySchemePackagedContent") == nullptr,
            a.code() + " carries scheme data");
  });
}

void Looked(Context& c) {
  ForEachRefusal(c, [](const Answer& a) {
    Require(!a.call().Get("SwVendorErrorRef").empty(), a.code() + " has no SwVendorErrorRef");
  });
}

void UnreadableLocation(Context& c) {
  const Answer answer = c.ExpectError(c.Open(kConsumer), "<", "XmlNotWellFrmd");
  Require(answer.location() != nullptr &&
              answer.location()->Get("ElementType") == "IotpPaymentApiRequest",
          "the ErrorLocation does not name IotpPaymentApiRequest");
}

void InnermostElement(Context& c) {
  Node call = FindPaymentInstrument(Deal());
  call.children[0].Set("Colour", "red");
  const Answer answer = c.ExpectError(c.Open(kConsumer), call, "AttUnexpected");
  Require(answer.location() != nullptr && answer.location()->Get("ElementType") == "ProtocolBrand",
          "the ErrorLocation does not name the innermost element");
}

// --- SET
// -------------------------------------------------------------------------------------------

void GarbageToConsumer(Context& c) {
  ConsumerStage payment(c);
  payment.Start();
  const Answer answer = c.ExpectError(
      payment.wallet, ContinueProcess("C-1", {0x30, 0x03, 0x02, 0x01, 0x05}), "EncapProtErr");
  Require(answer.call().Get("Severity") == "HardError", "it is no HardError");
}

void Declined(Context& c) {
  HandlerStage payment(c, Issuer::kDeclines);
  const Answer answer = payment.PReq();
  Require(answer.code() == "BusError", "a declined payment: " + answer.Summary());
  const Node* content = answer.call().Child("PaySchemePackagedContent");
  Require(content != nullptr && content->Get("Name") == "PRes", "the BusError carries no PRes");
}

void DeclinedAnswersAlone(Context& c) {
  HandlerStage payment(c, Issuer::kDeclines);
  const Answer answer = payment.PReq();
  Require(answer.root.children.size() == 1 && answer.refused(),
          "a declined payment is not answered by an ErrorResponse alone");
}

void StateForbids(Context& c) {
  ConsumerStage payment(c);
  payment.Start();
  c.Expect(payment.wallet, ChangeProcessState("C-1", "Failed", "ConsCancelled"));
  const Answer answer = c.ExpectError(
      payment.wallet, ContinueProcess("C-1", payment.merchant->PInitRes(payment.pinitreq)),
      "BusError");
  Require(answer.call().Child("PaySchemePackagedContent") == nullptr,
          "a BusError of the state carries scheme data");
}

// --- the acquirer does not answer
// ------------------------------------------------------------------

Answer Unreachable(HandlerStage& payment) {
  payment.Start();
  payment.gateway.reset();
  return payment.PReq();
}

void TransportError(Context& c) {
  HandlerStage payment(c);
  const Answer answer = Unreachable(payment);
  Require(answer.code() == "TransportError", "without an acquirer: " + answer.Summary());
}

void TransportTransient(Context& c) {
  HandlerStage payment(c);
  const Answer answer = Unreachable(payment);
  Require(answer.call().Get("Severity") == "TransientError",
          "without an acquirer: " + answer.call().Get("Severity"));
}

void TransportRetry(Context& c) {
  HandlerStage payment(c);
  const std::string seconds = Unreachable(payment).call().Get("MinRetrySecs");
  int value = 0;
  std::from_chars(seconds.data(), seconds.data() + seconds.size(), value);
  Require(value > 0, "MinRetrySecs is \"" + seconds + "\"");
}

void TransportNoPayload(Context& c) {
  HandlerStage payment(c);
  Require(Unreachable(payment).call().Child("PaySchemePackagedContent") == nullptr,
          "the error carries scheme data");
}

void TransportState(Context& c) {
  HandlerStage payment(c);
  Unreachable(payment);
  const std::string state = payment.Inquire().call().Get("ProcessState");
  Require(state == "InProgress", "the state is " + state);
}

void TransportGoesOn(Context& c) {
  HandlerStage payment(c);
  Unreachable(payment);
  payment.gateway = MakeGateway(c.counterparty());
  // Until the module dials again.
  for (int i = 0; i < 20; ++i) {
    c.host().Advance(60000);
    const Answer answer = c.Send(payment.wallet, ContinueProcess("P-1", payment.preq));
    if (answer.call().name == "ContinueProcessResponse") return;
    Require(answer.call().Get("Severity") == "TransientError",
            "the repeated call: " + answer.Summary());
    usleep(200000);
  }
  Fail("the repeated call does not go on");
}

// --- passphrases
// -----------------------------------------------------------------------------------

opb_wallet OpenLocked(Context& c) {
  opb_wallet wallet = 0;
  std::string line;
  const opb_status status =
      c.TryOpen(c.Wallet(kLockedConsumer), OPB_ROLE_CONSUMER, &wallet, {}, &line);
  Require(status == OPB_OK, "a wallet with a passphrase does not open without one: " + line);
  return wallet;
}

Node StartWith(std::string_view passphrase) {
  Node call = StartPaymentConsumer(Deal());
  return call.Set("Passphrase", passphrase);
}

void PassphraseMissing(Context& c) {
  const Answer answer = c.ExpectError(OpenLocked(c), StartPaymentConsumer(Deal()), "AttMissing");
  Require(answer.location() != nullptr && answer.location()->Get("AttName") == "Passphrase",
          "the ErrorLocation does not name Passphrase");
}

void PassphraseWrong(Context& c) {
  const Answer answer = c.ExpectError(OpenLocked(c), StartWith("wrong"), "AttValIllegal");
  Require(answer.location() != nullptr && answer.location()->Get("AttName") == "Passphrase",
          "the ErrorLocation does not name Passphrase");
}

void PassphraseRight(Context& c) { c.Expect(OpenLocked(c), StartWith(kPassphrase)); }

void PassphraseNotNeeded(Context& c) {
  c.ExpectError(OpenLocked(c), InquireProcessState("C-1"), "AttValIllegal");
}

void PassphraseGuessed(Context& c) {
  const opb_wallet wallet = OpenLocked(c);
  for (int i = 0; i < 5; ++i) c.Send(wallet, StartWith(fmt::format("guess {}", i)));
  const Answer answer = c.ExpectError(wallet, StartWith("guess 5"), "SystemBusy");
  Require(answer.call().Get("Severity") == "TransientError" &&
              answer.call().Find("MinRetrySecs") != nullptr,
          "SystemBusy is no TransientError with MinRetrySecs");
}

// --- the order of checks
// ---------------------------------------------------------------------------

void ValidBeforeRole(Context& c) {
  Node call = FindAcceptedPaymentBrand(Deal());
  call.Add(Node{"Colour"});
  c.ExpectError(c.Open(kConsumer), call, "XmlNotValid");
}

void RoleBeforeWallet(Context& c) {
  Node call = FindAcceptedPaymentBrand(Deal());
  call.Set("WalletID", "another");
  c.ExpectError(c.Open(kConsumer), call, "ReqNotSupp");
}

void WalletBeforePassphrase(Context& c) {
  Node call = StartPaymentConsumer(Deal());
  call.Set("WalletID", "another");
  const Answer answer = c.ExpectError(OpenLocked(c), call, "AttValIllegal");
  Require(answer.location() != nullptr && answer.location()->Get("AttName") == "WalletID",
          "the ErrorLocation does not name WalletID");
}

void AttributesBeforeState(Context& c) {
  ConsumerStage payment(c);
  payment.Start();
  c.Expect(payment.wallet, ChangeProcessState("C-1", "Failed", "ConsCancelled"));
  Node call = ContinueProcess("C-1", {0x30, 0x00});
  call.children[0].text = "***";
  c.ExpectError(payment.wallet, call, "ElContIllegal");
}

}  // namespace

void AddErrorRules(Rules& rules) {
  const auto add = [&](const char* id, const char* clause, const char* sentence,
                       void (*check)(Context&), Level level = Level::kMust) {
    rules.push_back({id, clause, sentence, level, check});
  };
  add("ERROR-location", "RFC 2801, 7.21.3", "every error has an ErrorLocation with an ElementType",
      Locations);
  add("ERROR-no-wire-references", "RFC 2801, 7.21.3",
      "an ErrorLocation of the API names no message, block or component", NoWireReferences);
  add("ERROR-unreadable", "RFC 2801, 7.21.3",
      "the error of an unreadable document names IotpPaymentApiRequest", UnreadableLocation);
  add("ERROR-innermost", "RFC 2801, 7.21.3", "an ErrorLocation names the innermost element",
      InnermostElement);
  add("ERROR-described", kElement, "every error has an ErrorDesc", Described);
  add("ERROR-described-shortly", "RFC 3867, 3.2, Table 3",
      "an ErrorDesc has at most 256 characters, whatever the request held", DescribedShortly);
  add("ERROR-code-known", kTable2, "every ErrorCode is one of Table 2", KnownCodes);
  add("ERROR-hard", "RFC 3538, 8.13", "an error of syntax or value is a HardError", HardErrors);
  add("ERROR-hard-no-retry", kElement, "a HardError has no MinRetrySecs", NoRetryWhenHard);
  add("ERROR-no-payload", "RFC 3538, 9.3", "an error of syntax or value carries no scheme data",
      NoPayload);
  add("ERROR-vendor-reference", kElement, "every error has a SwVendorErrorRef", Looked,
      Level::kShould);
  add("ERROR-encap-hard", "RFC 3538, 8.4.3",
      "a SET message that cannot be read is EncapProtErr, HardError", GarbageToConsumer);
  add("ERROR-declined", "RFC 3538, 9.5", "a declined payment is BusError with the PRes", Declined);
  add("ERROR-declined-alone", "RFC 3538, 9.5",
      "a declined payment is answered by the ErrorResponse alone", DeclinedAnswersAlone);
  add("ERROR-state-forbids", kTable2,
      "a call that the state forbids is BusError without scheme data", StateForbids);
  add("ERROR-transport", kTable2, "an acquirer that cannot be reached is TransportError",
      TransportError);
  add("ERROR-transport-transient", kTable2, "TransportError is a TransientError",
      TransportTransient);
  add("ERROR-transport-retry", kTable2, "TransportError has MinRetrySecs above zero",
      TransportRetry);
  add("ERROR-transport-no-payload", "RFC 3538, 9.3", "TransportError carries no scheme data",
      TransportNoPayload);
  add("ERROR-transport-state", "RFC 3538, 8.9.2", "TransportError leaves the payment InProgress",
      TransportState);
  add("ERROR-transport-goes-on", "opb.h, call",
      "the call repeated after TransportError goes on once the acquirer is back", TransportGoesOn);
  add("ERROR-passphrase-missing", kTable2,
      "a locked wallet asks for the Passphrase: AttMissing at Passphrase", PassphraseMissing);
  add("ERROR-passphrase-wrong", kTable2, "a wrong Passphrase is AttValIllegal at Passphrase",
      PassphraseWrong);
  add("ERROR-passphrase-right", "RFC 3867, 3.2, Table 3", "the right Passphrase opens the way",
      PassphraseRight);
  add("ERROR-passphrase-not-needed", "RFC 3867, 3.2, Table 3",
      "InquireProcessState works on a locked wallet", PassphraseNotNeeded);
  add("ERROR-passphrase-guessed", kTable2,
      "after five wrong passphrases the wallet is SystemBusy, TransientError", PassphraseGuessed);
  add("ERROR-valid-before-role", kTable2, "an invalid document is XmlNotValid in every role",
      ValidBeforeRole);
  add("ERROR-role-before-wallet", kTable2, "the role is checked before the WalletID",
      RoleBeforeWallet);
  add("ERROR-wallet-before-passphrase", kTable2, "the WalletID is checked before the Passphrase",
      WalletBeforePassphrase);
  add("ERROR-attributes-before-state", kTable2,
      "the content is checked before the state of the payment", AttributesBeforeState);
}

}  // namespace conform
