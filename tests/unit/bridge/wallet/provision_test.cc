// Provisioning: new and again, with payments pending, killed at every step, and what a stolen
// wallet shows.
#include "bridge/wallet/provision.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bridge/wallet/key_file.h"
#include "bridge/wallet/keyring.h"
#include "db/intents.h"
#include "db/payments.h"
#include "db/wallet_config.h"
#include "db/wallet_store.h"
#include "setcore/crypto/rsa.h"
#include "unit/bridge/wallet/wallet_fixture.h"

// The calls by which a file changes, counted: with g_kill_at = n the process dies at the n-th.
namespace {
int g_calls = 0;
int g_kill_at = 0;

void Count() {
  if (g_kill_at != 0 && ++g_calls == g_kill_at) kill(getpid(), SIGKILL);
}
}  // namespace

// The executable's own definitions come before those of the C library, also for SQLite.
extern "C" {
int fdatasync(int fd) {
  Count();
  return static_cast<int>(syscall(SYS_fdatasync, fd));
}
int fsync(int fd) {
  Count();
  return static_cast<int>(syscall(SYS_fsync, fd));
}
ssize_t pwrite64(int fd, const void* data, size_t size, off64_t at) {
  Count();
  return syscall(SYS_pwrite64, fd, data, size, at);
}
ssize_t pwrite(int fd, const void* data, size_t size, off_t at) {
  Count();
  return syscall(SYS_pwrite64, fd, data, size, at);
}
ssize_t write(int fd, const void* data, size_t size) {
  Count();
  return syscall(SYS_write, fd, data, size);
}
int ftruncate64(int fd, off64_t size) noexcept {
  Count();
  return static_cast<int>(syscall(SYS_ftruncate, fd, size));
}
int rename(const char* from, const char* to) noexcept {
  Count();
  return static_cast<int>(syscall(SYS_rename, from, to));
}
int unlink(const char* path) noexcept {
  Count();
  return static_cast<int>(syscall(SYS_unlink, path));
}
}

namespace bridge {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using namespace bridge::testing;  // NOLINT
namespace fs = std::filesystem;

constexpr std::string_view kPassphrase = "open sesame";
constexpr std::int64_t kNow = 1768478400000;

// The same wallet with one instrument and the brand gone, another brand and gateway come.
std::string OtherProfile() {
  std::string text(kProfile);
  const std::size_t card = text.find("[[instrument]]\nid                = \"visa-gold\"");
  text.erase(card, text.find("[[instrument]]", card + 1) - card);
  text = With(text, "language  = \"en\"", "language  = \"de\"");
  text = With(text, "brand_id          = \"VISA\"\nprotocol_brand_id = \"VISA\"\nname",
              "brand_id          = \"Other\"\nprotocol_brand_id = \"VISA:Other\"\nname");
  text = With(text, "gateway              = \"acquirer\"", "gateway              = \"second\"");
  return With(text, "name            = \"acquirer\"", "name            = \"second\"");
}

class ProvisionTest : public ::testing::Test {
 protected:
  ProvisionTest() { CopyPki(pki_.path()); }

  Profile Parse(std::string_view text) const {
    auto profile = ParseProfile(text, pki_ / "wallet.toml");
    if (!profile) throw std::runtime_error(ToText(profile.error().front()));
    return std::move(*profile);
  }

  db::Result<Provisioned> Bring(const std::string& text, std::string_view passphrase = "") const {
    return Provision(wallet_, Parse(text), {passphrase, kScryptTestN, kNow});
  }

  // Opens the wallet for one look at its keyring.
  template <class F>
  void Look(F look, std::string_view passphrase = "") const {
    auto store = db::WalletStore::Open(wallet_, db::WalletMode::kOpen);
    ASSERT_TRUE(store) << store.error().detail;
    auto keyring = Keyring::Open(
        wallet_, **store, [] { return kNow; }, [](const std::string&) {});
    ASSERT_TRUE(keyring) << keyring.error().detail;
    if (!passphrase.empty()) {
      ASSERT_TRUE((*keyring)->Unlock(passphrase));
    }
    look(**keyring);
  }

  // Adds or moves a payment that uses the first card and the first brand.
  void Pay(const std::string& pay_id, const std::string& state) const {
    auto store = db::WalletStore::Open(wallet_, db::WalletMode::kOpen);
    ASSERT_TRUE(store);
    ASSERT_TRUE((*store)->Write([&](db::Transaction& tx) -> db::Result<void> {
      auto found = db::FindPayment(tx, pay_id);
      if (!found) return tl::unexpected(found.error());
      if (*found) {
        const std::string before = std::exchange((*found)->process_state, state);
        std::vector<db::Entry> entries;
        return db::RecordPayment(tx, **found, {before, 0}, entries, {"test", "moved"}, kNow);
      }
      db::Payment payment;
      payment.pay_id = pay_id;
      payment.role = "Consumer";
      payment.process_state = state;
      payment.payment_instrument_id = "visa-gold";
      payment.brand_id = "VISA";
      payment.started = payment.changed = kNow;
      auto inserted = db::InsertPayment(tx, payment);
      if (!inserted) return tl::unexpected(inserted.error());
      return {};
    }));
  }

  TemporaryDirectory pki_;
  TemporaryDirectory base_;
  std::string wallet_ = base_ / "wallet";
};

mode_t ModeOf(const std::string& path) {
  struct stat status = {};
  stat(path.c_str(), &status);
  return status.st_mode & 0777;
}

TEST_F(ProvisionTest, ANewWalletIsThisUsersAlone) {
  const auto done = Bring(std::string(kProfile));
  ASSERT_TRUE(done) << done.error().detail;
  EXPECT_TRUE(done->made);
  EXPECT_THAT(done->hidden, IsEmpty());
  EXPECT_EQ(ModeOf(wallet_), 0700U);
  for (const auto& entry : fs::directory_iterator(wallet_)) {
    EXPECT_EQ(ModeOf(entry.path()), 0600U) << entry.path();
  }
  EXPECT_EQ(fs::file_size(KeyFilePath(wallet_)), 32U);
}

TEST_F(ProvisionTest, AWalletWithPassphraseHasNoKeyFile) {
  ASSERT_TRUE(Bring(std::string(kProfile), kPassphrase));
  EXPECT_FALSE(fs::exists(KeyFilePath(wallet_)));
  Look([](Keyring& keyring) { EXPECT_TRUE(keyring.CardOf("visa-gold")); }, kPassphrase);
}

TEST_F(ProvisionTest, ASecondTimeBringsTheWalletToTheProfile) {
  ASSERT_TRUE(Bring(std::string(kProfile)));
  const auto again = Bring(OtherProfile());
  ASSERT_TRUE(again) << again.error().detail;
  EXPECT_FALSE(again->made);
  EXPECT_THAT(again->hidden, IsEmpty());
  Look([](Keyring& keyring) {
    const WalletConfig& config = keyring.config();
    EXPECT_EQ(config.language, "de");
    ASSERT_EQ(config.instruments.size(), 1U);
    EXPECT_EQ(config.instruments[0].id, "visa-plain");
    ASSERT_EQ(config.brands.size(), 1U);
    EXPECT_EQ(config.brands[0].brand_id, "Other");
    ASSERT_EQ(config.gateways.size(), 1U);
    EXPECT_EQ(config.gateways[0].name, "second");
    EXPECT_TRUE(keyring.KeysOf("Other"));
    EXPECT_TRUE(keyring.SecretOf("second"));
  });
}

TEST_F(ProvisionTest, WhatAPendingPaymentUsesIsKeptHiddenUntilItIsFinal) {
  ASSERT_TRUE(Bring(std::string(kProfile)));
  for (const char* state : {"InProgress", "Suspended"}) {
    Pay("P1", state);
    const auto again = Bring(OtherProfile());
    ASSERT_TRUE(again) << again.error().detail;
    EXPECT_THAT(again->hidden, ElementsAre("visa-gold", "VISA")) << state;
    Look([](Keyring& keyring) {
      const InstrumentConfig* card = keyring.config().FindInstrument("visa-gold");
      ASSERT_NE(card, nullptr);
      EXPECT_TRUE(card->hidden);
      EXPECT_FALSE(keyring.config().FindInstrument("visa-plain")->hidden);
      const BrandConfig* brand = keyring.config().FindBrand("VISA");
      ASSERT_NE(brand, nullptr);
      EXPECT_TRUE(brand->hidden);
      // Everything the payment needs still opens, its gateway too.
      EXPECT_TRUE(keyring.CardOf("visa-gold"));
      EXPECT_TRUE(keyring.KeysOf("VISA"));
      EXPECT_NE(keyring.config().FindGateway("acquirer"), nullptr);
      EXPECT_TRUE(keyring.SecretOf("acquirer"));
    });
  }
  Pay("P1", "CompletedOk");
  const auto last = Bring(OtherProfile());
  ASSERT_TRUE(last);
  EXPECT_THAT(last->hidden, IsEmpty());
  Look([](Keyring& keyring) {
    EXPECT_EQ(keyring.config().FindInstrument("visa-gold"), nullptr);
    EXPECT_EQ(keyring.config().FindBrand("VISA"), nullptr);
    EXPECT_EQ(keyring.config().FindGateway("acquirer"), nullptr);
  });
}

TEST_F(ProvisionTest, AGatewayWhoseExchangeIsOpenIsKeptUntilItIsSettled) {
  std::string moved = With(std::string(kProfile), "gateway              = \"acquirer\"",
                           "gateway              = \"second\"");
  moved = With(moved, "name            = \"acquirer\"", "name            = \"second\"");
  ASSERT_TRUE(Bring(std::string(kProfile)));
  Pay("P1", "InProgress");
  std::int64_t intent = 0;
  const auto write = [this](const std::function<db::Result<void>(db::Transaction&)>& change) {
    auto store = db::WalletStore::Open(wallet_, db::WalletMode::kOpen);
    ASSERT_TRUE(store);
    ASSERT_TRUE((*store)->Write(change));
  };
  write([&](db::Transaction& tx) -> db::Result<void> {
    db::Intent open;
    open.payment = (*db::FindPayment(tx, "P1"))->id;
    open.kind = "AuthReq";
    open.rrpid = open.xid = setcore::Octets(20);
    open.request = {1};
    open.gateway = "acquirer";
    auto opened = db::OpenIntent(tx, open);
    if (!opened) return tl::unexpected(opened.error());
    intent = *opened;
    return {};
  });
  ASSERT_TRUE(Bring(moved));
  Look([](Keyring& keyring) {
    EXPECT_EQ(keyring.config().FindBrand("VISA")->gateway, "second");
    EXPECT_NE(keyring.config().FindGateway("acquirer"), nullptr);
    EXPECT_TRUE(keyring.SecretOf("acquirer"));
  });
  write(
      [&](db::Transaction& tx) { return db::SettleIntent(tx, intent, setcore::Octets{2}, kNow); });
  ASSERT_TRUE(Bring(moved));
  Look([](Keyring& keyring) { EXPECT_EQ(keyring.config().FindGateway("acquirer"), nullptr); });
}

TEST_F(ProvisionTest, WhatIsHiddenComesBackWithTheProfile) {
  ASSERT_TRUE(Bring(std::string(kProfile)));
  Pay("P1", "InProgress");
  ASSERT_TRUE(Bring(OtherProfile()));
  const auto back = Bring(std::string(kProfile));
  ASSERT_TRUE(back);
  EXPECT_THAT(back->hidden, IsEmpty());
  Look([](Keyring& keyring) {
    EXPECT_FALSE(keyring.config().FindInstrument("visa-gold")->hidden);
    EXPECT_FALSE(keyring.config().FindBrand("VISA")->hidden);
    EXPECT_TRUE(keyring.CardOf("visa-gold"));
  });
}

TEST_F(ProvisionTest, TheCardOfAPendingPaymentIsNotReplacedByAnother) {
  ASSERT_TRUE(Bring(std::string(kProfile)));
  const std::string other = With(kProfile, "4000000000000002", "4000000000000010");
  for (const char* state : {"InProgress", "Suspended"}) {
    Pay("P1", state);
    const auto refused = Bring(With(other, "language  = \"en\"", "language  = \"de\""));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, db::ErrorKind::kConflict);
    EXPECT_THAT(refused.error().detail, HasSubstr("\"visa-gold\""));
    Look([](Keyring& keyring) {
      EXPECT_EQ(keyring.config().language, "en");
      EXPECT_EQ((*keyring.CardOf("visa-gold"))->pan.view(), "4000000000000002");
    });
  }
  // What is no part of the card may change, and so may a card that no payment uses.
  ASSERT_TRUE(
      Bring(With(With(kProfile, "\"2000\"", "\"3000\""), "4000000000000028", "4000000000000036")));
  Look([](Keyring& keyring) {
    EXPECT_EQ(keyring.config().FindInstrument("visa-gold")->limits.front().highest, "3000");
    EXPECT_EQ((*keyring.CardOf("visa-plain"))->pan.view(), "4000000000000036");
  });
  const auto beside = Bring(With(other, "\"visa-gold\"", "\"visa-new\""));
  ASSERT_TRUE(beside);
  EXPECT_THAT(beside->hidden, ElementsAre("visa-gold"));
  // While it is hidden, too.
  EXPECT_EQ(Bring(other).error().kind, db::ErrorKind::kConflict);

  Pay("P1", "Failed");
  ASSERT_TRUE(Bring(other));
  Look([](Keyring& keyring) {
    EXPECT_EQ((*keyring.CardOf("visa-gold"))->pan.view(), "4000000000000010");
  });
}

TEST_F(ProvisionTest, PaymentsAreNotTouched) {
  ASSERT_TRUE(Bring(std::string(kProfile)));
  Pay("P1", "CompletedOk");
  Pay("P2", "InProgress");
  const auto payments = [&] {
    auto reader = db::OpenWalletReader(wallet_);
    auto lines = (*reader)->Read([](db::Reader& r) { return db::ListPayments(r); });
    std::vector<std::string> out;
    for (const auto& line : *lines) {
      out.push_back(line.pay_id + " " + line.process_state + " " + line.changed);
    }
    return out;
  };
  const auto before = payments();
  ASSERT_EQ(before.size(), 2U);
  ASSERT_TRUE(Bring(OtherProfile()));
  EXPECT_EQ(payments(), before);
}

TEST_F(ProvisionTest, AWalletOfAnotherIdIsLeftAlone) {
  ASSERT_TRUE(Bring(std::string(kProfile)));
  const auto other = Bring(With(OtherProfile(), "\"all-1\"", "\"all-2\""));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().kind, db::ErrorKind::kRefused);
  EXPECT_THAT(other.error().detail, HasSubstr("is the wallet \"all-1\""));
  Look([](Keyring& keyring) { EXPECT_EQ(keyring.config().language, "en"); });
}

TEST_F(ProvisionTest, AWalletWithPassphraseAsksForIt) {
  ASSERT_TRUE(Bring(std::string(kProfile), kPassphrase));
  const auto without = Bring(OtherProfile());
  ASSERT_FALSE(without);
  EXPECT_THAT(without.error().detail, HasSubstr("--passphrase-file"));
  const auto wrong = Bring(OtherProfile(), "wrong");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().kind, db::ErrorKind::kRefused);
  Look([](Keyring& keyring) { EXPECT_EQ(keyring.config().language, "en"); }, kPassphrase);
  EXPECT_TRUE(Bring(OtherProfile(), kPassphrase));
  Look([](Keyring& keyring) { EXPECT_TRUE(keyring.KeysOf("Other")); }, kPassphrase);
}

TEST_F(ProvisionTest, ScryptsParametersStandInTheWallet) {
  const auto cost = [&] {
    auto reader = db::OpenWalletReader(wallet_);
    return (*(*reader)->Read([](db::Reader& r) { return db::LoadWalletKey(r); }))->scrypt_n;
  };
  ProvisionOptions options;
  options.passphrase = kPassphrase;
  ASSERT_TRUE(Provision(wallet_, Parse(kProfile), options));
  EXPECT_EQ(cost(), 32768);
  fs::remove_all(wallet_);
  options.scrypt_n = kScryptTestN;
  ASSERT_TRUE(Provision(wallet_, Parse(kProfile), options));
  EXPECT_EQ(cost(), 1024);
}

TEST_F(ProvisionTest, AWalletMayGetAPassphraseLater) {
  ASSERT_TRUE(Bring(std::string(kProfile)));
  ASSERT_TRUE(Bring(std::string(kProfile), kPassphrase));
  EXPECT_FALSE(fs::exists(KeyFilePath(wallet_)));
  Look([](Keyring& keyring) { EXPECT_TRUE(keyring.CardOf("visa-gold")); }, kPassphrase);
}

TEST_F(ProvisionTest, APassphraseHasALongest) {
  for (const std::size_t size : {kMaxPassphrase - 1, kMaxPassphrase, kMaxPassphrase + 1}) {
    const std::string passphrase(size, 'p');
    fs::remove_all(wallet_);
    EXPECT_EQ(Bring(std::string(kProfile), passphrase).has_value(), size <= kMaxPassphrase);
  }
}

TEST_F(ProvisionTest, AWalletInUseIsLeftAlone) {
  ASSERT_TRUE(Bring(std::string(kProfile)));
  auto store = db::WalletStore::Open(wallet_, db::WalletMode::kOpen);
  ASSERT_TRUE(store);
  const auto locked = Bring(OtherProfile());
  ASSERT_FALSE(locked);
  EXPECT_EQ(locked.error().kind, db::ErrorKind::kLocked);
  EXPECT_THAT(locked.error().detail, HasSubstr(std::to_string(getpid())));
}

TEST_F(ProvisionTest, ABrandThatTakesTheNameOfAHiddenOneHasToWait) {
  ASSERT_TRUE(Bring(std::string(kProfile)));
  Pay("P1", "InProgress");
  const std::string renamed = With(OtherProfile(), "\"VISA:Other\"", "\"VISA\"");
  const auto again = Bring(renamed);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, db::ErrorKind::kConflict);
  Look([](Keyring& keyring) {  // all or nothing
    EXPECT_EQ(keyring.config().language, "en");
    EXPECT_FALSE(keyring.config().FindBrand("VISA")->hidden);
    EXPECT_FALSE(keyring.config().FindInstrument("visa-gold")->hidden);
  });
}

// Runs `provision` in a child that dies at its n-th change of a file.  Gives whether it lived.
template <class F>
bool SurvivesKillAt(int n, F provision) {
  const pid_t child = fork();
  if (child == 0) {
    g_calls = 0;
    g_kill_at = n;
    const bool done = provision();
    g_kill_at = 0;
    _exit(done ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0) << "at " << n;
  return WIFEXITED(status);
}

TEST_F(ProvisionTest, KilledAnywhereANewWalletCanBeMadeStill) {
  for (const std::string_view passphrase : {std::string_view(), kPassphrase}) {
    int n = 1;
    for (bool lived = false; !lived; ++n) {
      fs::remove_all(wallet_);
      const Profile profile = Parse(kProfile);
      const ProvisionOptions options = {passphrase, kScryptTestN, kNow};
      lived = SurvivesKillAt(n, [&] { return Provision(wallet_, profile, options).has_value(); });
      const auto again = Provision(wallet_, profile, options);
      ASSERT_TRUE(again) << "after a kill at " << n << ": " << again.error().detail;
      Look([](Keyring& keyring) { EXPECT_TRUE(keyring.CardOf("visa-gold")); }, passphrase);
    }
    EXPECT_GT(n, 5);
  }
}

TEST_F(ProvisionTest, KilledAnywhereAnExistingWalletIsTheOldOrTheNewOne) {
  ASSERT_TRUE(Bring(std::string(kProfile)));
  const std::string kept = base_ / "kept";
  fs::rename(wallet_, kept);
  const Profile profile = Parse(OtherProfile());
  bool was_old = false;
  bool was_new = false;
  int n = 1;
  for (bool lived = false; !lived; ++n) {
    fs::remove_all(wallet_);
    fs::copy(kept, wallet_, fs::copy_options::recursive);
    fs::permissions(wallet_, fs::perms(0700));
    // It also gets a passphrase: the key file goes when the new state is there, not before.
    lived = SurvivesKillAt(n, [&] {
      return Provision(wallet_, profile, {kPassphrase, kScryptTestN, kNow}).has_value();
    });
    Look([&](Keyring& keyring) {
      const WalletConfig& config = keyring.config();
      if (config.language == "en") {
        was_old = true;
        EXPECT_FALSE(keyring.has_passphrase());
        EXPECT_EQ(config.instruments.size(), 2U);
        EXPECT_EQ(config.brands[0].brand_id, "VISA");
        EXPECT_TRUE(keyring.CardOf("visa-gold"));
      } else {
        was_new = true;
        EXPECT_EQ(config.language, "de");
        EXPECT_TRUE(keyring.Unlock(kPassphrase));
        EXPECT_EQ(config.instruments.size(), 1U);
        EXPECT_EQ(config.brands[0].brand_id, "Other");
        EXPECT_TRUE(keyring.KeysOf("Other"));
        EXPECT_FALSE(fs::exists(KeyFilePath(wallet_)));
      }
    });
  }
  EXPECT_TRUE(was_old);
  EXPECT_TRUE(was_new);
}

// Every form in which a planted secret may lie in a file.
std::vector<std::string> Forms(const std::string& secret) {
  std::vector<std::string> forms = {secret};
  std::string hex;
  std::string utf16;
  for (const char c : secret) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    hex += kDigits[static_cast<unsigned char>(c) >> 4];
    hex += kDigits[static_cast<unsigned char>(c) & 15];
    utf16 += '\0';
    utf16 += c;
  }
  forms.push_back(hex);
  forms.push_back(utf16);
  return forms;
}

TEST_F(ProvisionTest, AStolenWalletWithPassphraseShowsNoSecret) {
  ASSERT_TRUE(Bring(std::string(kProfile), kPassphrase));
  ASSERT_TRUE(Bring(std::string(kProfile), kPassphrase));
  Look([](Keyring& keyring) { EXPECT_TRUE(keyring.CardOf("visa-gold")); }, kPassphrase);
  // Not the expiry of the first card: its certificate, which is public, names the same month.
  std::vector<std::string> secrets = {
      std::string(kPan),        std::string(kPlainPan),  "202911",
      std::string(kCardSecret), std::string(kPanSecret), std::string(kSharedSecret),
      std::string(kPassphrase)};
  for (const std::string_view hex : {kCardSecret, kPanSecret}) {
    std::string octets;
    for (std::size_t i = 0; i < hex.size(); i += 2) {
      octets += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
    }
    secrets.push_back(octets);
  }
  for (const char* key : {"cardholder.key", "merchant-sign.key", "merchant-exchange.key"}) {
    const auto parsed = setcore::crypto::RsaPrivateKey::FromPem(View(ReadText(pki_ / key)));
    ASSERT_TRUE(parsed);
    const auto der = parsed->Pkcs8();
    // Any 16 octets in a row of its secret half.
    for (std::size_t at = der.size() / 2; at + 16 < der.size(); at += 37) {
      secrets.emplace_back(reinterpret_cast<const char*>(der.data()) + at, 16);
    }
  }
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(wallet_)) {
    const std::string content = ReadText(entry.path().string());
    ++files;
    for (const std::string& secret : secrets) {
      for (const std::string& form : Forms(secret)) {
        EXPECT_EQ(content.find(form), std::string::npos)
            << entry.path() << " " << ::testing::PrintToString(form);
      }
    }
  }
  EXPECT_GE(files, 2U);
  // The search finds what lies open: the brand does.
  EXPECT_NE(ReadText(wallet_ + "/wallet.db").find("VISA:Gold"), std::string::npos);
}

}  // namespace
}  // namespace bridge
