// Common payment data types (set-messages.asn, section 3, and CurrencyAmount to MerTermIDs of
// section 7).  Bounds with a ub- name are template arguments of the Ub types (der/values.h).
#ifndef SETCORE_MESSAGES_COMMON_H_
#define SETCORE_MESSAGES_COMMON_H_

#include <array>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "setcore/asn1/values.h"
#include "setcore/messages/pkcs7.h"

namespace setcore::msg {

using der::Date;
using der::FloatingPoint;
using der::Kept;

using BackKey = der::BoundedOctets<1, 24>;
using BIN = der::NumericText<6, 6>;
using BrandID = der::SetText<40>;
using CardExpiry = der::NumericText<6, 6>;  // YYYYMM
using Challenge = std::array<std::uint8_t, 20>;
using CountryCode = der::Integer<1, 999>;  // ISO 3166 numeric
using Currency = der::Integer<1, 999>;     // ISO 4217 numeric
using Language = der::VisibleTextUb<35>;
using LocalID = der::BoundedOctets<1, 20>;
using CityName = der::SetText<50>;
using StateProvince = der::SetText<50>;
using PostalCode = der::SetText<14>;
using LocationID = der::SetText<10>;
using MerchantID = der::SetText<30>;
using Nonce = std::array<std::uint8_t, 20>;
using PAN = der::NumericText<1, 19>;
using PaySysID = der::VisibleTextUb<64>;
using Phone = der::SetText<50>;
using RRPID = std::array<std::uint8_t, 20>;
using Secret = std::array<std::uint8_t, 20>;
using SWIdent = der::VisibleTextUb<256>;
using TransStain = Digest;
using URL = der::VisibleTextUb<512>;
using XID = std::array<std::uint8_t, 20>;
using Number = der::Integer<0, INT64_MAX>;  // INTEGER (0..MAX)

// MsgExtension keeps the form of extnValue that it arrived with (O-8).
struct MsgExtension {
  Oid id;
  bool critical = false;
  Any value;  // OCTET STRING or [0] EXPLICIT, tag included (D-11)
  friend bool operator==(const MsgExtension&, const MsgExtension&) = default;
};

template <class Ar>
void Io(Ar& ar, MsgExtension& e) {
  ar.Sequence([&] {
    ar(e.id);
    ar.Default(der::kBoolean, e.critical, false);
    if constexpr (Ar::kReading) {
      if (!ar.NextIs(der::kOctetString) && !ar.NextIs(der::Context(0, true))) {
        return ar.Fail("extnValue in an unknown form");
      }
    }
    ar(e.value);
    if constexpr (Ar::kReading) {
      der::Element element;
      if (!ar.ok() || e.value.der[0] == 0x04) return;
      der::ParseElement(e.value.der, element);
      der::Element inner;
      if (der::ParseElement(element.contents, inner) != nullptr ||
          inner.size != element.contents.size()) {
        ar.Fail("extnValue that is not one value");
      }
    }
  });
}

using MsgExtensions = std::vector<MsgExtension>;

struct BackKeyData {
  AlgorithmIdentifier back_alg_id;
  BackKey back_key;
  friend bool operator==(const BackKeyData&, const BackKeyData&) = default;
};

template <class Ar>
void Io(Ar& ar, BackKeyData& b) {
  ar.Sequence([&] { ar(b.back_alg_id, b.back_key); });
}

struct CertThumb {
  AlgorithmIdentifier digest_algorithm = WithNull(oid::kSha1);
  Digest thumbprint;
  friend bool operator==(const CertThumb&, const CertThumb&) = default;
};

template <class Ar>
void Io(Ar& ar, CertThumb& c) {
  ar.Sequence([&] { ar(c.digest_algorithm, c.thumbprint); });
}

struct Location {
  CountryCode country_code = 1;
  std::optional<CityName> city;
  std::optional<StateProvince> state_province;
  std::optional<PostalCode> postal_code;
  std::optional<LocationID> location_id;
  friend bool operator==(const Location&, const Location&) = default;
};

template <class Ar>
void Io(Ar& ar, Location& l) {
  ar.Sequence([&] {
    ar(l.country_code);
    ar.OptionalExplicit(0, l.city);
    ar.OptionalExplicit(1, l.state_province);
    ar.OptionalExplicit(2, l.postal_code);
    ar.OptionalExplicit(3, l.location_id);
  });
}

struct Thumbs {
  AlgorithmIdentifier digest_algorithm = WithNull(oid::kSha1);
  std::optional<Digests> cert_thumbs;
  std::optional<Digests> crl_thumbs;
  std::optional<Digests> brand_crl_id_thumbs;
  friend bool operator==(const Thumbs&, const Thumbs&) = default;
};

template <class Ar>
void Io(Ar& ar, Thumbs& t) {
  ar.Sequence([&] {
    ar(t.digest_algorithm);
    ar.OptionalImplicit(0, t.cert_thumbs);
    ar.OptionalImplicit(1, t.crl_thumbs);
    ar.OptionalImplicit(2, t.brand_crl_id_thumbs);
  });
}

struct TransIDs {
  LocalID lid_c;
  std::optional<LocalID> lid_m;
  XID xid{};
  Date p_req_date;
  std::optional<PaySysID> pay_sys_id;
  Language language;
  friend bool operator==(const TransIDs&, const TransIDs&) = default;
};

template <class Ar>
void Io(Ar& ar, TransIDs& t) {
  ar.Sequence([&] {
    ar(t.lid_c);
    ar.OptionalImplicit(0, t.lid_m);
    ar(t.xid, t.p_req_date);
    ar.OptionalImplicit(1, t.pay_sys_id);
    ar(t.language);
  });
}

struct CurrencyAmount {
  Currency currency = 1;
  Number amount = 0;
  der::AnyInteger amt_exp10 = 0;
  friend bool operator==(const CurrencyAmount&, const CurrencyAmount&) = default;
};

template <class Ar>
void Io(Ar& ar, CurrencyAmount& c) {
  ar.Sequence([&] { ar(c.currency, c.amount, c.amt_exp10); });
}

struct CurrConv {
  FloatingPoint curr_conv_rate;
  Currency card_curr = 1;
  friend bool operator==(const CurrConv&, const CurrConv&) = default;
};

template <class Ar>
void Io(Ar& ar, CurrConv& c) {
  ar.Sequence([&] { ar(c.curr_conv_rate, c.card_curr); });
}

struct Recurring {
  der::Integer<1, INT64_MAX> recurring_frequency = 1;  // days
  Date recurring_expiry;
  friend bool operator==(const Recurring&, const Recurring&) = default;
};

inline constexpr std::int64_t kUbRecurringFrequency = 366;

template <class Ar>
void Io(Ar& ar, Recurring& r) {
  ar.Sequence([&] {
    if (!Ar::kReading && r.recurring_frequency > kUbRecurringFrequency) {
      return ar.Fail("recurringFrequency above its bound");
    }
    ar(r.recurring_frequency, r.recurring_expiry);
  });
}

using InstallTotalTrans = der::Integer<2, INT64_MAX>;

struct InstallRecurData {
  std::variant<InstallTotalTrans, Recurring> install_recur_ind{InstallTotalTrans(2)};
  std::optional<MsgExtensions> ir_extensions;
  friend bool operator==(const InstallRecurData&, const InstallRecurData&) = default;
};

template <class Ar>
void Io(Ar& ar, InstallRecurData& i) {
  ar.Sequence([&] {
    ImplicitChoice(ar, i.install_recur_ind);
    ar.OptionalImplicit(0, i.ir_extensions);
  });
}

struct MerTermIDs {
  MerchantID merchant_id;
  std::optional<der::VisibleTextUb<48>> terminal_id;  // ub-terminalID
  std::optional<Number> agent_num;
  std::optional<Number> chain_num;
  std::optional<Number> store_num;
  friend bool operator==(const MerTermIDs&, const MerTermIDs&) = default;
};

template <class Ar>
void Io(Ar& ar, MerTermIDs& m) {
  ar.Sequence([&] {
    ar(m.merchant_id);
    ar.Optional(der::kVisibleString, m.terminal_id);
    ar.Optional(der::kInteger, m.agent_num);
    ar.OptionalImplicit(0, m.chain_num);
    ar.OptionalImplicit(1, m.store_num);
  });
}

struct RRTags {
  RRPID rrpid{};
  MerTermIDs mer_term_ids;
  Date current_date;
  friend bool operator==(const RRTags&, const RRTags&) = default;
};

template <class Ar>
void Io(Ar& ar, RRTags& r) {
  ar.Sequence([&] { ar(r.rrpid, r.mer_term_ids, r.current_date); });
}

}  // namespace setcore::msg

#endif  // SETCORE_MESSAGES_COMMON_H_
