#include "setcore/crypto/pkcs8.h"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>
#include <climits>
#include <memory>
#include <stdexcept>

#include "setcore/asn1/oids.h"
#include "setcore/asn1/reader.h"
#include "setcore/asn1/values.h"
#include "setcore/asn1/writer.h"
#include "setcore/crypto/library.h"
#include "setcore/crypto/rsa.h"
#include "setcore/crypto/secret_der.h"

namespace setcore::crypto {
namespace {

constexpr std::string_view kPrivateKeyLabel = "PRIVATE KEY";

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;

// AlgorithmIdentifier { rsaEncryption, NULL }.
void ReadRsaAlgorithm(der::Reader& reader) {
  reader.Sequence([&reader] {
    der::Oid algorithm;
    Io(reader, algorithm);
    if (reader.ok() && !(algorithm == oid::kRsaEncryption)) reader.Fail("not an RSA key");
    reader.Primitive(der::kNull);
  });
}

void WriteRsaAlgorithm(der::Writer& writer) {
  writer.Sequence([&writer] {
    writer.Primitive(der::kObjectIdentifier, oid::kRsaEncryption.contents());
    writer.Primitive(der::kNull, {});
  });
}

OctetView ReadUnsigned(der::Reader& reader) {
  const OctetView contents = reader.Primitive(der::kInteger);
  if (!reader.ok()) return {};
  if ((contents[0] & 0x80) != 0) reader.Fail("negative number in a key");
  return contents;
}

void WriteUnsigned(der::Writer& writer, OctetView number) {
  Octets contents(number.size() + 1);
  std::copy(number.begin(), number.end(), contents.begin() + 1);
  const bool lead = number.empty() || (number[0] & 0x80) != 0;
  writer.Primitive(der::kInteger, OctetView(contents).subspan(lead ? 0 : 1));
}

void ReadZero(der::Reader& reader) {
  der::Integer<0, 0> version;
  Io(reader, version);
}

}  // namespace

Result<RsaPublicParts> ReadSpki(OctetView der) {
  RsaPublicParts parts;
  der::Reader outer(der);
  OctetView bits;
  outer.Sequence([&] {
    ReadRsaAlgorithm(outer);
    bits = outer.Primitive(der::kBitString);
  });
  if (outer.ok() && !outer.AtEnd()) outer.Fail("octets behind the key");
  if (outer.ok() && (bits.empty() || bits[0] != 0)) outer.Fail("key of incomplete octets");
  if (!outer.ok()) return Fail(ErrorCode::kDecodingFailure, outer.fault());
  der::Reader inner(bits.subspan(1));
  inner.Sequence([&] {
    parts.modulus = ReadUnsigned(inner);
    parts.exponent = ReadUnsigned(inner);
  });
  if (inner.ok() && !inner.AtEnd()) inner.Fail("octets behind the key");
  if (!inner.ok()) return Fail(ErrorCode::kDecodingFailure, inner.fault());
  return parts;
}

Octets WriteSpki(OctetView modulus, OctetView exponent) {
  der::Writer inner;
  inner.Sequence([&] {
    WriteUnsigned(inner, modulus);
    WriteUnsigned(inner, exponent);
  });
  Octets bits = inner.Take();
  bits.insert(bits.begin(), 0);
  der::Writer outer;
  outer.Sequence([&] {
    WriteRsaAlgorithm(outer);
    outer.Primitive(der::kBitString, bits);
  });
  return outer.Take();
}

Result<RsaPrivateParts> ReadPkcs8(OctetView der) {
  RsaPrivateParts parts;
  der::Reader outer(der);
  OctetView octets;
  outer.Sequence([&] {
    ReadZero(outer);
    ReadRsaAlgorithm(outer);
    octets = outer.Primitive(der::kOctetString);
    // attributes [0], which say nothing about the key
    if (outer.NextIs(der::Context(0, true))) outer.TakeOpen();
  });
  if (outer.ok() && !outer.AtEnd()) outer.Fail("octets behind the key");
  if (!outer.ok()) return Fail(ErrorCode::kDecodingFailure, outer.fault());
  der::Reader inner(octets);
  inner.Sequence([&] {
    ReadZero(inner);
    for (OctetView* number :
         {&parts.modulus, &parts.public_exponent, &parts.private_exponent, &parts.prime1,
          &parts.prime2, &parts.exponent1, &parts.exponent2, &parts.coefficient}) {
      *number = ReadUnsigned(inner);
    }
  });
  if (inner.ok() && !inner.AtEnd()) inner.Fail("octets behind the key");
  if (!inner.ok()) return Fail(ErrorCode::kDecodingFailure, inner.fault());
  return parts;
}

SecretOctets WritePkcs8(const RsaPublicParts& public_parts, const RsaSecretNumbers& secret) {
  static constexpr std::uint8_t kZero[] = {0};
  const auto number = [](OctetView digits) {
    const bool lead = digits.empty() || (digits[0] & 0x80) != 0;
    return SecretElement(der::kInteger, {OctetView(kZero).first(lead ? 1 : 0), digits});
  };
  const SecretOctets version = number(kZero);
  const SecretOctets key = SecretElement(
      der::kSequence,
      {version.view(), number(public_parts.modulus).view(), number(public_parts.exponent).view(),
       number(secret.private_exponent.view()).view(), number(secret.prime1.view()).view(),
       number(secret.prime2.view()).view(), number(secret.exponent1.view()).view(),
       number(secret.exponent2.view()).view(), number(secret.coefficient.view()).view()});
  der::Writer algorithm;
  WriteRsaAlgorithm(algorithm);
  const Octets algorithm_der = algorithm.Take();
  return SecretElement(der::kSequence, {version.view(), algorithm_der,
                                        SecretElement(der::kOctetString, {key.view()}).view()});
}

Result<std::vector<PemBlock>> ReadPem(OctetView text) {
  ErrorMark mark;
  std::vector<PemBlock> blocks;
  if (text.empty()) return blocks;
  if (text.size() > INT_MAX) return Fail(ErrorCode::kMessageTooBig, "PEM text");
  Bio bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &BIO_free);
  if (bio == nullptr) throw std::bad_alloc();
  for (;;) {
    char* name = nullptr;
    char* header = nullptr;
    unsigned char* data = nullptr;
    long size = 0;
    if (PEM_read_bio(bio.get(), &name, &header, &data, &size) != 1) {
      if (ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE) return blocks;
      return Fail(ErrorCode::kDecodingFailure, "PEM block is damaged");
    }
    PemBlock block;
    block.label = name;
    block.header = header;
    block.der = SecretOctets(OctetView(data, static_cast<std::size_t>(size)));
    OPENSSL_free(name);
    OPENSSL_free(header);
    OPENSSL_clear_free(data, static_cast<std::size_t>(size));
    blocks.push_back(std::move(block));
  }
}

SecretString WritePem(std::string_view label, OctetView der) {
  ErrorMark mark;
  Bio bio(BIO_new(BIO_s_secmem()), &BIO_free);
  const std::string name(label);
  char* text = nullptr;
  if (bio == nullptr ||
      PEM_write_bio(bio.get(), name.c_str(), "", der.data(), static_cast<long>(der.size())) <= 0) {
    throw std::bad_alloc();
  }
  const long size = BIO_get_mem_data(bio.get(), &text);
  return SecretString(std::string_view(text, static_cast<std::size_t>(size)));
}

Result<RsaPrivateKey> RsaPrivateKey::FromPem(OctetView pem) {
  auto blocks = ReadPem(pem);
  if (!blocks) return tl::unexpected(blocks.error());
  for (const PemBlock& block : *blocks) {
    if (block.label == "ENCRYPTED PRIVATE KEY" || !block.header.empty()) {
      return Fail(ErrorCode::kDecodingFailure,
                  "private key is encrypted; decrypt it first: openssl pkcs8 -in KEY -out PLAIN");
    }
    if (block.label == kPrivateKeyLabel) return FromPkcs8(block.der.view());
  }
  return Fail(ErrorCode::kDecodingFailure, "no PRIVATE KEY (PKCS#8) block");
}

SecretString RsaPrivateKey::Pem() const { return WritePem(kPrivateKeyLabel, Pkcs8().view()); }

}  // namespace setcore::crypto
