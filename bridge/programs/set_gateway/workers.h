// The threads that do the SET work, and the bounded queues before them.  They block all signals.
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
  // Starts `threads` threads.  `aside` bounds the jobs that wait aside.
  Workers(std::size_t threads, Limits limits, Limits aside);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  // False: too much waits already, and `job` will not run.  It holds `octets` and does not throw.
  bool Post(std::size_t octets, std::function<void()> job);
  // Posts what takes no room from the others and runs when none of them waits.
  bool PostAside(std::size_t octets, std::function<void()> job);
  // Does what waits and ends the threads.
  void Join();

 private:
  struct Job {
    std::size_t octets = 0;
    std::function<void()> run;
  };
  struct Queue {
    const Limits limits;
    std::deque<Job> jobs;
    std::size_t octets = 0;
  };
  bool Put(Queue& queue, std::size_t octets, std::function<void()> job);
  void Work();

  std::mutex mutex_;
  std::condition_variable changed_;
  Queue main_;
  Queue aside_;
  bool ending_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace bridge::gateway

#endif  // BRIDGE_PROGRAMS_SET_GATEWAY_WORKERS_H_
