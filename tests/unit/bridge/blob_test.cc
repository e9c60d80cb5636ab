#include "bridge/blob.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <thread>

namespace bridge {
namespace {

TEST(Blob, ShowsTheTextAndIsZeroAfterRelease) {
  for (const std::string& text : {std::string(), std::string("short"), std::string(100000, 'x')}) {
    opb_blob blob = {nullptr, 0, nullptr, nullptr};
    GiveBlob(text, &blob);
    EXPECT_EQ(std::string(blob.data, blob.size), text);
    EXPECT_EQ(blob.data[blob.size], '\0');
    ASSERT_NE(blob.release, nullptr);
    const auto release = blob.release;
    release(&blob);
    EXPECT_EQ(blob.data, nullptr);
    EXPECT_EQ(blob.size, 0u);
    EXPECT_EQ(blob.release, nullptr);
    EXPECT_EQ(blob.owner, nullptr);
    release(&blob);  // harmless
    release(nullptr);
  }
}

TEST(Blob, IsReleasedWholeAlsoWhenTheHostShortensIt) {
  opb_blob blob = {nullptr, 0, nullptr, nullptr};
  GiveBlob(std::string(1000, 's'), &blob);
  blob.size = 1;
  blob.data += 5;
  blob.release(&blob);
  EXPECT_EQ(blob.owner, nullptr);
}

TEST(Blob, MayBeReleasedOnAnotherThread) {
  opb_blob blob = {nullptr, 0, nullptr, nullptr};
  GiveBlob("text", &blob);
  std::thread([&] { blob.release(&blob); }).join();
  EXPECT_EQ(blob.owner, nullptr);
}

}  // namespace
}  // namespace bridge
