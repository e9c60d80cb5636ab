// Threads that leave their host alone: all signals are blocked in them from the first instruction.
#ifndef BRIDGE_ACQUIRER_QUIET_THREAD_H_
#define BRIDGE_ACQUIRER_QUIET_THREAD_H_

#include <csignal>
#include <thread>
#include <utility>

namespace bridge {

// Throws std::system_error if the system has no thread left.
template <class F>
std::thread StartQuietThread(F body) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  struct Restore {
    const sigset_t& mask;
    ~Restore() { pthread_sigmask(SIG_SETMASK, &mask, nullptr); }
  } const restore{before};
  return std::thread(std::move(body));
}

}  // namespace bridge

#endif  // BRIDGE_ACQUIRER_QUIET_THREAD_H_
