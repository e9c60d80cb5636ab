// The PKCS #7 structures of SET (set-messages.asn, section 14).  What is emitted is version 2 with
// SEQUENCE OF and the tags [2] and [3]; the SET OF forms of PKCS #7 v1.5 are read as well (O-11).
// Versions and algorithms are not judged here: the treatments do (D-6).
#ifndef SETCORE_MESSAGES_PKCS7_H_
#define SETCORE_MESSAGES_PKCS7_H_

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "setcore/asn1/oids.h"
#include "setcore/asn1/values.h"

namespace setcore::msg {

using der::Any;
using der::Oid;

struct AlgorithmIdentifier {
  Oid algorithm;
  std::optional<Any> parameters;
  friend bool operator==(const AlgorithmIdentifier&, const AlgorithmIdentifier&) = default;
};

template <class Ar>
void Io(Ar& ar, AlgorithmIdentifier& a) {
  ar.Sequence([&] {
    ar(a.algorithm);
    if constexpr (Ar::kReading) {
      a.parameters.reset();
      if (!ar.AtEnd()) ar(a.parameters.emplace());
    } else if (a.parameters) {
      ar(*a.parameters);
    }
  });
}

// An algorithm with parameters NULL (05 00).
inline AlgorithmIdentifier WithNull(const Oid& algorithm) {
  return AlgorithmIdentifier{algorithm, Any{{0x05, 0x00}}};
}

// Digest ::= OCTET STRING (SIZE(1..20)).
using Digest = der::BoundedOctets<1, 20>;
using Digests = std::vector<Digest>;

struct ContentInfo {
  Oid content_type;
  std::optional<Any> content;  // the octets that are digested
  friend bool operator==(const ContentInfo&, const ContentInfo&) = default;
};

template <class Ar>
void Io(Ar& ar, ContentInfo& c) {
  ar.Sequence([&] {
    ar(c.content_type);
    ar.OptionalExplicit(0, c.content);
  });
}

// DetachedDigest: a DigestedData whose content is absent, the result of DD.
struct DigestedData {
  der::AnyInteger version = 0;
  AlgorithmIdentifier digest_algorithm = WithNull(oid::kSha1);
  Oid content_type;
  Digest digest;
  friend bool operator==(const DigestedData&, const DigestedData&) = default;
};

template <class Ar>
void Io(Ar& ar, DigestedData& d) {
  ar.Sequence([&] {
    ar(d.version);
    if (d.version != 0) ar.Fail("ddVersion other than 0");
    ar(d.digest_algorithm);
    ar.Sequence([&] { ar(d.content_type); });
    ar(d.digest);
  });
}

struct IssuerAndSerialNumber {
  Any issuer;  // Name, compared octet for octet (D-23)
  der::BigInteger serial_number;
  friend bool operator==(const IssuerAndSerialNumber&, const IssuerAndSerialNumber&) = default;
};

template <class Ar>
void Io(Ar& ar, IssuerAndSerialNumber& i) {
  ar.Sequence([&] { ar(i.issuer, i.serial_number); });
}

struct Attribute {
  Oid type;
  std::vector<Any> values;
  friend bool operator==(const Attribute&, const Attribute&) = default;
};

template <class Ar>
void Io(Ar& ar, Attribute& a) {
  ar.Sequence([&] {
    ar(a.type);
    ar.SetOf(a.values);
  });
}

// SEQUENCE OF, or the SET OF of PKCS #7 v1.5.
template <class T>
struct Collection {
  std::vector<T> items;
  bool set = false;
  friend bool operator==(const Collection&, const Collection&) = default;
};

template <class Ar, class T>
void IoItems(Ar& ar, Collection<T>& c) {
  if (c.set) {
    ar.SetOf(c.items);
  } else {
    ar.SequenceOf(c.items);
  }
}

template <class Ar, class T>
void Io(Ar& ar, Collection<T>& c) {
  if constexpr (Ar::kReading) c.set = ar.NextIs(der::kSet);
  IoItems(ar, c);
}

// [sequence] IMPLICIT SEQUENCE OF or [set] IMPLICIT SET OF, OPTIONAL.
template <class Ar, class T>
void IoOptional(Ar& ar, std::optional<Collection<T>>& c, std::uint32_t sequence,
                std::uint32_t set) {
  if constexpr (Ar::kReading) {
    c.reset();
    const bool as_set = ar.NextIs(der::Context(set, true));
    if (!as_set && !ar.NextIs(der::Context(sequence, true))) return;
    c.emplace().set = as_set;
  }
  if (!c) return;
  ar.Tagged(c->set ? set : sequence);
  IoItems(ar, *c);
}

// The attributes of a SignerInfo.
struct AuthenticatedAttributes {
  Collection<Attribute> attributes;
  Octets der;  // what the signature covers: SEQUENCE OF (30) or SET OF (31); filled when read
  friend bool operator==(const AuthenticatedAttributes& a, const AuthenticatedAttributes& b) {
    return a.attributes == b.attributes;
  }
};

// [2] EXPLICIT SEQUENCE OF Attribute or [0] IMPLICIT SET OF Attribute, OPTIONAL.
template <class Ar>
void IoOptional(Ar& ar, std::optional<AuthenticatedAttributes>& a) {
  if constexpr (Ar::kReading) {
    a.reset();
    const OctetView before = ar.rest();
    if (ar.NextIs(der::Context(0, true))) {
      a.emplace().attributes.set = true;
      ar.Tagged(0);
      IoItems(ar, a->attributes);
      const OctetView whole = before.first(before.size() - ar.rest().size());
      if (!ar.ok()) return;
      a->der.assign(whole.begin(), whole.end());
      a->der[0] = 0x31;  // PKCS #7 v1.5, 9.3: the digest covers the SET OF tag
    } else if (ar.NextIs(der::Context(2, true))) {
      der::Kept<Collection<Attribute>> kept;
      ar.Explicit(2, kept);
      a = AuthenticatedAttributes{std::move(kept.value), std::move(kept.der)};
    }
  } else if (a && a->attributes.set) {
    ar.Tagged(0);
    IoItems(ar, a->attributes);
  } else if (a) {
    ar.Explicit(2, a->attributes);
  }
}

struct SignerInfo {
  der::AnyInteger version = 2;
  IssuerAndSerialNumber issuer_and_serial_number;
  AlgorithmIdentifier digest_algorithm = WithNull(oid::kSha1);
  std::optional<AuthenticatedAttributes> authenticated_attributes;
  AlgorithmIdentifier digest_encryption_algorithm = WithNull(oid::kRsaEncryption);
  Octets encrypted_digest;
  std::optional<Collection<Attribute>> unauthenticated_attributes;
  friend bool operator==(const SignerInfo&, const SignerInfo&) = default;
};

template <class Ar>
void Io(Ar& ar, SignerInfo& s) {
  ar.Sequence([&] {
    ar(s.version, s.issuer_and_serial_number, s.digest_algorithm);
    IoOptional(ar, s.authenticated_attributes);
    ar(s.digest_encryption_algorithm, s.encrypted_digest);
    IoOptional(ar, s.unauthenticated_attributes, 3, 1);
  });
}

struct SignedData {
  der::AnyInteger version = 2;
  Collection<AlgorithmIdentifier> digest_algorithms;
  ContentInfo content_info;
  std::optional<Collection<Any>> certificates;
  std::optional<Collection<Any>> crls;
  Collection<SignerInfo> signer_infos;
  friend bool operator==(const SignedData&, const SignedData&) = default;
};

template <class Ar>
void Io(Ar& ar, SignedData& s) {
  ar.Sequence([&] {
    ar(s.version, s.digest_algorithms, s.content_info);
    IoOptional(ar, s.certificates, 2, 0);
    IoOptional(ar, s.crls, 3, 1);
    ar(s.signer_infos);
  });
}

struct RecipientInfo {
  der::AnyInteger version = 0;
  IssuerAndSerialNumber issuer_and_serial_number;
  AlgorithmIdentifier key_encryption_algorithm = WithNull(oid::kRsaOaepEncryptionSet);
  Octets encrypted_key;
  friend bool operator==(const RecipientInfo&, const RecipientInfo&) = default;
};

template <class Ar>
void Io(Ar& ar, RecipientInfo& r) {
  ar.Sequence([&] {
    ar(r.version, r.issuer_and_serial_number, r.key_encryption_algorithm, r.encrypted_key);
  });
}

struct EncryptedContentInfo {
  Oid content_type;
  AlgorithmIdentifier content_encryption_algorithm;  // DES-CBC with the IV as parameter
  std::optional<Octets> encrypted_content;
  friend bool operator==(const EncryptedContentInfo&, const EncryptedContentInfo&) = default;
};

template <class Ar>
void Io(Ar& ar, EncryptedContentInfo& e) {
  ar.Sequence([&] {
    ar(e.content_type, e.content_encryption_algorithm);
    ar.OptionalImplicit(0, e.encrypted_content);
  });
}

struct EnvelopedData {
  der::AnyInteger version = 1;
  Collection<RecipientInfo> recipient_infos;
  EncryptedContentInfo encrypted_content_info;
  friend bool operator==(const EnvelopedData&, const EnvelopedData&) = default;
};

template <class Ar>
void Io(Ar& ar, EnvelopedData& e) {
  ar.Sequence([&] { ar(e.version, e.recipient_infos, e.encrypted_content_info); });
}

struct EncryptedData {
  der::AnyInteger version = 0;
  EncryptedContentInfo encrypted_content_info;
  friend bool operator==(const EncryptedData&, const EncryptedData&) = default;
};

template <class Ar>
void Io(Ar& ar, EncryptedData& e) {
  ar.Sequence([&] { ar(e.version, e.encrypted_content_info); });
}

// L { T1, T2 }: t1 together with the digest of t2.
template <class T1>
struct Linked {
  T1 t1;
  DigestedData t2;
  friend bool operator==(const Linked&, const Linked&) = default;
};

template <class Ar, class T1>
void Io(Ar& ar, Linked<T1>& l) {
  ar.Sequence([&] { ar(l.t1, l.t2); });
}

// EncB { ..., Baggage }: the envelope and the baggage beside it.
template <class Baggage>
struct EncB {
  EnvelopedData enc;
  Baggage baggage;
  friend bool operator==(const EncB&, const EncB&) = default;
};

template <class Ar, class Baggage>
void Io(Ar& ar, EncB<Baggage>& e) {
  ar.Sequence([&] { ar(e.enc, e.baggage); });
}

}  // namespace setcore::msg

#endif  // SETCORE_MESSAGES_PKCS7_H_
