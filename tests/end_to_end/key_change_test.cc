// A brand that is provisioned with another exchange key while an AuthRes is still due to the old
// one (interfaces.md, 3: provision on a wallet in use).
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <stdexcept>
#include <string>

#include "bridge/wallet/profile.h"
#include "bridge/wallet/provision.h"
#include "end_to_end/forge.h"
#include "end_to_end/market.h"

namespace market {
namespace {

std::string ReadText(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void WriteText(const std::string& path, std::string_view text) {
  std::ofstream(path, std::ios::binary) << text;
}

// Brings the payment handler's closed wallet to its profile with a new exchange key.
void ProvisionWithNewExchangeKey(const Market& market, const std::string& name) {
  const Forge forge(market);
  const auto key = forge.Make(forge.MerchantProfile(true), "mca");
  const std::string path = market.PkiDirectory() + "/";
  WriteText(path + name + ".pem", setcore::pki::WritePem(key.chain));
  WriteText(path + name + ".key", key.key.Pem().view());
  std::string text = ReadText(path + "payment-handler.toml");
  const std::string stem = market.world().pki.brands.front().stem;
  for (const char* end : {".pem", ".key"}) {
    const std::string old = stem + "-merchant-exchange" + end;
    text.replace(text.find(old), old.size(), name + end);
  }
  WriteText(path + name + ".toml", text);
  const auto profile = bridge::ReadProfile(path + name + ".toml");
  if (!profile) throw std::runtime_error(ToText(profile.error().front()));
  bridge::ProvisionOptions options;
  options.now = std::chrono::duration_cast<std::chrono::milliseconds>(
                    std::chrono::system_clock::now().time_since_epoch())
                    .count();
  const auto done =
      bridge::Provision(market.WalletDirectory(Role::kPaymentHandler), *profile, options);
  if (!done) throw std::runtime_error(done.error().detail);
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
