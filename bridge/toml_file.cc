#include "bridge/toml_file.h"

#include <fmt/format.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

// toml++ stops the process where its parser finds itself in a place it did not expect; a file must
// not be able to do that ("[." is enough), nor may NDEBUG turn such a place into undefined
// behaviour.
namespace bridge {
namespace {
struct TomlParserLost {};
[[noreturn]] void LoseTomlParser() { throw TomlParserLost(); }
}  // namespace
}  // namespace bridge
#undef NDEBUG
#define TOML_ASSERT(holds) ((holds) ? static_cast<void>(0) : ::bridge::LoseTomlParser())
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 1
#define TOML_ENABLE_FORMATTERS 0
#define TOML_MAX_NESTED_VALUES 16
#include <toml++/toml.h>

namespace bridge {
namespace {

// A key such as a.b.c nests a table per dot, and toml++ frees nested tables by recursion.
constexpr std::size_t kMaxDotsInLine = 64;
constexpr std::size_t kMaxShown = 40;

constexpr std::array<std::string_view, 7> kTypeNames = {
    "a date or time", "a truth value", "a number", "a decimal fraction",
    "a text",         "an array",      "a table"};

// Wipe overwrites what toml++ or we hold as text.
void Wipe(std::string& text) { OPENSSL_cleanse(text.data(), text.size()); }

void Wipe(TomlValue& value) {
  if (auto* text = std::get_if<std::string>(&value.value)) Wipe(*text);
  if (auto* array = std::get_if<TomlArray>(&value.value)) {
    for (TomlValue& item : *array) Wipe(item);
  }
  if (auto* table = std::get_if<TomlTable>(&value.value)) {
    for (auto& [key, item] : *table) Wipe(item);
  }
}

// Take moves `node` over; its texts are wiped, not left behind.
TomlValue Take(toml::node& node) {
  TomlValue out;
  out.line = node.source().begin.line;
  if (auto* text = node.as_string()) {
    out.value = text->get();
    Wipe(text->get());
  } else if (auto* flag = node.as_boolean()) {
    out.value = flag->get();
  } else if (auto* number = node.as_integer()) {
    out.value = number->get();
  } else if (auto* fraction = node.as_floating_point()) {
    out.value = fraction->get();
  } else if (auto* array = node.as_array()) {
    TomlArray items;
    items.reserve(array->size());
    for (toml::node& item : *array) items.push_back(Take(item));
    out.value = std::move(items);
  } else if (auto* table = node.as_table()) {
    TomlTable items;
    for (auto&& [key, item] : *table) {
      TomlValue& placed = items[std::string(key.str())];
      placed = Take(item);
      placed.line = key.source().begin.line;
    }
    out.value = std::move(items);
  }
  return out;
}

unsigned LineWithTooManyDots(std::string_view text) {
  unsigned line = 1;
  std::size_t dots = 0;
  for (const char c : text) {
    if (c == '\n') {
      ++line;
      dots = 0;
    } else if (c == '.' && ++dots > kMaxDotsInLine) {
      return line;
    }
  }
  return 0;
}

bool LosesParser(std::string_view text) {
  try {
    static_cast<void>(toml::parse(text));
  } catch (const toml::parse_error&) {
  } catch (const TomlParserLost&) {
    return true;
  }
  return false;
}

// Gives the first line with which the parser, which reads from front to back, is lost.
unsigned LineThatLosesParser(std::string_view text) {
  std::vector<std::size_t> ends;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') ends.push_back(i + 1);
  }
  ends.push_back(text.size());
  const auto line = std::ranges::partition_point(
      ends, [text](std::size_t end) { return !LosesParser(text.substr(0, end)); });
  return static_cast<unsigned>(std::min(line, ends.end() - 1) - ends.begin()) + 1;
}

}  // namespace

std::string ToText(const TomlProblem& problem) {
  std::string out = problem.file;
  if (problem.line != 0) out += fmt::format(":{}", problem.line);
  if (!problem.key.empty()) out += ": " + problem.key;
  return out + ": " + problem.text;
}

std::string ShownText(std::string_view text) {
  std::string out = "\"";
  std::size_t end = std::min(text.size(), kMaxShown);
  while (end < text.size() && end > 0 && (text[end] & 0xC0) == 0x80) --end;
  for (const char c : text.substr(0, end)) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out + (end < text.size() ? "…\"" : "\"");
}

std::string Shown(const TomlValue& value) {
  if (const auto* text = std::get_if<std::string>(&value.value)) return ShownText(*text);
  if (const auto* flag = std::get_if<bool>(&value.value)) return *flag ? "true" : "false";
  if (const auto* number = std::get_if<std::int64_t>(&value.value)) return fmt::to_string(*number);
  if (const auto* fraction = std::get_if<double>(&value.value)) return fmt::to_string(*fraction);
  return std::string(kTypeNames[value.value.index()]);
}

std::unique_ptr<TomlDocument> TomlDocument::Parse(std::string_view text, std::string_view file,
                                                  TomlProblem& problem) {
  constexpr std::string_view kNoToml = "is not TOML from here on (https://toml.io/en/v1.0.0)";
  problem = {std::string(file), 0, {}, {}};
  if (const unsigned line = LineWithTooManyDots(text); line != 0) {
    problem.line = line;
    problem.text = fmt::format("more than {} dots in one line", kMaxDotsInLine);
    return nullptr;
  }
  std::unique_ptr<TomlDocument> document(new TomlDocument);
  document->file_ = file;
  try {
    toml::table table = toml::parse(text, file);
    document->root_ = Take(table);
    document->root_.line = 1;
  } catch (const toml::parse_error& error) {
    problem.line = error.source().begin.line;
    // toml++ quotes what it stumbled over, which may be a secret: its words go no further.
    problem.text = kNoToml;
    const std::string_view words = error.description();
    if (words.find("redefine") != std::string_view::npos) {
      problem.text = "gives a key or a table a second time";
    }
    return nullptr;
  } catch (const TomlParserLost&) {
    problem.line = LineThatLosesParser(text);
    problem.text = kNoToml;
    return nullptr;
  }
  return document;
}

TomlDocument::~TomlDocument() { Wipe(root_); }

TomlSection::TomlSection(const TomlDocument& document, const TomlValue& table, std::string path,
                         std::vector<TomlProblem>& problems)
    : document_(&document),
      table_(&std::get<TomlTable>(table.value)),
      line_(table.line),
      path_(std::move(path)),
      problems_(&problems) {}

bool TomlSection::Has(std::string_view key) const { return table_->contains(key); }

unsigned TomlSection::LineOf(std::string_view key) const {
  const auto found = table_->find(key);
  return found == table_->end() ? line_ : found->second.line;
}

std::string TomlSection::PathOf(std::string_view key) const {
  return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
}

TomlProblem TomlSection::At(std::string_view key, std::string text) const {
  return {document_->file(), LineOf(key), PathOf(key), std::move(text)};
}

void TomlSection::Report(std::string_view key, std::string text) {
  problems_->push_back(At(key, std::move(text)));
}

void TomlSection::Missing(std::string_view key) { Report(key, "is missing"); }

void TomlSection::Require(std::span<const std::string_view> keys) {
  for (const std::string_view key : keys) {
    if (!Has(key)) Missing(key);
  }
}

const TomlValue* TomlSection::Find(std::string_view key, bool secret, std::string_view wanted,
                                   std::size_t alternative) {
  known_.emplace(key);
  const auto found = table_->find(key);
  if (found == table_->end()) return nullptr;
  if (found->second.value.index() == alternative) return &found->second;
  Report(key, fmt::format("{} is not {}", secret ? "the value" : Shown(found->second), wanted));
  return nullptr;
}

std::optional<std::string_view> TomlSection::Text(std::string_view key) {
  const TomlValue* value = Find(key, false, "a text in quotes", 4);
  if (value == nullptr) return std::nullopt;
  return std::get<std::string>(value->value);
}

std::optional<std::string_view> TomlSection::Secret(std::string_view key) {
  const TomlValue* value = Find(key, true, "a text in quotes", 4);
  if (value == nullptr) return std::nullopt;
  return std::get<std::string>(value->value);
}

std::optional<std::int64_t> TomlSection::Number(std::string_view key, const TomlBounds& bounds) {
  const std::string wanted = fmt::format("{} ({}..{})", bounds.what, bounds.lowest, bounds.highest);
  const TomlValue* value = Find(key, false, wanted, 2);
  if (value == nullptr) return std::nullopt;
  const std::int64_t number = std::get<std::int64_t>(value->value);
  if (number < bounds.lowest || number > bounds.highest) {
    Report(key, fmt::format("{} is not {}", number, wanted));
    return std::nullopt;
  }
  return number;
}

std::optional<bool> TomlSection::Flag(std::string_view key) {
  const TomlValue* value = Find(key, false, "true or false", 1);
  if (value == nullptr) return std::nullopt;
  return std::get<bool>(value->value);
}

std::optional<std::vector<std::string_view>> TomlSection::Texts(std::string_view key) {
  const TomlValue* value = Find(key, false, "a list of texts: [\"…\", \"…\"]", 5);
  if (value == nullptr) return std::nullopt;
  std::vector<std::string_view> out;
  for (const TomlValue& item : std::get<TomlArray>(value->value)) {
    const auto* text = std::get_if<std::string>(&item.value);
    if (text == nullptr) {
      problems_->push_back({document_->file(), item.line, PathOf(key),
                            fmt::format("{} is not a text in quotes", Shown(item))});
      return std::nullopt;
    }
    out.emplace_back(*text);
  }
  return out;
}

std::vector<TomlSection> TomlSection::Sections(std::string_view key) {
  std::vector<TomlSection> out;
  const std::string wanted = fmt::format("a list of tables: [[{}]]", PathOf(key));
  const TomlValue* value = Find(key, false, wanted, 5);
  if (value == nullptr) return out;
  for (const TomlValue& item : std::get<TomlArray>(value->value)) {
    if (!std::holds_alternative<TomlTable>(item.value)) {
      problems_->push_back({document_->file(), item.line, PathOf(key),
                            fmt::format("{} is not a table: [[{}]]", Shown(item), PathOf(key))});
      continue;
    }
    out.emplace_back(*document_, item, PathOf(key), *problems_);
  }
  return out;
}

std::optional<TomlSection> TomlSection::Section(std::string_view key) {
  const TomlValue* value = Find(key, false, fmt::format("a table: [{}]", PathOf(key)), 6);
  if (value == nullptr) return std::nullopt;
  return TomlSection(*document_, *value, PathOf(key), *problems_);
}

std::vector<std::string> TomlSection::Keys() const {
  std::vector<std::string> out;
  for (const auto& [key, value] : *table_) out.push_back(key);
  return out;
}

void TomlSection::Finish() {
  for (const auto& [key, value] : *table_) {
    if (known_.contains(key)) continue;
    std::string known;
    for (const std::string& name : known_) known += (known.empty() ? "" : ", ") + name;
    Report(key, fmt::format("is not a key that is known here ({})", known));
  }
}

}  // namespace bridge
