// The passphrase of --passphrase-file.
#ifndef BRIDGE_PROGRAMS_SET_BRIDGE_PASSPHRASE_H_
#define BRIDGE_PROGRAMS_SET_BRIDGE_PASSPHRASE_H_

#include <string>
#include <tl/expected.hpp>

#include "setcore/crypto/secret.h"

namespace bridge::programs {

// ReadPassphrase gives the first line of `file`, or nothing for an empty file name.  A file that
// does not read, whose first line is empty or too long (kMaxPassphrase), or which others may read,
// is an error.
tl::expected<setcore::SecretString, std::string> ReadPassphrase(const std::string& file);

}  // namespace bridge::programs

#endif  // BRIDGE_PROGRAMS_SET_BRIDGE_PASSPHRASE_H_
