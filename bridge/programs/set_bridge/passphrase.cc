#include "bridge/programs/set_bridge/passphrase.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "bridge/files.h"
#include "bridge/wallet/provision.h"

namespace bridge::programs {

tl::expected<setcore::SecretString, std::string> ReadPassphrase(const std::string& file) {
  if (file.empty()) return setcore::SecretString();
  constexpr std::size_t kMaxFile = kMaxPassphrase + 1024;
  const auto loaded = LoadFile(file, kMaxFile);
  if (!loaded) return tl::unexpected(fmt::format("{} {}", file, loaded.error()));
  if (loaded->others_read || loaded->others_write) {
    return tl::unexpected(fmt::format("{} is open to other users: chmod 600", file));
  }
  std::string_view line(reinterpret_cast<const char*>(loaded->octets.data()),
                        loaded->octets.size());
  line = line.substr(0, std::min(line.find('\n'), line.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line.empty() || line.size() > kMaxPassphrase) {
    return tl::unexpected(
        fmt::format("the first line of {} is no passphrase (1..{} octets)", file, kMaxPassphrase));
  }
  return setcore::SecretString(line);
}

}  // namespace bridge::programs
