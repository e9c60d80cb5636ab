// Small files read and written whole: profiles, certificates, keys.  Fails with a sentence that
// completes "FILE …" and never holds what is in the file.
#ifndef BRIDGE_FILES_H_
#define BRIDGE_FILES_H_

#include <cstddef>
#include <optional>
#include <string>
#include <tl/expected.hpp>

#include "setcore/crypto/secret.h"
#include "setcore/octets.h"

namespace bridge {

struct LoadedFile {
  setcore::SecretOctets octets;
  bool others_read = false;   // group or world may read it
  bool others_write = false;  // group or world may write it
  bool foreign = false;       // it belongs to another user
};

// What opening a path may follow.
enum class SymbolicLinks : bool { kFollow, kRefuse };

// LoadFile reads the regular file `path` of at most `max_size` octets.
tl::expected<LoadedFile, std::string> LoadFile(const std::string& path, std::size_t max_size,
                                               SymbolicLinks links = SymbolicLinks::kFollow);

// SaveFile puts `octets` into `path`, mode 0600: a temporary file beside it, synced, renamed over
// it, directory synced.  A crash leaves the old file or the new one, and perhaps the temporary.
tl::expected<void, std::string> SaveFile(const std::string& path, setcore::OctetView octets);

}  // namespace bridge

#endif  // BRIDGE_FILES_H_
