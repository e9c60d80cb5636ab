#include "bridge/programs/set_gateway/workers.h"

#include <csignal>
#include <utility>

namespace bridge::gateway {

Workers::Workers(std::size_t threads, Limits limits, Limits aside)
    : main_{limits, {}, 0}, aside_{aside, {}, 0} {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { Work(); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

Workers::~Workers() { Join(); }

bool Workers::Post(std::size_t octets, std::function<void()> job) {
  return Put(main_, octets, std::move(job));
}

bool Workers::PostAside(std::size_t octets, std::function<void()> job) {
  return Put(aside_, octets, std::move(job));
}

bool Workers::Put(Queue& queue, std::size_t octets, std::function<void()> job) {
  {
    const std::lock_guard lock(mutex_);
    if (queue.jobs.size() >= queue.limits.jobs || queue.octets >= queue.limits.octets) return false;
    queue.octets += octets;
    queue.jobs.push_back({octets, std::move(job)});
  }
  changed_.notify_one();
  return true;
}

void Workers::Work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return ending_ || !main_.jobs.empty() || !aside_.jobs.empty(); });
    Queue& queue = main_.jobs.empty() ? aside_ : main_;
    if (queue.jobs.empty()) return;
    Job job = std::move(queue.jobs.front());
    queue.jobs.pop_front();
    queue.octets -= job.octets;
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
