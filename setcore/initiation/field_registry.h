// The one table of SET Initiation fields: names, aliases, where each must and may stand, and how
// its value is judged (set-initiation.md, 3.3).  A copy of the External Interface Guide that turns
// up later is absorbed here.
#ifndef SETCORE_INITIATION_FIELD_REGISTRY_H_
#define SETCORE_INITIATION_FIELD_REGISTRY_H_

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "setcore/initiation/initiation.h"

namespace setcore::initiation {

// Field names that the code speaks of.
inline constexpr std::string_view kMimeVersionField = "MIME-Version";
inline constexpr std::string_view kContentTypeField = "Content-Type";
inline constexpr std::string_view kTransferEncodingField = "Content-Transfer-Encoding";
inline constexpr std::string_view kTypeField = "SET-Initiation-Type";
inline constexpr std::string_view kVersionField = "SET-Version";
inline constexpr std::string_view kBrandField = "SET-Brand";
inline constexpr std::string_view kPurchAmtField = "SET-PurchAmt";
inline constexpr std::string_view kLidMField = "SET-LID-M";
inline constexpr std::string_view kInstallTotalTransField = "SET-InstallTotalTrans";
inline constexpr std::string_view kRecurringField = "SET-Recurring";
inline constexpr std::string_view kExtOidField = "SET-Ext-OID";
inline constexpr std::string_view kExtMandatoryField = "SET-Ext-Mandatory";
inline constexpr std::string_view kExtDataField = "SET-Ext-Data";
inline constexpr std::string_view kEchoInResponseField = "SET-Echo-In-Response";
inline constexpr std::string_view kEchoInRequestField = "SET-Echo-In-Request";
inline constexpr std::string_view kServiceUrlField = "SET-Service-URL";
inline constexpr std::string_view kErrorFieldField = "SET-Error-Field";
inline constexpr std::string_view kErrorReasonField = "SET-Error-Reason";

// Values that are written.
inline constexpr std::string_view kOrderContentType = "text/plain; charset=us-ascii";
inline constexpr std::string_view kBinary = "Binary";
inline constexpr std::string_view kPaymentInitiation = "Payment-Initiation";
inline constexpr std::string_view kPaymentInitiationResponse = "Payment-Initiation-Response";

// Need of a field in a profile.
enum class Need : std::uint8_t { kOptional, kMandatory, kForbidden };

// Verdict on one value.
enum class Verdict : std::uint8_t { kGood, kSyntax, kTooLarge, kUnsupported, kDrop };

inline constexpr std::size_t kProfiles = 5;

// FieldRule is one row.  `judge` stores what the value means into the Initiation.
struct FieldRule {
  std::string_view name;
  std::array<std::string_view, 2> aliases;  // empty where there are fewer
  std::array<Need, kProfiles> need;         // indexed by Profile
  bool repeatable;
  Verdict (*judge)(std::string_view value, Initiation& into);

  Need In(Profile profile) const { return need[static_cast<std::size_t>(profile)]; }
};

// Rules in the order of the table, which is the order of the checks.
std::span<const FieldRule> Rules();

// FindRule looks a name or an alias up, in any case of letters; null if it is unknown.
const FieldRule* FindRule(std::string_view name);

// What the values of a SET-Ext group mean (set-initiation.md, 3.4).
bool IsOid(std::string_view text);
std::optional<bool> ParseMandatory(std::string_view text);
std::optional<Octets> ParseExtensionData(std::string_view text);

}  // namespace setcore::initiation

#endif  // SETCORE_INITIATION_FIELD_REGISTRY_H_
