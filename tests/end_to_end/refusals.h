// Tables of requests that are refused and change nothing.
#ifndef TESTS_END_TO_END_REFUSALS_H_
#define TESTS_END_TO_END_REFUSALS_H_

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "end_to_end/market.h"
#include "end_to_end/verdict.h"

namespace market {

struct BadInput {
  std::string what;
  std::string request;
  std::string verdict;  // see Verdict
};

inline void ExpectRefusals(Market& market, Role role, const std::vector<BadInput>& rows) {
  const std::string before = Ledger(market, role);
  for (const BadInput& row : rows) {
    const std::string answer = market.Ask(role, row.request);
    EXPECT_EQ(Verdict(market, answer), row.verdict) << row.what;
    EXPECT_EQ(answer.find('{'), std::string::npos) << "a detail lacks an argument: " << answer;
  }
  EXPECT_EQ(Ledger(market, role), before);
}

// Walks `purchase` up to the step before StartPaymentConsumer.
inline void WalkToStart(Purchase& purchase) {
  ASSERT_FALSE(purchase.FindAcceptedPaymentBrand()->refused);
  ASSERT_FALSE(purchase.FindAcceptedPaymentProtocol()->refused);
  ASSERT_FALSE(purchase.GetPaymentInitializationData()->refused);
  ASSERT_FALSE(purchase.FindPaymentInstrument()->refused);
}

}  // namespace market

#endif  // TESTS_END_TO_END_REFUSALS_H_
