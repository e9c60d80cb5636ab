// CPU of a whole purchase, all roles and all threads, against the sum of what it cannot do without.
// Purchases and floors take turns, so that both meet the same caches and the same neighbours; the
// figures are medians.
#include <fmt/format.h>

#include <array>
#include <string>
#include <vector>

#include "bench/clocks.h"
#include "bench/floor.h"
#include "bench/measures.h"
#include "bench/samples.h"
#include "bench/shop.h"
#include "end_to_end/market.h"

namespace bench {
namespace {

constexpr double kMostRatio = 1.25;
// Until the write-ahead log of every store has come to its size and is written over.
constexpr int kWarmUp = 250;

// What one purchase consists of, read from a purchase that has been made.
struct Ingredients {
  std::vector<std::string> requests;
  std::vector<std::size_t> commits;  // octets of each state change
  std::vector<std::size_t> des, sha1;
};

std::size_t StoredSize(const Shop& shop, Role role, const std::string& column,
                       const std::string& rest) {
  const auto rows = market::Query(shop.WalletDirectory(role) + "/wallet.db",
                                  "SELECT length(" + column + ") FROM " + rest + " LIMIT 1");
  return std::stoul(rows.at(0).at(0));
}

Ingredients Take(Shop& shop) {
  Ingredients found;
  Purchase purchase = shop.NewPurchase("ingredients");
  double before = shop.OctetsStored();
  for (const Step& step : Steps()) {
    Run(step, purchase);
    found.requests.push_back(purchase.last_request());
    const double after = shop.OctetsStored();
    const auto octets = static_cast<std::size_t>(after - before);
    for (int i = 0; i < step.state_changes; ++i) {
      found.commits.push_back(octets / static_cast<std::size_t>(step.state_changes));
    }
    before = after;
  }
  const auto message = [&](const char* direction, const char* kind) {
    return StoredSize(shop, Role::kConsumer, direction,
                      fmt::format("entry WHERE {}_kind = '{}'", direction, kind));
  };
  const std::size_t pinitres = message("received", "PInitRes");
  const std::size_t preq = message("sent", "PReq");
  const std::size_t pres = message("received", "PRes");
  const std::size_t authreq = StoredSize(shop, Role::kPaymentHandler, "request", "intent");
  const std::size_t authres = StoredSize(shop, Role::kPaymentHandler, "outcome", "intent");
  // The envelopes of AuthReq and AuthRes are nearly all of the message; that of PI is what the PReq
  // is without its order part, about a third.
  found.des = {authreq, authres, preq / 3};
  // Each signed content once where it is made and once where it is verified, PReq at three places;
  // beside it the signed attributes and the digests of OD, OIData, PIData and baggage.
  found.sha1 = {pinitres, pinitres, preq, preq, preq, authreq, authreq, authres,
                authres,  pres,     pres, 200,  200,  200,     200,     200,
                200,      200,      200,  200,  200,  200,     200};
  return found;
}

struct Sums {
  double purchase = 0, calls = 0, gateway = 0, crypto = 0, parse = 0, commit = 0;
};

std::string Us(double micros) { return fmt::format("{:.0f} us", micros); }

}  // namespace

std::vector<Row> PurchaseCpu(Extent extent, std::size_t key_bits) {
  Shop shop(key_bits);
  const Ingredients all = Take(shop);
  Crypto crypto(key_bits);
  Parse parse;
  Commits commits(shop.directory() + "/floor.db");
  const int rounds = extent == Extent::kSmoke ? 3 : extent == Extent::kUsual ? 500 : 2000;

  int number = 0;
  const auto buy = [&] {
    Purchase purchase = shop.NewPurchase(std::to_string(++number));
    Buy(purchase);
  };
  for (int i = 0; i < (extent == Extent::kSmoke ? 5 : kWarmUp); ++i) buy();

  double entered = 0;
  double inside = 0;  // of the calling thread
  shop.before_call = [&] { entered = ThreadMicros(); };
  shop.after_call = [&] { inside += ThreadMicros() - entered; };
  std::vector<double> whole, caller, gateway, ciphers, parses, writes;
  for (int round = 0; round < rounds; ++round) {
    inside = 0;
    const double thread = ThreadMicros();
    const double process = ProcessMicros();
    const double other = shop.GatewayMicros();
    buy();
    const double outside = ThreadMicros() - thread - inside;  // the host's own work
    gateway.push_back(shop.GatewayMicros() - other);
    whole.push_back(ProcessMicros() - process - outside + gateway.back());
    caller.push_back(inside);

    double start = ThreadMicros();
    crypto.Purchase(all.des, all.sha1);
    ciphers.push_back(ThreadMicros() - start);
    start = ThreadMicros();
    for (const std::string& request : all.requests) parse.Read(request);
    parses.push_back(ThreadMicros() - start);
    start = ThreadMicros();
    for (const std::size_t octets : all.commits) commits.Write(1, octets);
    writes.push_back(ThreadMicros() - start);
  }
  const double floor = Median(ciphers) + Median(parses) + Median(writes);
  const double ratio = Median(whole) / floor;
  std::vector<Row> rows;
  rows.push_back({fmt::format("purchase, all roles, RSA-{}, CPU", key_bits), Us(Median(whole)),
                  Us(floor), ratio, "<= 1.25", ratio <= kMostRatio});
  rows.push_back({"  against its RSA, DES and SHA alone",
                  Us(Median(whole)),
                  Us(Median(ciphers)),
                  Median(whole) / Median(ciphers),
                  "",
                  {}});
  rows.push_back({"  of it the gateway process", Us(Median(gateway)), "", {}, "", {}});
  rows.push_back({"  of it the three wallets", Us(Median(caller)), "", {}, "", {}});
  rows.push_back({fmt::format("  floor: {} bare validating parses", all.requests.size()),
                  "",
                  Us(Median(parses)),
                  {},
                  "",
                  {}});
  rows.push_back({fmt::format("  floor: {} bare durable commits", all.commits.size()),
                  "",
                  Us(Median(writes)),
                  {},
                  "",
                  {}});
  return rows;
}

std::vector<Row> BareRsa(Extent extent, std::size_t key_bits) {
  Crypto crypto(key_bits);
  const int rounds = extent == Extent::kSmoke ? 2 : 50;
  const int each = extent == Extent::kSmoke ? 2 : 100;
  std::vector<double> signs, verifies;
  for (int round = 0; round < rounds; ++round) {
    double start = ThreadMicros();
    for (int i = 0; i < each; ++i) crypto.Sign();
    signs.push_back((ThreadMicros() - start) / each);
    start = ThreadMicros();
    for (int i = 0; i < each; ++i) crypto.Verify();
    verifies.push_back((ThreadMicros() - start) / each);
  }
  return {{fmt::format("bare RSA-{} sign", key_bits),
           "",
           fmt::format("{:.1f} us", Least(signs)),
           {},
           "",
           {}},
          {fmt::format("bare RSA-{} verify", key_bits),
           "",
           fmt::format("{:.1f} us", Least(verifies)),
           {},
           "",
           {}}};
}

}  // namespace bench
