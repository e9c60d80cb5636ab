// InquireProcessState with few and with many payments in the ledger.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/clocks.h"
#include "bench/measures.h"
#include "bench/samples.h"
#include "bench/shop.h"
#include "db/payments.h"
#include "db/wallet_store.h"
#include "schema/writer.h"

namespace bench {
namespace {

constexpr double kMostMicros = 60;
constexpr double kMostGrowth = 1.3;
constexpr int kRowsPerCommit = 5000;

std::string PayId(int number) { return fmt::format("FILLED-{:08}", number); }

// Brings the ledger of the consumer's wallet, which is closed, from `from` payments to `to`.
void Fill(const Shop& shop, int from, int to) {
  auto store = db::WalletStore::Open(shop.WalletDirectory(Role::kConsumer), db::WalletMode::kOpen);
  if (!store) throw std::runtime_error(store.error().detail);
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
                       std::chrono::system_clock::now().time_since_epoch())
                       .count();
  while (from < to) {
    const int end = std::min(to, from + kRowsPerCommit);
    const auto written = (*store)->Write([&](db::Transaction& tx) -> db::Result<void> {
      for (int i = from; i < end; ++i) {
        db::Payment payment;
        payment.pay_id = PayId(i);
        payment.role = "Consumer";
        payment.process_state = "CompletedOk";
        payment.percent_complete = 100;
        payment.status_desc = "The payment is authorized";
        payment.brand_id = "VISA";
        payment.amount = "157.53";
        payment.curr_code = "USD";
        payment.pay_protocol_data = db::Octets(300, 1);
        payment.started = payment.changed = now;  // not so long ago that it would be removed
        if (auto done = db::InsertPayment(tx, payment); !done) return tl::unexpected(done.error());
      }
      return {};
    });
    if (!written) throw std::runtime_error(written.error().detail);
    from = end;
  }
}

double MedianMicros(Shop& shop, int payments, int calls) {
  std::vector<std::string> requests;
  std::mt19937 random(1);  // NOLINT: the same sequence in every run
  std::uniform_int_distribution<int> any(0, payments - 1);
  for (int i = 0; i < calls; ++i) {
    const schema::Node call = schema::Node("InquireProcessState").Set("PayId", PayId(any(random)));
    requests.push_back(schema::WriteRequest(call, {"bench", {}}));
  }
  std::vector<double> samples;
  for (const std::string& request : requests) {
    const double start = WallMicros();
    const std::string response = shop.Call(Role::kConsumer, request);
    samples.push_back(WallMicros() - start);
    if (response.find("CompletedOk") == std::string::npos) {
      throw std::runtime_error("InquireProcessState does not find a payment");
    }
  }
  return Median(std::move(samples));
}

}  // namespace

std::vector<Row> Inquiry(Extent extent) {
  const int few = extent == Extent::kSmoke ? 100 : 1000;
  const int many = extent == Extent::kSmoke ? 1000 : extent == Extent::kUsual ? 100000 : 1000000;
  const int calls = extent == Extent::kSmoke ? 50 : 20000;
  Shop shop(1024);
  double medians[2] = {};
  int filled = 0;
  for (const int payments : {few, many}) {
    shop.CloseWallet(Role::kConsumer);
    Fill(shop, filled, payments);
    shop.OpenWallet(Role::kConsumer);
    MedianMicros(shop, payments, calls);  // warms the caches
    medians[filled == 0 ? 0 : 1] = MedianMicros(shop, payments, calls);
    filled = payments;
  }
  const double growth = medians[1] / medians[0];
  return {{fmt::format("InquireProcessState p50, {} payments", few),
           fmt::format("{:.1f} us", medians[0]),
           "",
           {},
           "< 60 us",
           medians[0] < kMostMicros},
          {fmt::format("InquireProcessState p50, {} payments", many),
           fmt::format("{:.1f} us", medians[1]), fmt::format("{:.1f} us", medians[0]), growth,
           "<= 1.3", growth <= kMostGrowth}};
}

}  // namespace bench
