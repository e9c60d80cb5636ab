// A whole purchase with every call in a process of its own: what one process has recorded is all
// that the next one knows.
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "end_to_end/command.h"
#include "end_to_end/market.h"
#include "end_to_end/verdict.h"

namespace market {
namespace {

Ran CallInProcess(const std::string& wallet, const std::string& request) {
  const std::string file = wallet + "-request.xml";
  std::ofstream(file) << request;
  return Run(OPB_SET_BRIDGE " call " + wallet + " " + file + " 2>/dev/null");
}

TEST(Process, EveryCallMayHaveItsOwn) {
  Market market;
  for (const Role role : kRoles) market.CloseWallet(role);
  PurchaseOrder order;
  int calls = 0;
  Purchase purchase(order, [&](Role role, const std::string& request) {
    const Ran ran = CallInProcess(market.WalletDirectory(role), request);
    EXPECT_EQ(ran.status, 0) << request;
    ++calls;
    return tl::expected<std::string, std::string>(ran.output);
  });
  Walk(purchase);
  EXPECT_EQ(calls, 14);
  EXPECT_EQ(StateOf(market, Role::kConsumer, purchase), "CompletedOk 100");
  EXPECT_EQ(StateOf(market, Role::kPaymentHandler, purchase), "CompletedOk 100");
  EXPECT_EQ(StateOf(market, Role::kMerchant, purchase), "CompletedOk 0");
  EXPECT_EQ(market.Authorizations().size(), 1U);
  // An ErrorResponse is printed all the same, with exit status 1 (interfaces, 2).
  const Ran refused = CallInProcess(market.WalletDirectory(Role::kConsumer),
                                    ContinueRequest("X-1", purchase.pres(), "PRes"));
  EXPECT_EQ(refused.status, 1);
  EXPECT_EQ(Verdict(market, refused.output), "AttValIllegal ContinueProcess@PayId");
}

}  // namespace
}  // namespace market
