// The wallet key of a wallet without passphrase: 32 octets in the file `key`, 0600, beside the
// database (interfaces.md 3).
#ifndef BRIDGE_WALLET_KEY_FILE_H_
#define BRIDGE_WALLET_KEY_FILE_H_

#include <string>

#include "db/error.h"
#include "setcore/crypto/secret.h"
#include "setcore/octets.h"

namespace bridge {

std::string KeyFilePath(const std::string& directory);

// LoadKeyFile: kMissing without the file, kRefused when it is a symbolic link, belongs to another
// user or can be read or written by one, kCorrupt when it has not 32 octets.
db::Result<setcore::SecretOctets> LoadKeyFile(const std::string& directory);

// SaveKeyFile writes it durably: kRefused when it cannot.
db::Result<void> SaveKeyFile(const std::string& directory, setcore::OctetView key);

// RemoveKeyFile is what becomes of it once a passphrase wraps the key.  No file is success.
db::Result<void> RemoveKeyFile(const std::string& directory);

}  // namespace bridge

#endif  // BRIDGE_WALLET_KEY_FILE_H_
