// Money: IOTP's {Amount, CurrCodeType, CurrCode} and SET's PurchAmt {currency, amount, amtExp10}
// (RFC 3538, 8.4.1 (d); set-initiation.md, 4.1; errata B).  Currency data come from ICU.  Exact
// decimal digits, never a floating-point number.  Any thread may call.
#ifndef BRIDGE_TRANSLATE_MONEY_H_
#define BRIDGE_TRANSLATE_MONEY_H_

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "bridge/translate/fault.h"
#include "setcore/initiation/purch_amt.h"
#include "setcore/octets.h"

namespace bridge {

using PurchAmt = setcore::initiation::PurchAmt;

// The CurrCodeType that is written (E-13).
inline constexpr std::string_view kIso4217A = "ISO4217-A";

// IsIso4217A takes ISO4217-A and its misprints ISO-4217-A and ISO5217-A (E-13).
bool IsIso4217A(std::string_view curr_code_type);

// CurrencyNumber maps an alphabetic code in capital letters to its ISO 4217 number; nothing for
// codes that ISO 4217 does not number.
std::optional<std::uint16_t> CurrencyNumber(std::string_view curr_code);

// CurrencyCode maps back, to the code in use today where a number was used twice.
std::optional<std::string> CurrencyCode(std::uint16_t number);

// ToPurchAmt translates the three attributes, the Amount as it is written (E-16, E-17).  An illegal
// one gives AttValIllegal with AttName CurrCodeType, CurrCode or Amount; ElementType is left to the
// caller.
tl::expected<PurchAmt, Fault> ToPurchAmt(std::string_view curr_code_type,
                                         std::string_view curr_code, std::string_view amount);

// AmountText writes `value` without its currency: 12950 and -2 give "129.50".  With a positive
// exponent the zeros are written out.
std::string AmountText(const PurchAmt& value);

// IsAmount tells whether `text` is an Amount: digits with at most one point, at least one digit, at
// most 18 digits, nothing else.
bool IsAmount(std::string_view text);

// CompareAmounts compares two texts for which IsAmount holds by their values: "1.5" equals "1.50".
std::strong_ordering CompareAmounts(std::string_view left, std::string_view right);

// ReceiptAmount is Amount times AuthRatio or CapRatio for ExpandPaymentReceipt (RFC 3538, 7.5.2;
// E-18): exact, rounded half to even to the decimals of `amount`.  `ratio` holds the contents
// octets of the REAL; without one the amount itself.  Nothing if the ratio is none.
std::optional<std::string> ReceiptAmount(std::string_view amount,
                                         const std::optional<setcore::Octets>& ratio);

}  // namespace bridge

#endif  // BRIDGE_TRANSLATE_MONEY_H_
