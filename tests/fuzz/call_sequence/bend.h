// Requests as text: what they ask for, and how a step bends them, mostly within what is
// well-formed.
#ifndef TESTS_FUZZ_CALL_SEQUENCE_BEND_H_
#define TESTS_FUZZ_CALL_SEQUENCE_BEND_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "bridge/state/role.h"

namespace call_sequence {

inline constexpr std::size_t kEdits = 36;
inline constexpr std::size_t kParameters = 256;

// By kind: 0 none; 1 no Passphrase, 2 a wrong one; 3 Amount; 4 CurrCode; 5 BrandId; 6
// ProtocolBrandId; 7 PayDirection; 8 PayId; 9 WalletID; 10 CallBackFunction; 11 another message; 12
// one bit of the message, 13 its end, 14 one octet behind it; 15 no base64; 16 no message; 17 OkTo;
// 18 instrument; 19 ProcessType; 20 Transform; 21 MerchantOrgId; 22 ProtocolId; 23 the end of the
// request; from 24 none.
struct Edit {
  std::size_t kind = 0;
  std::size_t parameter = 0;
};

// Bend gives the request as the wallet gets it, the locked consumer's with the Passphrase.  `other`
// is a message in base64 that may take the place of the request's.
std::string Bend(const Edit& edit, std::size_t wallet, const std::string& other,
                 std::string request);

// The value of the first attribute of that name, empty if there is none.
std::string Attribute(const std::string& request, std::string_view name);
std::string_view NameOfCall(std::string_view request);
// The payment that a request to a wallet of this role is about; empty: none.
std::string PayIdOf(const std::string& request, bridge::Role role);

}  // namespace call_sequence

#endif  // TESTS_FUZZ_CALL_SEQUENCE_BEND_H_
