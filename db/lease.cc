#include "db/lease.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "db/files.h"

namespace db {
namespace {

constexpr std::size_t kPidText = 32;

int Lock(int fd, short type) {
  struct flock lock = {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  return fcntl(fd, F_OFD_SETLK, &lock);
}

std::string Holder(int fd) {
  std::array<char, kPidText> text{};
  const ssize_t size = pread(fd, text.data(), text.size(), 0);
  long pid = 0;
  if (size > 0) std::from_chars(text.data(), text.data() + size, pid);
  if (pid <= 0) return "another process";
  if (pid == getpid()) return fmt::format("this process (pid {})", pid);
  return fmt::format("pid {}", pid);
}

// For messages only: a full disk does not stop anybody from opening the store.
void WriteHolder(int fd) {
  const std::string text = fmt::format("{}\n", getpid());
  if (ftruncate(fd, 0) == 0) static_cast<void>(!pwrite(fd, text.data(), text.size(), 0));
}

}  // namespace

Result<Lease> Lease::Take(const std::string& path) {
  const auto fd = OpenPrivate(path);
  if (!fd) return tl::unexpected<Error>(fd.error());
  Lease lease(*fd, getpid());
  if (Lock(lease.fd_, F_WRLCK) != 0) {
    if (errno != EAGAIN && errno != EACCES) {
      return Fail(ErrorKind::kRefused, fmt::format("{}: cannot lock: {}", path, strerror(errno)));
    }
    lease.owner_ = -1;  // not ours to release
    return Fail(ErrorKind::kLocked, fmt::format("{} is in use by {}", path, Holder(lease.fd_)));
  }
  WriteHolder(lease.fd_);
  return lease;
}

Lease::~Lease() {
  if (fd_ < 0) return;
  // Unlocking would release the lock of every copy: a child must not do that to its parent, and the
  // owner must do it lest a living child keep the store locked.
  if (owner_ == getpid()) Lock(fd_, F_UNLCK);
  close(fd_);
}

}  // namespace db
