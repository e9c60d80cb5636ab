// The keys, chains and secrets of tests/vectors/set-*/pki, ready to use.
#ifndef TESTS_UNIT_SETCORE_VECTOR_PKI_H_
#define TESTS_UNIT_SETCORE_VECTOR_PKI_H_

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "setcore/environment.h"
#include "setcore/pki/certificate.h"
#include "setcore/pki/trust_store.h"
#include "vectors/vector_file.h"

namespace vectors {

// The clock of all parties: 2026-01-15T12:00:00Z.
inline constexpr setcore::Time kNow = 1768478400;

template <class T>
T Must(setcore::Result<T> result) {
  if (!result) throw std::runtime_error(result.error().detail);
  return *std::move(result);
}

inline setcore::pki::Chain ChainOf(const std::string& set, const std::string& name) {
  return Must(setcore::pki::ReadPemChain(ReadAll(set + "/pki/" + name + ".pem")));
}

inline setcore::pki::CertifiedKey KeyOf(const std::string& set, const std::string& name) {
  return Must(setcore::pki::CertifiedKey::FromPem(ReadAll(set + "/pki/" + name + ".pem"),
                                                  ReadAll(set + "/pki/" + name + ".key")));
}

inline void TrustRootOf(const std::string& set, setcore::pki::TrustStore& trust,
                        std::vector<std::string> brands = {}) {
  if (auto added = trust.AddRoot(ReadAll(set + "/pki/root.pem"), std::move(brands)); !added) {
    throw std::runtime_error(added.error().detail);
  }
}

}  // namespace vectors

#endif  // TESTS_UNIT_SETCORE_VECTOR_PKI_H_
