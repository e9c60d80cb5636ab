// Breaks SECRET-keys: keeps the cardholder's private key in the wallet as it is.
#include <openssl/evp.h>

#include <filesystem>
#include <fstream>
#include <vector>

#include "shim.h"

namespace bad {
namespace {

// The DER of the key of the kit that this rule's process was started with (runner.h).
std::vector<unsigned char> Key() {
  std::ifstream command("/proc/self/cmdline", std::ios::binary);
  std::string kit;
  for (int i = 0; i < 5; ++i) std::getline(command, kit, '\0');
  std::ifstream pem(kit + "/pki/cardholder.key");
  std::string base64;
  for (std::string line; std::getline(pem, line);) {
    if (!line.starts_with("-")) base64 += line;
  }
  std::vector<unsigned char> der(base64.size());
  EVP_DecodeBlock(der.data(), reinterpret_cast<const unsigned char*>(base64.data()),
                  static_cast<int>(base64.size()));
  return der;
}

}  // namespace

void SetBadness(opb_entry_table& table, Hooks&) {
  table.open = [](const opb_host* host, const opb_wallet_config* config, opb_wallet* wallet,
                  opb_blob* diagnostic) -> opb_status {
    const opb_status status = Inner().open(host, config, wallet, diagnostic);
    if (status != OPB_OK) return status;
    const std::vector<unsigned char> key = Key();
    const std::filesystem::path file = std::string(config->path) + "/cardholder.key";
    std::ofstream(file, std::ios::binary)
        .write(reinterpret_cast<const char*>(key.data()), static_cast<std::streamsize>(key.size()));
    std::filesystem::permissions(file, std::filesystem::perms::owner_read);
    return status;
  };
}

}  // namespace bad
