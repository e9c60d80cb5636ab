#include "bridge/calls/offer.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace bridge {
namespace {

using schema::FaultCode;

// The one PayProtocolPackagedContent, decoded (RFC 3538, 8.3.1).
Checked<setcore::Octets> ReadPayProtocol(const schema::Element& call) {
  constexpr std::string_view kName = "PayProtocolPackagedContent";
  const auto elements = call.Children(kName);
  if (elements.empty()) return Refuse(FaultCode::kElMissing, kName, {}, {});
  if (elements.size() > 1) {
    return Refuse(FaultCode::kElUnexpected, kName, {}, DetailText::kExactlyOne);
  }
  auto octets = ReadSetContent(FromElement(*elements.front()), kName);
  if (!octets) return Refuse(octets.error());
  return std::move(*octets);
}

}  // namespace

Checked<Money> ReadMoney(const schema::Element& call) {
  Money money;
  money.amount = call.Value("Amount");
  money.curr_code = call.Value("CurrCode");
  auto purch_amt = ToPurchAmt(call.Value("CurrCodeType", kIso4217A), money.curr_code, money.amount);
  if (!purch_amt) {
    purch_amt.error().element_type = call.name;
    return Refuse(purch_amt.error());
  }
  money.purch_amt = *purch_amt;
  return money;
}

bool IsDebit(const schema::Element& call) { return call.Value("PayDirection") == "Debit"; }

Checked<void> CheckDebit(const schema::Element& call) {
  if (IsDebit(call)) return {};
  return Refuse(FaultCode::kAttValIllegal, call.name, "PayDirection",
                {DetailText::kOnlyValue, {{"value", "Debit"}}});
}

Checked<std::string> RequireAttribute(const schema::Element& call, std::string_view attribute) {
  std::string value(call.Value(attribute));
  if (value.empty()) {
    return Refuse(FaultCode::kAttMissing, call.name, attribute, DetailText::kMandatoryForSet);
  }
  return value;
}

Checked<void> CheckProtocolId(const schema::Element& call) {
  if (call.Value("ProtocolId") == kProtocolId) return {};
  return Refuse(FaultCode::kAttValIllegal, call.name, "ProtocolId",
                {DetailText::kOnlyValue, {{"value", kProtocolId}}});
}

Checked<ProtocolBrandId> ReadProtocolBrand(const schema::Element& call, const Host& host) {
  const schema::Element* element = call.Child("ProtocolBrand");
  const schema::Element& holder = element != nullptr ? *element : call;
  if (element != nullptr && holder.Find("ProtocolId").value_or(kProtocolId) != kProtocolId) {
    return Refuse(FaultCode::kAttValIllegal, holder.name, "ProtocolId",
                  {DetailText::kOnlyValue, {{"value", kProtocolId}}});
  }
  auto text = RequireAttribute(holder, "ProtocolBrandId");
  if (!text) return tl::unexpected(text.error());
  const auto parsed = ParseProtocolBrandId(*text);
  if (!parsed) {
    return Refuse(FaultCode::kAttValIllegal, holder.name, "ProtocolBrandId",
                  {DetailText::kOnlyValue, {{"value", "brand[:Product][:PCN]"}}});
  }
  if (parsed->trailing_colons) {  // E-36
    host.Log(LogLevel::kWarning, fmt::format("{}: the ProtocolBrandId ends in a colon, which is "
                                             "dropped: {}",
                                             call.name, parsed->id.Text()));
  }
  const auto attribute = ParseProtocolBrandId(call.Value("ProtocolBrandId"));
  if (attribute && attribute->id != parsed->id) {
    return Refuse(FaultCode::kAttValIllegal, call.name, "ProtocolBrandId",
                  {DetailText::kOnlyValue, {{"value", parsed->id.Text()}}});
  }
  return parsed->id;
}

Checked<Offer> ReadOffer(const Call& call) {
  const schema::Element& request = call.request();
  if (auto debit = CheckDebit(request); !debit) return tl::unexpected(debit.error());
  if (auto protocol = CheckProtocolId(request); !protocol) return tl::unexpected(protocol.error());
  auto money = ReadMoney(request);
  if (!money) return tl::unexpected(money.error());
  auto protocol_brand_id = ReadProtocolBrand(request, call.wallet.host);
  if (!protocol_brand_id) return tl::unexpected(protocol_brand_id.error());
  auto pay_protocol = ReadPayProtocol(request);
  if (!pay_protocol) return tl::unexpected(pay_protocol.error());
  return Offer{std::move(*money), std::move(*protocol_brand_id), std::move(*pay_protocol)};
}

std::vector<OrderContent> ReadOrder(const schema::Element& call) {
  std::vector<OrderContent> order;
  for (const schema::Element* element : call.Children("OrderPackagedContent")) {
    const auto name = element->Find("Name");
    order.push_back(
        {name ? std::optional<std::string>(*name) : std::nullopt, std::string(element->text)});
  }
  return order;
}

std::optional<Fault> LimitsViolated(const Money& money, const std::vector<std::string>& currencies,
                                    const std::vector<CurrencyLimit>& limits,
                                    std::string_view element_type) {
  const auto illegal = [&](std::string_view att_name, Detail detail) {
    return Fault{FaultCode::kAttValIllegal, std::string(element_type), std::string(att_name),
                 std::move(detail)};
  };
  if (!currencies.empty() &&
      std::find(currencies.begin(), currencies.end(), money.curr_code) == currencies.end()) {
    return illegal("CurrCode", {DetailText::kCurrencyNotAccepted, {{"currency", money.curr_code}}});
  }
  for (const CurrencyLimit& limit : limits) {
    if (limit.currency != money.curr_code) continue;
    if (CompareAmounts(money.amount, limit.lowest) < 0 ||
        CompareAmounts(money.amount, limit.highest) > 0) {
      return illegal("Amount", {DetailText::kAmountOutside,
                                {{"amount", money.amount},
                                 {"currency", money.curr_code},
                                 {"lowest", limit.lowest},
                                 {"highest", limit.highest}}});
    }
  }
  return std::nullopt;
}

}  // namespace bridge
