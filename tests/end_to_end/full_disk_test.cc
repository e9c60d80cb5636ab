// A full disk under the payment handler's wallet: each of 16 callers gets ReqRefused or a committed
// answer, rows equal answers, and when there is room again the same requests succeed without the
// wallet being opened again.  It needs a small tmpfs, which only root may mount.
#include <gtest/gtest.h>
#include <stdio.h>
#include <sys/mount.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "end_to_end/market.h"
#include "end_to_end/verdict.h"

namespace market {
namespace {

namespace fs = std::filesystem;

constexpr int kCallers = 16;
constexpr int kMostEach = 400;  // far more than the disk can hold
constexpr char kRefused[] = "ReqRefused StartPaymentPaymentHandler, again in 5 s";
constexpr char kStarted[] = "StartPaymentPaymentHandlerResponse Continue, with PInitRes";

// A tmpfs of 4 MiB at `directory`, which takes over what was there.
class SmallDisk {
 public:
  explicit SmallDisk(const std::string& directory) : directory_(directory) {
    const std::string before = directory + "-before";
    fs::rename(directory, before);
    fs::create_directory(directory);
    mounted_ = mount("tmpfs", directory.c_str(), "tmpfs", 0, "size=4m,mode=0700") == 0;
    fs::copy(before, directory, fs::copy_options::recursive);
    for (const auto& file : fs::directory_iterator(directory)) {
      fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
    }
    fs::permissions(directory, fs::perms::owner_all);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  ~SmallDisk() {
    if (mounted_) umount2(directory_.c_str(), MNT_DETACH);
  }

  bool mounted() const { return mounted_; }
  // Leaves about `octets` free.
  void FillUpTo(std::uintmax_t octets) {
    std::ofstream out(directory_ + "/filler", std::ios::binary);
    const std::string page(4096, 'x');
    while (fs::space(directory_).available > octets && out.write(page.data(), 4096)) out.flush();
  }
  void FreeSome() { fs::remove(directory_ + "/filler"); }

 private:
  std::string directory_;
  bool mounted_ = false;
};

TEST(FullDisk, EachCallerGetsReqRefusedOrACommittedAnswer) {
  Market market;
  Purchase purchase = market.NewPurchase("1");
  WalkToPReq(purchase);
  const std::string start = market.Draft(purchase, &Purchase::StartPaymentPaymentHandler);
  market.CloseWallet(Role::kPaymentHandler);
  SmallDisk disk(market.WalletDirectory(Role::kPaymentHandler));
  if (!disk.mounted()) {
    market.OpenWallet(Role::kPaymentHandler);
    GTEST_SKIP() << "this process may not mount a tmpfs";
  }
  market.OpenWallet(Role::kPaymentHandler);
  disk.FillUpTo(512 * 1024);

  struct Caller {
    std::vector<std::string> answered, refused;  // PayIds
    std::string strange;                         // a verdict that is neither
  };
  std::vector<Caller> callers(kCallers);
  const auto request = [&](const std::string& pay_id) {
    return WithAttribute(start, "PaymentHandlerPayId", pay_id);
  };
  const auto start_until_full = [&](int number) {
    Caller& caller = callers[static_cast<std::size_t>(number)];
    for (int i = 0; i < kMostEach && caller.refused.size() < 3 && caller.strange.empty(); ++i) {
      const std::string pay_id = "D-" + std::to_string(number) + "-" + std::to_string(i);
      const std::string verdict =
          Verdict(market, market.Ask(Role::kPaymentHandler, request(pay_id)));
      if (verdict == kStarted) {
        caller.answered.push_back(pay_id);
      } else if (verdict == kRefused) {
        caller.refused.push_back(pay_id);
      } else {
        caller.strange = verdict;
      }
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < kCallers; ++i) threads.emplace_back(start_until_full, i);
  for (std::thread& thread : threads) thread.join();

  std::size_t answered = 0;
  for (const Caller& caller : callers) {
    EXPECT_EQ(caller.strange, "");
    EXPECT_EQ(caller.refused.size(), 3U) << "the disk was never full";
    answered += caller.answered.size();
    for (const std::string& pay_id : caller.answered) {
      EXPECT_EQ(StateOf(market, Role::kPaymentHandler, pay_id), "InProgress 60");
    }
    for (const std::string& pay_id : caller.refused) {
      EXPECT_EQ(StateOf(market, Role::kPaymentHandler, pay_id), "absent");
    }
  }
  EXPECT_GT(answered, 0U);
  EXPECT_EQ(Query(market.WalletDb(Role::kPaymentHandler),
                  "SELECT count(*) FROM payments WHERE PayId LIKE 'D-%'")
                .at(0)
                .at(0),
            std::to_string(answered));

  disk.FreeSome();
  for (const Caller& caller : callers) {
    for (const std::string& pay_id : caller.refused) {
      EXPECT_EQ(Verdict(market, market.Ask(Role::kPaymentHandler, request(pay_id))), kStarted);
    }
  }
  EXPECT_FALSE(purchase.ContinuePaymentHandler()->refused);
  market.CloseWallet(Role::kPaymentHandler);
}

}  // namespace
}  // namespace market
