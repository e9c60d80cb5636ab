// A brand that is provisioned with another exchange key while an AuthRes is still due to the old
// one (interfaces.md, 3: provision on a wallet in use).
#include <gtest/gtest.h>

#include <string>

#include "end_to_end/forge.h"
#include "end_to_end/market.h"
#include "end_to_end/verdict.h"

namespace market {
namespace {

// Brings the payment handler's closed wallet to its profile with a new exchange key.
void ProvisionWithNewExchangeKey(const Market& market, const std::string& name) {
  const Forge forge(market);
  const auto key = forge.Make(forge.MerchantProfile(true), "mca");
  market.WritePkiFile(name + ".pem", setcore::pki::WritePem(key.chain));
  market.WritePkiFile(name + ".key", key.key.Pem().view());
  const std::string old = market.world().pki.brands.front().stem + "-merchant-exchange";
  Provision(market, Role::kPaymentHandler, [&](std::string text) {
    for (const char* end : {".pem", ".key"}) text = Replaced(text, old + end, name + end);
    return text;
  });
}

std::string FormerKeys(const Market& market) {
  return Query(market.WalletDb(Role::kPaymentHandler), "SELECT count(*) FROM former_key")[0][0];
}

TEST(KeyChange, AnAuthResThatIsDueToAnOldKeyIsStillOpened) {
  Market market;
  Purchase purchase = market.NewPurchase("1");
  WalkToPReq(purchase);
  market.StopGateway();
  const auto open = purchase.ContinuePaymentHandler();
  ASSERT_TRUE(open);
  EXPECT_EQ(open->code, "TransportError");

  market.CloseWallet(Role::kPaymentHandler);
  ProvisionWithNewExchangeKey(market, "second");
  ProvisionWithNewExchangeKey(market, "third");
  EXPECT_EQ(FormerKeys(market), "2");
  market.OpenWallet(Role::kPaymentHandler);
  market.StartGateway();
  const auto paid = purchase.ContinuePaymentHandler();
  ASSERT_TRUE(paid);
  EXPECT_FALSE(paid->refused) << paid->code << ": " << paid->description;
  EXPECT_FALSE(purchase.pres().empty());

  // New purchases use the new key.
  Purchase next = market.NewPurchase("2");
  EXPECT_NO_THROW(Walk(next));
  EXPECT_EQ(market.Authorizations().size(), 2U);

  // Nothing is due to the old keys any more.
  market.CloseWallet(Role::kPaymentHandler);
  ProvisionWithNewExchangeKey(market, "fourth");
  EXPECT_EQ(FormerKeys(market), "0");
  market.OpenWallet(Role::kPaymentHandler);
}

}  // namespace
}  // namespace market
