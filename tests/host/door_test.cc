// The door through the eyes of a host: statuses, tokens, blobs, negotiation, lease.  Everything
// goes through opb.h; nothing of the product is linked.
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "host/model_host.h"
#include "host/test_wallets.h"

namespace host {
namespace {

constexpr char kQuestion[] =
    R"(<IotpPaymentApiRequest xml:lang="en" ContentSoftwareID="t">)"
    R"(<InquireProcessState WalletID="w1" PayId="unknown"/></IotpPaymentApiRequest>)";

class Door : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    directory_ = new TemporaryDirectory;
    Provision(*directory_ / "w1", ConsumerProfile("w1"));
    Provision(*directory_ / "w2", MerchantProfile("w2"));
    Provision(*directory_ / "locked", ConsumerProfile("locked"), "open sesame");
  }
  static void TearDownTestSuite() { delete directory_; }
  static std::string Path(std::string_view name) { return *directory_ / name; }

  opb_status Status(opb_wallet wallet) { return host_.TryCall(wallet, kQuestion).status; }

  static TemporaryDirectory* directory_;
  ModelHost host_{OPB_MODULE};
};

TemporaryDirectory* Door::directory_ = nullptr;

bool IsResponse(const std::string& document) {
  return document.find("<IotpPaymentApiResponse") != std::string::npos &&
         document.find("</IotpPaymentApiResponse>") != std::string::npos;
}

TEST_F(Door, TheTableSaysWhatTheModuleIs) {
  const opb_entry_table& entry = host_.entry();
  EXPECT_EQ(entry.struct_size, sizeof(opb_entry_table));
  EXPECT_EQ(entry.abi_major, OPB_ABI_MAJOR);
  EXPECT_EQ(entry.abi_minor, OPB_ABI_MINOR);
  EXPECT_EQ(entry.roles, OPB_ROLE_CONSUMER | OPB_ROLE_MERCHANT | OPB_ROLE_PAYMENT_HANDLER);
  EXPECT_STREQ(entry.protocol_id, "SETv1.0");
  EXPECT_NE(std::string(entry.software_id).find("set-bridge"), std::string::npos);
  EXPECT_EQ(entry.get_extension(nullptr), nullptr);
  EXPECT_EQ(entry.get_extension(""), nullptr);
  EXPECT_EQ(entry.get_extension("opb.trace/99"), nullptr);
}

TEST_F(Door, ACallIsAnsweredWithADocument) {
  const opb_wallet wallet = host_.Open(Path("w1"), OPB_ROLE_CONSUMER);
  EXPECT_TRUE(IsResponse(host_.Call(wallet, kQuestion)));
  const std::string broken = host_.Call(wallet, "<IotpPaymentApiRequest");
  EXPECT_TRUE(IsResponse(broken));
  EXPECT_NE(broken.find("XmlNotWellFrmd"), std::string::npos) << broken;
  EXPECT_TRUE(IsResponse(host_.Call(wallet, std::string_view("", 0))));
}

TEST_F(Door, NullIsAnArgument) {
  const opb_wallet wallet = host_.Open(Path("w1"), OPB_ROLE_CONSUMER);
  Blob blob;
  EXPECT_EQ(host_.entry().call(wallet, {nullptr, 0}, blob.out()), OPB_E_ARGUMENT);
  EXPECT_EQ(host_.entry().call(wallet, {nullptr, 7}, blob.out()), OPB_E_ARGUMENT);
  EXPECT_EQ(host_.entry().call(wallet, {"x", 1}, nullptr), OPB_E_ARGUMENT);
  EXPECT_EQ(blob.get().data, nullptr);
  const std::string path = Path("w2");
  const opb_wallet_config config = {sizeof config, OPB_ROLE_MERCHANT, path.c_str(), {nullptr, 0}};
  opb_wallet token = 0;
  EXPECT_EQ(host_.entry().open(nullptr, &config, &token, nullptr), OPB_E_ARGUMENT);
  EXPECT_EQ(host_.entry().open(host_.host(), nullptr, &token, nullptr), OPB_E_ARGUMENT);
  EXPECT_EQ(host_.entry().open(host_.host(), &config, nullptr, blob.out()), OPB_E_ARGUMENT);
  EXPECT_FALSE(blob.text().empty());
  EXPECT_EQ(blob.text().find('\n'), std::string::npos);
  opb_wallet_config without_path = config;
  without_path.path = nullptr;
  EXPECT_EQ(host_.entry().open(host_.host(), &without_path, &token, nullptr), OPB_E_ARGUMENT);
  EXPECT_EQ(token, 0u);
}

TEST_F(Door, UnknownRolesAreAnArgumentAndForeignOnesAConfiguration) {
  EXPECT_EQ(host_.TryOpen(Path("w1"), 0).status, OPB_E_ARGUMENT);
  EXPECT_EQ(host_.TryOpen(Path("w1"), 8).status, OPB_E_ARGUMENT);
  EXPECT_EQ(host_.TryOpen(Path("w1"), OPB_ROLE_CONSUMER | 8).status, OPB_E_ARGUMENT);
  const Opened merchant = host_.TryOpen(Path("w1"), OPB_ROLE_MERCHANT);
  EXPECT_EQ(merchant.status, OPB_E_CONFIG);
  EXPECT_FALSE(merchant.diagnostic.empty());
  EXPECT_EQ(host_.TryOpen(Path("w1"), OPB_ROLE_CONSUMER | OPB_ROLE_MERCHANT).status, OPB_E_CONFIG);
  host_.Open(Path("w1"), OPB_ROLE_CONSUMER);  // nothing of it kept the lease
}

TEST_F(Door, StructSizesBelowAbi10AreRefusedAndLargerOnesRead) {
  const std::string path = Path("w1");
  struct NewerHost {
    opb_host base;
    void* added;
  } host = {*host_.host(), nullptr};
  struct NewerConfig {
    opb_wallet_config base;
    std::uint64_t added;
  } config = {{sizeof config.base, OPB_ROLE_CONSUMER, path.c_str(), {nullptr, 0}}, ~0ull};
  opb_wallet wallet = 0;
  const auto open = [&] { return host_.entry().open(&host.base, &config.base, &wallet, nullptr); };
  for (const std::uint32_t size : {0u, 4u, 8u, 39u}) {
    host.base.struct_size = size;
    EXPECT_EQ(open(), OPB_E_ABI) << size;
  }
  host.base.struct_size = sizeof host;
  for (const std::uint32_t size : {0u, 4u, 31u}) {
    config.base.struct_size = size;
    EXPECT_EQ(open(), OPB_E_ABI) << size;
  }
  config.base.struct_size = sizeof config;
  host.base.abi_major = OPB_ABI_MAJOR + 1;
  EXPECT_EQ(open(), OPB_E_ABI);
  host.base.abi_major = OPB_ABI_MAJOR;
  EXPECT_EQ(open(), OPB_OK);
  EXPECT_EQ(host_.entry().close(wallet), OPB_OK);
}

TEST_F(Door, AHostWithoutServicesIsServed) {
  const opb_host bare = {sizeof bare, OPB_ABI_MAJOR, nullptr, {nullptr, 0}, nullptr};
  const std::string path = Path("w1");
  const opb_wallet_config config = {sizeof config, OPB_ROLE_CONSUMER, path.c_str(), {nullptr, 0}};
  opb_wallet wallet = 0;
  ASSERT_EQ(host_.entry().open(&bare, &config, &wallet, nullptr), OPB_OK);
  EXPECT_TRUE(IsResponse(host_.Call(wallet, kQuestion)));
  EXPECT_EQ(host_.entry().close(wallet), OPB_OK);
}

TEST_F(Door, WhatIsNoWalletIsStorage) {
  for (const std::string& path :
       {Path("absent"), std::string(), std::string("/dev/null"), directory_->path()}) {
    const Opened opened = host_.TryOpen(path, OPB_ROLE_CONSUMER);
    EXPECT_EQ(opened.status, OPB_E_STORAGE) << path;
    EXPECT_FALSE(opened.diagnostic.empty());
    EXPECT_EQ(opened.diagnostic.find('\n'), std::string::npos) << opened.diagnostic;
  }
}

TEST_F(Door, AWalletIsOpenOnceOnly) {
  const opb_wallet wallet = host_.Open(Path("w1"), OPB_ROLE_CONSUMER);
  const Opened second = host_.TryOpen(Path("w1"), OPB_ROLE_CONSUMER);
  EXPECT_EQ(second.status, OPB_E_LOCKED);
  EXPECT_FALSE(second.diagnostic.empty());
  ModelHost other(OPB_MODULE);
  EXPECT_EQ(other.TryOpen(Path("w1"), OPB_ROLE_CONSUMER).status, OPB_E_LOCKED);
  EXPECT_EQ(host_.Close(wallet), OPB_OK);
  other.Open(Path("w1"), OPB_ROLE_CONSUMER);
}

TEST_F(Door, AWrongPassphraseIsAConfiguration) {
  EXPECT_EQ(host_.TryOpen(Path("locked"), OPB_ROLE_CONSUMER, "open says me").status, OPB_E_CONFIG);
  const opb_wallet wallet = host_.Open(Path("locked"), OPB_ROLE_CONSUMER, "open sesame");
  EXPECT_EQ(host_.Close(wallet), OPB_OK);
  host_.Open(Path("locked"), OPB_ROLE_CONSUMER);  // taken from each request
}

TEST_F(Door, StaleAndForgedTokensAreArguments) {
  const opb_wallet wallet = host_.Open(Path("w1"), OPB_ROLE_CONSUMER);
  EXPECT_EQ(Status(0), OPB_E_ARGUMENT);
  EXPECT_EQ(Status(wallet + 1), OPB_E_ARGUMENT);
  EXPECT_EQ(Status(wallet + (opb_wallet{1} << 32)), OPB_E_ARGUMENT);
  EXPECT_EQ(Status(~opb_wallet{0}), OPB_E_ARGUMENT);
  EXPECT_EQ(host_.Close(wallet), OPB_OK);
  EXPECT_EQ(host_.Close(wallet), OPB_E_ARGUMENT);
  EXPECT_EQ(Status(wallet), OPB_E_ARGUMENT);
  const opb_wallet again = host_.Open(Path("w1"), OPB_ROLE_CONSUMER);
  EXPECT_NE(again, wallet);
  EXPECT_EQ(Status(wallet), OPB_E_ARGUMENT);
  EXPECT_EQ(Status(again), OPB_OK);
}

TEST_F(Door, InitIsCountedAndTheLastDeinitMindsOpenWallets) {
  const opb_entry_table& entry = host_.entry();
  EXPECT_EQ(entry.init(), OPB_OK);
  const opb_wallet wallet = host_.Open(Path("w1"), OPB_ROLE_CONSUMER);
  EXPECT_EQ(entry.deinit(), OPB_OK);
  EXPECT_EQ(entry.deinit(), OPB_E_STATE);
  EXPECT_EQ(Status(wallet), OPB_OK);
  EXPECT_EQ(host_.Close(wallet), OPB_OK);
  EXPECT_EQ(entry.deinit(), OPB_OK);
  EXPECT_EQ(entry.deinit(), OPB_E_STATE);
  EXPECT_EQ(Status(wallet), OPB_E_STATE);
  EXPECT_EQ(host_.TryOpen(Path("w1"), OPB_ROLE_CONSUMER).status, OPB_E_STATE);
  EXPECT_EQ(entry.init(), OPB_OK);  // for the destructor
}

TEST_F(Door, ABlobOutlivesCloseAndDeinit) {
  opb_blob kept = {nullptr, 0, nullptr, nullptr};
  {
    ModelHost other(OPB_MODULE);
    const opb_wallet wallet = other.Open(Path("w1"), OPB_ROLE_CONSUMER);
    ASSERT_EQ(other.entry().call(wallet, {kQuestion, sizeof kQuestion - 1}, &kept), OPB_OK);
  }
  EXPECT_TRUE(IsResponse(std::string(kept.data, kept.size)));
  kept.release(&kept);
  EXPECT_EQ(kept.data, nullptr);
  EXPECT_EQ(kept.size, 0u);
  EXPECT_EQ(kept.release, nullptr);
  EXPECT_EQ(kept.owner, nullptr);
}

// A host whose services call back into the module, once for each outer call.
struct CallingBack {
  const opb_entry_table* entry = nullptr;
  opb_wallet wallet = 0;
  int depth = 0;
  int calls = 0;
  int wrong = 0;

  void CallBack() {
    if (depth > 0 || wallet == 0) return;
    ++depth;
    Blob response;
    const opb_status status =
        entry->call(wallet, {kQuestion, sizeof kQuestion - 1}, response.out());
    if (status != OPB_OK || !IsResponse(response.text())) ++wrong;
    ++calls;
    --depth;
  }
};

TEST_F(Door, AServiceMayCallBackIn) {
  CallingBack services;
  services.entry = &host_.entry();
  const opb_host calling = {
      sizeof calling,
      OPB_ABI_MAJOR,
      &services,
      {"t", 1},
      [](const opb_host*, const char* id) -> const void* {
        static constexpr opb_host_log kLog = {[](const opb_host* host, std::uint32_t, opb_text) {
          static_cast<CallingBack*>(host->ctx)->CallBack();
        }};
        static constexpr opb_host_clock kClock = {[](const opb_host* host) -> std::int64_t {
          static_cast<CallingBack*>(host->ctx)->CallBack();
          return 1768478400000;
        }};
        const std::string_view name = id;
        if (name == OPB_HOST_LOG) return &kLog;
        return name == OPB_HOST_CLOCK ? &kClock : nullptr;
      }};
  const auto open = [&](const std::string& path, opb_role role, std::string_view passphrase) {
    const opb_wallet_config config = {
        sizeof config, role, path.c_str(), {passphrase.data(), passphrase.size()}};
    opb_wallet wallet = 0;
    EXPECT_EQ(host_.entry().open(&calling, &config, &wallet, nullptr), OPB_OK) << path;
    return wallet;
  };
  const opb_wallet first = open(Path("w1"), OPB_ROLE_CONSUMER, {});
  services.wallet = first;
  const opb_wallet second = open(Path("w2"), OPB_ROLE_MERCHANT, {});
  const opb_wallet locked = open(Path("locked"), OPB_ROLE_CONSUMER, "open sesame");
  EXPECT_GT(services.calls, 0);
  for (const opb_wallet inner : {first, second, locked}) {
    services.wallet = inner;
    for (const opb_wallet outer : {first, second, locked}) EXPECT_EQ(Status(outer), OPB_OK);
  }
  EXPECT_GT(services.calls, 9);
  EXPECT_EQ(services.wrong, 0);
  services.wallet = 0;
  for (const opb_wallet wallet : {first, second, locked}) {
    EXPECT_EQ(host_.entry().close(wallet), OPB_OK);
  }
}

TEST_F(Door, SixteenThreadsOnThreeWallets) {
  constexpr int kThreads = 16;
  constexpr int kRounds = 50;
  const std::vector<opb_wallet> wallets = {
      host_.Open(Path("w1"), OPB_ROLE_CONSUMER), host_.Open(Path("w2"), OPB_ROLE_MERCHANT),
      host_.Open(Path("locked"), OPB_ROLE_CONSUMER, "open sesame")};
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kRounds; ++i) {
        const opb_wallet wallet = wallets[static_cast<std::size_t>(t + i) % wallets.size()];
        const Answer answer = host_.TryCall(wallet, i % 5 == 0 ? "garbage" : kQuestion);
        if (answer.status != OPB_OK || !IsResponse(answer.document)) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST_F(Door, OpenAndCloseOnManyThreadsGiveTheWalletToOneAtATime) {
  constexpr int kThreads = 8;
  constexpr int kRounds = 20;
  std::atomic<int> inside = 0;
  std::atomic<int> opened = 0;
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kRounds; ++i) {
        const Opened one = host_.TryOpen(Path("w1"), OPB_ROLE_CONSUMER);
        if (one.status == OPB_E_LOCKED) continue;
        if (one.status != OPB_OK || ++inside != 1) ++wrong;
        if (Status(one.wallet) != OPB_OK) ++wrong;
        ++opened;
        --inside;
        if (host_.Close(one.wallet) != OPB_OK) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_GT(opened, 0);
}

}  // namespace
}  // namespace host
