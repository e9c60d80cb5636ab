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

}  // namespace setcore::pki::wire

#endif  // SETCORE_PKI_PROFILE_TYPES_H_
