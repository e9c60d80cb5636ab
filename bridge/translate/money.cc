#include "bridge/translate/money.h"

#include <unicode/ucurr.h>
#include <unicode/uenum.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <map>
#include <memory>
#include <utility>

#include "setcore/asn1/real.h"

namespace bridge {
namespace {

constexpr std::size_t kCodeLength = 3;
constexpr std::uint16_t kHighestNumber = 999;
constexpr std::uint16_t kNoNumber = kHighestNumber + 1;

constexpr bool IsCapital(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }

tl::unexpected<Fault> Illegal(std::string_view attribute, Detail detail) {
  return tl::unexpected<Fault>(
      Fault{schema::FaultCode::kAttValIllegal, {}, std::string(attribute), std::move(detail)});
}

struct CloseEnumeration {
  void operator()(UEnumeration* enumeration) const { uenum_close(enumeration); }
};

std::int32_t NumericCode(std::string_view code) {
  std::array<UChar, kCodeLength + 1> text{};
  std::copy(code.begin(), code.end(), text.begin());
  return ucurr_getNumericCode(text.data());
}

// Parts are the digits on either side of the point, without the zeros that do not count.
struct Parts {
  std::string_view whole;
  std::string_view fraction;
};

Parts Significant(std::string_view text) {
  const std::size_t point = std::min(text.find('.'), text.size());
  Parts parts{text.substr(0, point), text.substr(std::min(point + 1, text.size()))};
  parts.whole.remove_prefix(std::min(parts.whole.find_first_not_of('0'), parts.whole.size()));
  parts.fraction = parts.fraction.substr(0, parts.fraction.find_last_not_of('0') + 1);
  return parts;
}

}  // namespace

bool IsIso4217A(std::string_view curr_code_type) {
  return curr_code_type == kIso4217A || curr_code_type == "ISO-4217-A" ||
         curr_code_type == "ISO5217-A";
}

std::optional<std::uint16_t> CurrencyNumber(std::string_view curr_code) {
  if (curr_code.size() != kCodeLength ||
      !std::all_of(curr_code.begin(), curr_code.end(), IsCapital)) {
    return std::nullopt;
  }
  // What ICU has said of a code, which takes it microseconds each time; 0: it was not asked yet.
  constexpr std::size_t kLetters = 26;
  static std::array<std::atomic<std::uint16_t>, kLetters * kLetters * kLetters> said;
  std::size_t place = 0;
  for (const char letter : curr_code)
    place = place * kLetters + static_cast<std::size_t>(letter - 'A');
  std::uint16_t number = said[place].load(std::memory_order_relaxed);
  if (number == 0) {
    const std::int32_t asked = NumericCode(curr_code);
    number = asked < 1 || asked > kHighestNumber ? kNoNumber : static_cast<std::uint16_t>(asked);
    said[place].store(number, std::memory_order_relaxed);
  }
  if (number == kNoNumber) return std::nullopt;
  return number;
}

namespace {

// The code of each number; ICU only goes from code to number.
std::map<std::uint16_t, std::string> CodesByNumber() {
  std::map<std::uint16_t, std::string> found;
  for (const int which : {UCURR_COMMON | UCURR_NON_DEPRECATED, static_cast<int>(UCURR_ALL)}) {
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<UEnumeration, CloseEnumeration> codes(
        ucurr_openISOCurrencies(static_cast<std::uint32_t>(which), &status));
    if (U_FAILURE(status)) return found;
    std::int32_t length = 0;
    while (const char* code = uenum_next(codes.get(), &length, &status)) {
      const std::string_view text(code, static_cast<std::size_t>(length));
      if (const auto number = CurrencyNumber(text)) found.emplace(*number, text);
    }
  }
  return found;
}

}  // namespace

std::optional<std::string> CurrencyCode(std::uint16_t number) {
  static const auto& codes = *new std::map<std::uint16_t, std::string>(CodesByNumber());
  const auto found = codes.find(number);
  if (found == codes.end()) return std::nullopt;
  return found->second;
}

tl::expected<PurchAmt, Fault> ToPurchAmt(std::string_view curr_code_type,
                                         std::string_view curr_code, std::string_view amount) {
  if (!IsIso4217A(curr_code_type)) {
    return Illegal("CurrCodeType", {DetailText::kOnlyValue, {{"value", kIso4217A}}});
  }
  const auto currency = CurrencyNumber(curr_code);
  if (!currency) return Illegal("CurrCode", DetailText::kNotCurrency);
  if (!IsAmount(amount)) return Illegal("Amount", DetailText::kNotAmount);

  std::string digits(amount);
  const std::size_t point = digits.find('.');
  PurchAmt value;
  value.currency = *currency;
  if (point != std::string::npos) {
    digits.erase(point, 1);
    value.amt_exp10 = -static_cast<std::int32_t>(digits.size() - point);
  }
  std::from_chars(digits.data(), digits.data() + digits.size(), value.amount);
  return value;
}

std::string AmountText(const PurchAmt& value) {
  std::string digits = std::to_string(value.amount);
  if (value.amt_exp10 >= 0) {
    if (value.amount != 0) digits.append(static_cast<std::size_t>(value.amt_exp10), '0');
    return digits;
  }
  const auto decimals = static_cast<std::size_t>(-value.amt_exp10);
  if (digits.size() <= decimals) digits.insert(0, decimals + 1 - digits.size(), '0');
  digits.insert(digits.size() - decimals, 1, '.');
  return digits;
}

bool IsAmount(std::string_view text) {
  const auto points = std::count(text.begin(), text.end(), '.');
  const auto digits = std::count_if(text.begin(), text.end(), IsDigit);
  return points <= 1 && digits >= 1 &&
         points + digits == static_cast<std::ptrdiff_t>(text.size()) &&
         digits <= static_cast<std::ptrdiff_t>(setcore::initiation::kMaxAmountDigits);
}

std::strong_ordering CompareAmounts(std::string_view left, std::string_view right) {
  const Parts a = Significant(left);
  const Parts b = Significant(right);
  if (const auto order = a.whole.size() <=> b.whole.size(); std::is_neq(order)) return order;
  if (const auto order = a.whole <=> b.whole; std::is_neq(order)) return order;
  return a.fraction <=> b.fraction;
}

std::optional<std::string> ReceiptAmount(std::string_view amount,
                                         const std::optional<setcore::Octets>& ratio) {
  if (!ratio) return std::string(amount);
  return setcore::der::Expand(amount, setcore::der::FloatingPoint{*ratio});
}

}  // namespace bridge
