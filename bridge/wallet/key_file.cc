#include "bridge/wallet/key_file.h"

#include <unistd.h>

#include <cerrno>
#include <utility>

#include "bridge/files.h"
#include "bridge/wallet/sealing.h"
#include "bridge/wallet/stored_wallet.h"

namespace bridge {

std::string KeyFilePath(const std::string& directory) {
  return directory + "/" + std::string(kKeyFileName);
}

db::Result<setcore::SecretOctets> LoadKeyFile(const std::string& directory) {
  const std::string path = KeyFilePath(directory);
  if (access(path.c_str(), F_OK) != 0 && errno == ENOENT) {
    return db::Fail(db::ErrorKind::kMissing, path + " is missing: without it nothing opens");
  }
  auto file = LoadFile(path, kWalletKeySize + 1, SymbolicLinks::kRefuse);
  if (!file) return db::Fail(db::ErrorKind::kRefused, path + " " + file.error());
  if (file->foreign || file->others_read || file->others_write) {
    return db::Fail(db::ErrorKind::kRefused, path + " must be this user's alone: chmod 600");
  }
  if (file->octets.size() != kWalletKeySize) {
    return db::Fail(db::ErrorKind::kCorrupt, path + " is not a wallet key");
  }
  return std::move(file->octets);
}

db::Result<void> SaveKeyFile(const std::string& directory, setcore::OctetView key) {
  const std::string path = KeyFilePath(directory);
  if (auto saved = SaveFile(path, key); !saved) {
    return db::Fail(db::ErrorKind::kRefused, path + " " + saved.error());
  }
  return {};
}

db::Result<void> RemoveKeyFile(const std::string& directory) {
  const std::string path = KeyFilePath(directory);
  if (unlink(path.c_str()) == 0 || errno == ENOENT) return {};
  return db::Fail(db::ErrorKind::kRefused, path + " cannot be removed; remove it by hand");
}

}  // namespace bridge
