// The vectors are there: as many as their README names, and their number is printed per kind.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <string>

#include "vectors/vector_file.h"

namespace {

void Print(const std::string& directory) {
  std::printf("vectors in %s:", directory.c_str());
  for (const auto& [kind, number] : vectors::Count(directory)) {
    std::printf(" %zu %s", number, kind.c_str());
  }
  std::printf("\n");
}

TEST(Vectors, EverySetHoldsTheFilesThatTheReadmeNames) {
  const auto named = vectors::FilesNamedByReadme();
  ASSERT_EQ(named.size(), 25U);
  for (const std::string set : vectors::kSets) {
    const auto files = vectors::FilesOf(set);
    Print(set);
    for (const std::string& name : named) {
      EXPECT_NE(std::find(files.begin(), files.end(), name), files.end()) << set << "/" << name;
    }
  }
}

TEST(Vectors, CommonHoldsTheFilesThatTheReadmeNames) {
  const auto files = vectors::FilesOf("common");
  Print("common");
  for (const char* name : {"brand-matching", "der", "initiation", "order-hash", "purchamt", "ratio",
                           "tcp-authentication", "tcp-frames"}) {
    EXPECT_NE(std::find(files.begin(), files.end(), name), files.end()) << name;
  }
}

TEST(Vectors, HexSurvivesReadingAndWriting) {
  EXPECT_EQ(vectors::ToHex(vectors::FromHex("00ff7f80")), "00ff7f80");
  EXPECT_THROW(vectors::FromHex("0"), std::runtime_error);
  EXPECT_THROW(vectors::FromHex("0G"), std::runtime_error);
}

TEST(Vectors, AMissingValueIsAnErrorThatNamesIt) {
  const auto file = vectors::Load("common/der.txt");
  EXPECT_THROW(file.Hex("ok.0.nothing"), std::runtime_error);
  EXPECT_THROW(vectors::Load("common/nothing.txt"), std::runtime_error);
}

}  // namespace
