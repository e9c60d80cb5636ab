// The wall between the C ABI and the house.  Guarded runs a body so that no exception passes, the
// calling thread is not cancelled halfway through a payment, and the errors that OpenSSL keeps for
// the thread are afterwards the ones that the host left there.
#ifndef BRIDGE_GUARD_H_
#define BRIDGE_GUARD_H_

#include <opb.h>
#include <pthread.h>

#include <new>

#include "setcore/crypto/library.h"

namespace bridge {

// Uncancelled holds pthread_cancel off: a cancelled thread would unwind through the host's C
// frames.
class Uncancelled {
 public:
  Uncancelled() { pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before_); }
  Uncancelled(const Uncancelled&) = delete;
  Uncancelled& operator=(const Uncancelled&) = delete;
  ~Uncancelled() { pthread_setcancelstate(before_, nullptr); }

 private:
  int before_ = PTHREAD_CANCEL_ENABLE;
};

// Guarded gives the status of `body`, or OPB_E_MEMORY if memory ran out in it, or, after any other
// exception, OPB_E_INTERNAL: that is a bug in the module, and `on_bug` is then run first.
template <class Body, class OnBug>
opb_status Guarded(Body&& body, OnBug&& on_bug) noexcept {
  const Uncancelled uncancelled;
  const setcore::crypto::ErrorMark host_errors;
  try {
    return body();
  } catch (const std::bad_alloc&) {
    return OPB_E_MEMORY;
  } catch (...) {
    on_bug();
    return OPB_E_INTERNAL;
  }
}

template <class Body>
opb_status Guarded(Body&& body) noexcept {
  return Guarded(static_cast<Body&&>(body), [] {});
}

}  // namespace bridge

#endif  // BRIDGE_GUARD_H_
