// Comparisons without branches.  A mask is all ones for true and zero for false.
#ifndef SETCORE_CRYPTO_CONSTANT_TIME_H_
#define SETCORE_CRYPTO_CONSTANT_TIME_H_

#include <cstdint>

namespace setcore::crypto {

// Opaque hides a value from the optimiser, so that it cannot turn masks back into branches.
inline std::uint32_t Opaque(std::uint32_t value) {
  __asm__("" : "+r"(value));
  return value;
}

inline std::uint32_t MaskTopBit(std::uint32_t value) { return 0U - (Opaque(value) >> 31); }
inline std::uint32_t MaskZero(std::uint32_t value) { return MaskTopBit(~value & (value - 1U)); }
inline std::uint32_t MaskEqual(std::uint32_t a, std::uint32_t b) { return MaskZero(a ^ b); }
// a < b for values below 2^31.
inline std::uint32_t MaskLess(std::uint32_t a, std::uint32_t b) { return MaskTopBit(a - b); }
inline std::uint32_t Choose(std::uint32_t mask, std::uint32_t a, std::uint32_t b) {
  return (mask & a) | (~mask & b);
}

}  // namespace setcore::crypto

#endif  // SETCORE_CRYPTO_CONSTANT_TIME_H_
