#include "schema/prolog.h"

#include <algorithm>

#include "schema/document.h"

namespace schema {
namespace {

constexpr std::string_view kSpace = " \t\r\n";
constexpr std::string_view kDeclaration = "xmlns";

void SkipSpace(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(kSpace), text.size()));
}

// TakeValue takes `= "value"` with its quotes off the front.
std::optional<std::string_view> TakeValue(std::string_view& text) {
  SkipSpace(text);
  if (!text.starts_with('=')) return std::nullopt;
  text.remove_prefix(1);
  SkipSpace(text);
  if (!text.starts_with('"') && !text.starts_with('\'')) return std::nullopt;
  const auto end = text.find(text.front(), 1);
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view value = text.substr(1, end - 1);
  text.remove_prefix(end + 1);
  return value;
}

bool SameIgnoringCase(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

Fault Refuse(FaultCode code, Problem problem) {
  return Fault{code, "IotpPaymentApiRequest", {}, problem};
}

std::optional<Fault> JudgeDeclaration(std::string_view declaration) {
  while (true) {
    SkipSpace(declaration);
    const auto end = std::min(declaration.find_first_of(" \t\r\n="), declaration.size());
    const std::string_view name = declaration.substr(0, end);
    declaration.remove_prefix(end);
    const auto value = TakeValue(declaration);
    if (!value) return std::nullopt;
    if (name == "version" && *value != "1.0") {
      return Refuse(FaultCode::kXmlNotWellFrmd, Problem::kXmlVersion);
    }
    if (name == "encoding" && !SameIgnoringCase(*value, "UTF-8") &&
        !SameIgnoringCase(*value, "US-ASCII")) {
      return Refuse(FaultCode::kXmlNotWellFrmd, Problem::kEncoding);
    }
  }
}

// SkipTo takes everything up to and with `end` off the front; false if it is not there.
bool SkipTo(std::string_view& text, std::string_view end) {
  const auto at = text.find(end);
  if (at == std::string_view::npos) return false;
  text.remove_prefix(at + end.size());
  return true;
}

}  // namespace

std::string_view SkipByteOrderMark(std::string_view document) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  if (document.starts_with(kMark)) document.remove_prefix(kMark.size());
  return document;
}

std::optional<Fault> JudgeProlog(std::string_view document) {
  constexpr std::string_view kXml = "<?xml";
  if (document.starts_with(kXml) && document.size() > kXml.size() &&
      kSpace.find(document[kXml.size()]) != std::string_view::npos) {
    const std::string_view rest = document.substr(kXml.size());
    if (auto fault = JudgeDeclaration(rest.substr(0, rest.find("?>")))) return fault;
  }
  while (true) {
    SkipSpace(document);
    if (document.starts_with("<!DOCTYPE")) {
      return Refuse(FaultCode::kXmlNotValid, Problem::kDoctype);
    }
    if (document.starts_with("<!--")) {
      document.remove_prefix(4);
      if (!SkipTo(document, "-->")) return std::nullopt;
    } else if (document.starts_with("<?")) {
      if (!SkipTo(document, "?>")) return std::nullopt;
    } else {
      return std::nullopt;
    }
  }
}

bool HasOnlyOurNamespace(std::string_view document) {
  const auto at = document.find(kDeclaration);
  if (at == std::string_view::npos) return true;
  document.remove_prefix(at + kDeclaration.size());
  const auto value = TakeValue(document);
  return value == kNamespace && document.find(kDeclaration) == std::string_view::npos;
}

}  // namespace schema
