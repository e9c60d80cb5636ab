// Receiving a MessageWrapper in the order of D-26, and making one.  Pure functions; any thread.
// What is received is judged up to and including the header; what only a signature proves is
// compared by the actors with CheckHeader once it is verified.
#ifndef SETCORE_MESSAGES_RECEIVE_H_
#define SETCORE_MESSAGES_RECEIVE_H_

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <utility>

#include "setcore/asn1/codec.h"
#include "setcore/environment.h"
#include "setcore/error.h"
#include "setcore/messages/common.h"
#include "setcore/messages/wrapper.h"
#include "setcore/octets.h"

namespace setcore {

// Octets of a MessageWrapper that are looked at; larger: messageTooBig.  A configured limit may be
// lower.
inline constexpr std::size_t kMaxMessage = 1048576;

// Seconds that the date of a message may lie before or after our clock (D-29).
inline constexpr Time kDateWindow = 86400;

// The parts of a wrapper as octets, before anything in them is decoded.  Views into the wrapper.
struct Skeleton {
  OctetView header;               // complete DER
  std::uint32_t alternative = 0;  // tag number in Message
  OctetView message;              // what the tag of the alternative holds
};

// ReadSkeleton takes a wrapper apart.  Too large: messageTooBig; not wrapper, header, [0] and
// alternative in DER, or octets behind it: decodingFailure.
Result<Skeleton> ReadSkeleton(OctetView wrapper, std::size_t max = kMaxMessage);

// ReadHeader decodes the header of a skeleton: badMessageHeader.
Result<msg::MessageHeader> ReadHeader(const Skeleton& skeleton);

// ReceiveWrapper judges size, skeleton, header, version, date, alternative (another one than
// `expected`: messageNotSupported) and decodes the wrapper.  Without `now` the date is not judged:
// for messages that were judged when they came, and always for Error messages (D-29).
Result<msg::MessageWrapper> ReceiveWrapper(OctetView octets, msg::MessageType expected,
                                           std::optional<Time> now, std::size_t max = kMaxMessage);

// CheckExtensions refuses critical extensions: we know none.  unrecognizedExtension with the first
// one's OID (set-processing.md, 2.2(4)).
Result<void> CheckExtensions(const std::optional<msg::MsgExtensions>& extensions);
Result<void> CheckExtensions(
    std::initializer_list<const std::optional<msg::MsgExtensions>*> extensions);

template <class T>
struct Received {
  msg::MessageHeader header;
  T message;
};

// Receive does ReceiveWrapper, decodes the message as T and refuses critical mwExtensions.
template <class T>
Result<Received<T>> Receive(OctetView octets, msg::MessageType expected, std::optional<Time> now) {
  Result<msg::MessageWrapper> wrapper = ReceiveWrapper(octets, expected, now);
  if (!wrapper) return tl::unexpected<Error>(std::move(wrapper).error());
  Result<T> message = der::Decode<T>(wrapper->message.der);
  if (!message) return tl::unexpected<Error>(std::move(message).error());
  if (auto known = CheckExtensions(wrapper->mw_extensions); !known) {
    return tl::unexpected<Error>(std::move(known).error());
  }
  return Received<T>{std::move(wrapper->header), *std::move(message)};
}

// CheckHeader compares the header with what the message says inside: wrapperMsgMismatch.  Fields
// that one side lacks are not compared (D-30).
Result<void> CheckHeader(const msg::MessageHeader& header, const std::optional<msg::RRPID>& rrpid,
                         const msg::MessageIDs& inner);

// IdsOf gives the header ids of a transaction.
msg::MessageIDs IdsOf(const msg::TransIDs& trans_ids);

// MakeHeader gives the header of a message sent now; empty ids leave messageIDs out.
msg::MessageHeader MakeHeader(Time now, std::string_view sw_ident,
                              const std::optional<msg::RRPID>& rrpid, const msg::MessageIDs& ids);

// Wrap gives the MessageWrapper around `message`, the DER of the value of the alternative `type`.
// A header outside its bounds: unspecifiedFailure.
Result<Octets> Wrap(const msg::MessageHeader& header, msg::MessageType type, Octets message);

}  // namespace setcore

#endif  // SETCORE_MESSAGES_RECEIVE_H_
