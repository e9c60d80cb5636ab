// Durable commits per second of 16 callers of a wallet's store, against one bare loop that commits
// 16 rows at a time.
#include <fmt/format.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "bench/clocks.h"
#include "bench/floor.h"
#include "bench/measures.h"
#include "bench/shop.h"
#include "db/sqlite.h"
#include "db/wallet_store.h"

namespace bench {
namespace {

constexpr int kCallers = 16;
constexpr std::size_t kOctets = 1024;
constexpr double kLeastRatio = 0.7;

double StoreRate(db::WalletStore& store, int each) {
  const std::string octets(kOctets, 'x');
  const db::OctetView view(reinterpret_cast<const std::uint8_t*>(octets.data()), octets.size());
  std::vector<std::thread> callers;
  std::vector<int> lost(kCallers);
  const double start = WallMicros();
  for (int t = 0; t < kCallers; ++t) {
    callers.emplace_back([&, t] {
      for (int i = 0; i < each; ++i) {
        const auto member = [&](db::Transaction& tx) {
          return db::Query(tx, "INSERT INTO crl (der) VALUES (?)").With(view).Run();
        };
        if (!store.Write(member)) ++lost[static_cast<std::size_t>(t)];
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  const double passed = WallMicros() - start;
  if (std::any_of(lost.begin(), lost.end(), [](int n) { return n != 0; })) {
    throw std::runtime_error("a commit was refused");
  }
  return kCallers * each * 1e6 / passed;
}

double BareRate(Commits& commits, int each) {
  const double start = WallMicros();
  for (int i = 0; i < each; ++i) commits.Write(kCallers, kOctets);
  return kCallers * each * 1e6 / (WallMicros() - start);
}

}  // namespace

std::vector<Row> GroupCommit(Extent extent) {
  std::string pattern = (std::filesystem::temp_directory_path() / "opb-commit-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory");
  const int rounds = extent == Extent::kSmoke ? 1 : extent == Extent::kUsual ? 10 : 30;
  const int each = extent == Extent::kSmoke ? 10 : 400;
  double store_rate = 0;
  double bare_rate = 0;
  {
    auto store = db::WalletStore::Open(pattern + "/wallet", db::WalletMode::kProvision);
    if (!store) throw std::runtime_error(store.error().detail);
    Commits commits(pattern + "/floor.db");
    for (int round = 0; round < rounds; ++round) {
      store_rate = std::max(store_rate, StoreRate(**store, each));
      bare_rate = std::max(bare_rate, BareRate(commits, each));
    }
  }
  std::filesystem::remove_all(pattern);
  const double ratio = store_rate / bare_rate;
  return {{"durable commits, 16 callers", fmt::format("{:.0f} /s", store_rate),
           fmt::format("{:.0f} /s", bare_rate), ratio, ">= 0.7", ratio >= kLeastRatio}};
}

}  // namespace bench
