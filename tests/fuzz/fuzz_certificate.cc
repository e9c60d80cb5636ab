// Certificates, CRLs and BrandCRLIdentifiers; the first octet chooses.  Whatever is parsed keeps
// its octets, and every accessor may be asked.
#include <algorithm>
#include <memory>

#include "fuzz/target.h"
#include "setcore/pki/certificate.h"
#include "setcore/pki/revocation.h"
#include "setcore/pki/trust_store.h"
#include "unit/setcore/vector_pki.h"

namespace {

using namespace setcore;

struct World {
  World() : chain(vectors::ChainOf("set-1024", "merchant-sign")) {
    vectors::TrustRootOf("set-1024", trust);
  }
  pki::Chain chain;
  pki::TrustStore trust;
};

bool Inside(OctetView part, OctetView whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

void CheckCertificate(const World& world, OctetView octets) {
  const auto parsed = pki::Certificate::Parse(octets);
  if (!parsed) return;
  const pki::Certificate& certificate = **parsed;
  const OctetView der = certificate.der();
  fuzz::Require(std::ranges::equal(der, octets), "a certificate keeps its octets");
  for (const OctetView part :
       {certificate.to_be_signed(), certificate.issuer(), certificate.subject(),
        certificate.serial(), certificate.hashed_root_key(), certificate.authority_issuer(),
        certificate.authority_serial()}) {
    fuzz::Require(Inside(part, der), "the parts of a certificate lie inside it");
  }
  fuzz::Require(certificate.key() != nullptr || certificate.fault(), "no key: a fault");
  certificate.IsSignedBy(*world.chain[1]->key());
  if (certificate.key() != nullptr) certificate.IsSignedBy(*certificate.key());
  for (const pki::Role role :
       {pki::Role::kCardholderSignature, pki::Role::kMerchantExchange, pki::Role::kAnySignature}) {
    static_cast<void>(world.trust.Verify(*parsed, world.chain, {}, role, vectors::kNow));
  }
}

void CheckCrl(const World& world, OctetView octets) {
  const auto crl = pki::Crl::Parse(octets);
  if (!crl) return;
  fuzz::Require(std::ranges::equal((*crl)->der(), octets), "a CRL keeps its octets");
  fuzz::Require(Inside((*crl)->issuer(), (*crl)->der()), "the parts of a CRL lie inside it");
  (*crl)->IsSignedBy(*world.chain[1]->key());
  (*crl)->Revokes(world.chain[0]->serial());
  static_cast<void>(world.trust.Verify(world.chain[0], world.chain, std::span(&*crl, 1),
                                       pki::Role::kMerchantSignature, vectors::kNow));
}

void CheckIdentifier(const World& world, OctetView octets) {
  const auto identifier = pki::BrandCrlIdentifier::Parse(octets);
  if (!identifier) return;
  fuzz::Require(std::ranges::equal((*identifier)->der(), octets),
                "a BrandCRLIdentifier keeps its octets");
  static_cast<void>(
      world.trust.CheckBrandCrlIdentifier(**identifier, world.chain, {}, "VISA", vectors::kNow));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const World& world = *new World;
  fuzz::Input input(data, size);
  const std::uint8_t kind = input.Octet();
  const OctetView octets = input.rest();
  switch (kind % 5) {
    case 0:
      CheckCertificate(world, octets);
      break;
    case 1:
      CheckCrl(world, octets);
      break;
    case 2:
      CheckIdentifier(world, octets);
      break;
    case 3:
      static_cast<void>(pki::ReadPemChain(octets));
      break;
    default: {
      pki::TrustStore trust;
      static_cast<void>(trust.AddRoot(octets));
      static_cast<void>(trust.AddRevocation(octets));
    }
  }
  return 0;
}
