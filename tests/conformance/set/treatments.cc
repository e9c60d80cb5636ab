#include "set/treatments.h"

#include <algorithm>

#include "setcore/asn1/lint.h"

namespace conform::set {
namespace {

Octets Null() { return {0x05, 0x00}; }

Octets OidSha1() { return Oid({1, 3, 14, 3, 2, 26}); }
Octets OidDesCbc() { return Oid({1, 3, 14, 3, 2, 7}); }
Octets OidRsa() { return Oid({1, 2, 840, 113549, 1, 1, 1}); }
Octets OidOaep() { return Oid({1, 2, 840, 113549, 1, 1, 6}); }
Octets OidContentType() { return Oid({1, 2, 840, 113549, 1, 9, 3}); }
Octets OidMessageDigest() { return Oid({1, 2, 840, 113549, 1, 9, 4}); }

Octets Element(std::uint8_t tag, const Octets& contents) {
  Octets out{tag, static_cast<std::uint8_t>(contents.size())};
  out.insert(out.end(), contents.begin(), contents.end());
  return out;
}

Value AnAttribute(const Octets& type, const Octets& value) {
  Value attribute;
  attribute["type"] = type;
  attribute["values"].Add(Value::Der(value));
  return attribute;
}

Octets AttributesDer(Content content, const Octets& digest) {
  Value attributes;
  attributes.Add(AnAttribute(OidContentType(), Element(0x06, ContentOid(content))));
  attributes.Add(AnAttribute(OidMessageDigest(), Element(0x04, digest)));
  return Encode("Attributes", attributes);
}

// H1: SHA-1(E-Salt | counter) concatenated, leading octets (O-1b).
Octets Mask(const Octets& salt, std::size_t size) {
  Octets mask;
  for (std::uint8_t counter = 0; mask.size() < size; ++counter) {
    const Octets digest = Sha1(Concat({salt, Octets{0, 0, 0, counter}}));
    mask.insert(mask.end(), digest.begin(), digest.end());
  }
  mask.resize(size);
  return mask;
}

// H2: the trailing 16 octets of SHA-1(A).
Octets SaltMask(const Octets& a) {
  const Octets digest = Sha1(a);
  return {digest.begin() + 4, digest.end()};
}

Octets Xor(const Octets& a, const Octets& b) {
  Octets out(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) out[i] = a[i] ^ b[i];
  return out;
}

void Check(bool holds, const char* step) {
  if (!holds) throw Malformed(step);
}

bool IsAlgorithm(const Value& algorithm, const Octets& oid) {
  return algorithm.at("algorithm").octets() == oid &&
         (!algorithm.Has("parameters") || algorithm.at("parameters").der() == Null());
}

}  // namespace

Octets Oid(std::initializer_list<unsigned> arcs) {
  Octets out;
  const auto append = [&](unsigned arc) {
    int shift = 28;
    while (shift > 0 && arc >> shift == 0) shift -= 7;
    for (; shift > 0; shift -= 7)
      out.push_back(static_cast<std::uint8_t>(0x80 | (arc >> shift & 0x7F)));
    out.push_back(static_cast<std::uint8_t>(arc & 0x7F));
  };
  const unsigned* arc = arcs.begin();
  append(arc[0] * 40 + arc[1]);
  for (arc += 2; arc != arcs.end(); ++arc) append(*arc);
  return out;
}

Octets ContentOid(Content content) { return Oid({2, 23, 42, 0, static_cast<unsigned>(content)}); }

Value Algorithm(const Octets& oid) {
  Value algorithm;
  algorithm["algorithm"] = oid;
  algorithm["parameters"] = Value::Der(Null());
  return algorithm;
}

Value Sha1Algorithm() { return Algorithm(OidSha1()); }

Value IssuerAndSerial(const Octets& certificate) {
  const Value decoded = Decode("Certificate", certificate);
  Value out;
  out["issuer"] = Value::Der(decoded.at("toBeSigned.issuer").der());
  out["serialNumber"] = decoded.at("toBeSigned.serialNumber").octets();
  return out;
}

Octets ThumbOf(const Octets& certificate) {
  return Sha1(Decode("Certificate", certificate).at("toBeSigned").der());
}

Value CertThumb(const Octets& certificate) {
  Value thumb;
  thumb["digestAlgorithm"] = Sha1Algorithm();
  thumb["thumbprint"] = ThumbOf(certificate);
  return thumb;
}

Key PublicKeyOf(const Octets& certificate) {
  return Key::FromPublic(
      Decode("Certificate", certificate).at("toBeSigned.subjectPublicKeyInfo").der());
}

Value DigestOf(Content content, const Octets& der) {
  Value dd;
  dd["ddVersion"] = 0;
  dd["digestAlgorithm"] = Sha1Algorithm();
  dd["contentInfo.contentType"] = ContentOid(content);
  dd["digest"] = Sha1(der);
  return dd;
}

std::string DigestFault(const Value& dd, Content content, const Octets& der) {
  if (!IsAlgorithm(dd.at("digestAlgorithm"), OidSha1())) return "algorithm is not SHA-1";
  if (dd.at("contentInfo.contentType").octets() != ContentOid(content)) return "content type";
  if (dd.Has("contentInfo.content")) return "content is present";
  return dd.at("digest").octets() == Sha1(der) ? "" : "digest differs";
}

Octets SignedData(const Identity& signer, Content content, const Octets& der,
                  const Signing& signing) {
  Value out;
  out["sdVersion"] = 2;
  out["digestAlgorithms"].Add(Sha1Algorithm());
  out["contentInfo.contentType"] = ContentOid(content);
  if (!signing.content_absent) out["contentInfo.content"] = Value::Der(der);
  Value& certificates = out["certificates"];
  for (const Octets& certificate : signer.chain) certificates.Add(Value::Der(certificate));
  for (const Octets& certificate : signing.more_certificates) {
    if (std::find(signer.chain.begin(), signer.chain.end(), certificate) == signer.chain.end()) {
      certificates.Add(Value::Der(certificate));
    }
  }
  const Octets attributes = AttributesDer(content, Sha1(der));
  Value info;
  info["siVersion"] = 2;
  info["issuerAndSerialNumber"] = IssuerAndSerial(signer.certificate());
  info["digestAlgorithm"] = Sha1Algorithm();
  info["authenticatedAttributes"] = Value::Der(attributes);
  info["digestEncryptionAlgorithm"] = Algorithm(OidRsa());
  info["encryptedDigest"] = signer.key.Sign(Sha1(attributes));
  out["signerInfos"].Add(std::move(info));
  if (signing.spoil) signing.spoil(out);
  return Encode("SignedData", out);
}

Octets Verified(const Value& signed_data, Content content, const std::vector<Octets>& signers,
                const Octets* detached) {
  for (std::size_t i = 0; i < signed_data.at("digestAlgorithms").size(); ++i) {
    Check(IsAlgorithm(signed_data.at("digestAlgorithms").at(i), OidSha1()), "digestAlgorithms");
  }
  Check(signed_data.at("contentInfo.contentType").octets() == ContentOid(content),
        "contentInfo.contentType");
  Check(signed_data.Has("contentInfo.content") == (detached == nullptr),
        "content present or absent");
  const Octets der = detached != nullptr ? *detached : signed_data.at("contentInfo.content").der();
  Check(signed_data.at("signerInfos").size() == 1, "exactly one SignerInfo");
  const Value& info = signed_data.at("signerInfos").at(0);
  Check(IsAlgorithm(info.at("digestAlgorithm"), OidSha1()), "SignerInfo.digestAlgorithm");
  Check(IsAlgorithm(info.at("digestEncryptionAlgorithm"), OidRsa()), "digestEncryptionAlgorithm");
  Check(!info.Has("unauthenticatedAttributes"), "unauthenticatedAttributes");
  // contentType, then messageDigest, and nothing else (set-processing.md, 3.1).
  const Octets& attributes = info.at("authenticatedAttributes").der();
  Check(attributes == AttributesDer(content, Sha1(der)), "authenticated attributes");
  for (const Octets& certificate : signers) {
    const Value name = IssuerAndSerial(certificate);
    const Value& claimed = info.at("issuerAndSerialNumber");
    if (claimed.at("issuer").der() != name.at("issuer").der() ||
        claimed.at("serialNumber").octets() != name.at("serialNumber").octets()) {
      continue;
    }
    Check(PublicKeyOf(certificate).Verify(Sha1(attributes), info.at("encryptedDigest").octets()),
          "signature");
    return der;
  }
  throw Malformed("signer is not whom it should be");
}

EnvelopeSecrets DrawEnvelope(const Dice& dice, const std::string& prefix) {
  EnvelopeSecrets secrets;
  secrets.des_key = WithOddParity(dice(prefix + "-des-key", 8));
  secrets.iv = dice(prefix + "-iv", 8);
  secrets.e_salt = dice(prefix + "-e-salt", 16);
  secrets.i = dice(prefix + "-i", 1).front();
  return secrets;
}

Octets OaepBlock(const EnvelopeSecrets& secrets, std::uint8_t bc, const Octets& hd, const Octets& x,
                 std::size_t k) {
  Octets db = Concat({Octets{0x03, bc}, Octets(7, 0), secrets.des_key, hd, x});
  if (db.size() > k - 17) throw std::logic_error("extra data too long");
  db.resize(k - 17);
  const Octets a = Xor(db, Mask(secrets.e_salt, k - 17));
  const Octets b = Xor(secrets.e_salt, SaltMask(a));
  return Concat({Octets{secrets.i}, a, b});
}

Opened OpenBlock(const Octets& block, std::uint8_t bc) {
  const std::size_t k = block.size();
  const Octets a(block.begin() + 1, block.end() - 16);
  const Octets b(block.end() - 16, block.end());
  const Octets db = Xor(a, Mask(Xor(b, SaltMask(a)), k - 17));
  Check(db[0] == 0x03, "OAEP: BT");
  Check(db[1] == bc, "OAEP: BC");
  Check(std::all_of(db.begin() + 2, db.begin() + 9, [](auto octet) { return octet == 0; }),
        "OAEP: V");
  auto at = db.begin() + 9;
  Opened opened;
  opened.des_key.assign(at, at + 8);
  at += 8;
  if ((bc & 0x80) != 0) {
    opened.hd.assign(at, at + 20);
    at += 20;
  }
  if ((bc & 0x7F) != 0) {
    setcore::der::Element element;
    Check(setcore::der::ParseElement(OctetView(&*at, static_cast<std::size_t>(db.end() - at)),
                                     element) == nullptr,
          "OAEP: X is no DER");
    opened.x.assign(at, at + static_cast<std::ptrdiff_t>(element.size));
    at += static_cast<std::ptrdiff_t>(element.size);
  }
  Check(std::all_of(at, db.end(), [](auto octet) { return octet == 0; }), "OAEP: filler");
  return opened;
}

Octets EnvelopedData(const Octets& recipient, const Octets& plaintext,
                     const EnvelopeSecrets& secrets, const Envelope& envelope) {
  const Key key = PublicKeyOf(recipient);
  const bool hashed = (envelope.bc & 0x80) != 0;
  Octets block =
      OaepBlock(secrets, envelope.bc, hashed ? Sha1(plaintext) : Octets(), envelope.x, key.size());
  Value info;
  info["riVersion"] = 0;
  info["issuerAndSerialNumber"] = IssuerAndSerial(recipient);
  info["keyEncryptionAlgorithm"] = Algorithm(OidOaep());
  info["encryptedKey"] = key.RawPublic(block);
  Value out;
  out["edVersion"] = 1;
  out["recipientInfos"].Add(std::move(info));
  Value& content = out["encryptedContentInfo"];
  content["contentType"] = ContentOid(envelope.content);
  content["contentEncryptionAlgorithm.algorithm"] = OidDesCbc();
  content["contentEncryptionAlgorithm.parameters"] = Value::Der(Element(0x04, secrets.iv));
  content["encryptedContent"] = DesEncrypt(secrets.des_key, secrets.iv, plaintext);
  if (envelope.spoil) envelope.spoil(out);
  return Encode("EnvelopedData", out);
}

Plain OpenEnvelope(const Value& enveloped, const Identity& recipient, Content content,
                   std::uint8_t bc) {
  Check(enveloped.at("recipientInfos").size() == 1, "exactly one RecipientInfo");
  const Value& info = enveloped.at("recipientInfos").at(0);
  const Value name = IssuerAndSerial(recipient.certificate());
  Check(info.at("issuerAndSerialNumber.issuer").der() == name.at("issuer").der() &&
            info.at("issuerAndSerialNumber.serialNumber").octets() ==
                name.at("serialNumber").octets(),
        "recipient");
  Check(IsAlgorithm(info.at("keyEncryptionAlgorithm"), OidOaep()), "keyEncryptionAlgorithm");
  const Value& body = enveloped.at("encryptedContentInfo");
  Check(body.at("contentType").octets() == ContentOid(content), "content type of the envelope");
  Check(body.at("contentEncryptionAlgorithm.algorithm").octets() == OidDesCbc(),
        "contentEncryptionAlgorithm");
  const Octets& iv = body.at("contentEncryptionAlgorithm.parameters").der();
  Check(iv.size() == 10 && iv[0] == 0x04 && iv[1] == 8, "IV");
  const Octets& encrypted_key = info.at("encryptedKey").octets();
  Check(encrypted_key.size() == recipient.key.size(), "encryptedKey");
  const Opened opened = OpenBlock(recipient.key.RawPrivate(encrypted_key), bc);
  Plain plain;
  plain.plaintext = DesDecrypt(opened.des_key, Octets(iv.begin() + 2, iv.end()),
                               body.at("encryptedContent").octets());
  Check(opened.hd.empty() || opened.hd == Sha1(plain.plaintext), "hash in the OAEP block");
  plain.x = opened.x;
  return plain;
}

}  // namespace conform::set
