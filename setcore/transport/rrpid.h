// What the transport may look at in what it carries: the RRPID of a MessageWrapper, to match
// answers without msg-tag (tcp-transport.md, 7) and for the log; and text of a peer, made fit for
// one line of a log.  Nothing here judges a message.
#ifndef SETCORE_TRANSPORT_RRPID_H_
#define SETCORE_TRANSPORT_RRPID_H_

#include <optional>
#include <string>
#include <string_view>

#include "setcore/octets.h"

namespace setcore::transport {

// The 20 octets of MessageHeader.rrpid, a view into `message`; nullopt if there are none.
std::optional<OctetView> PeekRrpid(OctetView message);

// At most 120 characters of printable ASCII.
std::string ForLog(std::string_view text);

}  // namespace setcore::transport

#endif  // SETCORE_TRANSPORT_RRPID_H_
