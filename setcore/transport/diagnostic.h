// The diagnostic log port (tcp-transport.md, 9), without I/O: the merchant sends exactly one SET
// Error message without Greeting or Authentication, the gateway journals it and never answers.
#ifndef SETCORE_TRANSPORT_DIAGNOSTIC_H_
#define SETCORE_TRANSPORT_DIAGNOSTIC_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "setcore/octets.h"
#include "setcore/transport/frame.h"

namespace setcore::transport {

// How long the merchant waits for the gateway to close after its half-close.
inline constexpr std::int64_t kDiagnosticLingerMs = 5000;

// The octets of a diagnostic connection: write them, half-close, wait for the end.
std::string DiagnosticOctets(OctetView error_message);

// DiagnosticReceiver takes the one message of a connection to the diagnostic port.
class DiagnosticReceiver {
 public:
  // Times as elsewhere: the connection is to be closed at `now_ms` + `t30_ms`.
  DiagnosticReceiver(std::size_t max_message_bytes, std::int64_t t30_ms, std::int64_t now_ms)
      : frames_(max_message_bytes), deadline_(now_ms + t30_ms) {}

  // True when the connection is to be closed: the message is there, or what came is none.
  bool Received(OctetView octets);
  // The message, once; nullopt if none came.
  std::optional<Octets> TakeMessage();
  std::int64_t deadline() const { return deadline_; }

 private:
  FrameReader frames_;
  std::int64_t deadline_;
  bool done_ = false;
  std::optional<Octets> message_;
};

}  // namespace setcore::transport

#endif  // SETCORE_TRANSPORT_DIAGNOSTIC_H_
