#include "setcore/pki/revocation.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "setcore/asn1/codec.h"
#include "setcore/asn1/oids.h"
#include "setcore/messages/certificate_extensions.h"
#include "setcore/pki/signed_value.h"

namespace setcore::pki {
namespace {

constexpr std::size_t kMaxNamedCrls = 256;
constexpr int kCrlVersion2 = 1;

bool LessOctets(OctetView a, OctetView b) { return std::ranges::lexicographical_compare(a, b); }

Error Invalid(const char* why, const crypto::Sha1Digest& thumb) {
  Error error;
  error.code = ErrorCode::kInvalidCertificate;
  error.detail = why;
  error.thumb.assign(thumb.begin(), thumb.end());
  return error;
}

}  // namespace

// Fills lists; a friend so that they stay immutable for everybody else.
class RevocationParser {
 public:
  static Result<CrlPtr> ParseCrl(OctetView der) {
    std::shared_ptr<Crl> crl(new Crl);
    crl->der_.assign(der.begin(), der.end());
    der::Reader reader(crl->der_);
    const SignedValue value = ReadSignedValue(reader);
    if (!reader.ok()) return Fail(ErrorCode::kDecodingFailure, reader.fault());
    crl->tbs_ = value.to_be_signed;
    crl->signature_ = value.signature;
    std::vector<msg::Extension> extensions;
    der::Reader tbs(value.to_be_signed, 1);
    OctetView algorithm;
    tbs.Sequence([&] {
      der::Integer<kCrlVersion2, kCrlVersion2> version;
      tbs(version);
      algorithm = tbs.TakeOpen();
      crl->issuer_ = ReadName(tbs, nullptr);
      crl->this_update_ = ReadTime(tbs);
      if (tbs.NextIs(der::kUtcTime) || tbs.NextIs(der::kGeneralizedTime)) ReadTime(tbs);
      if (tbs.NextIs(der::kSequence)) {
        tbs.Sequence([&] {
          while (tbs.ok() && !tbs.AtEnd()) ReadEntry(tbs, *crl, extensions);
        });
      }
      if (tbs.NextIs(der::Context(0, true))) {
        std::vector<msg::Extension> own;
        tbs.Constructed(der::Context(0, true), [&] { Io(tbs, own); });
        std::ranges::move(own, std::back_inserter(extensions));
      }
    });
    if (!tbs.ok()) return Fail(ErrorCode::kDecodingFailure, tbs.fault());
    std::ranges::sort(crl->serials_, LessOctets);
    crl->thumb_ = crypto::Sha1(crl->tbs_);

    const auto digest = SignatureDigestOf(value.algorithm);
    if (!digest || !std::ranges::equal(algorithm, value.algorithm)) {
      return tl::unexpected(Invalid("CRL is signed by an unknown algorithm", crl->thumb_));
    }
    crl->signature_digest_ = *digest;
    for (const msg::Extension& extension : extensions) {
      if (extension.id == oid::kCrlNumber) {
        der::Reader number(extension.value);
        const OctetView contents = number.Primitive(der::kInteger);
        if (!number.ok() || !number.AtEnd()) {
          return tl::unexpected(Invalid("cRLNumber malformed", crl->thumb_));
        }
        crl->number_octets_.assign(contents.begin(), contents.end());
      } else if (extension.critical && !(extension.id == oid::kAuthorityKeyIdentifier)) {
        return tl::unexpected(Invalid("CRL has an unknown critical extension", crl->thumb_));
      }
    }
    return CrlPtr(std::move(crl));
  }

  static Result<BrandCrlIdentifierPtr> ParseBrandCrlIdentifier(OctetView der) {
    std::shared_ptr<BrandCrlIdentifier> bci(new BrandCrlIdentifier);
    bci->der_.assign(der.begin(), der.end());
    der::Reader reader(bci->der_);
    const SignedValue value = ReadSignedValue(reader);
    if (!reader.ok()) return Fail(ErrorCode::kDecodingFailure, reader.fault());
    bci->tbs_ = value.to_be_signed;
    bci->signature_ = value.signature;
    std::vector<msg::Extension> extensions;
    der::Reader tbs(value.to_be_signed, 1);
    tbs.Sequence([&] {
      der::Integer<0, 0> version;
      der::BigInteger sequence;
      der::SetText<40> brand;
      der::Date not_before;
      der::Date not_after;
      tbs(version, sequence, brand, not_before, not_after);
      if (!tbs.ok()) return;
      if (IsNegative(sequence.contents)) return tbs.Fail("sequenceNum negative");
      bci->brand_id_ = brand.Utf8();
      bci->not_before_ = not_before.value;
      bci->not_after_ = not_after.value;
      if (tbs.NextIs(der::Context(0, true))) {
        tbs.Constructed(der::Context(0, true), [&] {
          while (tbs.ok() && !tbs.AtEnd()) ReadNamed(tbs, *bci);
        });
      }
      if (tbs.NextIs(der::Context(1, true))) {
        tbs.Constructed(der::Context(1, true), [&] {
          while (tbs.ok() && !tbs.AtEnd()) Io(tbs, extensions.emplace_back());
        });
      }
    });
    if (!tbs.ok()) return Fail(ErrorCode::kDecodingFailure, tbs.fault());
    bci->thumb_ = crypto::Sha1(bci->tbs_);
    const auto digest = SignatureDigestOf(value.algorithm);
    if (!digest) {
      return tl::unexpected(Invalid("BrandCRLIdentifier: unknown algorithm", bci->thumb_));
    }
    bci->signature_digest_ = *digest;
    if (std::ranges::any_of(extensions, &msg::Extension::critical)) {
      return tl::unexpected(Invalid("BrandCRLIdentifier: unknown extension", bci->thumb_));
    }
    return BrandCrlIdentifierPtr(std::move(bci));
  }

 private:
  static bool IsNegative(OctetView contents) { return (contents[0] & 0x80) != 0; }

  static void ReadEntry(der::Reader& tbs, Crl& crl, std::vector<msg::Extension>& extensions) {
    tbs.Sequence([&] {
      crl.serials_.push_back(tbs.Primitive(der::kInteger));
      ReadTime(tbs);
      if (!tbs.AtEnd()) {
        std::vector<msg::Extension> own;
        Io(tbs, own);
        std::ranges::move(own, std::back_inserter(extensions));
      }
    });
  }

  static void ReadNamed(der::Reader& tbs, BrandCrlIdentifier& bci) {
    if (bci.crls_.size() == kMaxNamedCrls) return tbs.Fail("too many CRLs named");
    tbs.Sequence([&] {
      BrandCrlIdentifier::Named named;
      named.issuer = ReadName(tbs, nullptr);
      named.number = tbs.Primitive(der::kInteger);
      if (tbs.ok() && IsNegative(named.number)) tbs.Fail("crlNumber negative");
      bci.crls_.push_back(named);
    });
  }
};

Result<CrlPtr> Crl::Parse(OctetView der) { return RevocationParser::ParseCrl(der); }

bool Crl::Revokes(OctetView serial) const {
  return std::ranges::binary_search(serials_, serial, LessOctets);
}

bool Crl::IsSignedBy(const crypto::RsaPublicKey& key) const {
  return VerifySignedValue(tbs_, signature_digest_, signature_, key);
}

Result<BrandCrlIdentifierPtr> BrandCrlIdentifier::Parse(OctetView der) {
  return RevocationParser::ParseBrandCrlIdentifier(der);
}

bool BrandCrlIdentifier::IsSignedBy(const crypto::RsaPublicKey& key) const {
  return VerifySignedValue(tbs_, signature_digest_, signature_, key);
}

}  // namespace setcore::pki
