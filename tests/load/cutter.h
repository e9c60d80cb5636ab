// A network that fails: forwards connections to a gateway and resets each one, both ends at once,
// after a number of octets drawn at random, often in mid-message.  Runs on a thread of its own.
#ifndef TESTS_LOAD_CUTTER_H_
#define TESTS_LOAD_CUTTER_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <thread>

namespace load {

class Cutter {
 public:
  // A connection lives for `mean_octets` on average.
  Cutter(std::uint16_t upstream, double mean_octets, unsigned seed);
  Cutter(const Cutter&) = delete;
  Cutter& operator=(const Cutter&) = delete;
  ~Cutter();

  std::uint16_t port() const { return port_; }
  // Where new connections are forwarded to.
  void SetUpstream(std::uint16_t port) { upstream_ = port; }
  std::size_t cuts() const { return cuts_; }

 private:
  struct End {
    int fd = -1;
    std::string unsent;
  };
  struct Pair {
    End ends[2];
    std::size_t budget = 0;
  };

  void Run();
  void Accept();
  void Forward(Pair& pair, int from, std::uint32_t events);
  static bool Flush(End& end);
  void Watch(const Pair& pair, int end) const;
  void Drop(Pair& pair, bool reset);

  std::atomic<std::uint16_t> upstream_;
  std::atomic<std::size_t> cuts_ = 0;
  const double mean_octets_;
  std::mt19937_64 random_;
  int listener_ = -1;
  int epoll_ = -1;
  int end_ = -1;
  std::uint16_t port_ = 0;
  std::map<int, std::shared_ptr<Pair>> pairs_;  // by either descriptor
  std::thread thread_;
};

}  // namespace load

#endif  // TESTS_LOAD_CUTTER_H_
