// Account data (set-messages.asn, section 3).  The values are secrets of the cardholder: they are
// decoded where they are used, and whoever holds their octets cleanses them.
#ifndef SETCORE_MESSAGES_PAN_H_
#define SETCORE_MESSAGES_PAN_H_

#include "setcore/messages/common.h"

namespace setcore::msg {

struct PANData {
  PAN pan;
  CardExpiry card_expiry;
  Secret pan_secret{};
  Nonce ex_nonce{};
  friend bool operator==(const PANData&, const PANData&) = default;
};

template <class Ar>
void Io(Ar& ar, PANData& p) {
  ar.Sequence([&] { ar(p.pan, p.card_expiry, p.pan_secret, p.ex_nonce); });
}

struct PANToken {
  PAN pan;
  CardExpiry card_expiry;
  Nonce ex_nonce{};
  friend bool operator==(const PANToken&, const PANToken&) = default;
};

template <class Ar>
void Io(Ar& ar, PANToken& p) {
  ar.Sequence([&] { ar(p.pan, p.card_expiry, p.ex_nonce); });
}

// What the unique cardholder ID is computed from (D-21).
struct AccountData {
  PAN pan;
  CardExpiry card_expiry;
  friend bool operator==(const AccountData&, const AccountData&) = default;
};

template <class Ar>
void Io(Ar& ar, AccountData& a) {
  ar.Sequence([&] { ar(a.pan, a.card_expiry); });
}

}  // namespace setcore::msg

#endif  // SETCORE_MESSAGES_PAN_H_
