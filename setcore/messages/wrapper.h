// MessageWrapper, MessageHeader and the alternatives of Message (set-messages.asn, section 1).
#ifndef SETCORE_MESSAGES_WRAPPER_H_
#define SETCORE_MESSAGES_WRAPPER_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "setcore/messages/common.h"

namespace setcore::msg {

// The alternatives of Message; the values are their tag numbers (O-3).
enum class MessageType : std::uint16_t {
  kPInitReq = 0,
  kPInitRes = 1,
  kPReq = 2,
  kPRes = 3,
  kInqReq = 4,
  kInqRes = 5,
  kAuthReq = 6,
  kAuthRes = 7,
  kAuthRevReq = 8,
  kAuthRevRes = 9,
  kCapReq = 10,
  kCapRes = 11,
  kCapRevReq = 12,
  kCapRevRes = 13,
  kCredReq = 14,
  kCredRes = 15,
  kCredRevReq = 16,
  kCredRevRes = 17,
  kPCertReq = 18,
  kPCertRes = 19,
  kBatchAdminReq = 20,
  kBatchAdminRes = 21,
  kCardCInitReq = 22,
  kCardCInitRes = 23,
  kMeAqCInitReq = 24,
  kMeAqCInitRes = 25,
  kRegFormReq = 26,
  kRegFormRes = 27,
  kCertReq = 28,
  kCertRes = 29,
  kCertInqReq = 30,
  kCertInqRes = 31,
  kError = 999,
};

// Tells whether Message has an alternative with this tag number.
constexpr bool IsMessageType(std::uint32_t number) { return number <= 31 || number == 999; }

// Name gives the SET name of a message, for example "PInitReq".
std::string_view Name(MessageType type);

struct MessageIDs {
  std::optional<LocalID> lid_c;
  std::optional<LocalID> lid_m;
  std::optional<XID> xid;
  friend bool operator==(const MessageIDs&, const MessageIDs&) = default;
};

template <class Ar>
void Io(Ar& ar, MessageIDs& m) {
  ar.Sequence([&] {
    ar.OptionalImplicit(0, m.lid_c);
    ar.OptionalImplicit(1, m.lid_m);
    ar.OptionalImplicit(2, m.xid);
  });
}

// Version and revision are read whatever they are: the receiving rules judge them.
struct MessageHeader {
  der::AnyInteger version = 1;
  der::AnyInteger revision = 0;
  Date date;
  std::optional<MessageIDs> message_ids;
  std::optional<RRPID> rrpid;
  SWIdent sw_ident;
  friend bool operator==(const MessageHeader&, const MessageHeader&) = default;
};

template <class Ar>
void Io(Ar& ar, MessageHeader& m) {
  ar.Sequence([&] {
    ar(m.version);
    ar.Default(der::kInteger, m.revision, der::AnyInteger(0));
    ar(m.date);
    ar.OptionalImplicit(0, m.message_ids);
    ar.OptionalImplicit(1, m.rrpid);
    ar(m.sw_ident);
  });
}

// A wrapper with the value of its message left as octets: the DER of PInitReq, PReq, ..., without
// the tag of the alternative.
struct MessageWrapper {
  MessageHeader header;
  MessageType type = MessageType::kError;
  Any message;
  std::optional<MsgExtensions> mw_extensions;
  friend bool operator==(const MessageWrapper&, const MessageWrapper&) = default;
};

template <class Ar>
void Io(Ar& ar, MessageWrapper& w) {
  ar.Sequence([&] {
    ar(w.header);
    ar.Constructed(der::Context(0, true), [&] {
      std::uint32_t number = static_cast<std::uint32_t>(w.type);
      if constexpr (Ar::kReading) {
        der::Element element;
        if (!ar.ok()) return;
        if (const char* fault = der::ParseElement(ar.rest(), element)) return ar.Fail(fault);
        if (!IsMessageType(element.tag.number)) return ar.Fail("unknown alternative of Message");
        number = element.tag.number;
        w.type = static_cast<MessageType>(number);
      }
      ar.Explicit(number, w.message);
    });
    ar.OptionalImplicit(1, w.mw_extensions);
  });
}

}  // namespace setcore::msg

#endif  // SETCORE_MESSAGES_WRAPPER_H_
