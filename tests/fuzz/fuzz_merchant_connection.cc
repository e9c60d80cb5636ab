// The merchant's state machine.  The first octet chooses tags and secret; then one octet says what
// happens next, and one the size of what arrives.  The same happens twice, the second time octet by
// octet: both runs have to say the same.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/spoken.h"
#include "fuzz/target.h"
#include "setcore/crypto/secret.h"
#include "setcore/transport/merchant_connection.h"

namespace {

using namespace setcore::transport;
using fuzz::Input;
using fuzz::Require;
using setcore::OctetView;

constexpr std::size_t kMaxBody = 4096;

bool IsLine(std::string_view line) {
  const auto authentication = ParseAuthentication(line);
  return authentication && authentication->well_formed &&
         authentication->transport_id == "merchant.example.com" &&
         authentication->response.size() == 28;
}

std::string Run(Input input, std::size_t step) {
  MerchantSettings settings;
  settings.transport_id = "merchant.example.com";
  const std::uint8_t kind = input.Octet();
  if ((kind & 2) == 0) settings.shared_secret = setcore::SecretOctets(fuzz::Octets("tanstaaf"));
  settings.max_message_bytes = kMaxBody;
  settings.tag_requests = (kind & 1) == 0;
  settings.max_outstanding = settings.tag_requests ? 3 : 1;
  MerchantConnection line(settings);
  std::int64_t now = 1000;
  line.Connected(now);
  std::string said;
  std::string output;
  RequestId next = 1;
  std::vector<RequestId> known;  // submitted and not ended
  while (!input.empty()) {
    const MerchantState before = line.state();
    switch (input.Octet() % 9) {
      case 0:
        if (line.CanSubmit()) {
          line.Submit(next, fuzz::Octets("request"), now);
          known.push_back(next++);
        }
        break;
      case 1: {
        const std::uint8_t which = input.Octet();
        if (known.empty()) break;
        const auto at = known.begin() + which % static_cast<std::ptrdiff_t>(known.size());
        line.Abandon(*at, now);
        known.erase(at);
        break;
      }
      case 2:
        line.Close("done", now);
        break;
      case 3:
        line.Echo(now);
        break;
      case 4:
        now += 1000 * input.Octet();
        if (line.deadline() && *line.deadline() <= now) line.Tick(now);
        break;
      case 5:
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
    if (before == MerchantState::kClosed) Require(!line.has_output(), "Closed says nothing");
    output += line.TakeOutput();
    Require(output.empty() || line.state() != MerchantState::kGreeting,
            "nothing is sent before the Greeting");
    while (auto event = line.NextEvent()) {
      said += "[" + std::to_string(static_cast<int>(event->kind)) + event->text + "]";
      const auto end = [&](RequestId request) {
        Require(std::erase(known, request) == 1, "an event is about a request that is waited for");
      };
      if (event->kind == MerchantEvent::Kind::kResponse) {
        Require(event->response.size() <= kMaxBody, "a response keeps its limit");
        end(event->request);
      }
      if (event->kind == MerchantEvent::Kind::kStatus) {
        Require(std::ranges::count(known, event->request) == 1, "a status is about a request");
        Require((event->delay_s > 0) == (event->status_class == StatusClass::kRetry),
                "retry has a delay, nothing else has");
        if (event->status_class != StatusClass::kInfo) end(event->request);
      }
      for (const RequestId request : event->lost) end(request);
    }
    Require(known.size() == line.outstanding(), "what is outstanding is what nobody has ended");
    Require(line.state() != MerchantState::kClosed || (!line.deadline() && known.empty()),
            "Closed waits for nothing");
  }
  fuzz::Spoken spoken(output.starts_with("Authentication|") ? 1 : 0, IsLine);
  spoken.Hear(output);
  Require(spoken.messages() < next, "no message but the requests");
  return said + output + std::to_string(static_cast<int>(line.state()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Input input(data, size);
  Require(Run(input, size + 1) == Run(input, 1), "any splitting says the same");
  return 0;
}
