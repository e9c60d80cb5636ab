#include "setcore/initiation/field_registry.h"

#include <algorithm>
#include <charconv>
#include <chrono>

#include "setcore/base64.h"
#include "setcore/initiation/header_block.h"

namespace setcore::initiation {
namespace {

constexpr std::size_t kMaxBrand = 40;  // ub-BrandID
constexpr std::size_t kMaxVersion = 16;
constexpr std::size_t kMaxOid = 128;

bool IsDigits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool IsPrintable(std::string_view text) { return text.find('\t') == std::string_view::npos; }

// Number reads 1 to `digits` decimal digits.
std::optional<std::uint32_t> Number(std::string_view text, std::size_t digits) {
  if (!IsDigits(text) || text.size() > digits) return std::nullopt;
  std::uint32_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

std::optional<Octets> ParseHex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  Octets octets;
  octets.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = HexDigit(text[i]);
    const int low = HexDigit(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    octets.push_back(static_cast<std::uint8_t>(high << 4 | low));
  }
  return octets;
}

// ParseExpiry reads YYYYMMDD, YYYYMMDDhhmm or YYYYMMDDhhmmss; parts left out are zero (E-21).
std::optional<Time> ParseExpiry(std::string_view text) {
  if (!IsDigits(text) || (text.size() != 8 && text.size() != 12 && text.size() != 14)) {
    return std::nullopt;
  }
  const auto part = [text](std::size_t at, std::size_t size) {
    return at < text.size() ? *Number(text.substr(at, size), size) : 0U;
  };
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(part(0, 4))),
                                         std::chrono::month(part(4, 2)),
                                         std::chrono::day(part(6, 2))};
  const Time hour = part(8, 2);
  const Time minute = part(10, 2);
  const Time second = part(12, 2);
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  const auto days = std::chrono::sys_days(date).time_since_epoch().count();
  return Time{days} * 86400 + hour * 3600 + minute * 60 + second;
}

bool IsUrl(std::string_view text) {
  const std::size_t scheme_end = text.find("://");
  if (text.size() > kMaxUrl || scheme_end == std::string_view::npos) return false;
  const std::string_view scheme = text.substr(0, scheme_end);
  if (!EqualsIgnoringCase(scheme, "http") && !EqualsIgnoringCase(scheme, "https")) return false;
  const std::string_view rest = text.substr(scheme_end + 3);
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  return !authority.empty() && authority.find('@') == std::string_view::npos &&
         text.find_first_of(" \t\\") == std::string_view::npos;
}

Verdict MimeVersion(std::string_view value, Initiation& into) {
  if (value != "1.0") into.warnings.emplace_back("MIME-Version is not 1.0");
  return Verdict::kGood;
}

Verdict ContentType(std::string_view value, Initiation&) {
  const std::string_view type = Trim(value.substr(0, value.find(';')));
  const std::size_t slash = type.find('/');
  const bool good = slash != std::string_view::npos && slash > 0 && slash + 1 < type.size() &&
                    type.find_first_of(" \t") == std::string_view::npos;
  return good ? Verdict::kGood : Verdict::kSyntax;
}

Verdict TransferEncoding(std::string_view value, Initiation&) {
  constexpr std::array<std::string_view, 5> kKnown = {"binary", "7bit", "8bit", "base64",
                                                      "quoted-printable"};
  if (value.empty()) return Verdict::kSyntax;
  const bool known = std::any_of(kKnown.begin(), kKnown.end(), [value](std::string_view name) {
    return EqualsIgnoringCase(name, value);
  });
  return known ? Verdict::kGood : Verdict::kUnsupported;
}

// The type has been judged before any other field (check 2).
Verdict Type(std::string_view, Initiation&) { return Verdict::kGood; }

Verdict Version(std::string_view value, Initiation& into) {
  const std::size_t point = value.find('.');
  if (point == std::string_view::npos || value.size() > kMaxVersion ||
      !IsDigits(value.substr(0, point)) || !IsDigits(value.substr(point + 1))) {
    return Verdict::kSyntax;
  }
  if (value != kVersion) return Verdict::kUnsupported;
  into.version = value;
  return Verdict::kGood;
}

Verdict Brand(std::string_view value, Initiation& into) {
  const std::string_view brand = value.substr(0, value.find_first_of(" \t"));
  if (brand.empty() || brand.front() == ':' || std::count(brand.begin(), brand.end(), ':') > 1) {
    return Verdict::kSyntax;
  }
  if (brand.size() > kMaxBrand) return Verdict::kTooLarge;
  into.brands.emplace_back(brand);
  return Verdict::kGood;
}

Verdict PurchaseAmount(std::string_view value, Initiation& into) {
  into.purch_amt = ParsePurchAmt(value);
  return into.purch_amt ? Verdict::kGood : Verdict::kSyntax;
}

Verdict LidM(std::string_view value, Initiation& into) {
  into.lid_m = ParseHex(value);
  if (!into.lid_m || into.lid_m->empty()) return Verdict::kSyntax;
  return into.lid_m->size() > kMaxLidM ? Verdict::kTooLarge : Verdict::kGood;
}

Verdict InstallTotalTrans(std::string_view value, Initiation& into) {
  if (IsDigits(value) && value.size() > 3) return Verdict::kTooLarge;
  into.install_total_trans = Number(value, 3);
  const bool good = into.install_total_trans && *into.install_total_trans >= 2 &&
                    *into.install_total_trans <= kMaxInstallTotalTrans;
  return good ? Verdict::kGood : Verdict::kSyntax;
}

Verdict RecurringPayment(std::string_view value, Initiation& into) {
  const std::size_t space = value.find(' ');
  if (space == std::string_view::npos) return Verdict::kSyntax;
  const auto frequency = Number(value.substr(0, space), 3);
  const auto expiry = ParseExpiry(Trim(value.substr(space)));
  if (!frequency || *frequency == 0 || !expiry) return Verdict::kSyntax;
  if (*frequency > kMaxRecurringFrequency) return Verdict::kTooLarge;
  into.recurring = Recurring{*frequency, *expiry};
  return Verdict::kGood;
}

// The groups are judged in the order of the message (check 8).
Verdict ExtensionPart(std::string_view, Initiation&) { return Verdict::kGood; }

Verdict EchoInResponse(std::string_view value, Initiation& into) {
  if (value.empty() || !IsPrintable(value)) return Verdict::kSyntax;
  into.echo_in_response = value;
  return value.size() > kMaxEcho ? Verdict::kTooLarge : Verdict::kGood;
}

Verdict EchoInRequest(std::string_view value, Initiation& into) {
  if (value.empty() || !IsPrintable(value)) return Verdict::kSyntax;
  into.echo_in_request = value;
  return value.size() > kMaxEcho ? Verdict::kTooLarge : Verdict::kGood;
}

// In IOTP the host owns navigation: no address is needed, and a bad one is dropped.
Verdict Url(std::string_view value, Initiation&) {
  return IsUrl(value) ? Verdict::kGood : Verdict::kDrop;
}

Verdict ErrorField(std::string_view value, Initiation& into) {
  if (value.empty()) return Verdict::kSyntax;
  into.error_field = value;
  return Verdict::kGood;
}

Verdict ErrorReason(std::string_view value, Initiation& into) {
  into.error_reason = value;
  return Verdict::kGood;
}

constexpr Need kO = Need::kOptional;
constexpr Need kM = Need::kMandatory;
constexpr Need kX = Need::kForbidden;

// Columns of `need`: PayProtocol data, MerchantData, 1st Initiation, following ones, Response.
constexpr FieldRule kRules[] = {
    {kMimeVersionField, {}, {kO, kO, kO, kO, kO}, false, MimeVersion},
    {kContentTypeField, {}, {kO, kX, kO, kO, kO}, false, ContentType},
    {kTransferEncodingField, {}, {kM, kO, kO, kO, kO}, false, TransferEncoding},  // E-47
    {kTypeField, {}, {kM, kO, kM, kM, kM}, false, Type},
    {kVersionField, {}, {kO, kX, kM, kO, kO}, false, Version},
    {kBrandField, {}, {kO, kX, kM, kO, kO}, true, Brand},
    {kPurchAmtField, {"SET-Amount"}, {kO, kX, kM, kO, kO}, false, PurchaseAmount},  // E-15
    {kLidMField, {}, {kO, kO, kO, kO, kO}, false, LidM},
    {kInstallTotalTransField,
     {"SET-InstallTotalTrance", "SET-Install-Total-Trans"},  // E-45
     {kO, kO, kO, kO, kX},
     false,
     InstallTotalTrans},
    {kRecurringField, {}, {kO, kO, kO, kO, kX}, false, RecurringPayment},
    {kExtOidField, {}, {kO, kO, kO, kO, kO}, true, ExtensionPart},
    {kExtMandatoryField, {}, {kO, kO, kO, kO, kO}, true, ExtensionPart},
    {kExtDataField, {}, {kO, kO, kO, kO, kO}, true, ExtensionPart},
    {kEchoInResponseField, {}, {kO, kO, kO, kO, kO}, false, EchoInResponse},
    {kEchoInRequestField, {}, {kO, kO, kO, kO, kX}, false, EchoInRequest},
    {kServiceUrlField, {}, {kO, kO, kO, kO, kO}, false, Url},  // E-46
    {"SET-SET-URL", {}, {kO, kO, kO, kO, kO}, false, Url},
    {"SET-Query-URL", {}, {kO, kO, kO, kO, kO}, false, Url},
    {"SET-Success-URL", {}, {kO, kO, kO, kO, kO}, false, Url},
    {"SET-Failure-URL", {}, {kO, kO, kO, kO, kO}, false, Url},
    {"SET-Cancel-URL", {}, {kO, kO, kO, kO, kO}, false, Url},
    {"SET-Diagnostic-URL", {}, {kO, kO, kO, kO, kO}, false, Url},
    {kErrorFieldField, {}, {kX, kX, kX, kX, kO}, false, ErrorField},
    {kErrorReasonField, {}, {kX, kX, kX, kX, kO}, false, ErrorReason},  // E-121
};

}  // namespace

std::span<const FieldRule> Rules() { return kRules; }

const FieldRule* FindRule(std::string_view name) {
  const auto found = std::find_if(std::begin(kRules), std::end(kRules), [name](const auto& rule) {
    return EqualsIgnoringCase(rule.name, name) ||
           std::any_of(rule.aliases.begin(), rule.aliases.end(), [name](std::string_view alias) {
             return !alias.empty() && EqualsIgnoringCase(alias, name);
           });
  });
  return found == std::end(kRules) ? nullptr : found;
}

bool IsOid(std::string_view text) {
  if (text.size() > kMaxOid || std::count(text.begin(), text.end(), '.') < 1) return false;
  bool first = true;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('.', at), text.size());
    const std::string_view arc = text.substr(at, end - at);
    if (!IsDigits(arc) || (arc.size() > 1 && arc.front() == '0')) return false;
    if (first && arc != "0" && arc != "1" && arc != "2") return false;
    first = false;
    at = end + 1;
  }
  return true;
}

std::optional<bool> ParseMandatory(std::string_view text) {
  for (const std::string_view yes : {"true", "yes", "1"}) {
    if (EqualsIgnoringCase(text, yes)) return true;
  }
  for (const std::string_view no : {"false", "no", "0"}) {
    if (EqualsIgnoringCase(text, no)) return false;
  }
  return std::nullopt;
}

std::optional<Octets> ParseExtensionData(std::string_view text) {
  if (text.empty()) return std::nullopt;
  if (auto hex = ParseHex(text)) return hex;
  return DecodeBase64(text);
}

}  // namespace setcore::initiation
