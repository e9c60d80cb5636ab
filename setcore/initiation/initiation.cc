#include "setcore/initiation/initiation.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "setcore/base64.h"
#include "setcore/initiation/field_registry.h"
#include "setcore/initiation/header_block.h"

namespace setcore::initiation {
namespace {

constexpr std::array<std::string_view, 7> kReasons = {
    "missing", "syntax", "unsupported", "duplicate", "inconsistent", "too-large", "cancelled"};

using Checked = tl::expected<void, Fault>;

tl::unexpected<Fault> Refuse(std::string_view field, Reason reason, std::string detail) {
  return tl::unexpected<Fault>(Fault{std::string(field), reason, std::move(detail)});
}

bool IsHeaderOnly(Profile profile) {
  return profile == Profile::kPayProtocol || profile == Profile::kMerchantData;
}

// Check 2.
Checked CheckType(const Initiation& message, Profile profile) {
  const auto type = message.Find(kTypeField);
  if (profile == Profile::kMerchantData) {
    if (!type || EqualsIgnoringCase(*type, kPaymentInitiation)) return {};
    return Refuse(kTypeField, Reason::kUnsupported, "not a payment initiation");
  }
  if (!type) return Refuse(kTypeField, Reason::kMissing, "no SET-Initiation-Type");
  if (profile == Profile::kResponse) {
    const bool response = EqualsIgnoringCase(*type, kPaymentInitiationResponse) ||
                          message.Find(kErrorFieldField).has_value();
    if (response) return {};
    return Refuse(kTypeField, Reason::kUnsupported, "not a response to a payment initiation");
  }
  if (EqualsIgnoringCase(*type, kPaymentInitiation)) return {};
  return Refuse(kTypeField, Reason::kUnsupported, "not a payment initiation");
}

Checked Judge(const FieldRule& rule, std::string_view value, Initiation& message, bool& drop) {
  switch (rule.judge(value, message)) {
    case Verdict::kGood:
      return {};
    case Verdict::kDrop:
      drop = true;
      return {};
    case Verdict::kTooLarge:
      return Refuse(rule.name, Reason::kTooLarge, "value over its limit");
    case Verdict::kUnsupported:
      return Refuse(rule.name, Reason::kUnsupported, "value not supported");
    case Verdict::kSyntax:
      break;
  }
  return Refuse(rule.name, Reason::kSyntax, "illegal value");
}

// Check 3.
Checked CheckVersion(Initiation& message) {
  const auto version = message.Find(kVersionField);
  bool drop = false;
  return version ? Judge(*FindRule(kVersionField), *version, message, drop) : Checked();
}

// Checks 4 to 6, each in the order of the table.
Checked CheckTable(Initiation& message, Profile profile) {
  for (const FieldRule& rule : Rules()) {
    if (rule.In(profile) == Need::kMandatory && !message.Find(rule.name)) {
      return Refuse(rule.name, Reason::kMissing, "mandatory field is missing");
    }
  }
  for (const FieldRule& rule : Rules()) {
    bool drop = false;
    for (const Field& field : message.fields) {
      if (field.name != rule.name) continue;
      if (rule.In(profile) == Need::kForbidden) {
        return Refuse(rule.name, Reason::kUnsupported, "field does not belong here");
      }
      bool drop_this = false;
      if (auto judged = Judge(rule, field.value, message, drop_this); !judged) return judged;
      drop = drop || drop_this;
    }
    if (drop) {
      message.warnings.push_back(fmt::format("{} is not an address and was dropped", rule.name));
      std::erase_if(message.fields, [&](const Field& field) { return field.name == rule.name; });
    }
  }
  for (const FieldRule& rule : Rules()) {
    const auto count = std::count_if(message.fields.begin(), message.fields.end(),
                                     [&](const Field& field) { return field.name == rule.name; });
    if (count > 1 && !rule.repeatable) {
      return Refuse(rule.name, Reason::kDuplicate, "field stands there more than once");
    }
  }
  return {};
}

// Check 8: a SET-Ext-OID begins a group, the other two fields belong to the group before them.
Checked CheckExtensions(Initiation& message, Profile profile,
                        std::span<const std::string_view> known) {
  bool has_mandatory = false;
  bool has_data = false;
  for (const Field& field : message.fields) {
    if (field.name == kExtOidField) {
      if (!IsOid(field.value)) return Refuse(kExtOidField, Reason::kSyntax, "not an OID");
      if (message.extensions.size() == kMaxExtensions) {
        return Refuse(kExtOidField, Reason::kTooLarge, "too many extensions");
      }
      message.extensions.push_back({field.value, false, {}});
      has_mandatory = has_data = false;
    } else if (field.name == kExtMandatoryField || field.name == kExtDataField) {
      bool& seen = field.name == kExtDataField ? has_data : has_mandatory;
      if (message.extensions.empty()) {
        return Refuse(field.name, Reason::kSyntax, "no SET-Ext-OID before it");
      }
      if (seen) return Refuse(field.name, Reason::kDuplicate, "twice in one extension");
      seen = true;
      if (field.name == kExtDataField) {
        auto data = ParseExtensionData(field.value);
        if (!data) return Refuse(field.name, Reason::kSyntax, "neither hex nor base64");
        message.extensions.back().data = *std::move(data);
      } else {
        const auto mandatory = ParseMandatory(field.value);
        if (!mandatory) return Refuse(field.name, Reason::kSyntax, "neither true nor false");
        message.extensions.back().mandatory = *mandatory;
      }
    }
  }
  if (profile == Profile::kMerchantData) return {};  // the merchant need not know what it offers
  for (const Extension& extension : message.extensions) {
    if (extension.mandatory &&
        std::find(known.begin(), known.end(), extension.oid) == known.end()) {
      return Refuse(kExtOidField, Reason::kUnsupported, "mandatory extension is not known");
    }
  }
  return {};
}

int HexDigit(std::uint8_t c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// RFC 2045, 6.7, without tolerance but for soft line ends with a bare LF.
std::optional<Octets> DecodeQuotedPrintable(OctetView text) {
  Octets octets;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '=') {
      octets.push_back(text[i]);
    } else if (i + 1 < text.size() && text[i + 1] == '\n') {
      i += 1;
    } else if (i + 2 < text.size() && text[i + 1] == '\r' && text[i + 2] == '\n') {
      i += 2;
    } else {
      const int high = i + 2 < text.size() ? HexDigit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? HexDigit(text[i + 2]) : -1;
      if (high < 0 || low < 0) return std::nullopt;
      octets.push_back(static_cast<std::uint8_t>(high << 4 | low));
      i += 2;
    }
  }
  return octets;
}

// UndoTransferEncoding leaves the body as the octets that are hashed, and the field saying so.
Checked UndoTransferEncoding(Initiation& message) {
  const auto encoding = message.Find(kTransferEncodingField);
  if (!encoding) return {};
  std::optional<Octets> body;
  if (EqualsIgnoringCase(*encoding, "base64")) {
    body = DecodeBase64({reinterpret_cast<const char*>(message.body.data()), message.body.size()});
  } else if (EqualsIgnoringCase(*encoding, "quoted-printable")) {
    body = DecodeQuotedPrintable(message.body);
  } else {
    return {};
  }
  if (!body) return Refuse(kTransferEncodingField, Reason::kSyntax, "body does not decode");
  message.body = *std::move(body);
  for (Field& field : message.fields) {
    if (field.name == kTransferEncodingField) field.value = kBinary;
  }
  return {};
}

Result<Initiation> Check(std::vector<Field> fields, OctetView body, Profile profile,
                         std::span<const std::string_view> known) {
  if (body.size() > kMaxBody) return Refuse({}, Reason::kTooLarge, "body too long");
  if (IsHeaderOnly(profile) && !body.empty()) {
    return Refuse({}, Reason::kSyntax, "something follows the header lines");
  }
  Initiation message;
  message.fields = std::move(fields);
  message.body.assign(body.begin(), body.end());
  for (Field& field : message.fields) {
    if (const FieldRule* rule = FindRule(field.name)) field.name = rule->name;
  }

  auto checked = CheckType(message, profile);
  if (checked) checked = CheckVersion(message);
  if (checked) checked = CheckTable(message, profile);
  if (checked && message.install_total_trans && message.recurring) {  // check 7
    checked = Refuse(kRecurringField, Reason::kInconsistent, "instalments and recurring payment");
  }
  if (checked) checked = CheckExtensions(message, profile, known);
  if (checked && !IsHeaderOnly(profile)) checked = UndoTransferEncoding(message);
  if (!checked) return tl::unexpected<Fault>(std::move(checked).error());
  return message;
}

constexpr bool IsWhiteSpace(char c) { return c == ' ' || c == '\t'; }

// Gives where `value` can be folded with at most `room` octets in front: at a space that stands
// alone, which is what unfolding puts back.  0: nowhere.
std::size_t FoldAt(std::string_view value, std::size_t room) {
  for (std::size_t at = std::min(room, value.size()); at > 0; --at) {
    if (at + 1 < value.size() && value[at] == ' ' && !IsWhiteSpace(value[at - 1]) &&
        !IsWhiteSpace(value[at + 1])) {
      return at;
    }
  }
  return 0;
}

// Appends "Name: value" CRLF.  Only what came folded is folded: a value that does not fit in a
// line.
void AppendField(std::string& text, const Field& field) {
  text += field.name;
  text += ':';
  std::string_view rest = field.value;
  std::size_t used = field.name.size() + 2;  // of the line, the space included
  while (used + rest.size() > kMaxLine) {
    const std::size_t at = used < kMaxLine ? FoldAt(rest, kMaxLine - used) : 0;
    if (at == 0 && used == 1) break;  // no value that was read
    if (at != 0) {
      text += ' ';
      text += rest.substr(0, at);
      rest.remove_prefix(at + 1);
    }
    text += "\r\n";
    used = 1;
  }
  text += ' ';
  text += rest;
  text += "\r\n";
}

std::string HeaderText(const std::vector<Field>& fields, bool header_only) {
  std::string text;
  for (const Field& field : fields) AppendField(text, field);
  if (!header_only) text += "\r\n";
  return text;
}

}  // namespace

std::string_view Name(Reason reason) { return kReasons[static_cast<std::size_t>(reason)]; }

std::optional<std::string_view> Initiation::Find(std::string_view name) const {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [name](const Field& field) { return field.name == name; });
  if (found == fields.end()) return std::nullopt;
  return found->value;
}

Result<Initiation> Parse(OctetView octets, Profile profile,
                         std::span<const std::string_view> known) {
  auto block = ParseHeaderBlock(octets);
  if (!block) return tl::unexpected<Fault>(std::move(block).error());
  // As Write writes it, a block can be longer than it came; what is accepted can be written.
  if (HeaderText(block->fields, IsHeaderOnly(profile)).size() > kMaxHeaderBlock) {
    return Refuse({}, Reason::kTooLarge, "header block too long");
  }
  return Check(std::move(block->fields), block->body, profile, known);
}

Result<Initiation> FromFields(std::vector<Field> fields, OctetView body, Profile profile,
                              std::span<const std::string_view> known) {
  if (fields.empty()) return Refuse({}, Reason::kSyntax, "no header field");
  std::size_t size = 2;
  for (const Field& field : fields) {
    if (auto checked = CheckField(field); !checked) {
      return tl::unexpected<Fault>(std::move(checked).error());
    }
    size += field.name.size() + 2 + field.value.size() + 2;
  }
  if (size > kMaxHeaderBlock) return Refuse({}, Reason::kTooLarge, "header block too long");
  return Check(std::move(fields), body, profile, known);
}

Octets Write(const Initiation& message, bool header_only) {
  const std::string text = HeaderText(message.fields, header_only);
  Octets octets(text.begin(), text.end());
  if (!header_only) octets.insert(octets.end(), message.body.begin(), message.body.end());
  return octets;
}

Octets WrapSetMessage(OctetView message, std::string_view echo) {
  Initiation entity;
  entity.fields = {{std::string(kContentTypeField), "application/set-payment"},
                   {std::string(kEchoInRequestField), std::string(echo)}};
  entity.body.assign(message.begin(), message.end());
  return Write(entity, false);
}

std::vector<Field> ReadFields(OctetView octets) {
  auto block = ParseHeaderBlock(octets);
  if (!block) return {};
  for (Field& field : block->fields) {
    if (const FieldRule* rule = FindRule(field.name)) field.name = rule->name;
  }
  return std::move(block->fields);
}

std::string LidMText(OctetView lid_m) {
  std::string text;
  for (const std::uint8_t octet : lid_m) fmt::format_to(std::back_inserter(text), "{:02X}", octet);
  return text;
}

}  // namespace setcore::initiation
