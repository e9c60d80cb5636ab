#include "bridge/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

namespace bridge {
namespace {

// Descriptor closes what it holds.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

tl::unexpected<std::string> Failed(const char* doing) {
  return tl::unexpected<std::string>(std::string(doing) + ": " +
                                     std::generic_category().message(errno));
}

bool WriteAll(int fd, setcore::OctetView octets) {
  while (!octets.empty()) {
    const ssize_t written = write(fd, octets.data(), octets.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    octets = octets.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

std::string DirectoryOf(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace

tl::expected<LoadedFile, std::string> LoadFile(const std::string& path, std::size_t max_size,
                                               SymbolicLinks links) {
  const int follow = links == SymbolicLinks::kRefuse ? O_NOFOLLOW : 0;
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | follow));
  if (file.get() < 0) return Failed("cannot be opened");
  struct stat status = {};
  if (fstat(file.get(), &status) != 0) return Failed("cannot be examined");
  if (!S_ISREG(status.st_mode)) return tl::unexpected<std::string>("is not a file");
  if (status.st_size < 0 || static_cast<std::uint64_t>(status.st_size) > max_size) {
    return tl::unexpected<std::string>("is larger than " + std::to_string(max_size) + " octets");
  }
  LoadedFile out;
  out.octets = setcore::SecretOctets(static_cast<std::size_t>(status.st_size));
  out.others_read = (status.st_mode & (S_IRGRP | S_IROTH)) != 0;
  out.others_write = (status.st_mode & (S_IWGRP | S_IWOTH)) != 0;
  out.foreign = status.st_uid != geteuid();
  std::size_t size = 0;
  while (size < out.octets.size()) {
    const ssize_t got = read(file.get(), out.octets.data() + size, out.octets.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Failed("cannot be read");
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  out.octets.Truncate(size);
  return out;
}

tl::expected<void, std::string> SaveFile(const std::string& path, setcore::OctetView octets) {
  const std::string temporary = path + ".new";
  if (unlink(temporary.c_str()) != 0 && errno != ENOENT) return Failed("cannot be replaced");
  {
    const Descriptor file(
        open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (file.get() < 0) return Failed("cannot be made");
    if (!WriteAll(file.get(), octets) || fsync(file.get()) != 0) {
      const auto failure = Failed("cannot be written");
      unlink(temporary.c_str());
      return failure;
    }
  }
  if (rename(temporary.c_str(), path.c_str()) != 0) {
    const auto failure = Failed("cannot be put in place");
    unlink(temporary.c_str());
    return failure;
  }
  const Descriptor directory(open(DirectoryOf(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.get() < 0 || fsync(directory.get()) != 0) return Failed("cannot be made durable");
  return {};
}

}  // namespace bridge
