#include "db/error.h"

#include <array>

namespace db {
namespace {

constexpr std::array<std::string_view, 8> kNames = {
    "locked", "full", "poisoned", "corrupt", "conflict", "missing", "refused", "internal",
};

}  // namespace

std::string_view Name(ErrorKind kind) { return kNames[static_cast<std::size_t>(kind)]; }

}  // namespace db
