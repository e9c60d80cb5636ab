#include "bridge/runtime.h"

#include <unicode/uclean.h>

#include <mutex>
#include <stdexcept>

#include "bridge/texts/texts.h"
#include "schema/reader.h"
#include "setcore/crypto/library.h"

namespace bridge {

tl::expected<void, std::string> BuildRuntime() {
  static std::mutex& mutex = *new std::mutex;
  static bool built = false;
  const std::lock_guard lock(mutex);
  if (built) return {};
  if (auto prepared = setcore::crypto::Prepare(); !prepared) return prepared;
  try {
    schema::Initialize();
  } catch (const std::runtime_error& error) {
    return tl::unexpected<std::string>(error.what());
  }
  // Loads ICU's data now rather than in the first payment.
  UErrorCode code = U_ZERO_ERROR;
  u_init(&code);
  if (U_FAILURE(code)) return tl::unexpected<std::string>("ICU's data cannot be loaded");
  if (auto texts = LoadTexts(); !texts) return texts;
  built = true;
  return {};
}

}  // namespace bridge
