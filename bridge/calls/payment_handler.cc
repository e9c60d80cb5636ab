// The payment handler's side of a payment: StartPaymentPaymentHandler, ContinueProcess (RFC 3538,
// 8.4.2, 8.4.4), with the acquirer behind it.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bridge/acquirer/exchange.h"
#include "bridge/calls/offer.h"
#include "bridge/calls/pay_scheme.h"
#include "bridge/calls/payment.h"
#include "bridge/calls/terms.h"
#include "bridge/translate/iotp_time.h"
#include "setcore/compose_error.h"
#include "setcore/initiation/field_registry.h"
#include "setcore/merchant.h"
#include "setcore/messages/glance.h"
#include "setcore/pki/brand.h"

namespace bridge {
namespace {

using schema::FaultCode;
using setcore::initiation::Kind;

constexpr std::string_view kTradingRoleData = "TradingRoleDataPackagedContent";
constexpr std::string_view kPaymentPrefix = "Payment:";

// A brand with its keys, as the merchant actor borrows them.
struct Till {
  const BrandConfig* brand = nullptr;
  std::shared_ptr<const BrandSecrets> secrets;

  setcore::MerchantKeys keys(const Call& call) const {
    setcore::MerchantKeys keys;
    keys.merchant_id = call.config().organisation.merchant_id;
    keys.signing = &secrets->signing.key;
    keys.signing_chain = secrets->signing.chain;
    keys.exchange = &secrets->exchange.key;
    keys.exchange_chain = secrets->exchange.chain;
    keys.former_exchange = secrets->former_exchange;
    keys.gateway_chain = brand->gateway_chain;
    return keys;
  }
};

Checked<Till> TillOf(const Call& call, std::string_view brand_id) {
  Till till;
  till.brand = call.config().FindBrand(CanonicalBrandId(brand_id));
  if (till.brand == nullptr) {
    return Refuse(FaultCode::kAttValIllegal, call.name(), "BrandId", "not an accepted brand");
  }
  auto secrets = call.keyring->KeysOf(till.brand->brand_id);
  if (!secrets) {
    return Refuse(FaultCode::kReqRefused, call.name(), {}, "the keys of the brand cannot be read");
  }
  till.secrets = std::move(*secrets);
  return till;
}

setcore::MerchantPolicy PolicyOf(const Call& call) {
  return {call.config().policy.capture_now, call.config().policy.require_cardholder_certificate};
}

// The order hash of Payment:SET-OD (RFC 3538, 8.4.2 (1); errata E-31, E-102).
Checked<std::string> ReadOrderHash(const Call& call) {
  std::string order_hash;
  for (const schema::Element* element : call.request().Children(kTradingRoleData)) {
    const std::string_view name = element->Value("Name");
    if (!name.starts_with(kPaymentPrefix)) {
      return Refuse(FaultCode::kAttValIllegal, kTradingRoleData, "Name",
                    "the Name of TradingRoleData for a payment handler begins with Payment:");
    }
    if (name != kSetOdName) {
      call.wallet.host.Log(LogLevel::kInfo, fmt::format("TradingRoleData {} is ignored", name));
      continue;
    }
    auto od = ReadSetOd(FromElement(*element), kTradingRoleData);
    if (!od) return Refuse(od.error());
    order_hash = std::move(*od);
  }
  if (!order_hash.empty()) return order_hash;
  return Refuse(FaultCode::kElMissing, kTradingRoleData, {},
                "without Payment:SET-OD the payment is not bound to an order");
}

tl::unexpected<Refusal> WrongBrand(std::string description) {
  // RFC 3538, 8.4.4 (1)(b); errata E-3, E-4.
  return Refuse(FaultCode::kAttNotValid, "ProtocolBrand", "BrandId", std::move(description));
}

// Initiation data where a SET message is due: an Initiation Response that reports an error ends the
// payment, anything else gets no payment scheme data back (9.4.1 (b); D-79).
Checked<Answer> TakeInitiation(const Call& call, Ledger& ledger, Event event,
                               setcore::OctetView message) {
  if (!ledger.Move(event)) return OutOfState(call, ledger);
  ledger.AddMessage(kReceived, "InitiationResponse", message);
  ledger.Describe(StatusWords(call, event == Event::kTechnicalError ? StatusText::kTechnicalError
                                                                    : StatusText::kOutcomeOpen));
  const auto fields = setcore::initiation::ReadFields(message);
  if (std::ranges::any_of(
          fields, [](const auto& f) { return f.name == setcore::initiation::kErrorFieldField; })) {
    return Proceed(call, ledger, kEnd, {});
  }
  return Answer(Refuse(FaultCode::kEncapProtErr, "PaySchemePackagedContent", {},
                       "this payment handler negotiates nothing: send a SET message"));
}

Checked<Answer> Start(const Call& call, Ledger& ledger) {
  const schema::Element& request = call.request();
  auto offer = ReadOffer(request);
  if (!offer) return tl::unexpected(offer.error());
  if (request.Value("MerchantOrgId") != call.config().organisation.org_id) {
    return Refuse(FaultCode::kAttValIllegal, call.name(), "MerchantOrgId",
                  "this wallet serves another organisation");
  }
  const auto fault =
      CheckValidity(request.Value("OkFrom"), request.Value("OkTo"), call.now_ms, call.name());
  if (fault) return Refuse(*fault);
  auto order_hash = ReadOrderHash(call);
  if (!order_hash) return tl::unexpected(order_hash.error());
  auto till = TillOf(call, request.Value("BrandId"));
  if (!till) return tl::unexpected(till.error());
  const auto own = ParseProtocolBrandId(till->brand->protocol_brand_id);
  if (till->brand->hidden || !own || !Matches(own->id, offer->protocol_brand_id)) {
    return Refuse(FaultCode::kAttValIllegal, "ProtocolBrand", "ProtocolBrandId",
                  "not a ProtocolBrandId of an accepted brand");
  }
  std::string_view att_name;
  const std::string why =
      LimitsViolated(offer->money, till->brand->currencies, till->brand->limits, &att_name);
  if (!why.empty()) return Refuse(FaultCode::kAttValIllegal, call.name(), att_name, why);
  auto incoming = ReadIncoming(call);
  if (!incoming) return tl::unexpected(incoming.error());
  if (auto free = CheckStartable(call, ledger, "PaymentHandlerPayId"); !free) {
    return tl::unexpected(free.error());
  }
  if (!ledger.Move(Event::kStart)) return OutOfState(call, ledger);

  db::Payment& payment = ledger.payment();
  payment.brand_id = till->brand->brand_id;
  RecordOffer(call, *offer, payment);
  payment.merchant_org_id = request.Value("MerchantOrgId");
  payment.consumer_pay_id = request.Value("ConsumerPayId");
  payment.order_hash = *order_hash;
  payment.gateway_name = till->brand->gateway;
  ledger.Reach(Milestone::kStarted);

  const auto terms = TermsOf(call, payment);
  if (!terms) return InitiationError(call, ledger, offer->pay_protocol, terms.error());
  payment.lid_m = terms->lid_m;
  if (incoming->kind != Kind::kSetMessage) {
    return TakeInitiation(call, ledger, Event::kTechnicalError, incoming->message);
  }
  if (const auto brand = setcore::ReadPInitReqBrand(call.environment(), incoming->message);
      brand && !setcore::pki::SameBrand(*brand, terms->brand_id)) {  // D-74
    return WrongBrand(fmt::format("the PInitReq is for {}, the payment for {}", *brand,
                                  offer->protocol_brand_id.Text()));
  }
  const auto made = setcore::ComposePInitRes(call.environment(), till->keys(call),
                                             call.keyring->trust(), *terms, incoming->message);
  if (!made) {
    return TechnicalError(call, ledger, Event::kTechnicalError, &till->secrets->signing,
                          incoming->message, made.error());
  }
  payment.xid = made->xid;
  payment.lid_m = made->lid_m;
  ledger.AddMessage(kReceived, "PInitReq", incoming->message);
  ledger.AddMessage(kSent, "PInitRes", made->message);
  ledger.Reach(Milestone::kPInitRes);
  return Proceed(call, ledger, kContinue, made->message);
}

// What the store knows of a payment whose PReq is to be processed.
struct History {
  explicit History(const Ledger& ledger)
      : pinitreq(OrEmpty(ledger.LastMessage(kReceived, "PInitReq"))),
        pinitres(OrEmpty(ledger.LastMessage(kSent, "PInitRes"))),
        preq(ledger.LastMessage(kReceived, "PReq")),
        intent(ledger.LastIntent("AuthReq")) {}
  bool open() const { return intent != nullptr && intent->open(); }

  static setcore::OctetView OrEmpty(const setcore::Octets* octets) {
    return octets == nullptr ? setcore::OctetView() : *octets;
  }

  setcore::OctetView pinitreq;
  setcore::OctetView pinitres;
  const setcore::Octets* preq;  // the one that was authorized
  const db::Intent* intent;     // of that PReq
};

// The RRPID that a stored, verified message carries.
setcore::Octets RrpidOf(const setcore::Octets& message) {
  const auto glance = setcore::Glance(message);
  return glance && glance->rrpid ? *glance->rrpid : setcore::Octets{};
}

// PReqWork answers one PReq, from its verification to the PRes.
class PReqWork {
 public:
  PReqWork(const Call& call, Ledger& ledger, Till till, setcore::PurchaseTerms terms,
           const History& history)
      : call_(call),
        ledger_(ledger),
        till_(std::move(till)),
        terms_(std::move(terms)),
        history_(history),
        keys_(till_.keys(call)) {}

  Checked<Answer> Do(setcore::OctetView preq);

 private:
  tl::expected<setcore::PReqFacts, setcore::Error> Verify(const setcore::Environment& env,
                                                          setcore::OctetView preq) const {
    return setcore::CheckPReq(env, keys_, PolicyOf(call_), call_.keyring->trust(), terms_,
                              history_.pinitreq, history_.pinitres, preq);
  }
  Checked<void> JudgeBrand(const setcore::PReqFacts& facts);
  // Records the intent, which leaves with the commit (invariant 5).
  Checked<void> Authorize(setcore::OctetView preq);
  Checked<Answer> Another(setcore::OctetView preq, const setcore::PReqFacts& facts);
  // Brings the intent to its outcome and the outcome to the consumer.
  Checked<Answer> Finish(setcore::OctetView preq);
  Checked<Answer> Conclude(setcore::OctetView preq,
                           const std::optional<setcore::AuthOutcome>& outcome);
  // What StatusDesc says of the outcome.
  StatusText Words(const setcore::PResFacts& facts,
                   const std::optional<setcore::AuthOutcome>& outcome) const;
  // A SET Error that touches no payment: nothing is recorded.
  tl::unexpected<Refusal> Reject(setcore::OctetView preq, setcore::ErrorCode code,
                                 std::string detail) const;

  const Call& call_;
  Ledger& ledger_;
  Till till_;
  setcore::PurchaseTerms terms_;
  History history_;
  setcore::MerchantKeys keys_;
};

Checked<Answer> PReqWork::Do(setcore::OctetView preq) {
  if (!Next(Role::kPaymentHandler, ledger_.state(), Event::kContinue)) {
    return OutOfState(call_, ledger_);
  }
  if (history_.preq && std::ranges::equal(preq, *history_.preq)) return Finish(preq);

  const auto facts = Verify(call_.environment(), preq);
  if (!facts) {
    if (IsFinal(ledger_.state())) return OutOfState(call_, ledger_);
    return TechnicalError(call_, ledger_,
                          history_.open() ? Event::kOpenTechnicalError : Event::kTechnicalError,
                          &till_.secrets->signing, preq, facts.error());
  }
  if (history_.preq) return Another(preq, *facts);
  if (auto right = JudgeBrand(*facts); !right) {
    ledger_.Move(Event::kTechnicalError);
    ledger_.AddMessage(kReceived, "refused", preq);
    ledger_.Describe(
        StatusWords(call_, StatusText::kTechnicalError, right.error().response.description));
    return Answer(tl::unexpected(right.error()));
  }
  ledger_.AddMessage(kReceived, "PReq", preq);
  ledger_.ReserveIds(facts->xid, facts->rrpid);
  ledger_.Reach(Milestone::kPReq);
  if (!facts->order_matches) return Conclude(preq, std::nullopt);  // E-111
  if (auto authorized = Authorize(preq); !authorized) {
    if (!ledger_.ids_taken()) return tl::unexpected(authorized.error());
    return Reject(preq, setcore::ErrorCode::kUnknownXID, "XID or RRPID have paid elsewhere");
  }
  return Finish(preq);
}

// Whether a card without certificate can be of the brand, by its BIN; no prefixes: any (E-41).
bool BinFits(const std::vector<std::string>& prefixes, std::string_view bin) {
  return prefixes.empty() || std::ranges::any_of(prefixes, [&](std::string_view prefix) {
           return bin.starts_with(prefix.substr(0, bin.size()));
         });
}

Checked<void> PReqWork::JudgeBrand(const setcore::PReqFacts& facts) {
  const auto selected = ParseProtocolBrandId(ledger_.payment().protocol_brand_id.value_or(""));
  const bool same = facts.is_signed
                        ? selected && MatchesCertificate(selected->id, facts.certificate_brand,
                                                         facts.certificate_promotion)
                        : setcore::pki::SameBrand(facts.brand_id, terms_.brand_id) &&
                              BinFits(till_.brand->bins, facts.bin);
  if (same) return {};
  return WrongBrand(fmt::format("{} was selected, the card is {}",
                                ledger_.payment().protocol_brand_id.value_or(""),
                                facts.is_signed ? facts.certificate_brand : facts.brand_id));
}

Checked<void> PReqWork::Authorize(setcore::OctetView preq) {
  auto authreq = setcore::ComposeAuthReq(call_.environment(), keys_, PolicyOf(call_), terms_, preq);
  if (!authreq) {
    return Refuse(FaultCode::kUnknownError, call_.name(), {},
                  "no AuthReq can be made: " + authreq.error().detail);
  }
  db::Intent intent;
  intent.kind = "AuthReq";
  intent.rrpid = std::move(authreq->rrpid);
  intent.xid = ledger_.payment().xid.value_or(setcore::Octets{});
  intent.request = std::move(authreq->message);
  intent.gateway = till_.brand->gateway;
  intent.opened = call_.now_ms;
  ledger_.OpenIntent(std::move(intent));
  if (auto committed = ledger_.Commit(call_, {}, {}); !committed) return committed;
  history_ = History(ledger_);
  return {};
}

Checked<Answer> PReqWork::Another(setcore::OctetView preq, const setcore::PReqFacts& facts) {
  if (facts.rrpid == RrpidOf(*history_.preq)) {
    return Reject(preq, setcore::ErrorCode::kUnspecifiedFailure,
                  "this RRPID came with other octets before");
  }
  setcore::Environment then = call_.environment();
  if (history_.intent) then.now = history_.intent->opened / 1000;
  const auto first = Verify(then, *history_.preq);
  if (first && first->signer_thumb != facts.signer_thumb) {
    setcore::Error error = setcore::Fail(setcore::ErrorCode::kInvalidCertificate,
                                         "not the certificate that began this purchase")
                               .value();
    error.thumb = facts.signer_thumb;
    return Answer(TechnicalError(call_, ledger_, Event::kOpenTechnicalError,
                                 &till_.secrets->signing, preq, error));
  }
  ledger_.AddMessage(kReceived, "PReq again", preq);
  return Finish(preq);  // D-39
}

Checked<Answer> PReqWork::Finish(setcore::OctetView preq) {
  if (!history_.intent) return OutOfState(call_, ledger_);
  auto outcome = history_.open() ? Exchange(call_, keys_, till_.secrets->signing, *history_.intent)
                                 : SettledOutcome(call_, keys_, terms_, *history_.intent);
  if (!outcome) return tl::unexpected(outcome.error());
  if (history_.open()) ledger_.SettleIntent(history_.intent->id, std::move(outcome->response));
  return Conclude(preq, outcome->decision);
}

StatusText PReqWork::Words(const setcore::PResFacts& facts,
                           const std::optional<setcore::AuthOutcome>& outcome) const {
  if (history_.intent && history_.intent->resolved_as) {  // interfaces.md, 2: resolve
    return facts.success ? StatusText::kResolvedApproved : StatusText::kResolvedDeclined;
  }
  if (facts.success) {
    return facts.field == "CapCode" ? StatusText::kCaptured : StatusText::kAuthorized;
  }
  return outcome && outcome->authorized_or_refused ? StatusText::kDeclined
                                                   : StatusText::kOrderRejected;
}

Checked<Answer> PReqWork::Conclude(setcore::OctetView preq,
                                   const std::optional<setcore::AuthOutcome>& outcome) {
  auto made = setcore::ComposePRes(call_.environment(), keys_, terms_, preq, outcome);
  if (!made) {
    return Refuse(FaultCode::kUnknownError, call_.name(), {},
                  "no PRes can be made: " + made.error().detail);
  }
  const setcore::PResFacts& facts = made->facts;
  const std::string code = CodeText(facts.field, facts.name, facts.value);
  ledger_.AddMessage(kSent, kPResName, made->message);
  if (!IsFinal(ledger_.state())) {
    ledger_.Move(facts.success ? Event::kSetCompleted : Event::kBusinessError);
    ledger_.Reach(Milestone::kPRes);
    ledger_.SetReceipt();
    // E-71: a cancellation that was asked for meanwhile has come too late.
    const auto wished = ParseProcessState(ledger_.payment().wished_state.value_or(""));
    const bool too_late = facts.success && wished && IsFinal(*wished);
    ledger_.Describe(
        StatusWords(call_, too_late ? StatusText::kReversalRefused : Words(facts, outcome), code));
    if (!facts.success) ledger_.Fail(CompletionCode::kUnspecified);
    ledger_.payment().wished_state.reset();
    ledger_.payment().wished_completion_code.reset();
  }
  if (facts.success) return Proceed(call_, ledger_, kEnd, made->message, kPResName);
  ledger_.payment().cont_status = std::string(kEnd);
  return Answer(RefuseWithMessage(FaultCode::kBusError, call_.name(), kPResName, made->message,
                                  ledger_.payment().status_desc.value_or(code)));
}

tl::unexpected<Refusal> PReqWork::Reject(setcore::OctetView preq, setcore::ErrorCode code,
                                         std::string detail) const {
  setcore::Error error;
  error.code = code;
  error.detail = std::move(detail);
  const setcore::Octets reply =
      setcore::ComposeError(call_.environment(), &till_.secrets->signing, preq, error);
  return RefuseWithMessage(FaultCode::kEncapProtErr, "PaySchemePackagedContent", {}, reply,
                           fmt::format("{}: {}", Name(code), error.detail));
}

// RFC 3538, 9.4.2 (2), 8.9.2: the consumer's SET Error ends the payment, unless the acquirer has
// still to say whether it has been made.
Checked<Answer> AcceptError(const Call& call, Ledger& ledger, const History& history,
                            setcore::OctetView error) {
  const bool open = history.open();
  if (!ledger.Move(open ? Event::kOpenTechnicalError : Event::kTechnicalError)) {
    return OutOfState(call, ledger);
  }
  ledger.AddMessage(kReceived, "Error", error);
  ledger.Describe(StatusWords(call, open ? StatusText::kOutcomeOpen : StatusText::kTechnicalError));
  return Proceed(call, ledger, kEnd, {});
}

}  // namespace

Written StartPaymentPaymentHandler(const Call& call) {
  return ActOn(call, "PaymentHandlerPayId", Role::kPaymentHandler, Start);
}

Checked<Answer> ContinuePaymentHandler(const Call& call, Ledger& ledger) {
  auto incoming = ReadIncoming(call);
  if (!incoming) return tl::unexpected(incoming.error());
  const History history(ledger);
  if (incoming->kind != Kind::kSetMessage) {
    return TakeInitiation(call, ledger,
                          history.open() ? Event::kOpenTechnicalError : Event::kTechnicalError,
                          incoming->message);
  }
  if (incoming->name == "Error") return AcceptError(call, ledger, history, incoming->message);
  auto till = TillOf(call, ledger.payment().brand_id.value_or(""));
  if (!till) return tl::unexpected(till.error());
  auto terms = TermsOf(call, ledger.payment());
  if (!terms) return OutOfState(call, ledger);
  terms->lid_m = ledger.payment().lid_m;
  PReqWork work(call, ledger, std::move(*till), std::move(*terms), history);
  return work.Do(incoming->message);
}

}  // namespace bridge
