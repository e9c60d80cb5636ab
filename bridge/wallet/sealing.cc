#include "bridge/wallet/sealing.h"

#include <fmt/format.h>

#include <array>
#include <iterator>
#include <span>
#include <stdexcept>
#include <string>

namespace bridge {
namespace {

using setcore::Octets;
using setcore::OctetView;
using setcore::SecretOctets;
using setcore::crypto::kAeadNonceSize;
using setcore::crypto::ScryptParameters;

OctetView View(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// Every use of a wallet key or of a passphrase key has its own prefix.
std::string AssociatedWith(std::string_view place) {
  return fmt::format("opb-sealed-{}|{}", kSealVersion, place);
}

std::string PlaceOf(const ScryptParameters& scrypt, OctetView salt) {
  std::string place = fmt::format("wallet-key|scrypt|{}|{}|{}|", scrypt.n, scrypt.r, scrypt.p);
  for (const std::uint8_t octet : salt) fmt::format_to(std::back_inserter(place), "{:02x}", octet);
  return place;
}

}  // namespace

Octets Seal(OctetView key, std::string_view place, OctetView secret, setcore::Random& random) {
  std::array<std::uint8_t, kAeadNonceSize> nonce;
  random.Fill(nonce);
  const Octets sealed = setcore::crypto::AeadSeal(key, nonce, View(AssociatedWith(place)), secret);
  Octets record;
  record.reserve(kSealOverhead + secret.size());
  record.push_back(kSealVersion);
  record.insert(record.end(), nonce.begin(), nonce.end());
  record.insert(record.end(), sealed.begin(), sealed.end());
  return record;
}

std::optional<SecretOctets> Unseal(OctetView key, std::string_view place, OctetView record) {
  if (record.size() < kSealOverhead || record[0] != kSealVersion) return std::nullopt;
  return setcore::crypto::AeadOpen(key, record.subspan(1, kAeadNonceSize),
                                   View(AssociatedWith(place)), record.subspan(1 + kAeadNonceSize));
}

WrappedKey Wrap(OctetView key, std::string_view passphrase, const ScryptParameters& parameters,
                setcore::Random& random) {
  WrappedKey out;
  out.scrypt = parameters;
  out.salt.resize(kScryptSaltSize);
  random.Fill(out.salt);
  const auto wrapping =
      setcore::crypto::Scrypt(View(passphrase), out.salt, parameters, kWalletKeySize);
  if (!wrapping) throw std::invalid_argument("scrypt parameters");
  out.record = Seal(wrapping->view(), PlaceOf(parameters, out.salt), key, random);
  return out;
}

std::optional<SecretOctets> Unwrap(const WrappedKey& wrapped, std::string_view passphrase) {
  const auto wrapping =
      setcore::crypto::Scrypt(View(passphrase), wrapped.salt, wrapped.scrypt, kWalletKeySize);
  if (!wrapping) return std::nullopt;
  auto key = Unseal(wrapping->view(), PlaceOf(wrapped.scrypt, wrapped.salt), wrapped.record);
  if (!key || key->size() != kWalletKeySize) return std::nullopt;
  return key;
}

}  // namespace bridge
