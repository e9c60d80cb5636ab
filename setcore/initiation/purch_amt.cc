#include "setcore/initiation/purch_amt.h"

#include <fmt/format.h>

#include <charconv>

namespace setcore::initiation {
namespace {

constexpr std::size_t kCurrencyDigits = 3;  // ISO 4217-N

// Digits tells whether `text` is 1 to `limit` decimal digits.
bool Digits(std::string_view text, std::size_t limit) {
  return !text.empty() && text.size() <= limit &&
         text.find_first_not_of("0123456789") == std::string_view::npos;
}

template <class Integer>
std::optional<Integer> Number(std::string_view text) {
  Integer value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::string FormatPurchAmt(const PurchAmt& value) {
  return fmt::format("{:03} {} {}", value.currency, value.amount, value.amt_exp10);
}

std::optional<PurchAmt> ParsePurchAmt(std::string_view text) {
  const std::size_t first = text.find(' ');
  if (first == std::string_view::npos) return std::nullopt;
  const std::size_t second = text.find(' ', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const std::string_view currency = text.substr(0, first);
  const std::string_view amount = text.substr(first + 1, second - first - 1);
  const std::string_view exponent = text.substr(second + 1);
  const bool negative = exponent.starts_with('-');

  if (currency.size() != kCurrencyDigits || !Digits(currency, kCurrencyDigits) ||
      !Digits(amount, kMaxAmountDigits) || !Digits(negative ? exponent.substr(1) : exponent, 2)) {
    return std::nullopt;
  }
  PurchAmt value;
  value.currency = *Number<std::uint16_t>(currency);
  value.amount = *Number<std::uint64_t>(amount);
  value.amt_exp10 = *Number<std::int32_t>(exponent);
  if (value.currency == 0 || value.amt_exp10 < kMinExponent || value.amt_exp10 > kMaxExponent ||
      (negative && value.amt_exp10 == 0)) {
    return std::nullopt;
  }
  return value;
}

}  // namespace setcore::initiation
