#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "bridge/acquirer/link.h"
#include "bridge/host.h"
#include "load/cutter.h"
#include "load/loads.h"
#include "load/till.h"
#include "unit/bridge/acquirer/gateway_process.h"

namespace load {
namespace {

constexpr std::size_t kCallers = 16;
constexpr double kMeanOctets = 400000;  // some fifty exchanges a connection
constexpr unsigned kSeed = 20260115;
constexpr std::int64_t kWaitMs = 60000;
constexpr std::uint64_t kMostCents = 99999;  // above 1000.00 the issuer of these files declines

// RRPID and amount as text.
using Entry = std::pair<std::string, std::string>;
using Ledger = std::vector<Entry>;

std::string Hex(setcore::OctetView octets) {
  std::string out;
  for (const std::uint8_t octet : octets) out += fmt::format("{:02X}", octet);
  return out;
}

Ledger GatewayLedger(const std::string& file) {
  sqlite3* db = nullptr;
  sqlite3_stmt* query = nullptr;
  Ledger out;
  if (sqlite3_open_v2(file.c_str(), &db, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK &&
      sqlite3_prepare_v2(db,
                         "SELECT AuthRrpid, Amount FROM authorizations WHERE AuthCode = 'approved'",
                         -1, &query, nullptr) == SQLITE_OK) {
    const auto text = [query](int column) {
      return std::string(reinterpret_cast<const char*>(sqlite3_column_text(query, column)));
    };
    while (sqlite3_step(query) == SQLITE_ROW) out.emplace_back(text(0), text(1));
  }
  sqlite3_finalize(query);
  sqlite3_close(db);
  return out;
}

bridge::GatewayAddress AddressOf(std::uint16_t port, const std::string& secret) {
  bridge::GatewayAddress address;
  address.name = "acquirer";
  address.host = "127.0.0.1";
  address.port = port;
  address.transport_id = "merchant.example.com";
  address.shared_secret = SecretOf(secret);
  address.max_retries = 1000;
  return address;
}

// The gateway that the cutter leads to; it is ended and started again on the same store.
class Upstream {
 public:
  explicit Upstream(const bridge::GatewayFiles& files) : files_(files) { Start(); }
  std::uint16_t port() const { return gateway_->port(); }
  void Restart(int signal) {
    gateway_->End(signal);
    Start();
  }
  void Stop() { gateway_.reset(); }

 private:
  void Start() {
    gateway_.reset();
    gateway_.emplace(files_.Configure(0, "messages_per_second = 1000000\n"));
  }

  const bridge::GatewayFiles& files_;
  std::optional<bridge::GatewayProcess> gateway_;
};

// What the callers share.
struct Shop {
  Till& till;
  bridge::Link& link;
  std::size_t count;
  std::atomic<std::size_t> next = 0;
  std::atomic<std::size_t> failures = 0;
  std::atomic<bool> stopped = false;
  std::mutex mutex{};
  std::condition_variable sold{};  // or stopped
  Ledger ledger{};                 // under mutex
  std::exception_ptr error{};      // likewise
};

void Sell(Shop& shop) {
  try {
    for (std::size_t number = shop.next++; number < shop.count; number = shop.next++) {
      const std::uint64_t cents = 1 + number % kMostCents;
      const Sale sale = shop.till.Sell(cents);
      auto answer = shop.link.Exchange(sale.authreq, kWaitMs);
      // No outcome is known: the same octets again, as a payment handler does.
      for (; !answer && !shop.stopped; answer = shop.link.Exchange(sale.authreq, kWaitMs)) {
        ++shop.failures;
      }
      if (!answer) return;
      if (const int code = shop.till.AuthCodeOf(sale, *answer); code != 0) {
        throw std::runtime_error(fmt::format("AuthCode {} for a good purchase", code));
      }
      const std::lock_guard lock(shop.mutex);
      shop.ledger.emplace_back(Hex(sale.rrpid), fmt::format("{}.{:02}", cents / 100, cents % 100));
      shop.sold.notify_one();
    }
  } catch (...) {
    const std::lock_guard lock(shop.mutex);
    shop.error = std::current_exception();
    shop.stopped = true;
    shop.sold.notify_one();
  }
}

}  // namespace

void Sales(std::size_t count) {
  const bridge::GatewayFiles files;
  Upstream upstream(files);
  Cutter cutter(upstream.port(), kMeanOctets, kSeed);
  Till till(files.directory());
  bridge::Link link(AddressOf(cutter.port(), files.shared_secret()), bridge::Host());
  Shop shop{till, link, count};
  const auto start = std::chrono::steady_clock::now();
  std::vector<std::thread> callers;
  for (std::size_t i = 0; i < kCallers; ++i) callers.emplace_back([&shop] { Sell(shop); });
  // A crash at a third of the way, an orderly restart at two thirds.
  std::size_t part = 1;
  for (const int signal : {SIGKILL, SIGTERM}) {
    {
      std::unique_lock lock(shop.mutex);
      shop.sold.wait(lock, [&] { return shop.ledger.size() >= part * count / 3 || shop.stopped; });
    }
    upstream.Restart(signal);
    cutter.SetUpstream(upstream.port());
    ++part;
  }
  for (std::thread& caller : callers) caller.join();
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
  if (shop.error) std::rethrow_exception(shop.error);
  upstream.Stop();

  Ledger theirs = GatewayLedger(files.directory() + "/gateway.db");
  std::ranges::sort(theirs);
  std::ranges::sort(shop.ledger);
  if (theirs.size() != count || theirs != shop.ledger ||
      std::ranges::adjacent_find(theirs, {}, &Entry::first) != theirs.end()) {
    throw std::runtime_error(
        fmt::format("the ledgers differ: {} authorizations at the gateway, "
                    "{} at the shop, {} purchases",
                    theirs.size(), shop.ledger.size(), count));
  }
  fmt::print(
      "{} purchases in {:.1f} s over {} cut connections, a crash and a restart of the "
      "gateway; {} exchanges repeated by their callers; RRPIDs and amounts of both ledgers "
      "are the same\n",
      count, time.count(), cutter.cuts(), shop.failures.load());
}

}  // namespace load
