// A shop's till without wallets: pure SET actors over the files of a GatewayFiles.  It makes the
// AuthReq of one purchase after the other and reads what the gateway decided.  What goes wrong is a
// std::runtime_error.
#ifndef TESTS_LOAD_TILL_H_
#define TESTS_LOAD_TILL_H_

#include <cstdint>
#include <string>

#include "setcore/cardholder.h"
#include "setcore/crypto/random.h"
#include "setcore/crypto/secret.h"
#include "setcore/merchant.h"
#include "setcore/octets.h"
#include "setcore/pki/certificate.h"
#include "setcore/pki/trust_store.h"

namespace load {

// One purchase, ready to be authorized.
struct Sale {
  setcore::Octets authreq;
  setcore::Octets rrpid;
  std::uint64_t cents = 0;
};

// Any thread.
class Till {
 public:
  // `directory` is that of the PKI (bridge/programs/set_bridge/pki_files.h), its brand VISA;
  // `gateway` names the gateway's key-exchange certificate there.
  explicit Till(const std::string& directory, const std::string& gateway = "visa-gateway-exchange");

  // A purchase over `cents` US cents with the card without certificate.
  Sale Sell(std::uint64_t cents);
  // The AuthCode of the gateway's answer.
  int AuthCodeOf(const Sale& sale, setcore::OctetView authres);

 private:
  setcore::Environment Now();

  setcore::SystemRandom random_;
  setcore::pki::CertifiedKey signing_;
  setcore::pki::CertifiedKey exchange_;
  setcore::pki::Chain gateway_;
  setcore::pki::TrustStore trust_;
  setcore::MerchantKeys keys_;
  setcore::Octets no_secret_;
  std::string expiry_;
};

// The octets of a shared secret that is written "hex:…".
setcore::SecretOctets SecretOf(const std::string& text);

}  // namespace load

#endif  // TESTS_LOAD_TILL_H_
