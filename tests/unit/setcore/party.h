// The parties of the golden vectors: keys, chains and trust of one set, and its clock.
#ifndef TESTS_UNIT_SETCORE_PARTY_H_
#define TESTS_UNIT_SETCORE_PARTY_H_

#include <stdexcept>
#include <string>

#include "setcore/asn1/time_text.h"
#include "setcore/cardholder.h"
#include "setcore/environment.h"
#include "setcore/pki/certificate.h"
#include "setcore/pki/trust_store.h"
#include "setcore/purchase.h"
#include "vectors/vector_file.h"

namespace setcore {

// 2026-01-15 12:00:00 UTC, the clock of all parties.
inline Time VectorClock() { return *der::ParseGeneralizedTime("20260115120000Z"); }

template <class T>
T Must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().detail);
  return *std::move(result);
}

class Parties {
 public:
  // `set` is "set-1024" or "set-2048".
  explicit Parties(const std::string& set) : set_(set), pki_(vectors::Load(set + "/pki/pki.txt")) {
    if (!trust_.AddRoot(vectors::ReadAll(set + "/pki/root.pem"))) {
      throw std::runtime_error("root of the vectors refused");
    }
    pan_ = pki_.Text("pan");
    expiry_ = pki_.Text("card-expiry");
    card_secret_ = pki_.Hex("card-secret");
    pan_secret_ = pki_.Hex("pan-secret");
  }

  pki::CertifiedKey Key(const std::string& name) const {
    return Must(pki::CertifiedKey::FromPem(vectors::ReadAll(set_ + "/pki/" + name + ".pem"),
                                           vectors::ReadAll(set_ + "/pki/" + name + ".key")));
  }
  const pki::TrustStore& trust() const { return trust_; }
  const vectors::File& pki() const { return pki_; }
  vectors::File File(const std::string& name) const {
    return vectors::Load(set_ + "/" + name + ".txt");
  }

  // The card with the certificate `key`, which must outlive what is made of it.
  Card SignedCard(const pki::CertifiedKey& key) const {
    return {pan_, expiry_, card_secret_, pan_secret_, &key.key, key.chain, true};
  }
  // The card without a certificate.
  Card UnsignedCard() const { return {pan_, expiry_, no_secret_, no_secret_, nullptr, {}, true}; }

  PurchaseTerms Terms() const {
    const auto file = File("03-hodinput-hod");
    const std::string od = file.Text("od");
    PurchaseTerms terms;
    terms.od.assign(od.begin(), od.end());
    terms.purch_amt = {static_cast<std::uint16_t>(file.Int("purchAmt.currency")),
                       static_cast<std::uint64_t>(file.Int("purchAmt.amount")),
                       static_cast<std::int32_t>(file.Int("purchAmt.amtExp10"))};
    terms.brand_id = "VISA";
    terms.language = "en";
    terms.sw_ident = "setpeer 1.0";
    return terms;
  }

 private:
  std::string set_;
  vectors::File pki_;
  pki::TrustStore trust_;
  std::string pan_, expiry_;
  Octets card_secret_, pan_secret_;
  Octets no_secret_ = Octets(20, 0);
};

}  // namespace setcore

#endif  // TESTS_UNIT_SETCORE_PARTY_H_
