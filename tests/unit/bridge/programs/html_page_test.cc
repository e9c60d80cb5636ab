// The page that demo and receipt write: whatever is put into it is text, and it loads nothing.
#include "bridge/programs/set_bridge/html_page.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace bridge::programs {
namespace {

TEST(HtmlPage, WhatMeansSomethingInHtmlIsEscaped) {
  EXPECT_EQ(Escaped("<a href=\"x\" b='y'>&amp;</a>"),
            "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;");
  EXPECT_EQ(Escaped("Müller & Söhne"), "Müller &amp; Söhne");
}

TEST(HtmlPage, WhatReordersOrHidesTextIsShownAsWhatItIs) {
  EXPECT_EQ(Escaped("\xe2\x80\xae"
                    "evil\x1b"),
            "\\u{202e}evil\\u{1b}");
  EXPECT_EQ(Escaped(std::string_view("\0\xff", 2)), "\\u{0}\\xff");
}

TEST(HtmlPage, HostileTextsStayTextsEverywhere) {
  constexpr std::string_view kHostile =
      "</title></pre></td><script>alert(1)</script><img src=x onerror=alert(1)>\"'&\n<!--";
  HtmlPage page(kHostile);
  page.Heading(kHostile);
  page.Paragraph(kHostile);
  page.Table({{std::string(kHostile), std::string(kHostile)}});
  page.Details(kHostile, kHostile);
  const std::string text = page.Text();
  for (const std::string_view danger : {"<script", "<img", "<!--", "alert(1)>"}) {
    EXPECT_EQ(text.find(danger), std::string::npos) << danger;
  }
  for (const std::string_view once : {"<title>", "</title>", "</pre>", "</html>"}) {
    EXPECT_EQ(text.find(once), text.rfind(once)) << once;
  }
}

TEST(HtmlPage, ItIsSelfContained) {
  HtmlPage page("Receipt");
  page.Details("a", "line 1\nline 2");
  const std::string text = page.Text();
  EXPECT_NE(text.find("default-src 'none'"), std::string::npos);
  EXPECT_NE(text.find("<pre>line 1\nline 2</pre>"), std::string::npos);
  for (const std::string_view loads : {"src=", "href=", "url(", "@import", "<script"}) {
    EXPECT_EQ(text.find(loads), std::string::npos) << loads;
  }
}

TEST(HtmlPage, APageThatCannotBeWrittenSaysSo) {
  const auto saved = HtmlPage("x").Save("/nonexistent/page.html");
  ASSERT_FALSE(saved);
  EXPECT_TRUE(saved.error().starts_with("/nonexistent/page.html: ")) << saved.error();
}

}  // namespace
}  // namespace bridge::programs
