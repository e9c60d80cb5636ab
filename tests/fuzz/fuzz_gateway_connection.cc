// The gateway's state machine.  The first octet says how the merchant is received; then one octet
// says what happens next, and one the size of what arrives.  The same happens twice, the second
// time octet by octet: both runs have to say the same.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/spoken.h"
#include "fuzz/target.h"
#include "setcore/crypto/secret.h"
#include "setcore/transport/gateway_connection.h"

namespace {

using namespace setcore::transport;
using fuzz::Input;
using fuzz::Require;
using setcore::OctetView;

constexpr std::size_t kMaxBody = 4096;
constexpr std::size_t kMaxOutstanding = 3;

const setcore::SecretOctets& Secret() {
  static const setcore::SecretOctets& secret = *new setcore::SecretOctets(fuzz::Octets("tanstaaf"));
  return secret;
}

bool IsLine(std::string_view line) { return ParseGreeting(line).has_value(); }

std::string Run(Input input, std::size_t step) {
  GatewaySettings settings;
  settings.max_outstanding = kMaxOutstanding;
  settings.max_message_bytes = kMaxBody;
  settings.secret = [](std::string_view id, std::string_view) {
    return id == "merchant.example.com" ? &Secret() : nullptr;
  };
  GatewayConnection line(settings);
  std::int64_t now = 1000;
  const std::uint8_t kind = input.Octet();
  const bool challenged = (kind & 2) != 0;
  line.Accept("192.0.2.1", (kind & 1) == 0, challenged ? "<1.2.3@gateway>" : "", now);
  fuzz::Spoken spoken(challenged ? 2 : 1, IsLine);
  std::string said;
  std::vector<RequestId> requests;
  std::size_t seen = 0;
  const auto look = [&](bool may_take) {
    const std::string output = line.TakeOutput();
    spoken.Hear(output);
    said += output;
    while (auto event = line.NextEvent()) {
      said += "[" + std::to_string(static_cast<int>(event->kind)) + event->text + "]";
      if (event->kind != GatewayEvent::Kind::kRequest) continue;
      Require(may_take, "no request is taken while closing");
      Require(event->message.size() <= kMaxBody, "a request keeps its limit");
      Require(event->tag.size() <= kMaxTagCharacters, "a tag keeps its limit");
      requests.push_back(event->request);
      ++seen;
    }
    Require(line.outstanding() <= kMaxOutstanding, "no more requests than agreed");
    Require(spoken.messages() <= seen, "no response without a request");
    Require(line.state() != GatewayState::kClosed || (!line.deadline() && line.outstanding() == 0),
            "Closed waits for nothing");
  };
  if ((kind & 4) == 0 || line.state() == GatewayState::kClosed) look(true);
  while (!input.empty()) {
    const bool closed = line.state() == GatewayState::kClosed;
    const bool may_take = !closed && line.state() != GatewayState::kClosing;
    const std::uint8_t what = input.Octet() % 10;
    const auto request = [&] {
      const std::uint8_t which = input.Octet();
      return requests.empty() ? RequestId{0} : requests[which % requests.size()];
    };
    switch (what) {
      case 0:
        line.Respond(request(), fuzz::Octets("answer"), now);
        break;
      case 1:
        line.Refuse(request(), StatusClass::kRetry, 5, "busy", now);
        break;
      case 2:
        line.Inform(request(), "late");
        break;
      case 3:
        line.Close("service", now);
        break;
      case 4:
        line.Echo();
        break;
      case 5:
        now += 1000 * input.Octet();
        if (line.deadline() && *line.deadline() <= now) line.Tick(now);
        break;
      case 6:
        line.Disconnected("gone");
        break;
      default: {
        OctetView piece = input.Take(input.Octet());
        while (!piece.empty()) {
          const std::size_t size = std::min(step, piece.size());
          line.Received(piece.first(size), now);
          piece = piece.subspan(size);
        }
      }
    }
    if (closed) Require(!line.has_output(), "Closed says nothing");
    look(may_take);
  }
  return said + std::to_string(static_cast<int>(line.state()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Input input(data, size);
  Require(Run(input, size + 1) == Run(input, 1), "any splitting says the same");
  return 0;
}
