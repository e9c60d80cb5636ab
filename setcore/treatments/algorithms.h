// AlgorithmIdentifiers as the treatments accept them.
#ifndef SETCORE_TREATMENTS_ALGORITHMS_H_
#define SETCORE_TREATMENTS_ALGORITHMS_H_

#include <algorithm>

#include "setcore/asn1/oid.h"
#include "setcore/messages/pkcs7.h"

namespace setcore::treatments {

// Tells whether `a` is `algorithm` with parameters NULL or absent.
inline bool IsPlainAlgorithm(const msg::AlgorithmIdentifier& a, const der::Oid& algorithm) {
  static constexpr std::uint8_t kNullDer[] = {0x05, 0x00};
  return a.algorithm == algorithm &&
         (!a.parameters || std::ranges::equal(a.parameters->der, kNullDer));
}

}  // namespace setcore::treatments

#endif  // SETCORE_TREATMENTS_ALGORITHMS_H_
