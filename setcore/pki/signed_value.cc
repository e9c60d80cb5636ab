#include "setcore/pki/signed_value.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "setcore/asn1/oids.h"
#include "setcore/asn1/text.h"
#include "setcore/asn1/time_text.h"
#include "setcore/asn1/values.h"
#include "setcore/crypto/digest.h"
#include "setcore/pki/profile_types.h"

namespace setcore::pki {
namespace {

// UTF-8 of a DirectoryString or its relatives; what has no characters of the Basic Multilingual
// Plane stays empty.
std::string DirectoryText(const der::Element& value) {
  const OctetView contents = value.contents;
  if (value.tag == der::kBmpString) {
    std::u16string characters;
    for (std::size_t i = 0; i + 1 < contents.size(); i += 2) {
      characters.push_back(static_cast<char16_t>(contents[i] << 8 | contents[i + 1]));
    }
    return der::Utf8FromBmp(characters);
  }
  if (value.tag == der::kTeletexString) {  // read as ISO 8859-1, like everybody does
    return der::Utf8FromBmp(std::u16string(contents.begin(), contents.end()));
  }
  if (value.tag == der::kUtf8String || value.tag == der::kPrintableString ||
      value.tag == der::kIa5String || value.tag == der::kVisibleString ||
      value.tag == der::kNumericString) {
    return {contents.begin(), contents.end()};
  }
  return {};
}

void Keep(const der::Oid& type, const der::Element& value, NameParts& parts) {
  if (type == oid::kCountryName) parts.country = DirectoryText(value);
  if (type == oid::kOrganizationName) parts.organization = DirectoryText(value);
  if (type == oid::kOrganizationalUnitName) parts.units.push_back(DirectoryText(value));
  if (type == oid::kCommonName) parts.common_name = DirectoryText(value);
}

void WriteAttribute(der::Writer& writer, const der::Oid& type, std::string_view text) {
  // D-23
  const der::Tag tag =
      std::ranges::all_of(text, der::IsPrintable) ? der::kPrintableString : der::kUtf8String;
  const OctetView contents(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  writer.Constructed(der::kSet, [&] {
    writer.Sequence([&] {
      writer.Primitive(der::kObjectIdentifier, type.contents());
      writer.Primitive(tag, contents);
    });
  });
}

template <class Digest>
bool Equal(const Digest& a, OctetView b) {
  return std::ranges::equal(a, b);
}

}  // namespace

SignedValue ReadSignedValue(der::Reader& reader) {
  SignedValue value;
  reader.Sequence([&] {
    value.to_be_signed = reader.TakeOpen();
    value.algorithm = reader.TakeOpen();
    const OctetView bits = reader.Primitive(der::kBitString);
    if (!reader.ok()) return;
    if (bits.size() < 2 || bits[0] != 0) return reader.Fail("signature of incomplete octets");
    value.signature = bits.subspan(1);
  });
  if (reader.ok() && !reader.AtEnd()) reader.Fail("octets behind the signature");
  return value;
}

Octets SignatureAlgorithm(crypto::SignatureDigest digest) {
  const der::Oid& algorithm =
      digest == crypto::SignatureDigest::kSha1 ? oid::kSha1WithRsaSignature : wire::kSha256WithRsa;
  der::Writer writer;
  writer.Sequence([&] {
    writer.Primitive(der::kObjectIdentifier, algorithm.contents());
    writer.Primitive(der::kNull, {});
  });
  return writer.Take();
}

std::optional<crypto::SignatureDigest> SignatureDigestOf(OctetView algorithm) {
  for (auto digest : {crypto::SignatureDigest::kSha1, crypto::SignatureDigest::kSha256}) {
    if (Equal(SignatureAlgorithm(digest), algorithm)) return digest;
  }
  return std::nullopt;
}

bool VerifySignedValue(OctetView to_be_signed, crypto::SignatureDigest digest, OctetView signature,
                       const crypto::RsaPublicKey& key) {
  if (digest == crypto::SignatureDigest::kSha1) {
    return key.Verify(digest, crypto::Sha1(to_be_signed), signature);
  }
  return key.Verify(digest, crypto::Sha256(to_be_signed), signature);
}

Octets SignValue(OctetView to_be_signed, crypto::SignatureDigest digest,
                 const crypto::RsaPrivateKey& key) {
  Octets signature = digest == crypto::SignatureDigest::kSha1
                         ? key.Sign(digest, crypto::Sha1(to_be_signed))
                         : key.Sign(digest, crypto::Sha256(to_be_signed));
  signature.insert(signature.begin(), 0);
  der::Writer writer;
  writer.Sequence([&] {
    writer.Raw(to_be_signed);
    writer.Raw(SignatureAlgorithm(digest));
    writer.Primitive(der::kBitString, signature);
  });
  return writer.Take();
}

OctetView ReadName(der::Reader& reader, NameParts* parts) {
  const OctetView name = reader.TakeOpen();
  if (!reader.ok()) return {};
  der::Reader inner(name, reader.depth());
  inner.Sequence([&] {
    while (inner.ok() && !inner.AtEnd()) {
      inner.Constructed(der::kSet, [&] {
        do {
          inner.Sequence([&] {
            // An attribute type that is too long for an Oid is not one that we look at.
            const OctetView contents = inner.Primitive(der::kObjectIdentifier);
            const der::Element value = inner.TakeElement();
            if (!inner.ok() || parts == nullptr) return;
            if (auto known = der::Oid::FromContents(contents)) Keep(*known, value, *parts);
          });
        } while (inner.ok() && !inner.AtEnd());
      });
    }
  });
  if (!inner.ok()) reader.Fail(inner.fault());
  return name;
}

Octets WriteName(const NameParts& parts) {
  der::Writer writer;
  writer.Sequence([&] {
    if (!parts.country.empty()) WriteAttribute(writer, oid::kCountryName, parts.country);
    if (!parts.organization.empty()) {
      WriteAttribute(writer, oid::kOrganizationName, parts.organization);
    }
    for (const std::string& unit : parts.units) {
      WriteAttribute(writer, oid::kOrganizationalUnitName, unit);
    }
    if (!parts.common_name.empty()) WriteAttribute(writer, oid::kCommonName, parts.common_name);
  });
  return writer.Take();
}

Time ReadTime(der::Reader& reader) {
  const bool utc = reader.NextIs(der::kUtcTime);
  const OctetView contents = reader.Primitive(utc ? der::kUtcTime : der::kGeneralizedTime);
  if (!reader.ok()) return 0;
  const std::string text(contents.begin(), contents.end());
  const auto time = utc ? der::ParseUtcTime(text) : der::ParseGeneralizedTime(text);
  if (!time) reader.Fail("time is not in the calendar");
  return time.value_or(0);
}

}  // namespace setcore::pki
