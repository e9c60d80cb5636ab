// The value of SET-PurchAmt: "currency amount amtExp10" (RFC 3538, 8.4.1 (d)-1).  Both sides digest
// it as a CurrencyAmount, so it is never normalised (E-16).
#ifndef SETCORE_INITIATION_PURCH_AMT_H_
#define SETCORE_INITIATION_PURCH_AMT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace setcore::initiation {

// PurchAmt is `amount` times 10 to the power `amt_exp10`, in the currency with that ISO 4217
// number.
struct PurchAmt {
  std::uint16_t currency = 0;  // 1 to 999
  std::uint64_t amount = 0;    // at most kMaxAmount
  std::int32_t amt_exp10 = 0;  // from kMinExponent to kMaxExponent

  friend bool operator==(const PurchAmt&, const PurchAmt&) = default;
};

// set-initiation.md, 4.1: at most 18 digits.
inline constexpr std::size_t kMaxAmountDigits = 18;
inline constexpr std::uint64_t kMaxAmount = 999'999'999'999'999'999;
inline constexpr std::int32_t kMinExponent = -18;
inline constexpr std::int32_t kMaxExponent = 18;

// FormatPurchAmt writes the three integers with one space between them, the currency in 3 digits.
std::string FormatPurchAmt(const PurchAmt& value);

// ParsePurchAmt reads them back: 3 digits, 1 to 18 digits, an integer with an optional minus;
// anything else, and numbers outside the limits above, give nothing.
std::optional<PurchAmt> ParsePurchAmt(std::string_view text);

}  // namespace setcore::initiation

#endif  // SETCORE_INITIATION_PURCH_AMT_H_
