/* A preloaded library that kills its process at the n-th fault point, n = OPB_FAULT_AT.  Fault
 * points lie before and after every fdatasync and fsync, and before and after everything that is
 * sent or received on a socket.  The program under test knows nothing of it. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_int count;
static int at;

__attribute__((constructor)) static void ReadAt(void) {
  const char* text = getenv("OPB_FAULT_AT");
  at = text == NULL ? 0 : atoi(text);
}

static void Point(void) {
  if (at != 0 && atomic_fetch_add(&count, 1) + 1 == at) kill(getpid(), SIGKILL);
}

static int IsSocket(int descriptor) {
  int type = 0;
  socklen_t size = sizeof type;
  return getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size) == 0;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/* WRAP makes `name` a fault point before and after its call whenever `counts` holds. */
#define WRAP(result, name, parameters, arguments, counts) \
  result name parameters {                                \
    const int counted = (counts);                         \
    if (counted) Point();                                 \
    result given = REAL(name) arguments;                  \
    if (counted) Point();                                 \
    return given;                                         \
  }

WRAP(int, fdatasync, (int fd), (fd), 1)
WRAP(int, fsync, (int fd), (fd), 1)
WRAP(ssize_t, send, (int fd, const void* data, size_t size, int flags), (fd, data, size, flags), 1)
WRAP(ssize_t, sendmsg, (int fd, const struct msghdr* message, int flags), (fd, message, flags), 1)
WRAP(ssize_t, recv, (int fd, void* data, size_t size, int flags), (fd, data, size, flags), 1)
WRAP(ssize_t, recvmsg, (int fd, struct msghdr* message, int flags), (fd, message, flags), 1)
WRAP(ssize_t, write, (int fd, const void* data, size_t size), (fd, data, size), IsSocket(fd))
WRAP(ssize_t, read, (int fd, void* data, size_t size), (fd, data, size), IsSocket(fd))
WRAP(ssize_t, writev, (int fd, const struct iovec* parts, int n), (fd, parts, n), IsSocket(fd))
WRAP(ssize_t, readv, (int fd, const struct iovec* parts, int n), (fd, parts, n), IsSocket(fd))
