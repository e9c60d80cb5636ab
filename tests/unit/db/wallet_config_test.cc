#include "db/wallet_config.h"

#include <gtest/gtest.h>

#include "db/brands.h"
#include "db/instruments.h"
#include "db/payments.h"
#include "db/wallet_store.h"
#include "unit/db/plain_reader.h"
#include "unit/db/temp_dir.h"

namespace db {
namespace {

class Configuration : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = WalletStore::Open(dir_ / "wallet", WalletMode::kProvision);
    ASSERT_TRUE(opened.has_value()) << opened.error().detail;
    store_ = std::move(*opened);
  }
  template <class F>
  Result<void> Write(F&& f) {
    return store_->Write(f);
  }
  void Pay(const char* pay_id, const char* state, const char* instrument, const char* brand) {
    Payment payment;
    payment.pay_id = pay_id;
    payment.role = "Consumer";
    payment.process_state = state;
    payment.payment_instrument_id = instrument;
    payment.brand_id = brand;
    ASSERT_TRUE(Write([&](Transaction& tx) -> Result<void> {
      const auto made = InsertPayment(tx, payment);
      if (!made) return tl::unexpected<Error>(made.error());
      return {};
    }));
  }

  TempDir dir_;
  std::unique_ptr<WalletStore> store_;
};

Instrument Card(const std::string& id) {
  Instrument card;
  card.id = id;
  card.name = "Alice's Visa Gold";
  card.brand_id = "VISA";
  card.protocol_brand_id = "VISA:Gold";
  card.sealed_pan = Octets(44, 1);
  card.sealed_expiry = Octets(34, 2);
  card.sealed_card_secret = Octets(48, 3);
  card.sealed_private_key = Octets(700, 4);
  card.currencies = {"USD", "EUR"};
  card.limits = {{"USD", "0.01", "2000"}};
  card.certificate_chain = {Octets(900, 5), Octets(800, 6)};
  return card;
}

TEST_F(Configuration, TheWalletsIdentityIsOneRowAndReplaced) {
  EXPECT_EQ(*store_->Read(LoadWalletConfig), std::nullopt);
  WalletConfig config{"alice-1", 5,   "en", "shop.example", std::nullopt, true, false, 1048576,
                      10000,     400, 1};
  ASSERT_TRUE(Write([&](Transaction& tx) { return StoreWalletConfig(tx, config); }));
  config.language = "ja";
  ASSERT_TRUE(Write([&](Transaction& tx) { return StoreWalletConfig(tx, config); }));
  const auto found = *store_->Read(LoadWalletConfig);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->wallet_id, "alice-1");
  EXPECT_EQ(found->roles, 5u);
  EXPECT_EQ(found->language, "ja");
  EXPECT_EQ(found->org_id, "shop.example");
  EXPECT_EQ(found->merchant_id, std::nullopt);
  EXPECT_TRUE(found->capture_now);
  EXPECT_FALSE(found->require_cardholder_certificate);
  EXPECT_EQ(found->keep_days, 400);
}

TEST_F(Configuration, AWalletIdHasOneToThirtyTwoCharacters) {
  const auto store = [&](const std::string& wallet_id) {
    WalletConfig config;
    config.wallet_id = wallet_id;
    config.roles = 1;
    return Write([&](Transaction& tx) { return StoreWalletConfig(tx, config); });
  };
  EXPECT_FALSE(store("").has_value());
  EXPECT_TRUE(store("x").has_value());
  EXPECT_TRUE(store(std::string(32, 'x')).has_value());
  EXPECT_FALSE(store(std::string(33, 'x')).has_value());
}

TEST_F(Configuration, TheWalletKeyIsKeptAsGiven) {
  EXPECT_EQ(*store_->Read(LoadWalletKey), std::nullopt);
  const WalletKey key{"passphrase", Octets(16, 1), 32768, 8, 1, Octets(60, 2)};
  ASSERT_TRUE(Write([&](Transaction& tx) { return StoreWalletKey(tx, key); }));
  const auto found = *store_->Read(LoadWalletKey);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->method, "passphrase");
  EXPECT_EQ(found->salt, key.salt);
  EXPECT_EQ(found->scrypt_n, 32768);
  EXPECT_EQ(found->wrapped, key.wrapped);
}

TEST_F(Configuration, WrongPassphrasesAreCountedAndForgiven) {
  std::int64_t count = 0;
  const auto fail = [&](Millis now) {
    ASSERT_TRUE(Write([&](Transaction& tx) -> Result<void> {
      const auto counted = CountPassphraseFailure(tx, now);
      if (!counted) return tl::unexpected<Error>(counted.error());
      count = *counted;
      return {};
    }));
  };
  EXPECT_EQ(store_->Read(LoadPassphraseFailures)->count, 0);
  fail(100);
  fail(200);
  EXPECT_EQ(count, 2);
  EXPECT_EQ(store_->Read(LoadPassphraseFailures)->last, 200);
  ASSERT_TRUE(Write([](Transaction& tx) { return ClearPassphraseFailures(tx); }));
  EXPECT_EQ(store_->Read(LoadPassphraseFailures)->count, 0);
}

TEST_F(Configuration, TrustCrlsAndGatewaysAreReplacedAsAWhole) {
  const std::vector<TrustRoot> roots = {{Octets(500, 1), {}}, {Octets(600, 2), {"VISA", "MC"}}};
  Gateway gateway;
  gateway.name = "acquirer";
  gateway.host = "127.0.0.1";
  gateway.port = 7001;
  gateway.transport_id = "merchant.example.com";
  gateway.sealed_shared_secret = Octets(44, 9);
  gateway.t120_s = 120;
  const auto store = [&](const std::vector<TrustRoot>& trust) {
    return Write([&](Transaction& tx) -> Result<void> {
      if (auto done = StoreTrustRoots(tx, trust); !done) return done;
      if (auto done = StoreCrls(tx, {Octets{1}, Octets{2}}); !done) return done;
      return StoreGateways(tx, {gateway});
    });
  };
  ASSERT_TRUE(store(roots).has_value());
  ASSERT_TRUE(store(roots).has_value());
  const auto trust = *store_->Read(LoadTrustRoots);
  ASSERT_EQ(trust.size(), 2u);
  EXPECT_EQ(trust[0].der, roots[0].der);
  EXPECT_TRUE(trust[0].brands.empty());
  EXPECT_EQ(trust[1].brands, roots[1].brands);
  EXPECT_EQ(*store_->Read(LoadCrls), (std::vector<Octets>{{1}, {2}}));
  const auto gateways = *store_->Read(LoadGateways);
  ASSERT_EQ(gateways.size(), 1u);
  EXPECT_EQ(gateways[0].port, 7001);
  EXPECT_EQ(gateways[0].diagnostic_port, std::nullopt);
  EXPECT_EQ(gateways[0].sealed_shared_secret, gateway.sealed_shared_secret);
  EXPECT_EQ(gateways[0].t120_s, 120);
  ASSERT_TRUE(store({}).has_value());
  EXPECT_EQ(PlainRead(dir_ / "wallet/wallet.db", "SELECT count(*) FROM word"), "0\n");
}

TEST_F(Configuration, AnInstrumentComesBackWithItsListsAndIsReplacedInPlace) {
  Instrument card = Card("visa-gold");
  ASSERT_TRUE(Write([&](Transaction& tx) { return StoreInstrument(tx, card); }));
  ASSERT_TRUE(Write([&](Transaction& tx) { return StoreInstrument(tx, Card("second")); }));
  card.name = "renamed";
  card.currencies = {};
  card.certificate_chain.pop_back();
  ASSERT_TRUE(Write([&](Transaction& tx) { return StoreInstrument(tx, card); }));
  const auto cards = *store_->Read(LoadInstruments);
  ASSERT_EQ(cards.size(), 2u);
  EXPECT_EQ(cards[0].id, "visa-gold");
  EXPECT_EQ(cards[0].name, "renamed");
  EXPECT_TRUE(cards[0].currencies.empty());
  EXPECT_EQ(cards[0].certificate_chain, card.certificate_chain);
  EXPECT_EQ(cards[0].sealed_private_key, card.sealed_private_key);
  EXPECT_EQ(cards[0].sealed_pan_secret, std::nullopt);
  EXPECT_EQ(cards[1].currencies, (std::vector<std::string>{"USD", "EUR"}));
  ASSERT_EQ(cards[1].limits.size(), 1u);
  EXPECT_EQ(cards[1].limits[0].most, "2000");
}

TEST_F(Configuration, AnInstrumentOfAPendingPaymentIsHiddenOthersAreRemoved) {
  for (const char* id : {"used", "suspended", "done", "free"}) {
    ASSERT_TRUE(Write([&](Transaction& tx) { return StoreInstrument(tx, Card(id)); }));
  }
  Pay("a", "InProgress", "used", "VISA");
  Pay("b", "Suspended", "suspended", "VISA");
  Pay("c", "CompletedOk", "done", "VISA");
  for (const char* id : {"used", "suspended", "done", "free"}) {
    ASSERT_TRUE(Write([&](Transaction& tx) { return RetireInstrument(tx, id); }));
  }
  const auto cards = *store_->Read(LoadInstruments);
  ASSERT_EQ(cards.size(), 2u);
  EXPECT_EQ(cards[0].id, "used");
  EXPECT_TRUE(cards[0].hidden);
  EXPECT_EQ(cards[1].id, "suspended");
  EXPECT_TRUE(cards[1].hidden);
  EXPECT_EQ(PlainRead(dir_ / "wallet/wallet.db", "SELECT DISTINCT owner FROM chain ORDER BY owner"),
            "instrument:suspended\ninstrument:used\n");
}

TEST_F(Configuration, ABrandComesBackWithItsListsAndItsProtocolBrandIdIsItsOwn) {
  Brand brand;
  brand.brand_id = brand.protocol_brand_id = "VISA";
  brand.name = "Visa";
  brand.logo_url = "https://shop.example/visa.gif";
  brand.gateway = "acquirer";
  brand.sealed_signing_key = Octets(700, 1);
  brand.bins = {"4"};
  brand.limits = {{"JPY", "1", "500000"}, {"USD", "0.01", "5000"}};
  brand.signing_chain = {Octets(900, 2)};
  brand.exchange_chain = {Octets(900, 3)};
  brand.gateway_chain = {Octets(900, 4), Octets(900, 5)};
  ASSERT_TRUE(Write([&](Transaction& tx) { return StoreBrand(tx, brand); }));
  const auto brands = *store_->Read(LoadBrands);
  ASSERT_EQ(brands.size(), 1u);
  EXPECT_EQ(brands[0].narrative, std::nullopt);
  EXPECT_EQ(brands[0].bins, brand.bins);
  EXPECT_EQ(brands[0].signing_chain, brand.signing_chain);
  EXPECT_EQ(brands[0].exchange_chain, brand.exchange_chain);
  EXPECT_EQ(brands[0].gateway_chain, brand.gateway_chain);
  ASSERT_EQ(brands[0].limits.size(), 2u);
  EXPECT_EQ(brands[0].limits[1].least, "0.01");

  brand.brand_id = "Other";
  const auto second = Write([&](Transaction& tx) { return StoreBrand(tx, brand); });
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().kind, ErrorKind::kConflict);

  Pay("a", "InProgress", "card", "VISA");
  ASSERT_TRUE(Write([](Transaction& tx) { return RetireBrand(tx, "VISA"); }));
  EXPECT_TRUE(store_->Read(LoadBrands)->at(0).hidden);
}

TEST_F(Configuration, ASettingIsReplaced) {
  EXPECT_EQ(*store_->Read([](Reader& r) { return LoadSetting(r, "x"); }), std::nullopt);
  ASSERT_TRUE(Write([](Transaction& tx) { return StoreSetting(tx, "x", ""); }));
  EXPECT_EQ(*store_->Read([](Reader& r) { return LoadSetting(r, "x"); }), "");
  ASSERT_TRUE(Write([](Transaction& tx) { return StoreSetting(tx, "x", "2"); }));
  EXPECT_EQ(*store_->Read([](Reader& r) { return LoadSetting(r, "x"); }), "2");
}

}  // namespace
}  // namespace db
