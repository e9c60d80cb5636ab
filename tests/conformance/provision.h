// Makes a kit on disk: certificates, profiles, wallets.  What fails throws std::runtime_error with
// a sentence for people.
#ifndef TESTS_CONFORMANCE_PROVISION_H_
#define TESTS_CONFORMANCE_PROVISION_H_

#include <filesystem>
#include <string>

#include "kit.h"

namespace conform {

// Ports keeps TCP ports of 127.0.0.1 bound, without listening, so that a gateway of a rule can
// listen there (SO_REUSEPORT) and nobody else.
class Ports {
 public:
  explicit Ports(unsigned count);                           // free ones
  explicit Ports(const std::vector<std::uint16_t>& ports);  // these
  Ports(const Ports&) = delete;
  Ports& operator=(const Ports&) = delete;
  ~Ports();
  const std::vector<std::uint16_t>& numbers() const { return numbers_; }

 private:
  void Bind(std::uint16_t port);
  std::vector<std::uint16_t> numbers_;
  std::vector<int> sockets_;
};

// Writes certificates, keys, profiles, passphrase and port numbers.
Kit WriteKit(const std::filesystem::path& directory, const std::vector<std::uint16_t>& ports);

// Runs `command` for each wallet; "{dir}" and "{profile}" stand for the wallet's directory and its
// profile.  A wallet with a passphrase gets " --passphrase-file F" behind it.
void ProvisionKit(const Kit& kit, const std::string& command);

// A kit that is there already.
Kit ReadKit(const std::filesystem::path& directory);

// Whether there is any wallet in it.
bool HoldsWallet(const Kit& kit);

}  // namespace conform

#endif  // TESTS_CONFORMANCE_PROVISION_H_
