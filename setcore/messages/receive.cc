#include "setcore/messages/receive.h"

#include <string>

#include "setcore/asn1/reader.h"

namespace setcore {
namespace {

// The octets of the next element, not looked into.
OctetView Whole(der::Reader& reader) {
  const OctetView before = reader.rest();
  return before.first(reader.TakeElement().size);
}

Result<void> CheckVersion(const msg::MessageHeader& header) {
  if (header.version < 1) return Fail(ErrorCode::kVersionTooOld, "version below 1");
  if (header.version > 1) return Fail(ErrorCode::kVersionTooNew, "version above 1");
  if (header.revision != 0) {
    return Fail(ErrorCode::kVersionTooNew, "revision other than 0");  // D-19
  }
  return {};
}

Result<void> CheckDate(Time date, Time now) {
  if (date < now - kDateWindow) return Fail(ErrorCode::kMessageTooOld, "date too far back");
  if (date > now + kDateWindow) return Fail(ErrorCode::kMessageTooNew, "date too far ahead");
  return {};
}

template <class T>
bool Differ(const std::optional<T>& a, const std::optional<T>& b) {
  return a && b && !(*a == *b);
}

}  // namespace

Result<Skeleton> ReadSkeleton(OctetView wrapper, std::size_t max) {
  if (wrapper.size() > max) return Fail(ErrorCode::kMessageTooBig, "wrapper above the limit");
  Skeleton skeleton;
  der::Reader reader(wrapper);
  reader.Sequence([&] {
    if (!reader.NextIs(der::kSequence)) return reader.Fail("no header");
    skeleton.header = Whole(reader);
    reader.Constructed(der::Context(0, true), [&] {
      const der::Element alternative = reader.TakeElement();
      if (!reader.ok()) return;
      if (alternative.tag != der::Context(alternative.tag.number, true)) {
        return reader.Fail("no alternative of Message");
      }
      skeleton.alternative = alternative.tag.number;
      skeleton.message = alternative.contents;
    });
    if (reader.NextIs(der::Context(1, true))) Whole(reader);
  });
  if (reader.ok() && !reader.AtEnd()) reader.Fail("octets behind the wrapper");
  if (!reader.ok()) return Fail(ErrorCode::kDecodingFailure, reader.fault());
  return skeleton;
}

Result<msg::MessageHeader> ReadHeader(const Skeleton& skeleton) {
  Result<msg::MessageHeader> header = der::Decode<msg::MessageHeader>(skeleton.header);
  if (!header) return Fail(ErrorCode::kBadMessageHeader, header.error().detail);
  return header;
}

Result<msg::MessageWrapper> ReceiveWrapper(OctetView octets, msg::MessageType expected,
                                           std::optional<Time> now, std::size_t max) {
  // The order is that of D-26.
  const Result<Skeleton> skeleton = ReadSkeleton(octets, max);
  if (!skeleton) return tl::unexpected<Error>(skeleton.error());
  const Result<msg::MessageHeader> header = ReadHeader(*skeleton);
  if (!header) return tl::unexpected<Error>(header.error());
  if (auto version = CheckVersion(*header); !version) {
    return tl::unexpected<Error>(version.error());
  }
  const bool is_error =
      skeleton->alternative == static_cast<std::uint32_t>(msg::MessageType::kError);
  if (now && !is_error) {
    if (auto date = CheckDate(header->date.value, *now); !date) {
      return tl::unexpected<Error>(date.error());
    }
  }
  if (skeleton->alternative != static_cast<std::uint32_t>(expected)) {
    return Fail(ErrorCode::kMessageNotSupported, "another message than the one expected");
  }
  return der::Decode<msg::MessageWrapper>(octets);
}

Result<void> CheckExtensions(const std::optional<msg::MsgExtensions>& extensions) {
  if (!extensions) return {};
  for (const msg::MsgExtension& extension : *extensions) {
    if (!extension.critical) continue;
    auto failure = Fail(ErrorCode::kUnrecognizedExtension,
                        "critical message extension " + extension.id.Text());
    const OctetView oid = extension.id.contents();
    failure.value().extension.assign(oid.begin(), oid.end());
    return failure;
  }
  return {};
}

Result<void> CheckExtensions(
    std::initializer_list<const std::optional<msg::MsgExtensions>*> extensions) {
  for (const auto* each : extensions) {
    if (auto known = CheckExtensions(*each); !known) return known;
  }
  return {};
}

Result<void> CheckHeader(const msg::MessageHeader& header, const std::optional<msg::RRPID>& rrpid,
                         const msg::MessageIDs& inner) {
  const msg::MessageIDs outer = header.message_ids.value_or(msg::MessageIDs{});
  if (Differ(header.rrpid, rrpid) || Differ(outer.lid_c, inner.lid_c) ||
      Differ(outer.lid_m, inner.lid_m) || Differ(outer.xid, inner.xid)) {
    return Fail(ErrorCode::kWrapperMsgMismatch, "the header names other ids than the message");
  }
  return {};
}

msg::MessageIDs IdsOf(const msg::TransIDs& trans_ids) {
  return {trans_ids.lid_c, trans_ids.lid_m, trans_ids.xid};
}

msg::MessageHeader MakeHeader(Time now, std::string_view sw_ident,
                              const std::optional<msg::RRPID>& rrpid, const msg::MessageIDs& ids) {
  msg::MessageHeader header;
  header.date.value = now;
  header.rrpid = rrpid;
  header.sw_ident.value = sw_ident;
  if (!(ids == msg::MessageIDs{})) header.message_ids = ids;
  return header;
}

Result<Octets> Wrap(const msg::MessageHeader& header, msg::MessageType type, Octets message) {
  msg::MessageWrapper wrapper;
  wrapper.header = header;
  wrapper.type = type;
  wrapper.message.der = std::move(message);
  return der::Encode(wrapper);
}

}  // namespace setcore
