#include "schema/utf.h"

#include <gtest/gtest.h>

namespace schema {
namespace {

TEST(Utf, EveryCharacterGoesBothWays) {
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    char octets[4];
    const std::size_t size = EncodeUtf8(c, octets);
    std::size_t at = 0;
    ASSERT_EQ(NextUtf8({octets, size}, at), c);
    ASSERT_EQ(at, size);
    const std::u16string wide = ToUtf16({octets, size});
    char back[6];
    ASSERT_EQ(std::string_view(back, EncodeUtf8(wide, back)), std::string_view(octets, size));
  }
}

TEST(Utf, WhatIsNoCharacterBecomesTheReplacement) {
  for (const std::string_view bad :
       {"\x80", "\xC0\x80", "\xC1\xBF", "\xC3", "\xC3(", "\xE0\x80\x80", "\xED\xA0\x80",
        "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xF5", "\xFF", "\xE2\x82"}) {
    std::size_t at = 0;
    EXPECT_EQ(NextUtf8(bad, at), kReplacement) << static_cast<int>(bad[0]);
    EXPECT_EQ(at, 1U);
  }
  char out[6];
  EXPECT_EQ(std::string_view(out, EncodeUtf8(U'\xD800', out)), "\xEF\xBF\xBD");
  constexpr char16_t kLone[] = {0xDC00, u'a', 0xD800};
  char lone[9];
  EXPECT_EQ(std::string_view(lone, EncodeUtf8({kLone, 3}, lone)),
            "\xEF\xBF\xBD"
            "a\xEF\xBF\xBD");
}

}  // namespace
}  // namespace schema
