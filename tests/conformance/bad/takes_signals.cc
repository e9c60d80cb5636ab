// Breaks THREAD-signals-blocked: its own thread takes the signals of the host.
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <thread>

#include "shim.h"

namespace bad {

void SetBadness(opb_entry_table&, Hooks& hooks) {
  hooks.request = [](std::string& request) {
    if (!Contains(request, "<ContinueProcess ")) return;
    static std::thread worker([] {
      pthread_setname_np(pthread_self(), "worker");
      sigset_t none;
      sigemptyset(&none);
      pthread_sigmask(SIG_SETMASK, &none, nullptr);
      while (true) pause();
    });
    usleep(1000);
  };
}

}  // namespace bad
