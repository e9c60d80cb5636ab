#include "bridge/calls/refusal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "schema/reader.h"

namespace bridge {
namespace {

using schema::FaultCode;
using testing::MatchesRegex;

// Refuses as a helper does: from one place, for the reason that it is given.
std::string ReferenceOf(Detail detail) {
  return Refuse(FaultCode::kBusError, "ContinueProcess", {}, std::move(detail))
      .value()
      .response.vendor_reference;
}

TEST(VendorReference, NamesThePlaceInTheSource) {
  EXPECT_THAT(ReferenceOf({}), MatchesRegex("refusal_test\\.cc:[0-9]+"));
}

TEST(VendorReference, TellsWhatOneHelperRefusesForDifferentReasons) {
  EXPECT_THAT(ReferenceOf(DetailText::kPReqMade),
              MatchesRegex("refusal_test\\.cc:[0-9]+ PReqMade"));
  EXPECT_THAT(ReferenceOf({DetailText::kNoConnection,
                           {{"gateway", "acquirer"}},
                           {{DetailText::kConnectFailed, {{"cause", "refused"}}}}}),
              MatchesRegex("refusal_test\\.cc:[0-9]+ NoConnection ConnectFailed"));
  EXPECT_THAT(ReferenceOf(Detail::Said("what was said")), MatchesRegex("refusal_test\\.cc:[0-9]+"));
}

TEST(VendorReference, TellsWhatTheReaderFound) {
  const auto read = schema::Read("<!DOCTYPE a><a/>");
  ASSERT_FALSE(read);
  EXPECT_THAT(Refuse(read.error()).value().response.vendor_reference,
              MatchesRegex("refusal_test\\.cc:[0-9]+ (AtPosition )?Doctype"));
}

}  // namespace
}  // namespace bridge
