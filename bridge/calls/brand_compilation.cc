#include "bridge/calls/brand_compilation.h"

#include <optional>
#include <string>
#include <utility>

#include "bridge/calls/offer.h"
#include "bridge/calls/offered.h"
#include "bridge/calls/pay_scheme.h"
#include "bridge/texts/texts.h"
#include "bridge/translate/initiation_data.h"
#include "bridge/translate/iotp_time.h"
#include "bridge/translate/order_hash.h"
#include "setcore/merchant.h"

namespace bridge {
namespace {

using schema::FaultCode;
using schema::Node;

Checked<void> CheckMerchant(const Call& call) {
  auto org_id = RequireAttribute(call.request(), "MerchantOrgId");
  if (!org_id) return tl::unexpected(org_id.error());
  if (*org_id == call.config().organisation.org_id) return {};
  return Refuse(FaultCode::kAttValIllegal, call.name(), "MerchantOrgId",
                DetailText::kOtherOrganisation);
}

// The brand of a request, as the merchant accepts it.
Checked<const BrandConfig*> AcceptedBrand(const Call& call, const Money& money) {
  auto brand_id = RequireAttribute(call.request(), "BrandId");
  if (!brand_id) return tl::unexpected(brand_id.error());
  const BrandConfig* brand = call.config().FindBrand(CanonicalBrandId(*brand_id));
  if (brand == nullptr || brand->hidden) {
    return Refuse(FaultCode::kAttValIllegal, call.name(), "BrandId", DetailText::kBrandNotAccepted);
  }
  auto fault = LimitsViolated(money, brand->currencies, brand->limits, call.name());
  if (fault) return Refuse(*fault);
  return brand;
}

// E-105: only what FindAcceptedPaymentBrand has returned.
Checked<void> CheckOffered(const Call& call, const Ledger& ledger, const BrandConfig& brand) {
  if (WasOffered(ledger.payment(), brand.brand_id)) return {};
  return Refuse(FaultCode::kBusError, call.name(), {}, DetailText::kBrandNotOffered);
}

// MerchantData SET:SaleDetail: what the payment handler puts into its AuthReq (RFC 3538, 8.3.3).
Checked<std::optional<setcore::Octets>> ReadSaleDetail(const Call& call) {
  std::optional<setcore::Octets> detail;
  for (const schema::Element* element : call.request().Children("MerchantData")) {
    if (element->Value("Name") != kMerchantSaleDetailName) continue;
    if (detail) {
      return Refuse(FaultCode::kElUnexpected, "MerchantData", {},
                    {DetailText::kNamedTwice, {{"name", kMerchantSaleDetailName}}});
    }
    auto octets = ReadSetContent(FromElement(*element), "MerchantData");
    if (!octets) return Refuse(octets.error());
    if (!setcore::CheckSaleDetail(*octets)) {
      return Refuse(FaultCode::kElContIllegal, "MerchantData", {}, DetailText::kNotSaleDetail);
    }
    detail = std::move(*octets);
  }
  return detail;
}

Node BrandItem(const BrandConfig& brand, std::string_view language) {
  Node item("BrandItem");
  item.Set("BrandId", brand.brand_id)
      .Set("xml:lang", language)
      .Set("BrandName", brand.name)
      .Set("BrandLogoNetLocn", brand.logo_url)
      .SetIf("BrandNarrative", brand.narrative);
  return item;
}

Node ProtocolItem(const BrandConfig& brand, std::string_view language, const Money& money,
                  const PackagedContent& pay_protocol) {
  Node item("ProtocolItem");
  item.Set("ProtocolId", kProtocolId)
      .Set("ProtocolBrandId", brand.protocol_brand_id)
      .Set("xml:lang", language)
      .Set("ProtocolName", Sentence(LabelText::kProtocolName, LanguageOf(language)))
      .SetIf("PayReqNetLocn", brand.pay_req_url)
      .SetIf("SecPayReqNetLocn", brand.sec_pay_req_url);
  item.Add(ToNode("PayProtocolPackagedContent", pay_protocol));
  item.Add(Node("CurrencyAmount")
               .Set("CurrCodeType", kIso4217A)
               .Set("CurrCode", money.curr_code)
               .Set("Amount", money.amount));
  item.Add(Node("Brand").Set("BrandId", brand.brand_id));
  item.Add(Node("ProtocolBrand")
               .Set("ProtocolId", kProtocolId)
               .Set("ProtocolBrandId", brand.protocol_brand_id));
  return item;
}

void Describe(Ledger& ledger, const Money& money) {
  ledger.payment().amount = money.amount;
  ledger.payment().curr_code_type = kIso4217A;
  ledger.payment().curr_code = money.curr_code;
  ledger.payment().pay_direction = "Debit";
}

Checked<Answer> OfferBrands(const Call& call, Ledger& ledger) {
  if (auto ours = CheckMerchant(call); !ours) return tl::unexpected(ours.error());
  auto money = ReadMoney(call.request());
  if (!money) return tl::unexpected(money.error());
  if (!ledger.Move(Event::kStart)) return OutOfState(call, ledger);

  Node response("FindAcceptedPaymentBrandResponse");
  if (!IsDebit(call.request())) return response;  // E-23
  Describe(ledger, *money);
  ledger.payment().merchant_org_id = call.config().organisation.org_id;
  for (const BrandConfig& brand : call.config().brands) {
    if (brand.hidden) continue;
    if (LimitsViolated(*money, brand.currencies, brand.limits, call.name())) continue;
    NoteBrand(ledger.payment(), brand.brand_id);
    response.Add(BrandItem(brand, call.config().language));
  }
  return response;
}

Checked<Answer> OfferProtocol(const Call& call, Ledger& ledger) {
  const schema::Element& request = call.request();
  if (auto ours = CheckMerchant(call); !ours) return tl::unexpected(ours.error());
  if (auto debit = CheckDebit(request); !debit) return tl::unexpected(debit.error());
  auto money = ReadMoney(request);
  if (!money) return tl::unexpected(money.error());
  auto brand = AcceptedBrand(call, *money);
  if (!brand) return tl::unexpected(brand.error());

  if (auto offered = CheckOffered(call, ledger, **brand); !offered) {
    return tl::unexpected(offered.error());
  }
  if (!ledger.Move(Event::kContinue)) return OutOfState(call, ledger);

  // One LID-M for the whole payment, however often the question is asked.
  if (!ledger.payment().lid_m) ledger.payment().lid_m = MakeLidM(call.environment());
  const schema::Element* element = request.Child("MerchantData");
  const PackagedContent merchant_data = element ? FromElement(*element) : PackagedContent{};
  const bool for_set = merchant_data.name == kSetInitiationName;
  const auto pay_protocol =
      MakePayProtocol(*ledger.payment().lid_m, for_set ? &merchant_data : nullptr, "MerchantData");
  if (!pay_protocol) return Refuse(pay_protocol.error());
  ledger.payment().lid_m = AnnouncedLidM(*pay_protocol);
  NoteProtocol(ledger.payment(), (*brand)->brand_id, (*brand)->protocol_brand_id, *money,
               *pay_protocol);
  Describe(ledger, *money);
  ledger.payment().brand_id = (*brand)->brand_id;
  ledger.payment().protocol_brand_id = (*brand)->protocol_brand_id;
  ledger.payment().protocol_id = kProtocolId;

  Node response("FindAcceptedPaymentProtocolResponse");
  response.Add(
      ProtocolItem(**brand, call.config().language, *money, MakeSetContent(*pay_protocol)));
  response.Add(BrandItem(**brand, call.config().language));
  return response;
}

Checked<Answer> Initialize(const Call& call, Ledger& ledger) {
  const schema::Element& request = call.request();
  if (auto ours = CheckMerchant(call); !ours) return tl::unexpected(ours.error());
  const auto offer = ReadOffer(call);
  if (!offer) return tl::unexpected(offer.error());
  auto brand = AcceptedBrand(call, offer->money);
  if (!brand) return tl::unexpected(brand.error());
  auto receiver = RequireAttribute(request, "ReceiverOrgId");
  if (!receiver) return tl::unexpected(receiver.error());
  const std::string_view ok_from = request.Value("OkFrom");
  const std::string_view ok_to = request.Value("OkTo");
  // An offer may be made before it is valid: only the two ends are judged.
  const auto fault =
      CheckValidity(ok_from, ok_to, ParseIotpTime(ok_from).value_or(call.now_ms), call.name());
  if (fault) return Refuse(*fault);
  auto sale_detail = ReadSaleDetail(call);
  if (!sale_detail) return tl::unexpected(sale_detail.error());
  const auto order = ReadOrder(request);
  if (HasDuplicateNames(order)) {
    return Refuse(FaultCode::kElContIllegal, "OrderPackagedContent", "Name",
                  DetailText::kNamesNotUnique);
  }
  if (auto offered = CheckOffered(call, ledger, **brand); !offered) {
    return tl::unexpected(offered.error());
  }
  if (auto copied = CheckCopied(request, ledger.payment(), (*brand)->brand_id, *offer); !copied) {
    return tl::unexpected(copied.error());
  }
  if (!ledger.Move(Event::kContinue)) return OutOfState(call, ledger);
  Describe(ledger, offer->money);
  ledger.payment().brand_id = (*brand)->brand_id;
  ledger.payment().protocol_brand_id = offer->protocol_brand_id.Text();
  ledger.payment().lid_m = AnnouncedLidM(offer->pay_protocol);
  ledger.payment().ok_from = ok_from;
  ledger.payment().ok_to = ok_to;
  ledger.payment().order_hash = OrderHash(order);

  Node response("GetPaymentInitializationDataResponse");
  response.Set("OkFrom", ok_from).Set("OkTo", ok_to);
  for (const schema::Element* content : request.Children("OrderPackagedContent")) {
    response.Add(schema::CopyOf(*content));
  }
  if (*receiver == (*brand)->payment_handler_org_id) {
    response.Add(ToNode("TradingRoleDataPackagedContent", MakeSetOd(*ledger.payment().order_hash)));
    if (*sale_detail) {
      response.Add(
          ToNode("TradingRoleDataPackagedContent", MakeSetContent(**sale_detail, kSaleDetailName)));
    }
  }
  return response;
}

}  // namespace

Written FindAcceptedPaymentBrand(const Call& call) {
  return NoteOn(call, "MerchantPayId", Role::kMerchant, OfferBrands);
}

Written FindAcceptedPaymentProtocol(const Call& call) {
  return NoteOn(call, "MerchantPayId", Role::kMerchant, OfferProtocol);
}

Written GetPaymentInitializationData(const Call& call) {
  return NoteOn(call, "MerchantPayId", Role::kMerchant, Initialize);
}

}  // namespace bridge
