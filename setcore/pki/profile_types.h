// The extensions of the SET profile on the wire (set-messages.asn, section 16; RFC 5280, 4.2.1),
// one Io() each, for Certificate::Parse and the certificate maker.
#ifndef SETCORE_PKI_PROFILE_TYPES_H_
#define SETCORE_PKI_PROFILE_TYPES_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "setcore/asn1/oids.h"
#include "setcore/asn1/reader.h"
#include "setcore/asn1/values.h"
#include "setcore/asn1/writer.h"
#include "setcore/octets.h"

namespace setcore::pki::wire {

inline constexpr der::Oid kSha256WithRsa{1, 2, 840, 113549, 1, 1, 11};

inline constexpr std::size_t kMaxMerchantNames = 32;

struct Extension {
  der::Oid id;
  bool critical = false;
  Octets value;
};

template <class Ar>
void Io(Ar& ar, Extension& extension) {
  ar.Sequence([&] {
    ar(extension.id);
    ar.Default(der::kBoolean, extension.critical, false);
    ar(extension.value);
  });
}

struct BasicConstraints {
  bool ca = false;
  std::optional<der::Integer<0, INT32_MAX>> path_length;
};

template <class Ar>
void Io(Ar& ar, BasicConstraints& constraints) {
  ar.Sequence([&] {
    ar.Default(der::kBoolean, constraints.ca, false);
    ar.Optional(der::kInteger, constraints.path_length);
  });
}

// PrivateKeyUsagePeriod, with the one spelling that SET certificates use.
struct PrivateKeyUsagePeriod {
  std::optional<der::Date> not_before, not_after;
};

template <class Ar>
void Io(Ar& ar, PrivateKeyUsagePeriod& period) {
  ar.Sequence([&] {
    ar.OptionalImplicit(0, period.not_before);
    ar.OptionalImplicit(1, period.not_after);
  });
}

struct PolicyInformation {
  der::Oid policy;
  std::optional<der::Any> qualifiers;
};

template <class Ar>
void Io(Ar& ar, PolicyInformation& information) {
  ar.Sequence([&] {
    ar(information.policy);
    ar.Optional(der::kSequence, information.qualifiers);
  });
}

struct MerNames {
  std::optional<der::VisibleTextUb<35>> language;
  der::SetText<25> name;
  der::SetText<50> city;
  std::optional<der::SetText<50>> state_province;
  std::optional<der::SetText<14>> postal_code;
  der::SetText<50> country_name;
};

template <class Ar>
void Io(Ar& ar, MerNames& names) {
  ar.Sequence([&] {
    ar.OptionalImplicit(0, names.language);
    ar.Explicit(1, names.name);
    ar.Explicit(2, names.city);
    ar.OptionalExplicit(3, names.state_province);
    ar.OptionalExplicit(4, names.postal_code);
    ar.Explicit(5, names.country_name);
  });
}

struct MerchantData {
  der::SetText<30> mer_id;
  der::NumericText<6, 6> acquirer_bin;
  std::vector<MerNames> names;
  der::Integer<1, 999> country;
  bool auth_flag = true;
};

template <class Ar>
void Io(Ar& ar, MerchantData& data) {
  ar.Sequence([&] {
    ar(data.mer_id, data.acquirer_bin);
    ar.SequenceOf(data.names, 1, kMaxMerchantNames);
    ar(data.country);
    ar.Default(der::kBoolean, data.auth_flag, true);
  });
}

struct Tunneling {
  bool tunneling = true;
  std::vector<der::Oid> algorithms;
};

template <class Ar>
void Io(Ar& ar, Tunneling& tunneling) {
  ar.Sequence([&] {
    ar.Default(der::kBoolean, tunneling.tunneling, true);
    ar.SequenceOf(tunneling.algorithms);
  });
}

}  // namespace setcore::pki::wire

#endif  // SETCORE_PKI_PROFILE_TYPES_H_
