#include "bridge/calls/instrument.h"

#include <fmt/format.h>

#include <ctime>

namespace bridge {
namespace {

using schema::FaultCode;

// YYYYMM of `now_ms`, the way CardExpiry is written; texts of that form compare as dates do.
std::string YearAndMonth(std::int64_t now_ms) {
  const std::time_t seconds = now_ms / 1000;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  return fmt::format("{:04}{:02}", utc.tm_year + 1900, utc.tm_mon + 1);
}

// Why the card is too old or too young to be used; kNone if it is not.
DetailText Expired(const Call& call, const InstrumentConfig& instrument) {
  const setcore::Time now = call.environment().now;
  if (!instrument.chain.empty()) {
    if (now > instrument.chain.front()->not_after()) return DetailText::kCertificateExpired;
    if (now < instrument.chain.front()->not_before()) {
      return DetailText::kCertificateNotYetValid;
    }
  }
  const auto card = call.keyring->CardOf(instrument.id);
  if (card && (*card)->expiry.view() < YearAndMonth(call.now_ms)) return DetailText::kCardExpired;
  return DetailText::kNone;
}

}  // namespace

bool FitsBrand(const InstrumentConfig& instrument, std::string_view brand_id,
               const ProtocolBrandId& accepted) {
  if (CanonicalBrandId(instrument.brand_id) != CanonicalBrandId(brand_id)) return false;
  const auto own = ParseProtocolBrandId(instrument.protocol_brand_id);
  return own && Matches(accepted, own->id);
}

Checked<void> CheckUsable(const Call& call, const InstrumentConfig& instrument, const Money& money,
                          const ProtocolBrandId& accepted) {
  if (!FitsBrand(instrument, call.request().Value("BrandId"), accepted)) {
    return Refuse(FaultCode::kAttValIllegal, call.name(), "BrandId",
                  DetailText::kInstrumentOtherBrand);
  }
  if (const DetailText why = Expired(call, instrument); why != DetailText::kNone) {
    return Refuse(FaultCode::kAttValIllegal, call.name(), "PaymentInstrumentId", why);
  }
  const auto limited = LimitsViolated(money, instrument.currencies, instrument.limits, call.name());
  if (limited) return Refuse(*limited);
  return {};
}

Checked<const InstrumentConfig*> JudgeInstrument(const Call& call, const Money& money,
                                                 const ProtocolBrandId& accepted) {
  auto id = RequireAttribute(call.request(), "PaymentInstrumentId");
  if (!id) return tl::unexpected(id.error());
  const InstrumentConfig* instrument = call.config().FindInstrument(*id);
  if (instrument == nullptr || instrument->hidden) {
    return Refuse(FaultCode::kAttValIllegal, call.name(), "PaymentInstrumentId",
                  DetailText::kUnknownInstrument);
  }
  auto usable = CheckUsable(call, *instrument, money, accepted);
  if (!usable) return tl::unexpected(usable.error());
  // A PCN is shown by a certificate only, so the payment handler would refuse the payment (RFC
  // 3538, 8.4.4 (1); E-40), though the card is listed by its profile (8.3.2).
  if (instrument->chain.empty() && !accepted.pcn.empty()) {
    return Refuse(FaultCode::kAttValIllegal, call.name(), "PaymentInstrumentId",
                  DetailText::kPcnNeedsCertificate);
  }
  return instrument;
}

}  // namespace bridge
