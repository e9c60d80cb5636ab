// Certificates of the SET profile (set-processing.md, 11; set-messages.asn, 16), issued by the
// judge.
#ifndef TESTS_CONFORMANCE_SET_CERTIFICATE_H_
#define TESTS_CONFORMANCE_SET_CERTIFICATE_H_

#include <string>
#include <vector>

#include "set/treatments.h"

namespace conform::set {

// Bits of certificateType.
enum class Holder {
  kCard = 0,
  kMerchant = 1,
  kGateway = 2,
  kCca = 3,
  kMca = 4,
  kPca = 5,
  kBrandCa = 7,
  kRoot = 8
};

enum class Usage { kSign, kEncipher, kIssue };

struct Subject {
  std::string organization;             // O: BrandID, or the root's name
  std::vector<std::string> units = {};  // OU
  std::string common_name;
};

struct Order {
  int serial = 1;
  Subject subject;
  Holder holder = Holder::kCard;
  Usage usage = Usage::kSign;
  int path_length = -1;  // of a CA; -1: none given
  std::string not_before = "250101000000Z";
  std::string not_after = "451231235959Z";
  std::string merchant_id = {};  // kMerchant: merchantData
  bool card_cert_required = false;
};

// Gives the certificate for the public key; `issuer` is empty for a root.
Octets Issue(const Order& order, const Key& key, const Identity* issuer);

// Base64 of HMAC-SHA-1(DER of {PAN, CardExpiry}, PANSecret) (O-7).
std::string UniqueCardholderId(const std::string& pan, const std::string& expiry,
                               const Octets& pan_secret);

}  // namespace conform::set

#endif  // TESTS_CONFORMANCE_SET_CERTIFICATE_H_
