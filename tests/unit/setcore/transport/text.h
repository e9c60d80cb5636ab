// Octets and text for the tests of the transport.
#ifndef TESTS_UNIT_SETCORE_TRANSPORT_TEXT_H_
#define TESTS_UNIT_SETCORE_TRANSPORT_TEXT_H_

#include <string>
#include <string_view>

#include "setcore/octets.h"
#include "setcore/transport/frame.h"

namespace setcore::transport {

inline Octets ToOctets(std::string_view text) { return {text.begin(), text.end()}; }
inline std::string ToText(OctetView octets) { return {octets.begin(), octets.end()}; }

// A SET message as a peer sends it.
inline std::string SetFrame(std::string_view tag, std::string_view body) {
  std::string out;
  AppendSetMessage(out, QuotedTag(tag), ToOctets(body));
  return out;
}

inline std::string StatusFrame(StatusClass status_class, std::uint32_t delay, std::string_view tag,
                               std::string_view text) {
  std::string out;
  AppendStatus(out, status_class, delay, QuotedTag(tag), text);
  return out;
}

inline std::string ControlFrame(Control control, std::string_view tag, std::string_view body) {
  std::string out;
  AppendControl(out, control, QuotedTag(tag), body);
  return out;
}

}  // namespace setcore::transport

#endif  // TESTS_UNIT_SETCORE_TRANSPORT_TEXT_H_
