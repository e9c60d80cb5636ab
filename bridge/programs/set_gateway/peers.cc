#include "bridge/programs/set_gateway/peers.h"

#include <algorithm>
#include <cmath>

namespace bridge::gateway {

void Peers::Bucket::Fill(double rate, std::int64_t now_ms) {
  const double gained = static_cast<double>(now_ms - filled_ms_) * rate / 1000.0;
  level_ = new_ ? rate : std::min(rate, level_ + gained);
  filled_ms_ = now_ms;
  new_ = false;
}

bool Peers::Bucket::Take(double count) {
  if (level_ < count) return false;
  level_ -= count;
  return true;
}

tl::expected<Peers::Peer*, std::string_view> Peers::Enter(const std::string& address,
                                                          std::int64_t now_ms) {
  const auto [it, added] = peers_.try_emplace(address);
  Peer& peer = it->second;
  peer.arrivals_.Fill(limits_.messages_per_second, now_ms);
  if (peer.connections_ >= limits_.connections) {
    return tl::unexpected<std::string_view>("too many connections");
  }
  if (!peer.arrivals_.Take(1)) {
    return tl::unexpected<std::string_view>("too many new connections per second");
  }
  ++peer.connections_;
  if (added && peers_.size() > forget_above_) Forget(now_ms);
  return &peer;
}

void Peers::Leave(Peer& peer) { --peer.connections_; }

bool Peers::TakeMessage(Peer& peer, std::int64_t now_ms) const {
  peer.messages_.Fill(limits_.messages_per_second, now_ms);
  return peer.messages_.Take(1);
}

std::int64_t Peers::ChargeMessages(Peer& peer, std::uint64_t count, std::int64_t now_ms) const {
  const double rate = limits_.messages_per_second;
  peer.messages_.Fill(rate, now_ms);
  peer.messages_.Charge(static_cast<double>(count));
  const double missing = -peer.messages_.level();
  return missing > 0 ? static_cast<std::int64_t>(std::ceil(missing * 1000.0 / rate)) : 0;
}

// Forgets whom forgetting gives nothing: no connections, buckets full again.
void Peers::Forget(std::int64_t now_ms) {
  const double full = limits_.messages_per_second;
  std::erase_if(peers_, [&](const auto& entry) {
    Peer peer = entry.second;
    peer.arrivals_.Fill(full, now_ms);
    peer.messages_.Fill(full, now_ms);
    return peer.connections_ == 0 && peer.arrivals_.level() >= full &&
           peer.messages_.level() >= full;
  });
  forget_above_ = std::max(kRemembered, 2 * peers_.size());
}

}  // namespace bridge::gateway
