#include "db/error.h"

#include <gtest/gtest.h>

namespace db {
namespace {

TEST(ErrorKind, EveryKindHasAName) {
  EXPECT_EQ(Name(ErrorKind::kLocked), "locked");
  EXPECT_EQ(Name(ErrorKind::kInternal), "internal");
}

}  // namespace
}  // namespace db
