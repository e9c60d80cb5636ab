#include "db/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>

namespace db {
namespace {

constexpr mode_t kFileMode = 0600;
constexpr mode_t kDirectoryMode = 0700;
constexpr mode_t kWritableByOthers = S_IWGRP | S_IWOTH;

tl::unexpected<Error> SystemFailure(const std::string& path, int code) {
  ErrorKind kind = ErrorKind::kRefused;
  if (code == ENOENT || code == ENOTDIR) kind = ErrorKind::kMissing;
  if (code == ENOSPC || code == EDQUOT) kind = ErrorKind::kFull;
  return Fail(kind, fmt::format("{}: {}", path, strerror(code)));
}

Result<void> Judge(const std::string& path, const struct stat& facts, bool directory) {
  if (S_ISLNK(facts.st_mode)) {
    return Fail(ErrorKind::kRefused, path + " is a symbolic link: name the place itself");
  }
  if (directory ? !S_ISDIR(facts.st_mode) : !S_ISREG(facts.st_mode)) {
    return Fail(ErrorKind::kRefused,
                fmt::format("{} is not a {}", path, directory ? "directory" : "regular file"));
  }
  if (facts.st_uid != geteuid()) {
    return Fail(ErrorKind::kRefused, fmt::format("{} belongs to user {}, not to user {}", path,
                                                 facts.st_uid, geteuid()));
  }
  if ((facts.st_mode & kWritableByOthers) != 0) {
    return Fail(ErrorKind::kRefused, fmt::format("{} is writable by others: chmod {:04o} it", path,
                                                 directory ? kDirectoryMode : kFileMode));
  }
  return {};
}

}  // namespace

Result<int> OpenPrivate(const std::string& path) {
  constexpr int kFlags = O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
  int fd = open(path.c_str(), kFlags | O_CREAT | O_EXCL, kFileMode);
  const bool made = fd >= 0;
  if (!made && errno == EEXIST) fd = open(path.c_str(), kFlags);
  if (fd < 0) {
    if (errno == ELOOP) return Fail(ErrorKind::kRefused, path + " is a symbolic link");
    return SystemFailure(path, errno);
  }
  struct stat facts = {};
  // The process's umask may have taken the owner's bits away.
  int failed = made ? fchmod(fd, kFileMode) : 0;
  if (failed == 0) failed = fstat(fd, &facts);
  if (failed != 0) {
    const int code = errno;
    close(fd);
    return SystemFailure(path, code);
  }
  if (auto judged = Judge(path, facts, false); !judged) {
    close(fd);
    return tl::unexpected<Error>(judged.error());
  }
  return fd;
}

Result<void> CheckPrivate(const std::string& path) {
  struct stat facts = {};
  if (lstat(path.c_str(), &facts) != 0) {
    if (errno == ENOENT) return {};
    return SystemFailure(path, errno);
  }
  return Judge(path, facts, false);
}

bool Exists(const std::string& path) {
  struct stat facts = {};
  return lstat(path.c_str(), &facts) == 0;
}

Result<std::string> PrivateDirectory(const std::string& path, bool make) {
  // A slash at the end would make lstat follow a link.
  std::string name = path;
  while (name.size() > 1 && name.back() == '/') name.pop_back();
  if (name.empty()) return Fail(ErrorKind::kMissing, "no directory named");

  if (make && mkdir(name.c_str(), kDirectoryMode) == 0) {
    if (chmod(name.c_str(), kDirectoryMode) != 0) return SystemFailure(name, errno);
    if (auto synced = SyncDirectory(name + "/.."); !synced) {
      return tl::unexpected<Error>(synced.error());
    }
  } else if (make && errno != EEXIST) {
    return SystemFailure(name, errno);
  }
  struct stat facts = {};
  if (lstat(name.c_str(), &facts) != 0) return SystemFailure(name, errno);
  if (auto judged = Judge(name, facts, true); !judged) {
    return tl::unexpected<Error>(judged.error());
  }
  return AbsoluteDirectory(name);
}

Result<std::string> AbsoluteDirectory(const std::string& path) {
  char* resolved = realpath(path.c_str(), nullptr);
  if (resolved == nullptr) return SystemFailure(path, errno);
  std::string absolute = resolved;
  free(resolved);  // NOLINT: realpath's own
  return absolute;
}

Result<void> SyncDirectory(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return SystemFailure(path, errno);
  const int failed = fsync(fd);
  const int code = errno;
  close(fd);
  if (failed != 0 && code != EINVAL) {
    return Fail(ErrorKind::kPoisoned, fmt::format("{}: sync failed: {}", path, strerror(code)));
  }
  return {};
}

}  // namespace db
