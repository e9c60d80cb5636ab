#include "setcore/error.h"

#include <iterator>

#include "setcore/messages/code_names.h"

namespace setcore {

std::string_view Name(ErrorCode code) {
  const auto index = static_cast<std::size_t>(code) - 1;
  return index < std::size(msg::kErrorCodes) ? msg::kErrorCodes[index] : msg::kErrorCodes[0];
}

}  // namespace setcore
