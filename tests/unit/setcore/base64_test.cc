#include "setcore/base64.h"

#include <gtest/gtest.h>

namespace setcore {
namespace {

TEST(Base64, EncodingAndDecodingAreInverseForEverySize) {
  Octets octets;
  for (int size = 0; size < 300; ++size) {
    const std::string text = EncodeBase64(octets);
    EXPECT_EQ(text.size(), (octets.size() + 2) / 3 * 4);
    EXPECT_EQ(DecodeBase64(text), octets);
    octets.push_back(static_cast<std::uint8_t>(size * 71 + 13));
  }
}

TEST(Base64, KnownAnswersOfRfc4648) {
  EXPECT_EQ(EncodeBase64(Octets{'f', 'o', 'o', 'b', 'a', 'r'}), "Zm9vYmFy");
  EXPECT_EQ(DecodeBase64("Zm9vYg=="), (Octets{'f', 'o', 'o', 'b'}));
}

TEST(Base64, WhiteSpaceIsSkippedAnywhere) {
  EXPECT_EQ(DecodeBase64(" Z\tm9\r\nvYg=\n=\n"), (Octets{'f', 'o', 'o', 'b'}));
  EXPECT_EQ(DecodeBase64(" \n"), Octets());
}

TEST(Base64, EverySpellingButOneIsRefused) {
  for (const char* text : {"Z", "Zm", "Zm9", "Zm9v=", "Zm9vYg", "Zm9vYg=", "Zm9vYh==", "Zm9vYmF=",
                           "Zm9v====", "====", "=m9v", "Zm9vYg==Zm9v", "Zm9v-m9v", "Zm9v_m9v",
                           "Zm9v\vZm9v", "Zm9v\xC2\xA0Zm9", "-m9v", "Zm9vYmFy-"}) {
    EXPECT_EQ(DecodeBase64(text), std::nullopt) << text;
  }
}

TEST(Base64, WhateverIsTakenIsSpelledTheOneWay) {
  for (const std::size_t size : {1, 2, 3, 4, 5, 6}) {
    const std::string text = EncodeBase64(Octets(size, 0xB5));
    for (std::size_t at = 0; at < text.size(); ++at) {
      for (int c = 0; c < 256; ++c) {
        std::string changed = text;
        changed[at] = static_cast<char>(c);
        const auto octets = DecodeBase64(changed);
        if (octets) {
          EXPECT_EQ(EncodeBase64(*octets), changed) << at;
        }
      }
    }
  }
}

TEST(Base64, ANulInTheTextIsNoBase64) {
  EXPECT_EQ(DecodeBase64(std::string_view("Zm9\0", 4)), std::nullopt);
}

}  // namespace
}  // namespace setcore
