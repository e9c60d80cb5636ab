#include "schema/fault.h"

#include <gtest/gtest.h>

namespace schema {
namespace {

// Errata E-1, E-2: one spelling each.  RFC 3867, errata M-10: at most 14 characters.
TEST(FaultCode, NamesAreThoseOfTable2AndFitFourteenCharacters) {
  EXPECT_EQ(Name(FaultCode::kEncapProtErr), "EncapProtErr");
  EXPECT_EQ(Name(FaultCode::kBusError), "BusError");
  for (int code = 0; code <= static_cast<int>(FaultCode::kBusError); ++code) {
    EXPECT_LE(Name(static_cast<FaultCode>(code)).size(), 14U);
    EXPECT_FALSE(Name(static_cast<FaultCode>(code)).empty());
  }
}

}  // namespace
}  // namespace schema
