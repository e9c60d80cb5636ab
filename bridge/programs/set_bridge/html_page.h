// HtmlPage: one self-contained page.  Every text that is put into it is escaped, control characters
// and what reorders text included; it has no script and loads nothing.
#ifndef BRIDGE_PROGRAMS_SET_BRIDGE_HTML_PAGE_H_
#define BRIDGE_PROGRAMS_SET_BRIDGE_HTML_PAGE_H_

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

namespace bridge::programs {

// Escaped gives `text` as the content of an element or attribute.
std::string Escaped(std::string_view text);

class HtmlPage {
 public:
  explicit HtmlPage(std::string_view title);

  void Heading(std::string_view text);
  void Paragraph(std::string_view text);
  // One row for each label and value.
  void Table(const std::vector<std::pair<std::string, std::string>>& rows);
  // A line that opens on `text`, shown as it stands.
  void Details(std::string_view summary, std::string_view text);

  std::string Text() const;
  // Save writes the page to a file; an error is a sentence.
  tl::expected<void, std::string> Save(const std::string& path) const;

 private:
  std::string title_;
  std::string body_;
};

}  // namespace bridge::programs

#endif  // BRIDGE_PROGRAMS_SET_BRIDGE_HTML_PAGE_H_
