#include "bridge/programs/set_gateway/workers.h"

#include <csignal>
#include <utility>

namespace bridge::gateway {

Workers::Workers(std::size_t threads, Limits limits) : limits_(limits) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { Work(); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

Workers::~Workers() { Join(); }

bool Workers::Post(std::size_t octets, std::function<void()> job) {
  {
    const std::lock_guard lock(mutex_);
    if (jobs_.size() >= limits_.jobs || octets_ >= limits_.octets) return false;
    octets_ += octets;
    jobs_.push_back({octets, std::move(job)});
  }
  changed_.notify_one();
  return true;
}

void Workers::Work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return ending_ || !jobs_.empty(); });
    if (jobs_.empty()) return;
    Job job = std::move(jobs_.front());
    jobs_.pop_front();
    octets_ -= job.octets;
    lock.unlock();
    job.run();
    job.run = nullptr;
    lock.lock();
  }
}

void Workers::Join() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

}  // namespace bridge::gateway
