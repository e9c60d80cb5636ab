#include "setcore/initiation/header_block.h"

#include <algorithm>

namespace setcore::initiation {
namespace {

constexpr char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

constexpr bool IsNameCharacter(char c) {
  return (c >= '0' && c <= '9') || (Lower(c) >= 'a' && Lower(c) <= 'z') || c == '-';
}

// Printable US-ASCII, space and tab (RFC 3538, 8.3.1 Note).
constexpr bool IsValueCharacter(char c) { return c == '\t' || (c >= 0x20 && c < 0x7F); }

bool IsName(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), IsNameCharacter);
}

bool IsValue(std::string_view text) {
  return std::all_of(text.begin(), text.end(), IsValueCharacter);
}

tl::unexpected<Fault> Refuse(Reason reason, std::string_view detail, std::string_view field = {}) {
  return tl::unexpected<Fault>(Fault{std::string(field), reason, std::string(detail)});
}

}  // namespace

bool EqualsIgnoringCase(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](char a, char b) { return Lower(a) == Lower(b); });
}

std::string_view Trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

Result<HeaderBlock> ParseHeaderBlock(OctetView octets) {
  const std::string_view text(reinterpret_cast<const char*>(octets.data()), octets.size());
  HeaderBlock block;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::size_t next = std::min(end + 1, text.size());
    std::string_view line = text.substr(at, end - at);
    if (end < text.size() && line.ends_with('\r')) line.remove_suffix(1);
    if (next > kMaxHeaderBlock) return Refuse(Reason::kTooLarge, "header block too long");
    if (line.size() > kMaxLine) return Refuse(Reason::kTooLarge, "header line too long");
    at = next;
    if (line.empty()) break;
    if (!IsValue(line)) return Refuse(Reason::kSyntax, "header is not printable US-ASCII");

    if (line.front() == ' ' || line.front() == '\t') {
      if (block.fields.empty()) return Refuse(Reason::kSyntax, "header begins with a continuation");
      std::string& value = block.fields.back().value;
      const std::string_view more = Trim(line);
      if (!value.empty() && !more.empty()) value += ' ';
      value += more;
      continue;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !IsName(line.substr(0, colon))) {
      return Refuse(Reason::kSyntax, "header line without a field name");
    }
    block.fields.push_back(
        {std::string(line.substr(0, colon)), std::string(Trim(line.substr(colon + 1)))});
  }
  if (block.fields.empty()) return Refuse(Reason::kSyntax, "no header field");
  block.body = octets.subspan(at);
  return block;
}

Result<void> CheckField(const Field& field) {
  if (!IsName(field.name)) return Refuse(Reason::kSyntax, "illegal field name");
  if (!IsValue(field.value) || Trim(field.value) != field.value) {
    return Refuse(Reason::kSyntax, "illegal character in a value", field.name);
  }
  if (field.name.size() + 2 + field.value.size() > kMaxLine) {
    return Refuse(Reason::kTooLarge, "value does not fit in a line", field.name);
  }
  return {};
}

}  // namespace setcore::initiation
