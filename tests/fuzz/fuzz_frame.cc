// The TCP transport: frames, lines, and the state machines of both sides fed in pieces.  The first
// octet chooses; for the state machines each further piece has its command in front: one octet that
// says what happens, one for the size of what arrives.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/target.h"
#include "setcore/crypto/secret.h"
#include "setcore/transport/diagnostic.h"
#include "setcore/transport/frame.h"
#include "setcore/transport/gateway_connection.h"
#include "setcore/transport/line.h"
#include "setcore/transport/merchant_connection.h"
#include "setcore/transport/rrpid.h"

namespace {

using namespace setcore::transport;
using fuzz::Input;
using fuzz::Require;
using setcore::OctetView;

constexpr std::size_t kMaxBody = 4096;

// The frames of a stream that arrives in pieces of that size, each as text.
std::vector<std::string> Frames(OctetView stream, std::size_t piece) {
  FrameReader reader(kMaxBody);
  std::vector<std::string> frames;
  while (!stream.empty()) {
    OctetView in = stream.first(std::min(piece, stream.size()));
    stream = stream.subspan(in.size());
    for (bool more = true; more;) {
      const std::size_t before = in.size();
      switch (reader.Feed(in)) {
        case FrameReader::Outcome::kMore:
          Require(in.empty(), "a reader that wants more has taken everything");
          more = false;
          break;
        case FrameReader::Outcome::kLost:
          frames.push_back("lost: " + std::string(reader.lost_text()));
          return frames;
        case FrameReader::Outcome::kFrame: {
          Require(in.size() < before, "a frame takes octets");
          const Frame& frame = reader.frame();
          Require(frame.body.size() <= kMaxBody, "a body keeps its limit");
          std::string text = std::to_string(static_cast<int>(frame.kind)) + "|" +
                             std::to_string(static_cast<int>(frame.control)) + "|" +
                             std::to_string(static_cast<int>(frame.status_class)) + "|" +
                             std::to_string(frame.delay_s) + "|";
          if (frame.tag) text += frame.tag->spelling + "|" + frame.tag->value;
          frames.push_back(text + "|" + frame.text + "|" + std::string(fuzz::Text(frame.body)));
          if (frame.kind == FrameKind::kSet) {
            std::string written;
            AppendSetMessage(written, frame.tag, frame.body);
            FrameReader second(kMaxBody);
            OctetView again = fuzz::Octets(written);
            Require(second.Feed(again) == FrameReader::Outcome::kFrame && again.empty() &&
                        second.frame().kind == FrameKind::kSet &&
                        second.frame().body == frame.body &&
                        second.frame().tag.has_value() == frame.tag.has_value() &&
                        (!frame.tag || second.frame().tag->value == frame.tag->value),
                    "written and read: the same message");
          }
        }
      }
    }
  }
  return frames;
}

void CheckFrames(Input input) {
  const std::size_t piece = input.Octet() + 1U;
  Require(Frames(input.rest(), input.rest().size() + 1) == Frames(input.rest(), piece),
          "any splitting gives the same frames");
}

void CheckLines(Input input) {
  const std::string_view text = fuzz::Text(input.rest());
  static_cast<void>(ForLog(text));
  static_cast<void>(PeekRrpid(input.rest()));
  LineReader reader;
  OctetView in = input.rest();
  while (reader.Feed(in) == LineReader::Outcome::kLine) {
    Require(reader.line().size() <= kMaxLineOctets, "a line keeps its limit");
    ParseGreeting(reader.line());
    ParseAuthenticationReply(reader.line());
    ParseAuthentication(reader.line());
  }
  for (const std::string& line :
       {GreetingOk(text, "challenge"), AuthenticationReplyOk(text), LineError(text)}) {
    Require(std::ranges::count(line, '\n') == 1, "a line is one line");
  }
  DiagnosticReceiver receiver(kMaxBody, 30000, 0);
  if (receiver.Received(input.rest())) receiver.TakeMessage();
}

const setcore::SecretOctets& Secret() {
  static const setcore::SecretOctets& secret = *new setcore::SecretOctets(fuzz::Octets("tanstaaf"));
  return secret;
}

void CheckGateway(Input input) {
  constexpr std::size_t kMaxEvents = 100000;
  GatewaySettings settings;
  settings.max_outstanding = 3;
  settings.max_message_bytes = kMaxBody;
  settings.secret = [](std::string_view id, std::string_view) {
    return id == "merchant.example.com" ? &Secret() : nullptr;
  };
  GatewayConnection line(settings);
  std::int64_t now = 1000;
  const std::uint8_t kind = input.Octet();
  line.Accept("192.0.2.1", (kind & 1) == 0, (kind & 2) != 0 ? "<1.2.3@gateway>" : "", now);
  if ((kind & 4) == 0) line.TakeOutput();
  std::vector<RequestId> requests;
  for (std::size_t steps = 0; !input.empty() && steps < kMaxEvents; ++steps) {
    switch (input.Octet() % 10) {
      case 0:
        if (!requests.empty()) {
          line.Respond(requests[input.Octet() % requests.size()], fuzz::Octets("answer"), now);
        }
        break;
      case 1:
        if (!requests.empty()) {
          line.Refuse(requests[input.Octet() % requests.size()], StatusClass::kRetry, 5, "busy",
                      now);
        }
        break;
      case 2:
        if (!requests.empty()) line.Inform(requests.front(), "late");
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
      default:
        line.Received(input.Take(input.Octet()), now);
    }
    line.TakeOutput();
    while (auto event = line.NextEvent()) {
      if (event->kind != GatewayEvent::Kind::kRequest) continue;
      Require(event->message.size() <= kMaxBody, "a request keeps its limit");
      requests.push_back(event->request);
    }
    Require(line.outstanding() <= 3, "no more requests than agreed");
  }
}

void CheckMerchant(Input input) {
  MerchantSettings settings;
  settings.transport_id = "merchant.example.com";
  settings.shared_secret = setcore::SecretOctets(fuzz::Octets("tanstaaf"));
  settings.max_outstanding = 3;
  settings.max_message_bytes = kMaxBody;
  settings.tag_requests = (input.Octet() & 1) == 0;
  if (!settings.tag_requests) settings.max_outstanding = 1;
  MerchantConnection line(settings);
  std::int64_t now = 1000;
  line.Connected(now);
  RequestId next = 1;
  std::vector<RequestId> known;  // submitted and not ended
  while (!input.empty()) {
    switch (input.Octet() % 9) {
      case 0:
        if (line.CanSubmit()) {
          line.Submit(next, fuzz::Octets("request"), now);
          known.push_back(next++);
        }
        break;
      case 1:
        if (!known.empty()) {
          const auto at = known.begin() + input.Octet() % static_cast<std::ptrdiff_t>(known.size());
          line.Abandon(*at, now);
          known.erase(at);
        }
        break;
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
      default:
        line.Received(input.Take(input.Octet()), now);
    }
    line.TakeOutput();
    while (auto event = line.NextEvent()) {
      const auto end = [&](RequestId request) {
        Require(std::erase(known, request) == 1, "an event is about a request that is waited for");
      };
      if (event->kind == MerchantEvent::Kind::kResponse) end(event->request);
      if (event->kind == MerchantEvent::Kind::kStatus &&
          event->status_class != StatusClass::kInfo) {
        end(event->request);
      }
      for (const RequestId request : event->lost) end(request);
    }
    Require(known.size() <= 3, "no more requests than agreed");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  switch (input.Octet() % 4) {
    case 0:
      CheckFrames(input);
      break;
    case 1:
      CheckLines(input);
      break;
    case 2:
      CheckGateway(input);
      break;
    default:
      CheckMerchant(input);
  }
  return 0;
}
