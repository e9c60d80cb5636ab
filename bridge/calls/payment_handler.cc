// The payment handler's side of a payment: StartPaymentPaymentHandler, ContinueProcess (RFC 3538,
// 8.4.2, 8.4.4), with the acquirer behind it.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "bridge/calls/history.h"
#include "bridge/calls/inquiry.h"
#include "bridge/calls/offer.h"
#include "bridge/calls/pay_scheme.h"
#include "bridge/calls/payment.h"
#include "bridge/calls/preq.h"
#include "bridge/calls/repeat.h"
#include "bridge/calls/request_digest.h"
#include "bridge/calls/terms.h"
#include "bridge/calls/till.h"
#include "bridge/translate/initiation_data.h"
#include "bridge/translate/iotp_time.h"
#include "setcore/initiation/field_registry.h"
#include "setcore/merchant.h"
#include "setcore/pki/brand.h"

namespace bridge {
namespace {

using schema::FaultCode;
using setcore::initiation::Kind;

constexpr std::string_view kTradingRoleData = "TradingRoleDataPackagedContent";
constexpr std::string_view kPaymentPrefix = "Payment:";
constexpr std::string_view kPReq = "PReq";

// What the merchant sends along for this payment handler (RFC 3538, 8.3.3; errata E-31, E-102).
struct TradingRoleData {
  std::string order_hash;
  std::optional<setcore::Octets> sale_detail;
};

Checked<setcore::Octets> ReadSaleDetail(const schema::Element& element) {
  auto octets = ReadSetContent(FromElement(element), kTradingRoleData);
  if (!octets) return Refuse(octets.error());
  if (setcore::CheckSaleDetail(*octets)) return std::move(*octets);
  return Refuse(FaultCode::kElContIllegal, kTradingRoleData, {}, DetailText::kNotSaleDetail);
}

Checked<TradingRoleData> ReadTradingRoleData(const Call& call) {
  TradingRoleData data;
  for (const schema::Element* element : call.request().Children(kTradingRoleData)) {
    const std::string_view name = element->Value("Name");
    if (!name.starts_with(kPaymentPrefix)) {
      return Refuse(FaultCode::kAttValIllegal, kTradingRoleData, "Name",
                    {DetailText::kOnlyValue, {{"value", "Payment:…"}}});
    }
    const bool again = (name == kSetOdName && !data.order_hash.empty()) ||
                       (name == kSaleDetailName && data.sale_detail);
    if (again) {
      return Refuse(FaultCode::kElUnexpected, kTradingRoleData, {},
                    {DetailText::kNamedTwice, {{"name", name}}});
    }
    if (name == kSetOdName) {
      auto od = ReadSetOd(FromElement(*element), kTradingRoleData);
      if (!od) return Refuse(od.error());
      data.order_hash = std::move(*od);
    } else if (name == kSaleDetailName) {
      auto detail = ReadSaleDetail(*element);
      if (!detail) return tl::unexpected(detail.error());
      data.sale_detail = std::move(*detail);
    } else {
      call.wallet.host.Log(LogLevel::kInfo, fmt::format("TradingRoleData {} is ignored", name));
    }
  }
  if (!data.order_hash.empty()) return data;
  return Refuse(FaultCode::kElMissing, kTradingRoleData, {},
                {DetailText::kLacks, {{"name", kSetOdName}}});
}

// Initiation data where a SET message is due: an Initiation Response that reports an error ends the
// payment, anything else gets no payment scheme data back (9.4.1 (b); D-79).
Checked<Answer> TakeInitiation(const Call& call, Ledger& ledger, Event event,
                               setcore::OctetView message) {
  if (!ledger.Move(event)) return OutOfState(call, ledger);
  ledger.KeepOnlyMoves();
  ledger.AddMessage(kReceived, "refused", message);
  ledger.Describe(StatusWords(call, event == Event::kTechnicalError ? StatusText::kTechnicalError
                                                                    : StatusText::kOutcomeOpen));
  const auto fields = setcore::initiation::ReadFields(message);
  if (std::ranges::any_of(
          fields, [](const auto& f) { return f.name == setcore::initiation::kErrorFieldField; })) {
    return Proceed(call, ledger, kEnd, {});
  }
  return Answer(Refuse(FaultCode::kEncapProtErr, "PaySchemePackagedContent", {},
                       DetailText::kInitiationStops));
}

// A Response to the 1st Initiation, before any SET message: there is nothing to negotiate, so the
// next Initiation asks for the PInitReq (8.4.2 (4), E-55).
Checked<Answer> AnswerResponse(const Call& call, Ledger& ledger,
                               const setcore::PurchaseTerms& terms, setcore::OctetView message) {
  if (!Next(Role::kPaymentHandler, ledger.state(), Event::kContinue)) {
    return OutOfState(call, ledger);
  }
  const bool first = ledger.payment().percent_complete < PercentComplete(Milestone::kPInitReq);
  if (!first || !AcceptsInitiation(message, terms.brand_id, terms.lid_m)) {
    return TakeInitiation(call, ledger, Event::kTechnicalError, message);
  }
  const setcore::Octets next = MakeNextInitiation(terms.lid_m);
  ledger.AddMessage(kReceived, "InitiationResponse", message);
  ledger.AddMessage(kSent, "Initiation", next);
  ledger.Reach(Milestone::kInitiationResponse);
  return Proceed(call, ledger, kContinue, next);
}

Checked<Answer> AnswerPInitReq(const Call& call, Ledger& ledger, const Till& till,
                               const setcore::PurchaseTerms& terms, setcore::OctetView pinitreq) {
  if (const auto brand = setcore::ReadPInitReqBrand(call.environment(), pinitreq);
      brand && !setcore::pki::SameBrand(*brand, terms.brand_id)) {  // D-74
    return WrongBrand(ledger, *brand);
  }
  const auto made = setcore::ComposePInitRes(call.environment(), till.keys(call),
                                             call.keyring->trust(), terms, pinitreq);
  if (!made) {
    return TechnicalError(call, ledger, Event::kTechnicalError, &till.signer(), pinitreq,
                          made.error());
  }
  ledger.ReserveIds(made->xid, {});
  ledger.payment().lid_m = made->lid_m;
  ledger.AddMessage(kReceived, "PInitReq", pinitreq);
  ledger.AddMessage(kSent, "PInitRes", made->message);
  ledger.Reach(Milestone::kPInitRes);
  return Proceed(call, ledger, kContinue, made->message);
}

// A Start… that has begun an exchange with the acquirer and was not answered: its repetition goes
// on where it stopped (docs/architecture.md, invariant 2).
bool GoesOn(const Call& call, const Ledger& ledger) {
  const auto digest = RequestDigest(call.request());
  return ledger.state() == ProcessState::kInProgress && ledger.payment().start_digest &&
         std::ranges::equal(*ledger.payment().start_digest, digest);
}

Checked<Answer> Start(const Call& call, Ledger& ledger) {
  const schema::Element& request = call.request();
  auto offer = ReadOffer(call);
  if (!offer) return tl::unexpected(offer.error());
  if (request.Value("MerchantOrgId") != call.config().organisation.org_id) {
    return Refuse(FaultCode::kAttValIllegal, call.name(), "MerchantOrgId",
                  DetailText::kOtherOrganisation);
  }
  const auto fault =
      CheckValidity(request.Value("OkFrom"), request.Value("OkTo"), call.now_ms, call.name());
  if (fault) return Refuse(*fault);
  auto trading_role_data = ReadTradingRoleData(call);
  if (!trading_role_data) return tl::unexpected(trading_role_data.error());
  auto till = TillOf(call, request.Value("BrandId"));
  if (!till) return tl::unexpected(till.error());
  const auto own = ParseProtocolBrandId(till->brand->protocol_brand_id);
  if (till->brand->hidden || !own || !Matches(own->id, offer->protocol_brand_id)) {
    return Refuse(FaultCode::kAttValIllegal, "ProtocolBrand", "ProtocolBrandId",
                  DetailText::kBrandNotAccepted);
  }
  const auto limited =
      LimitsViolated(offer->money, till->brand->currencies, till->brand->limits, call.name());
  if (limited) return Refuse(*limited);
  auto incoming = ReadIncoming(call);
  if (!incoming) return tl::unexpected(incoming.error());
  if (GoesOn(call, ledger)) return ContinuePaymentHandler(call, ledger);
  if (auto free = CheckStartable(call, ledger, "PaymentHandlerPayId"); !free) {
    return tl::unexpected(free.error());
  }
  if (!ledger.Move(Event::kStart)) return OutOfState(call, ledger);

  db::Payment& payment = ledger.payment();
  payment.brand_id = till->brand->brand_id;
  RecordOffer(call, *offer, payment);
  payment.merchant_org_id = request.Value("MerchantOrgId");
  payment.consumer_pay_id = request.Value("ConsumerPayId");
  payment.order_hash = std::move(trading_role_data->order_hash);
  payment.trading_role_data = std::move(trading_role_data->sale_detail);
  payment.gateway_name = till->brand->gateway;
  ledger.Reach(Milestone::kStarted);

  const auto terms = TermsOf(call, payment);
  if (!terms) return InitiationError(call, ledger, offer->pay_protocol, terms.error());
  payment.lid_m = terms->lid_m;
  if (incoming->kind != Kind::kSetMessage) {
    return AnswerResponse(call, ledger, *terms, incoming->message);
  }
  if (incoming->name != kPReq) {
    return AnswerPInitReq(call, ledger, *till, *terms, incoming->message);
  }
  const auto digest = RequestDigest(request);
  payment.start_digest.emplace(digest.begin(), digest.end());
  return AnswerPReq(call, ledger, std::move(*till), *terms, incoming->message);  // E-63
}

// RFC 3538, 9.4.2 (2), 8.9.2: the consumer's SET Error ends the payment, unless the acquirer has
// still to say whether it has been made, or the Error is about an inquiry.
Checked<Answer> AcceptError(const Call& call, Ledger& ledger, bool open, setcore::OctetView error) {
  ledger.KeepOnlyMoves();
  ledger.AddMessage(kReceived, "Error", error);
  if (IsInquiry(call)) return Proceed(call, ledger, kEnd, {});
  if (!ledger.Move(open ? Event::kOpenTechnicalError : Event::kTechnicalError)) {
    return OutOfState(call, ledger);
  }
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
  const bool open = OutcomeOpen(ledger);
  if (incoming->name == "Error") return AcceptError(call, ledger, open, incoming->message);
  // An InqReq belongs into InquirePaymentStatus; no message of an inquiry ends a payment.
  if (IsOfInquiry(call, *incoming)) return OutOfState(call, ledger);
  if (auto again = AnswerAgain(call, ledger, incoming->message)) return *std::move(again);
  if (incoming->kind != Kind::kSetMessage && open) {
    return TakeInitiation(call, ledger, Event::kOpenTechnicalError, incoming->message);
  }
  auto till = TillOf(call, ledger.payment().brand_id.value_or(""));
  if (!till) return tl::unexpected(till.error());
  auto terms = TermsOf(call, ledger.payment());
  if (!terms) return OutOfState(call, ledger);
  terms->lid_m = ledger.payment().lid_m;
  if (incoming->kind != Kind::kSetMessage) {
    return AnswerResponse(call, ledger, *terms, incoming->message);
  }
  const PurchaseHistory history(ledger);
  const bool begins = history.pinitreq.empty() && history.preq == nullptr;
  if (incoming->name == "PInitReq" && begins) {
    if (!Next(Role::kPaymentHandler, ledger.state(), Event::kContinue)) {
      return OutOfState(call, ledger);
    }
    return AnswerPInitReq(call, ledger, *till, *terms, incoming->message);
  }
  return AnswerPReq(call, ledger, std::move(*till), std::move(*terms), incoming->message);
}

}  // namespace bridge
