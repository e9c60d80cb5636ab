// The XML path of a call: parse, validate, dispatch, answer.  CheckPaymentPossibility for a payment
// that is bound already does no cryptography, reads no store and commits nothing; calls and bare
// parses of the same octets take turns.
#include <fmt/format.h>

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "bench/clocks.h"
#include "bench/floor.h"
#include "bench/measures.h"
#include "bench/samples.h"
#include "bench/shop.h"

namespace bench {
namespace {

constexpr double kMostMicros = 100;

// The request, when the payment has been bound and found possible.
std::string Checked(Shop& shop) {
  Purchase purchase = shop.NewPurchase("xml");
  for (const Step& step : Steps()) {
    Run(step, purchase);
    if (step.name == "CheckPaymentPossibility") return purchase.last_request();
  }
  throw std::runtime_error("a purchase without CheckPaymentPossibility");
}

}  // namespace

std::vector<Row> XmlPath(Extent extent) {
  Shop shop(1024);
  const std::string request = Checked(shop);
  const std::string response = shop.Call(Role::kConsumer, request);
  Parse parse;
  const int calls = extent == Extent::kSmoke ? 50 : 20000;
  std::vector<double> answered, parsed;
  for (int i = 0; i < calls; ++i) {
    double start = WallMicros();
    const std::string again = shop.Call(Role::kConsumer, request);
    answered.push_back(WallMicros() - start);
    if (again != response) throw std::runtime_error("CheckPaymentPossibility answers otherwise");
    start = WallMicros();
    parse.Read(request);
    parsed.push_back(WallMicros() - start);
  }
  const double measured = Median(std::move(answered));
  const double floor = Median(std::move(parsed));
  return {{fmt::format("CheckPaymentPossibility p50, {} octets", request.size()),
           fmt::format("{:.1f} us", measured), fmt::format("{:.1f} us", floor), measured / floor,
           "< 100 us", measured < kMostMicros}};
}

}  // namespace bench
