#include "setcore/transport/diagnostic.h"

#include <utility>

namespace setcore::transport {

std::string DiagnosticOctets(OctetView error_message) {
  std::string out;
  AppendSetMessage(out, std::nullopt, error_message);
  return out;
}

bool DiagnosticReceiver::Received(OctetView octets) {
  if (done_) return true;
  const FrameReader::Outcome outcome = frames_.Feed(octets);
  if (outcome == FrameReader::Outcome::kMore) return false;
  done_ = true;
  if (outcome == FrameReader::Outcome::kFrame && frames_.frame().kind == FrameKind::kSet) {
    message_ = std::move(frames_.frame().body);
  }
  return true;
}

std::optional<Octets> DiagnosticReceiver::TakeMessage() { return std::exchange(message_, {}); }

}  // namespace setcore::transport
