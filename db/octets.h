// Octets as rows carry them.  The store never looks into them.
#ifndef DB_OCTETS_H_
#define DB_OCTETS_H_

#include <cstdint>
#include <span>
#include <vector>

namespace db {

using Octets = std::vector<std::uint8_t>;
using OctetView = std::span<const std::uint8_t>;

// Milliseconds since 1970-01-01 UTC.  Views show them as CCYY-MM-DDThh:mm:ss.sssZ.
using Millis = std::int64_t;

}  // namespace db

#endif  // DB_OCTETS_H_
