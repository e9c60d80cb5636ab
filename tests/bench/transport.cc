// Echo round trips with a set-gateway process against a bare Asio echo of the same octets, in
// turns, and the memory that an idle connection costs the gateway.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "bench/bare_echo.h"
#include "bench/clocks.h"
#include "bench/measures.h"
#include "bench/samples.h"
#include "load/swarm.h"
#include "load/till.h"
#include "setcore/transport/frame.h"
#include "unit/bridge/acquirer/gateway_process.h"

namespace bench {
namespace {

constexpr double kLeastRatio = 0.7;
constexpr double kMostP99Ratio = 2;
constexpr double kMostKib = 16;
constexpr double kTail = 0.99;

// Many short rounds in turns, so that what else the machine does meets both.
struct Amount {
  int rounds;
  double micros;  // of one round
  std::size_t idle;
};

Amount AmountOf(Extent extent) {
  switch (extent) {
    case Extent::kSmoke:
      return {1, 1e5, 200};
    case Extent::kUsual:
      return {30, 1.5e5, 2000};
    case Extent::kFull:
      return {100, 3e5, 10000};
  }
  return {};
}

// What the rounds of one server gave.
struct Figures {
  std::vector<double> rates;      // round trips per second, of each round
  std::vector<double> latencies;  // microseconds, of all rounds

  double Tail() {
    const auto at = latencies.begin() +
                    static_cast<std::ptrdiff_t>(kTail * static_cast<double>(latencies.size() - 1));
    std::nth_element(latencies.begin(), at, latencies.end());
    return *at;
  }
};

// Every connection of `swarm` sends `octets`, waits for as many octets as `reply` has, and sends
// again.
void Round(load::Swarm& swarm, const std::string& octets, const std::string& reply, double micros,
           Figures& out) {
  struct Trip {
    double start = 0;
    std::size_t missing = 0;
  };
  std::vector<Trip> trips(swarm.size());
  std::size_t under_way = 0;
  const auto send = [&](std::size_t number) {
    trips[number] = {WallMicros(), reply.size()};
    ++under_way;
    swarm.Send(number, octets);
  };
  const double start = WallMicros();
  const std::size_t before = out.latencies.size();
  swarm.received = [&](std::size_t number, setcore::OctetView in) {
    Trip& trip = trips[number];
    trip.missing -= std::min(trip.missing, in.size());
    if (trip.missing > 0) return;
    const double now = WallMicros();
    --under_way;
    out.latencies.push_back(now - trip.start);
    if (now - start < micros) send(number);
  };
  for (std::size_t i = 0; i < swarm.size(); ++i) send(i);
  while (under_way > 0) swarm.Wait();
  out.rates.push_back(static_cast<double>(out.latencies.size() - before) * 1e6 /
                      (WallMicros() - start));
}

std::string Echo(setcore::transport::Control control) {
  std::string out;
  setcore::transport::AppendControl(out, control, setcore::transport::QuotedTag("e.000001"),
                                    "Are you there?");
  return out;
}

std::vector<Row> RoundTrips(const Amount& amount, const bridge::GatewayFiles& files,
                            const bridge::GatewayProcess& gateway, const BareEcho& bare,
                            std::size_t connections) {
  const std::string echo = Echo(setcore::transport::Control::kEcho);
  const std::string reply = Echo(setcore::transport::Control::kEchoReply);
  load::Swarm ours(gateway.port(), load::Swarm::Login{"merchant.example.com",
                                                      load::SecretOf(files.shared_secret())});
  load::Swarm floor(bare.port(), std::nullopt);
  ours.Open(connections);
  floor.Open(connections);
  Figures of_ours;
  Figures of_floor;
  for (int i = 0; i < amount.rounds; ++i) {
    Round(floor, echo, echo, amount.micros, of_floor);
    Round(ours, echo, reply, amount.micros, of_ours);
  }
  const double rate = Median(of_ours.rates) / Median(of_floor.rates);
  const double tail = of_ours.Tail() / of_floor.Tail();
  return {
      {fmt::format("gateway, echoes, {} connection{}", connections, connections == 1 ? "" : "s"),
       fmt::format("{:.0f} /s", Median(of_ours.rates)),
       fmt::format("{:.0f} /s", Median(of_floor.rates)), rate, ">= 0.7", rate >= kLeastRatio},
      {"  p99 of their round trips", fmt::format("{:.0f} us", of_ours.Tail()),
       fmt::format("{:.0f} us", of_floor.Tail()), tail, "<= 2", tail <= kMostP99Ratio}};
}

Row IdleMemory(const Amount& amount, const bridge::GatewayFiles& files,
               const bridge::GatewayProcess& gateway) {
  load::Swarm swarm(gateway.port(), load::Swarm::Login{"merchant.example.com",
                                                       load::SecretOf(files.shared_secret())});
  const double before = gateway.ResidentKib();
  swarm.Open(amount.idle);
  const double each = (gateway.ResidentKib() - before) / static_cast<double>(amount.idle);
  return {fmt::format("gateway, memory an idle connection ({})", amount.idle),
          fmt::format("{:.1f} KiB", each),
          "",
          std::nullopt,
          "< 16 KiB",
          each < kMostKib};
}

}  // namespace

std::vector<Row> Transport(Extent extent) {
  const Amount amount = AmountOf(extent);
  load::RaiseDescriptorLimit();
  const bridge::GatewayFiles files;
  const bridge::GatewayProcess gateway(
      files.Configure(0,
                      "max_connections = 20000\nmax_connections_per_peer = 20000\n"
                      "messages_per_second = 1000000\n"));
  std::vector<Row> rows = {IdleMemory(amount, files, gateway)};
  const BareEcho bare;
  for (const std::size_t connections : {1, 64}) {
    const auto more = RoundTrips(amount, files, gateway, bare, connections);
    rows.insert(rows.end(), more.begin(), more.end());
  }
  return rows;
}

}  // namespace bench
