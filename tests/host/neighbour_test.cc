// The module leaves its host alone: whatever the host has set stays as it is, whatever the host has
// done to OpenSSL's default context does not matter, and nothing grows with use.
#include <fenv.h>
#include <gtest/gtest.h>
#include <locale.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>

#include <cstdlib>
#include <string>
#include <thread>

#include "host/model_host.h"
#include "host/process.h"
#include "host/test_wallets.h"

namespace host {
namespace {

constexpr char kQuestion[] =
    R"(<IotpPaymentApiRequest xml:lang="en" ContentSoftwareID="t">)"
    R"(<InquireProcessState WalletID="w" PayId="unknown"/></IotpPaymentApiRequest>)";

#if defined(OPB_SANITIZED)
constexpr bool kSanitized = true;  // the tools' own memory grows
#else
constexpr bool kSanitized = false;
#endif

class Neighbour : public testing::Test {
 protected:
  Neighbour() { Provision(wallet_, ConsumerProfile("w")); }

  // Everything that a host does with a module, failures included.
  void Visit() {
    ModelHost host(OPB_MODULE);
    const opb_wallet wallet = host.Open(wallet_, OPB_ROLE_CONSUMER);
    host.Call(wallet, kQuestion);
    host.Call(wallet, "garbage");
    EXPECT_EQ(host.TryOpen(wallet_, OPB_ROLE_CONSUMER).status, OPB_E_LOCKED);
    EXPECT_EQ(host.TryOpen(wallet_, 8).status, OPB_E_ARGUMENT);
    EXPECT_EQ(host.Close(wallet), OPB_OK);
  }

  TemporaryDirectory directory_;
  std::string wallet_ = directory_ / "w";
};

TEST_F(Neighbour, NothingThatTheHostHasSetIsChanged) {
  // A host with habits: an own locale, mask, handler, rounding mode and OpenSSL error.
  setlocale(LC_ALL, "C.UTF-8");
  umask(0123);
  setenv("SET_BRIDGE_TEST", "untouched", 1);
  fesetround(FE_DOWNWARD);
  sigset_t mask;
  sigemptyset(&mask);
  sigaddset(&mask, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &mask, nullptr);
  signal(SIGUSR2, [](int) {});
  EVP_MD_free(EVP_MD_fetch(nullptr, "SHA1", nullptr));  // the host uses OpenSSL itself
  ERR_raise(ERR_LIB_USER, ERR_R_PASSED_INVALID_ARGUMENT);
  const std::vector<std::string> before = Facts();
  const Usage usage_before = CurrentUsage();
  Visit();
  const std::vector<std::string> after = Facts();
  const Usage usage_after = CurrentUsage();
  fesetround(FE_TONEAREST);
  umask(022);
  EXPECT_EQ(before, after);
  EXPECT_EQ(usage_before.descriptors, usage_after.descriptors);
  EXPECT_EQ(usage_before.threads, usage_after.threads);
}

TEST_F(Neighbour, AnEmptyOpenSslErrorQueueStaysEmpty) {
  ERR_clear_error();
  Visit();
  EXPECT_EQ(ERR_peek_error(), 0u);
}

TEST_F(Neighbour, APoisonedDefaultOpenSslContextDoesNotMatter) {
  ASSERT_EQ(EVP_set_default_properties(nullptr, "fips=yes"), 1);
  EVP_MD* digest = EVP_MD_fetch(nullptr, "SHA1", nullptr);
  EXPECT_EQ(digest, nullptr);  // the poison bites
  EVP_MD_free(digest);
  const std::string locked = directory_ / "locked";
  {
    ModelHost host(OPB_MODULE);
    const opb_wallet wallet = host.Open(wallet_, OPB_ROLE_CONSUMER);
    host.Call(wallet, kQuestion);
    host.Call(wallet, "garbage");
  }
  Provision(locked, ConsumerProfile("locked"), "secret");
  {
    ModelHost host(OPB_MODULE);
    EXPECT_EQ(host.TryOpen(locked, OPB_ROLE_CONSUMER, "wrong").status, OPB_E_CONFIG);
    host.Open(locked, OPB_ROLE_CONSUMER, "secret");
  }
  EXPECT_EQ(EVP_default_properties_is_fips_enabled(nullptr), 1);
  EVP_set_default_properties(nullptr, "");
  ERR_clear_error();
}

TEST_F(Neighbour, AThousandLivesLeaveNothingBehind) {
  constexpr int kWarmUp = 100;
  constexpr int kLives = kSanitized ? 100 : 1000;
  for (int i = 0; i < kWarmUp; ++i) Visit();
  const Usage before = CurrentUsage();
  for (int i = 0; i < kLives; ++i) Visit();
  const Usage after = CurrentUsage();
  RecordProperty("resident_growth_kib",
                 static_cast<int>(after.resident_kib) - static_cast<int>(before.resident_kib));
  EXPECT_EQ(before.descriptors, after.descriptors);
  EXPECT_EQ(before.threads, after.threads);
  if (!kSanitized) {
    EXPECT_LE(after.resident_kib, before.resident_kib + 64);
  }
}

TEST_F(Neighbour, TheModuleMayBeLoadedAndUsedByAThreadThatEnds) {
  for (int i = 0; i < 3; ++i) std::thread([this] { Visit(); }).join();
  Visit();
}

}  // namespace
}  // namespace host
