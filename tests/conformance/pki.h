// The judge's certificate hierarchy, written with OpenSSL from the SET certificate profile.
#ifndef TESTS_CONFORMANCE_PKI_H_
#define TESTS_CONFORMANCE_PKI_H_

#include <filesystem>

namespace conform {

// Writes into the existing directory, each as NAME.pem (chain, leaf first, root last) and NAME.key
// (PKCS #8 PEM), 0600, RSA 1024: root, brand-ca, cca, mca, pca, cardholder (for kPan, kExpiry,
// kPanSecretHex), merchant-sign, merchant-exchange (for kMerchantId), gateway-sign,
// gateway-exchange; brand VISA.  For counterparties that lie: other-root, and a second hierarchy's
// other-merchant-sign and other-gateway-sign below it.  Throws std::runtime_error.
void WritePki(const std::filesystem::path& directory);

}  // namespace conform

#endif  // TESTS_CONFORMANCE_PKI_H_
