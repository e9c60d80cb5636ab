// An open wallet's keys: locked and unlocked, wrong passphrases counted, damage noticed.
#include "bridge/wallet/keyring.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "bridge/wallet/key_file.h"
#include "bridge/wallet/provision.h"
#include "db/instruments.h"
#include "db/wallet_config.h"
#include "db/wallet_store.h"
#include "setcore/crypto/digest.h"
#include "unit/bridge/wallet/wallet_fixture.h"

namespace bridge {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using namespace bridge::testing;  // NOLINT

constexpr std::string_view kPassphrase = "open sesame";
constexpr std::int64_t kNow = 1768478400000;

class KeyringTest : public ::testing::Test {
 protected:
  void Make(std::string_view passphrase) {
    CopyPki(pki_.path());
    auto profile = ParseProfile(kProfile, pki_ / "wallet.toml");
    ASSERT_TRUE(profile) << ToText(profile.error().front());
    const auto done = Provision(wallet_, *profile, {passphrase, kScryptTestN, kNow});
    ASSERT_TRUE(done) << done.error().detail;
  }

  // Closes what is open and opens the wallet again.
  db::Result<void> Open() {
    keyring_.reset();
    store_.reset();
    warnings_.clear();
    auto store = db::WalletStore::Open(wallet_, db::WalletMode::kOpen);
    if (!store) return tl::unexpected(store.error());
    store_ = std::move(*store);
    auto keyring = Keyring::Open(
        wallet_, *store_, [this] { return now_; },
        [this](std::string warning) { warnings_.push_back(std::move(warning)); });
    if (!keyring) return tl::unexpected(keyring.error());
    keyring_ = std::move(*keyring);
    return {};
  }

  PassphraseFailure::Kind Refused(std::string_view passphrase) {
    const auto unlocked = keyring_->Unlock(passphrase);
    EXPECT_FALSE(unlocked);
    if (unlocked) return {};
    retry_s_ = unlocked.error().min_retry_s;
    return unlocked.error().kind;
  }

  TemporaryDirectory pki_;
  TemporaryDirectory base_;
  std::string wallet_ = base_ / "wallet";
  std::int64_t now_ = kNow;
  std::uint32_t retry_s_ = 0;
  std::vector<std::string> warnings_;
  std::unique_ptr<db::WalletStore> store_;
  std::unique_ptr<Keyring> keyring_;
};

using Kind = PassphraseFailure::Kind;

TEST_F(KeyringTest, ALockedWalletShowsItsConfigurationAndNoSecret) {
  ASSERT_NO_FATAL_FAILURE(Make(kPassphrase));
  ASSERT_TRUE(Open());
  EXPECT_TRUE(keyring_->has_passphrase());
  EXPECT_TRUE(keyring_->locked());
  const WalletConfig& config = keyring_->config();
  EXPECT_EQ(config.wallet_id, "all-1");
  EXPECT_EQ(config.roles, 7U);
  ASSERT_EQ(config.instruments.size(), 2U);
  EXPECT_EQ(config.instruments[0].id, "visa-gold");
  EXPECT_EQ(config.instruments[0].chain.size(), 4U);
  EXPECT_EQ(config.instruments[0].limits[0].highest, "2000");
  EXPECT_THAT(config.instruments[0].currencies, ElementsAre("USD", "EUR"));
  EXPECT_EQ(config.organisation.merchant_id, "00012345");
  ASSERT_EQ(config.brands.size(), 1U);
  EXPECT_EQ(config.brands[0].gateway_chain.size(), 4U);
  EXPECT_EQ(config.brands[0].sec_pay_req_url, "https://pay.example/iotp");
  EXPECT_THAT(config.brands[0].bins, ElementsAre("4"));
  ASSERT_EQ(config.gateways.size(), 1U);
  EXPECT_EQ(config.gateways[0].diagnostic_port, 7002);
  EXPECT_TRUE(config.gateways[0].has_secret);
  EXPECT_EQ(config.gateways[0].t120_s, 121U);
  EXPECT_TRUE(config.policy.capture_now);
  EXPECT_EQ(config.policy.max_pending, 77U);
  EXPECT_EQ(config.trust[0].brands, std::vector<std::string>{"VISA"});
  EXPECT_EQ(config.revocations.size(), 1U);
  EXPECT_EQ(keyring_->CardOf("visa-gold").error(), KeyringFailure::kLocked);
  EXPECT_EQ(keyring_->KeysOf("VISA").error(), KeyringFailure::kLocked);
  EXPECT_EQ(keyring_->SecretOf("acquirer").error(), KeyringFailure::kLocked);
  EXPECT_EQ(keyring_->Seal("p", View("s")).error(), KeyringFailure::kLocked);
  EXPECT_EQ(keyring_->Unseal("p", View("s")).error(), KeyringFailure::kLocked);
}

TEST_F(KeyringTest, TheRightPassphraseOpensEverything) {
  ASSERT_NO_FATAL_FAILURE(Make(kPassphrase));
  ASSERT_TRUE(Open());
  ASSERT_TRUE(keyring_->Unlock(kPassphrase));
  EXPECT_FALSE(keyring_->locked());
  const auto card = keyring_->CardOf("visa-gold");
  ASSERT_TRUE(card);
  EXPECT_EQ((*card)->pan.view(), kPan);
  EXPECT_EQ((*card)->expiry.view(), "203012");
  EXPECT_EQ((*card)->card_secret.data()[0], 0x8d);
  EXPECT_EQ((*card)->pan_secret.size(), 20U);
  ASSERT_TRUE((*card)->signing);
  EXPECT_TRUE((*card)->signing->key.public_key() == *(*card)->signing->certificate()->key());
  const auto plain = keyring_->CardOf("visa-plain");
  ASSERT_TRUE(plain);
  EXPECT_FALSE((*plain)->signing);
  EXPECT_EQ((*plain)->pan_secret.data()[0], 0);
  const auto keys = keyring_->KeysOf("VISA");
  ASSERT_TRUE(keys);
  EXPECT_TRUE((*keys)->exchange.key.public_key() == *(*keys)->exchange.certificate()->key());
  EXPECT_FALSE((*keys)->exchange.key.public_key() == (*keys)->signing.key.public_key());
  const auto secret = keyring_->SecretOf("acquirer");
  ASSERT_TRUE(secret);
  EXPECT_EQ((*secret)->shared_secret.size(), kSharedSecret.size());
  EXPECT_EQ(keyring_->CardOf("other").error(), KeyringFailure::kUnknown);
  EXPECT_EQ(keyring_->KeysOf("other").error(), KeyringFailure::kUnknown);
  EXPECT_EQ(keyring_->SecretOf("other").error(), KeyringFailure::kUnknown);
  EXPECT_EQ(keyring_->CardOf("visa-gold")->get(), card->get()) << "unsealed once";
}

TEST_F(KeyringTest, TheTrustStoreVerifiesTheChainsOfTheProfile) {
  ASSERT_NO_FATAL_FAILURE(Make(kPassphrase));
  ASSERT_TRUE(Open());
  const auto& leaf = keyring_->config().brands[0].gateway_chain.front();
  // The authorities are at hand although none comes with the leaf.
  EXPECT_TRUE(
      keyring_->trust().Verify(leaf, {}, {}, setcore::pki::Role::kGatewayExchange, kNow / 1000));
}

TEST_F(KeyringTest, AnOpenWalletStillAsksForTheRightPassphrase) {
  ASSERT_NO_FATAL_FAILURE(Make(kPassphrase));
  ASSERT_TRUE(Open());
  ASSERT_TRUE(keyring_->Unlock(kPassphrase));
  EXPECT_EQ(Refused("open sesam"), Kind::kWrong);
  EXPECT_EQ(Refused(""), Kind::kWrong);
  EXPECT_TRUE(keyring_->Unlock(kPassphrase));
  EXPECT_FALSE(keyring_->locked());
}

TEST_F(KeyringTest, FiveWrongPassphrasesCloseTheWalletForDoublingTimes) {
  ASSERT_NO_FATAL_FAILURE(Make(kPassphrase));
  ASSERT_TRUE(Open());
  for (int i = 0; i < 5; ++i) EXPECT_EQ(Refused("wrong"), Kind::kWrong) << i;
  for (const std::uint32_t wait : {1U, 2U, 4U, 8U, 16U, 32U, 64U, 128U, 256U, 300U, 300U}) {
    EXPECT_EQ(Refused("wrong"), Kind::kBusy);
    EXPECT_EQ(retry_s_, wait);
    EXPECT_EQ(Refused(kPassphrase), Kind::kBusy) << "not even the right one is looked at";
    now_ += std::int64_t{wait} * 1000 - 1;
    EXPECT_EQ(Refused(kPassphrase), Kind::kBusy);
    EXPECT_EQ(retry_s_, 1U);
    now_ += 1;
    EXPECT_EQ(Refused("wrong"), Kind::kWrong);
  }
  now_ += 300'000;
  EXPECT_TRUE(keyring_->Unlock(kPassphrase));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(Refused("wrong"), Kind::kWrong) << "counted from 0 again";
  EXPECT_EQ(Refused("wrong"), Kind::kBusy);
  EXPECT_EQ(retry_s_, 1U);
}

TEST_F(KeyringTest, WrongPassphrasesAreCountedInTheStore) {
  ASSERT_NO_FATAL_FAILURE(Make(kPassphrase));
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(Open());
    EXPECT_EQ(Refused("wrong"), Kind::kWrong);
  }
  ASSERT_TRUE(Open());
  EXPECT_EQ(Refused(kPassphrase), Kind::kBusy);
  now_ -= 86'400'000;  // nor does a clock that was set back open or close it for good
  ASSERT_TRUE(Open());
  EXPECT_EQ(Refused(kPassphrase), Kind::kBusy);
  EXPECT_EQ(retry_s_, 1U);
  now_ += 1000;
  EXPECT_TRUE(keyring_->Unlock(kPassphrase));
  ASSERT_TRUE(Open());
  EXPECT_EQ(Refused("wrong"), Kind::kWrong);
}

TEST_F(KeyringTest, AWalletWithoutPassphraseIsOpenAndSaysSo) {
  ASSERT_NO_FATAL_FAILURE(Make(""));
  ASSERT_TRUE(Open());
  EXPECT_FALSE(keyring_->has_passphrase());
  EXPECT_FALSE(keyring_->locked());
  EXPECT_TRUE(keyring_->CardOf("visa-gold"));
  EXPECT_EQ(Refused("anything"), Kind::kWrong);
  ASSERT_FALSE(warnings_.empty());
  EXPECT_THAT(warnings_.back(), HasSubstr("no passphrase"));
}

TEST_F(KeyringTest, AKeyFileIsThisUsersAlone) {
  ASSERT_NO_FATAL_FAILURE(Make(""));
  const std::string key = KeyFilePath(wallet_);
  for (const mode_t mode : {0620, 0602, 0640, 0604}) {
    chmod(key.c_str(), mode);
    const auto opened = Open();
    ASSERT_FALSE(opened) << mode;
    EXPECT_EQ(opened.error().kind, db::ErrorKind::kRefused);
  }
  chmod(key.c_str(), 0600);
  EXPECT_TRUE(Open());
  std::filesystem::rename(key, key + "-moved");
  std::filesystem::create_symlink(key + "-moved", key);
  EXPECT_EQ(Open().error().kind, db::ErrorKind::kRefused);
  std::filesystem::remove(key);
  EXPECT_EQ(Open().error().kind, db::ErrorKind::kMissing);
  for (const std::size_t size : {31, 33}) {
    WriteText(key, std::string(size, 'k'));
    EXPECT_FALSE(Open()) << size;
  }
  WriteText(key, std::string(32, 'k'));
  const auto foreign = Open();
  ASSERT_FALSE(foreign);
  EXPECT_EQ(foreign.error().kind, db::ErrorKind::kCorrupt);
  EXPECT_THAT(foreign.error().detail, HasSubstr("not the key of this wallet"));
}

TEST_F(KeyringTest, ASecretMovedToAnotherRowDoesNotOpen) {
  ASSERT_NO_FATAL_FAILURE(Make(kPassphrase));
  ASSERT_TRUE(Open());
  ASSERT_TRUE(store_->Write([](db::Transaction& tx) -> db::Result<void> {
    auto cards = db::LoadInstruments(tx);
    if (!cards) return tl::unexpected(cards.error());
    std::swap((*cards)[0].sealed_pan, (*cards)[1].sealed_pan);
    for (const auto& card : *cards) {
      if (auto done = db::StoreInstrument(tx, card); !done) return done;
    }
    return {};
  }));
  ASSERT_TRUE(Open());
  ASSERT_TRUE(keyring_->Unlock(kPassphrase));
  EXPECT_EQ(keyring_->CardOf("visa-gold").error(), KeyringFailure::kDamaged);
  EXPECT_EQ(keyring_->CardOf("visa-plain").error(), KeyringFailure::kDamaged);
  EXPECT_TRUE(keyring_->KeysOf("VISA"));
}

TEST_F(KeyringTest, WhatAPaymentSealsOpensInItsPlaceOnly) {
  ASSERT_NO_FATAL_FAILURE(Make(kPassphrase));
  ASSERT_TRUE(Open());
  ASSERT_TRUE(keyring_->Unlock(kPassphrase));
  const auto sealed = keyring_->Seal("P1/back_key", View("token"));
  ASSERT_TRUE(sealed);
  ASSERT_TRUE(Open());
  ASSERT_TRUE(keyring_->Unlock(kPassphrase));
  const auto opened = keyring_->Unseal("P1/back_key", *sealed);
  ASSERT_TRUE(opened);
  EXPECT_TRUE(setcore::crypto::Equal(opened->view(), View("token")));
  EXPECT_EQ(keyring_->Unseal("P2/back_key", *sealed).error(), KeyringFailure::kDamaged);
}

TEST_F(KeyringTest, ThreadsUnlockAndAskAtOnce) {
  ASSERT_NO_FATAL_FAILURE(Make(kPassphrase));
  ASSERT_TRUE(Open());
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 20; ++n) {
        EXPECT_TRUE(keyring_->Unlock(kPassphrase));
        EXPECT_TRUE(keyring_->CardOf("visa-gold"));
        EXPECT_TRUE(keyring_->KeysOf("VISA"));
        EXPECT_FALSE(keyring_->locked());
      }
    });
  }
  for (auto& thread : threads) thread.join();
}

TEST_F(KeyringTest, AWalletNeverProvisionedIsMissing) {
  ASSERT_TRUE(db::WalletStore::Open(wallet_, db::WalletMode::kProvision));
  const auto opened = Open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, db::ErrorKind::kMissing);
  EXPECT_THAT(opened.error().detail, HasSubstr("set-bridge provision"));
}

}  // namespace
}  // namespace bridge
