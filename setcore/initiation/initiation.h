// SET Initiation messages and their Responses: a header block of fields, an empty line, the order
// description (set-initiation.md, 3 and 5; RFC 3538, 8.3.1, 8.4.1, 9.4.1).
//
// Writing is strict, reading is tolerant, and both follow the one table of field_registry.h.  A
// message that is refused is refused with a Fault: the first bad field in the fixed order of checks
// of set-initiation.md, section 5, and the reason.  Nothing here has a state; any thread may call.
#ifndef SETCORE_INITIATION_INITIATION_H_
#define SETCORE_INITIATION_INITIATION_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "setcore/environment.h"
#include "setcore/initiation/purch_amt.h"
#include "setcore/octets.h"

namespace setcore::initiation {

// Limits of set-initiation.md, 3.2 and 3.3.
inline constexpr std::size_t kMaxLine = 998;           // octets, without the line end
inline constexpr std::size_t kMaxHeaderBlock = 16384;  // octets, the empty line included
inline constexpr std::size_t kMaxBody = 65536;
inline constexpr std::size_t kMaxExtensions = 64;
inline constexpr std::size_t kMaxEcho = 1024;
inline constexpr std::size_t kMaxUrl = 1024;
inline constexpr std::size_t kMaxLidM = 20;  // octets, LocalID
inline constexpr std::uint32_t kMaxInstallTotalTrans = 999;
inline constexpr std::uint32_t kMaxRecurringFrequency = 366;  // days

// The only protocol version (RFC 3538, 8.2.3 NOTE).
inline constexpr std::string_view kVersion = "1.0";

// Reason is the token of SET-Error-Reason (E-121).
enum class Reason : std::uint8_t {
  kMissing,
  kSyntax,
  kUnsupported,
  kDuplicate,
  kInconsistent,
  kTooLarge,
  kCancelled,
};

// Name gives the token, for example "too-large".
std::string_view Name(Reason reason);

// Fault names the first bad field.  `field` is empty when there is no field to name (charset, a
// line without a name); SET-Error-Field then names SET-Initiation-Type.  `detail` is for people.
struct Fault {
  std::string field;
  Reason reason = Reason::kSyntax;
  std::string detail;
};

template <class T>
using Result = tl::expected<T, Fault>;

// Profile says which fields must be there and which must not.
enum class Profile : std::uint8_t {
  kPayProtocol,   // header lines only: the PayProtocol data of RFC 3538, 8.3.1
  kMerchantData,  // header lines only: MerchantData SET:Initiation (interfaces.md, 3)
  kInitiation,    // a whole 1st Initiation
  kFollowing,     // 2nd and later Initiations: what the 1st fixed may be left out
  kResponse,      // an Initiation Response
};

// Recurring is SET-Recurring: minimum days between authorizations, and the last date.
struct Recurring {
  std::uint32_t frequency = 0;
  Time expiry = 0;  // parts left out are zero, so that both sides digest the same Date

  friend bool operator==(const Recurring&, const Recurring&) = default;
};

// Extension is one SET-Ext group: {extnID, critical, extnValue}.
struct Extension {
  std::string oid;  // dotted decimal
  bool mandatory = false;
  Octets data;

  friend bool operator==(const Extension&, const Extension&) = default;
};

// Field is one header line: the canonical name if the registry knows it, else as it was written.
struct Field {
  std::string name;
  std::string value;  // unfolded, white space at both ends removed

  friend bool operator==(const Field&, const Field&) = default;
};

// Initiation is a message of either direction, with what its fields mean.
struct Initiation {
  std::vector<Field> fields;  // in the order of the message
  Octets body;                // the order description, transfer encoding undone

  std::optional<std::string> version;
  std::vector<std::string> brands;  // SET-Brand, without the URL that may follow
  std::optional<PurchAmt> purch_amt;
  std::optional<Octets> lid_m;
  std::optional<std::uint32_t> install_total_trans;
  std::optional<Recurring> recurring;
  std::vector<Extension> extensions;
  std::optional<std::string> echo_in_response;
  std::optional<std::string> echo_in_request;
  std::optional<std::string> error_field;
  std::optional<std::string> error_reason;

  std::vector<std::string> warnings;  // dropped optional URLs, unknown MIME-Version

  // Find gives the first value of the field with that canonical name.
  std::optional<std::string_view> Find(std::string_view name) const;
};

// Parse reads a message or, for the two header-only profiles, the header lines with an optional
// final empty line.  It applies checks 1 to 8 of set-initiation.md, section 5.  A mandatory
// extension whose OID is not in `known` is refused.
Result<Initiation> Parse(OctetView octets, Profile profile,
                         std::span<const std::string_view> known = {});

// FromFields is Parse on fields that somebody put together: the same checks 2 to 8.  Line, charset
// and size limits are checked too, so that what it gives can be written and read again.
Result<Initiation> FromFields(std::vector<Field> fields, OctetView body, Profile profile,
                              std::span<const std::string_view> known = {});

// WrapSetMessage puts a SET request into a MIME entity that carries the value of
// SET-Echo-In-Request, which came with an Initiation that could be read (set-initiation.md, 6.3).
Octets WrapSetMessage(OctetView message, std::string_view echo);

// Write gives the octets: the fields in their order, "Name: value" CRLF, then an empty line and the
// body.  A value that came folded because it fits in no line is folded again.  For header-only data
// (`header_only`) the empty line and the body are left out. `message` came from Parse or
// FromFields.
Octets Write(const Initiation& message, bool header_only);

// ComposeErrorResponse makes the Response that refuses the message with the fields `request` (empty
// if they could not be read) for `fault`.  LID-M and SET-Echo-In-Response are copied if present and
// well formed (set-initiation.md, 5).
Initiation ComposeErrorResponse(const std::vector<Field>& request, const Fault& fault);

// ReadFields splits header lines without judging them: what an error Response copies from.  Lines
// that cannot be read are left out.
std::vector<Field> ReadFields(OctetView octets);

// LidMText writes LID-M as SET-LID-M does: upper-case hex (E-22).
std::string LidMText(OctetView lid_m);

// Kind is what a ContentData of PaySchemeData holds (E-49; set-initiation.md, 6.2).
enum class Kind : std::uint8_t {
  kSetMessage,      // bare DER
  kMimeSetMessage,  // Content-Type: application/set-payment, then the DER
  kInitiation,
  kResponse,
  kUnknown,
};

// Classified points into the octets that Classify was given.
struct Classified {
  Kind kind = Kind::kUnknown;
  OctetView message;  // for the two SET kinds the DER, else everything
};

// Classify looks at the first octet (0x30: DER) and else at the header block.
Classified Classify(OctetView octets);

}  // namespace setcore::initiation

#endif  // SETCORE_INITIATION_INITIATION_H_
