// The threads that do the SET work, and the bounded queue before them.  They block all signals.
#ifndef BRIDGE_PROGRAMS_SET_GATEWAY_WORKERS_H_
#define BRIDGE_PROGRAMS_SET_GATEWAY_WORKERS_H_

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace bridge::gateway {

class Workers {
 public:
  struct Limits {
    std::size_t jobs = 4096;          // that wait
    std::size_t octets = 64U << 20U;  // that they hold, about
  };
  // Starts `threads` threads.
  Workers(std::size_t threads, Limits limits);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  // False: too much waits already, and `job` will not run.  It holds `octets` and does not throw.
  bool Post(std::size_t octets, std::function<void()> job);
  // Does what waits and ends the threads.
  void Join();

 private:
  struct Job {
    std::size_t octets = 0;
    std::function<void()> run;
  };
  void Work();

  const Limits limits_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> jobs_;
  std::size_t octets_ = 0;
  bool ending_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace bridge::gateway

#endif  // BRIDGE_PROGRAMS_SET_GATEWAY_WORKERS_H_
