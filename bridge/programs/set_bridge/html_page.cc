#include "bridge/programs/set_bridge/html_page.h"

#include <fmt/format.h>

#include "bridge/files.h"
#include "bridge/programs/set_bridge/decode/tree.h"
#include "setcore/octets.h"

namespace bridge::programs {
namespace {

constexpr std::string_view kHead =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
    "style-src 'unsafe-inline'\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n<title>";
constexpr std::string_view kStyle =
    "</title>\n<style>\n"
    "body { font: 16px/1.5 sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em; }\n"
    "table { border-collapse: collapse; }\n"
    "th { text-align: left; font-weight: normal; color: #555; padding-right: 2em; }\n"
    "pre { overflow-x: auto; background: #f4f4f4; padding: 1em; font-size: 13px; }\n"
    "summary { cursor: pointer; }\n"
    "</style>\n</head>\n<body>\n";
constexpr std::string_view kEnd = "</body>\n</html>\n";

std::string_view Entity(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return {};
  }
}

// `text` line by line: the line ends stay.
std::string EscapedLines(std::string_view text) {
  std::string out;
  for (;;) {
    const std::size_t end = text.find('\n');
    out += Escaped(text.substr(0, end));
    if (end == std::string_view::npos) return out;
    out += '\n';
    text.remove_prefix(end + 1);
  }
}

}  // namespace

std::string Escaped(std::string_view text) {
  std::string out;
  for (const char c : decode::Printable(text)) {
    const std::string_view entity = Entity(c);
    if (entity.empty()) {
      out += c;
    } else {
      out += entity;
    }
  }
  return out;
}

HtmlPage::HtmlPage(std::string_view title) : title_(title) {
  body_ = fmt::format("<h1>{}</h1>\n", Escaped(title));
}

void HtmlPage::Heading(std::string_view text) {
  body_ += fmt::format("<h2>{}</h2>\n", Escaped(text));
}

void HtmlPage::Paragraph(std::string_view text) {
  body_ += fmt::format("<p>{}</p>\n", Escaped(text));
}

void HtmlPage::Table(const std::vector<std::pair<std::string, std::string>>& rows) {
  body_ += "<table>\n";
  for (const auto& [label, value] : rows) {
    body_ += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", Escaped(label),
                         Escaped(value));
  }
  body_ += "</table>\n";
}

void HtmlPage::Details(std::string_view summary, std::string_view text) {
  body_ += fmt::format("<details><summary>{}</summary>\n<pre>{}</pre></details>\n",
                       Escaped(summary), EscapedLines(text));
}

std::string HtmlPage::Text() const {
  return fmt::format("{}{}{}{}{}", kHead, Escaped(title_), kStyle, body_, kEnd);
}

tl::expected<void, std::string> HtmlPage::Save(const std::string& path) const {
  const std::string text = Text();
  const setcore::OctetView octets(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  if (auto saved = SaveFile(path, octets); !saved) {
    return tl::unexpected(path + ": " + saved.error());
  }
  return {};
}

}  // namespace bridge::programs
