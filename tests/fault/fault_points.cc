// A preloaded library that kills its process at the n-th fault point, n = OPB_FAULT_AT.  Fault
// points lie before and after every fdatasync and fsync, and before and after everything that is
// sent or received on a socket.  The program under test knows nothing of it.
#include <dlfcn.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>

namespace {

std::atomic<int> count = 0;

void Point() {
  static const int at = [] {
    const char* text = getenv("OPB_FAULT_AT");
    return text == nullptr ? 0 : atoi(text);
  }();
  if (at != 0 && ++count == at) kill(getpid(), SIGKILL);
}

bool IsSocket(int descriptor) {
  int type = 0;
  socklen_t size = sizeof type;
  return getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size) == 0;
}

template <class F>
F* Real(F*, const char* name) {
  return reinterpret_cast<F*>(dlsym(RTLD_NEXT, name));
}

}  // namespace

// FAULT_POINT makes `name` a fault point before and after its call whenever `counts` holds.
#define FAULT_POINT(result, name, parameters, arguments, counts)             \
  extern "C" __attribute__((visibility("default"))) result name parameters { \
    const bool counted = (counts);                                           \
    if (counted) Point();                                                    \
    const result given = Real(&name, #name) arguments;                       \
    if (counted) Point();                                                    \
    return given;                                                            \
  }

FAULT_POINT(int, fdatasync, (int fd), (fd), true)
FAULT_POINT(int, fsync, (int fd), (fd), true)
FAULT_POINT(ssize_t, send, (int fd, const void* data, size_t size, int flags),
            (fd, data, size, flags), true)
FAULT_POINT(ssize_t, sendmsg, (int fd, const msghdr* message, int flags), (fd, message, flags),
            true)
FAULT_POINT(ssize_t, recv, (int fd, void* data, size_t size, int flags), (fd, data, size, flags),
            true)
FAULT_POINT(ssize_t, recvmsg, (int fd, msghdr* message, int flags), (fd, message, flags), true)
FAULT_POINT(ssize_t, write, (int fd, const void* data, size_t size), (fd, data, size), IsSocket(fd))
FAULT_POINT(ssize_t, read, (int fd, void* data, size_t size), (fd, data, size), IsSocket(fd))
FAULT_POINT(ssize_t, writev, (int fd, const iovec* parts, int n), (fd, parts, n), IsSocket(fd))
FAULT_POINT(ssize_t, readv, (int fd, const iovec* parts, int n), (fd, parts, n), IsSocket(fd))
