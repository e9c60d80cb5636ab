#include "bridge/acquirer/trouble.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace bridge {
namespace {

TEST(TroubleSentence, EveryCauseHasOneOfItsOwn) {
  constexpr auto kLast = static_cast<int>(Trouble::kStatusClosing);
  std::set<std::string> sentences;
  for (int cause = 0; cause <= kLast; ++cause) {
    const std::string sentence = Sentence(static_cast<Trouble>(cause), "WHO", "DETAIL");
    EXPECT_GT(sentence.size(), 10U) << cause;
    EXPECT_TRUE(sentences.insert(sentence).second) << sentence;
  }
}

TEST(TroubleSentence, TextsOfOthersAreNoFormat) {
  EXPECT_EQ(Sentence(Trouble::kRefused, "{0}", "{}"), "{0} refused the request: {}");
}

}  // namespace
}  // namespace bridge
