#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "load/loads.h"
#include "load/swarm.h"
#include "load/till.h"
#include "setcore/transport/frame.h"
#include "unit/bridge/acquirer/gateway_process.h"
#include "unit/setcore/transport/text.h"

namespace load {
namespace {

using setcore::transport::Control;
using setcore::transport::ControlFrame;

constexpr std::size_t kOtherDescriptors = 100;

}  // namespace

void Connections(std::size_t count) {
  const std::size_t descriptors = RaiseDescriptorLimit();
  if (descriptors < count + kOtherDescriptors) {
    const std::size_t most =
        descriptors > kOtherDescriptors ? descriptors - kOtherDescriptors : std::size_t{1};
    fmt::print("RLIMIT_NOFILE is {}: {} connections in place of {}\n", descriptors, most, count);
    count = most;
  }
  bridge::GatewayFiles files;
  bridge::GatewayProcess gateway(
      files.Configure(0, fmt::format("max_connections = {0}\nmax_connections_per_peer = {0}\n"
                                     "messages_per_second = 1000000\n",
                                     count)));
  Swarm swarm(gateway.port(),
              Swarm::Login{"merchant.example.com", SecretOf(files.shared_secret())});
  const double before = gateway.ResidentKib();
  const auto start = std::chrono::steady_clock::now();
  swarm.Open(count);
  const std::chrono::duration<double> opening = std::chrono::steady_clock::now() - start;
  const double each = (gateway.ResidentKib() - before) / static_cast<double>(count);

  const std::string echo = ControlFrame(Control::kEcho, "e", "Are you there?");
  const std::string reply = ControlFrame(Control::kEchoReply, "e", "Are you there?");
  std::vector<std::string> replies(count);
  std::size_t complete = 0;
  bool closing = false;
  swarm.received = [&](std::size_t number, setcore::OctetView octets) {
    if (closing) return swarm.Send(number, ControlFrame(Control::kCloseReply, "close", ""));
    replies[number] += setcore::transport::ToText(octets);
    if (replies[number].size() >= reply.size()) ++complete;
  };
  for (std::size_t i = 0; i < count; ++i) swarm.Send(i, echo);
  while (complete < count) swarm.Wait();
  if (std::ranges::count(replies, reply) != static_cast<std::ptrdiff_t>(count)) {
    throw std::runtime_error("an Echo was not answered as it should be");
  }
  fmt::print(
      "{} authenticated connections in {:.1f} s, {:.1f} KiB of the gateway each; every one "
      "answered an Echo\n",
      swarm.open(), opening.count(), each);

  // All are asked to close, and the gateway ends when they have.
  closing = true;
  std::size_t gone = 0;
  swarm.lost = [&](std::size_t) { ++gone; };
  gateway.Signal(SIGTERM);
  while (gone < count) swarm.Wait();
  if (const int status = gateway.Wait(); status != 0) {
    throw std::runtime_error(fmt::format("the gateway ended with {}", status));
  }
}

}  // namespace load
