// Wallets for tests, made as a person makes them: a profile in a directory of its own, and the
// program `set-bridge provision`.  What fails throws std::runtime_error.
#ifndef TESTS_HOST_TEST_WALLETS_H_
#define TESTS_HOST_TEST_WALLETS_H_

#include <string>
#include <string_view>
#include <vector>

namespace host {

// TemporaryDirectory is made under TMPDIR (or /tmp) and goes with everything in it.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory();

  const std::string& path() const { return path_; }
  std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }

 private:
  std::string path_;
};

void WriteFile(const std::string& path, std::string_view text);

// Run starts a program, waits for it and gives its exit status, or 128 + the signal that ended it.
// `output`, unless null, receives what it wrote to standard output and standard error.
int Run(const std::vector<std::string>& command, std::string* output = nullptr);

// Profiles: a consumer with one card without certificate, and a merchant that accepts VISA.
std::string ConsumerProfile(std::string_view wallet_id);
std::string MerchantProfile(std::string_view wallet_id);

// Provision makes the wallet `directory` from the text of a profile, with a passphrase unless that
// is empty, by the program `set-bridge`.
void Provision(const std::string& directory, std::string_view profile,
               std::string_view passphrase = {});

}  // namespace host

#endif  // TESTS_HOST_TEST_WALLETS_H_
