// What a gateway puts into its tokens and into AcqCardMsg (set-messages.asn, section 8).
#ifndef SETCORE_MESSAGES_TOKENS_H_
#define SETCORE_MESSAGES_TOKENS_H_

#include <cstdint>
#include <optional>

#include "setcore/messages/common.h"

namespace setcore::msg {

struct CapTokenData {
  RRPID auth_rrpid{};
  CurrencyAmount auth_amt;
  Any token_opaque;
  friend bool operator==(const CapTokenData&, const CapTokenData&) = default;
};

template <class Ar>
void Io(Ar& ar, CapTokenData& c) {
  ar.Sequence([&] { ar(c.auth_rrpid, c.auth_amt, c.token_opaque); });
}

// Content of EncX: the data beside a signature that also covers the PANToken (O-10).
struct CapTokenTBEX {
  Kept<CapTokenData> cap_token_data;
  SignedData s;
  friend bool operator==(const CapTokenTBEX&, const CapTokenTBEX&) = default;
};

template <class Ar>
void Io(Ar& ar, CapTokenTBEX& c) {
  ar.Sequence([&] { ar(c.cap_token_data, c.s); });
}

enum class AcqCardCode : std::uint8_t {
  kMessageOfDay = 0,
  kAccountInfo = 1,
  kCallCustomerService = 2,
};

struct AcqCardMsgData {
  std::optional<der::SetText<128>> acq_card_text;  // ub-acqCardText
  std::optional<URL> acq_card_url;
  std::optional<Phone> acq_card_phone;
  friend bool operator==(const AcqCardMsgData&, const AcqCardMsgData&) = default;
};

template <class Ar>
void Io(Ar& ar, AcqCardMsgData& a) {
  ar.Sequence([&] {
    ar.OptionalExplicit(0, a.acq_card_text);
    ar.OptionalImplicit(1, a.acq_card_url);
    ar.OptionalExplicit(2, a.acq_card_phone);
  });
}

struct AcqCardCodeMsg {
  AcqCardCode acq_card_code = AcqCardCode::kMessageOfDay;
  AcqCardMsgData acq_card_msg_data;
  friend bool operator==(const AcqCardCodeMsg&, const AcqCardCodeMsg&) = default;
};

template <class Ar>
void Io(Ar& ar, AcqCardCodeMsg& a) {
  ar.Sequence([&] { ar(a.acq_card_code, a.acq_card_msg_data); });
}

}  // namespace setcore::msg

namespace setcore::der {
template <>
struct EnumRange<msg::AcqCardCode> {
  static constexpr int kMin = 0, kMax = 2;
};
}  // namespace setcore::der

#endif  // SETCORE_MESSAGES_TOKENS_H_
