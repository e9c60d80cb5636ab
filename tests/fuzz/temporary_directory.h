// A directory for the files of one process, in memory where the system has such a place.
#ifndef TESTS_FUZZ_TEMPORARY_DIRECTORY_H_
#define TESTS_FUZZ_TEMPORARY_DIRECTORY_H_

#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>
#include <string>

namespace fuzz {

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    const char* wanted = getenv("TMPDIR");
    const bool shared = wanted == nullptr && access("/dev/shm", W_OK) == 0;
    path_ = std::string(shared ? "/dev/shm" : wanted != nullptr ? wanted : "/tmp") + "/fuzz-XXXXXX";
    if (mkdtemp(path_.data()) == nullptr) throw std::runtime_error("mkdtemp " + path_);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace fuzz

#endif  // TESTS_FUZZ_TEMPORARY_DIRECTORY_H_
