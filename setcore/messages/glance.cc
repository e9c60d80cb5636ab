#include "setcore/messages/glance.h"

#include "setcore/messages/receive.h"

namespace setcore {

std::optional<Glimpse> Glance(OctetView wrapper) {
  const Result<Skeleton> skeleton = ReadSkeleton(wrapper);
  if (!skeleton || !msg::IsMessageType(skeleton->alternative)) return std::nullopt;
  const Result<msg::MessageHeader> header = ReadHeader(*skeleton);
  if (!header) return std::nullopt;
  Glimpse glimpse;
  glimpse.name = msg::Name(static_cast<msg::MessageType>(skeleton->alternative));
  if (header->rrpid) glimpse.rrpid.emplace(header->rrpid->begin(), header->rrpid->end());
  if (const auto& ids = header->message_ids) {
    if (ids->xid) glimpse.xid.emplace(ids->xid->begin(), ids->xid->end());
    if (ids->lid_c) glimpse.lid_c = ids->lid_c->value;
    if (ids->lid_m) glimpse.lid_m = ids->lid_m->value;
  }
  return glimpse;
}

}  // namespace setcore
