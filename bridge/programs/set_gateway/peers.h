// How much one address may ask of the gateway: so many connections at a time, so many new ones and
// so many messages a second.  Pure: the clock is an argument, in milliseconds that never go back.
#ifndef BRIDGE_PROGRAMS_SET_GATEWAY_PEERS_H_
#define BRIDGE_PROGRAMS_SET_GATEWAY_PEERS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace bridge::gateway {

class Peers {
 public:
  struct Limits {
    int connections = 64;
    int messages_per_second = 1000;  // and new connections
  };
  class Peer;

  explicit Peers(Limits limits) : limits_(limits) {}

  // A connection from `address` begins; the peer lives until its last connection has left.  The
  // error says why there is none.
  tl::expected<Peer*, std::string_view> Enter(const std::string& address, std::int64_t now_ms);
  void Leave(Peer& peer);

  // One message; false: it is one too many.
  bool TakeMessage(Peer& peer, std::int64_t now_ms) const;
  // `count` messages that have been handled already; gives how many milliseconds to wait before the
  // next one, 0 if there is no need to.
  std::int64_t ChargeMessages(Peer& peer, std::uint64_t count, std::int64_t now_ms) const;

  std::size_t remembered() const { return peers_.size(); }

  static constexpr std::size_t kRemembered = 4096;  // addresses without connections, about

  // Holds what one second brings.
  class Bucket {
   public:
    void Fill(double rate, std::int64_t now_ms);
    bool Take(double count);
    void Charge(double count) { level_ -= count; }
    double level() const { return level_; }

   private:
    double level_ = 0;
    std::int64_t filled_ms_ = 0;
    bool new_ = true;
  };
  class Peer {
   private:
    friend class Peers;
    int connections_ = 0;
    Bucket arrivals_;
    Bucket messages_;
  };

 private:
  void Forget(std::int64_t now_ms);

  const Limits limits_;
  std::map<std::string, Peer> peers_;
  std::size_t forget_above_ = kRemembered;
};

}  // namespace bridge::gateway

#endif  // BRIDGE_PROGRAMS_SET_GATEWAY_PEERS_H_
