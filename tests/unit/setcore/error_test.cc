#include "setcore/error.h"

#include <gtest/gtest.h>

namespace setcore {
namespace {

// set-messages.asn, section 2: the list starts at 1 and ends at 22.
TEST(ErrorCode, NamesFollowTheNumbersOfTheAsn1) {
  EXPECT_EQ(Name(ErrorCode::kUnspecifiedFailure), "unspecifiedFailure");
  EXPECT_EQ(Name(ErrorCode::kDecodingFailure), "decodingFailure");
  EXPECT_EQ(Name(ErrorCode::kSignatureRequired), "signatureRequired");
  EXPECT_EQ(Name(ErrorCode::kChallengeMismatch), "challengeMismatch");
}

}  // namespace
}  // namespace setcore
