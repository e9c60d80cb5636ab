#include "setcore/treatments/enveloped.h"

#include <algorithm>
#include <utility>

#include "setcore/asn1/codec.h"
#include "setcore/asn1/lint.h"
#include "setcore/crypto/constant_time.h"
#include "setcore/crypto/secret_der.h"
#include "setcore/messages/pan.h"
#include "setcore/treatments/algorithms.h"
#include "setcore/treatments/digested.h"

namespace setcore::treatments {
namespace {

constexpr std::uint8_t kMaxI = 0x7F;

// D-4: whatever is wrong with an envelope, this is all that anybody learns.
tl::unexpected<Error> CannotOpen() {
  auto failure = Fail(ErrorCode::kDecodingFailure, "envelope cannot be opened");
  Error error = std::move(failure.value());
  error.envelope = true;
  return tl::unexpected<Error>(std::move(error));
}

msg::IssuerAndSerialNumber NameOf(const pki::Certificate& certificate) {
  msg::IssuerAndSerialNumber name;
  name.issuer.der.assign(certificate.issuer().begin(), certificate.issuer().end());
  name.serial_number.contents.assign(certificate.serial().begin(), certificate.serial().end());
  return name;
}

// The IV of a DES-CBC content of this type; nothing if it is something else.
std::optional<Octets> IvOf(const msg::EncryptedContentInfo& content, const der::Oid& type) {
  if (!(content.content_type == type) ||
      !(content.content_encryption_algorithm.algorithm == oid::kDesCbc) ||
      !content.content_encryption_algorithm.parameters || !content.encrypted_content) {
    return std::nullopt;
  }
  der::Reader reader(content.content_encryption_algorithm.parameters->der);
  const OctetView iv = reader.Primitive(der::kOctetString);
  if (!reader.ok() || !reader.AtEnd() || iv.size() != crypto::kDesBlock) return std::nullopt;
  return Octets(iv.begin(), iv.end());
}

// What an envelope says in clear, judged; the IV on success.
std::optional<Octets> PublicForm(const msg::EnvelopedData& e, const der::Oid& type) {
  if (e.version != 1 || e.recipient_infos.items.size() != 1) return std::nullopt;
  const msg::RecipientInfo& info = e.recipient_infos.items.front();
  if (info.version != 0 ||
      info.key_encryption_algorithm != msg::WithNull(oid::kRsaOaepEncryptionSet)) {
    return std::nullopt;
  }
  return IvOf(e.encrypted_content_info, type);
}

// The checks behind RSA, all made; `good` says whether they held.
struct Inside {
  Opened opened;
  std::uint32_t good = 0;
};

std::optional<Inside> OpenInside(Keys keys, const msg::EnvelopedData& enveloped,
                                 const der::Oid& type, crypto::OaepUse use, Random& random) {
  const std::optional<Octets> iv = PublicForm(enveloped, type);
  if (!iv) return std::nullopt;
  const msg::RecipientInfo& info = enveloped.recipient_infos.items.front();
  const auto chosen = std::ranges::find_if(keys, [&info](const ExchangeKey& key) {
    return NameOf(*key.certificate) == info.issuer_and_serial_number;
  });
  if (chosen == keys.end()) return std::nullopt;

  crypto::DesKey substitute;
  random.Fill(substitute.octets);
  const SecretOctets block = chosen->key->RawDecrypt(info.encrypted_key);
  crypto::OaepOpened oaep = crypto::OaepDecode(block.view(), use, substitute);
  crypto::DesOpened des = crypto::DesCbcDecrypt(
      oaep.content.des_key.view(), *iv, *enveloped.encrypted_content_info.encrypted_content);
  Inside inside;
  inside.good = oaep.good & des.good;
  if (crypto::LayoutOf(use).hash) {
    const crypto::Sha1Digest hd = crypto::Sha1(des.plaintext.view());
    std::uint32_t difference = 0;
    for (std::size_t i = 0; i < hd.size(); ++i) difference |= hd[i] ^ oaep.content.hash[i];
    inside.good &= crypto::MaskZero(difference);
  }
  inside.opened.plaintext = std::move(des.plaintext);
  inside.opened.extra = std::move(oaep.content.extra);
  inside.opened.recipient = chosen->certificate;
  return inside;
}

struct LinkedParts {
  OctetView t1;
  msg::DigestedData dd;
};

// Takes L(t1, t2) apart.
std::optional<LinkedParts> ReadLinked(OctetView der) {
  LinkedParts parts;
  der::Reader reader(der);
  reader.Sequence([&] {
    parts.t1 = reader.TakeOpen();
    Io(reader, parts.dd);
  });
  if (!reader.ok() || !reader.AtEnd()) return std::nullopt;
  return parts;
}

// The content of EncX: a value, and beside it the signature that also covers the PANToken.
struct SignedBeside {
  msg::Any content;
  msg::SignedData signature;
};

template <class Ar>
void Io(Ar& ar, SignedBeside& s) {
  ar.Sequence([&] { ar(s.content, s.signature); });
}

// What E holds in Enc and EncB.
struct SignedInside {
  msg::SignedData signed_data;
  const pki::Certificate* recipient = nullptr;

  const Octets& content() const { return signed_data.content_info.content->der; }
};

// Decrypts an Enc, whose content `has_form` judges; the signature is not looked at.
Result<SignedInside> Decrypt(Keys keys, const msg::EnvelopedData& enc, const der::Oid& tbe,
                             bool (*has_form)(OctetView content), Random& random) {
  std::optional<Inside> inside = OpenInside(keys, enc, tbe, crypto::OaepUse::kE, random);
  if (!inside) return CannotOpen();
  auto signed_data = der::Decode<msg::SignedData>(inside->opened.plaintext.view());
  const bool content_ok = signed_data && signed_data->content_info.content &&
                          has_form(signed_data->content_info.content->der);
  if (!content_ok || inside->good == 0) return CannotOpen();
  return SignedInside{*std::move(signed_data), inside->opened.recipient};
}

bool IsLinked(OctetView content) { return ReadLinked(content).has_value(); }
bool IsAnything(OctetView) { return true; }

bool IsPanToken(OctetView der) {
  auto token = der::Decode<msg::PANToken>(der);
  if (!token) return false;
  for (std::string* secret : {&token->pan.value, &token->card_expiry.value}) {
    Cleanse({reinterpret_cast<std::uint8_t*>(secret->data()), secret->size()});
  }
  return true;
}

// What EncX holds in EncBX.
struct BesideInside {
  SignedBeside beside;
  SecretOctets pan_token;
  const pki::Certificate* recipient = nullptr;
};

// Decrypts the `enc` of an EncBX; the signature is not looked at.
Result<BesideInside> DecryptX(Keys keys, const msg::EnvelopedData& enc, const der::Oid& tbe,
                              Random& random) {
  auto opened = Open(keys, enc, tbe, crypto::OaepUse::kEncXPanToken, random);
  if (!opened) return tl::unexpected<Error>(std::move(opened).error());
  auto beside = der::Decode<SignedBeside>(opened->plaintext.view());
  if (!beside || !IsLinked(beside->content.der) || !IsPanToken(opened->extra.view())) {
    return CannotOpen();
  }
  return BesideInside{*std::move(beside), std::move(opened->extra), opened->recipient};
}

// The t of an L(t, b) that has been found to be one.
Octets FirstOf(OctetView linked) {
  const OctetView t = ReadLinked(linked)->t1;
  return {t.begin(), t.end()};
}

// Compares DD(b) of such an L(t, b) with `baggage`.
Result<OpenedEnc> WithBaggage(OctetView linked, const EncBTypes& types, OctetView baggage,
                              Verified verified, const pki::Certificate* recipient) {
  if (!IsDetachedDigest(ReadLinked(linked)->dd, types.baggage, baggage)) {
    return Fail(ErrorCode::kSignatureFailure, "baggage is not the one that was signed");
  }
  return OpenedEnc{FirstOf(linked), std::move(verified), recipient};
}

}  // namespace

EnvelopeRandoms DrawEnvelopeRandoms(Random& random) {
  EnvelopeRandoms randoms;
  random.Fill(randoms.des_key.octets);
  crypto::SetOddParity(randoms.des_key.octets);
  random.Fill(randoms.iv);
  random.Fill(randoms.oaep.salt.octets);
  do {
    random.Fill({&randoms.oaep.i, 1});
  } while (randoms.oaep.i == 0 || randoms.oaep.i > kMaxI);
  return randoms;
}

Result<msg::EnvelopedData> Seal(const pki::Certificate& recipient, const der::Oid& type,
                                OctetView plaintext, crypto::OaepUse use, OctetView extra,
                                const EnvelopeRandoms& randoms) {
  if (recipient.fault()) return tl::unexpected<Error>(*recipient.fault());
  crypto::OaepContent content;
  content.des_key = randoms.des_key;
  if (crypto::LayoutOf(use).hash) content.hash = crypto::Sha1(plaintext);
  content.extra = SecretOctets(extra);
  auto block = crypto::OaepEncode(recipient.key()->size(), use, content, randoms.oaep);
  if (!block) return tl::unexpected(block.error());
  auto encrypted_key = recipient.key()->RawEncrypt(block->view());
  if (!encrypted_key) return tl::unexpected(encrypted_key.error());

  der::Writer iv;
  iv.Primitive(der::kOctetString, randoms.iv);
  msg::EnvelopedData out;
  msg::RecipientInfo info;
  info.issuer_and_serial_number = NameOf(recipient);
  info.encrypted_key = *std::move(encrypted_key);
  out.recipient_infos.items.push_back(std::move(info));
  out.encrypted_content_info.content_type = type;
  out.encrypted_content_info.content_encryption_algorithm = {oid::kDesCbc, msg::Any{iv.Take()}};
  out.encrypted_content_info.encrypted_content =
      crypto::DesCbcEncrypt(randoms.des_key.view(), randoms.iv, plaintext);
  return out;
}

Result<msg::EnvelopedData> SealLinked(const pki::Certificate& recipient, const der::Oid& type,
                                      OctetView t, const der::Oid& p_type, OctetView p,
                                      crypto::OaepUse use, const EnvelopeRandoms& randoms) {
  return Seal(recipient, type, Link(t, p_type, p), use, p, randoms);
}

Result<Opened> Open(Keys keys, const msg::EnvelopedData& enveloped, const der::Oid& type,
                    crypto::OaepUse use, Random& random) {
  std::optional<Inside> inside = OpenInside(keys, enveloped, type, use, random);
  if (!inside) return CannotOpen();
  const bool der_ok = der::Lint(inside->opened.plaintext.view()) == nullptr;
  if (!der_ok || inside->good == 0) return CannotOpen();
  return std::move(inside->opened);
}

Result<OpenedLinked> OpenLinked(Keys keys, const msg::EnvelopedData& enveloped,
                                const der::Oid& type, const der::Oid& p_type, crypto::OaepUse use,
                                Random& random) {
  std::optional<Inside> inside = OpenInside(keys, enveloped, type, use, random);
  if (!inside) return CannotOpen();
  const std::optional<LinkedParts> parts = ReadLinked(inside->opened.plaintext.view());
  const bool extra_ok = der::Lint(inside->opened.extra.view()) == nullptr;
  const bool linked = parts && IsDetachedDigest(parts->dd, p_type, inside->opened.extra.view());
  if (!extra_ok || !linked || inside->good == 0) return CannotOpen();
  return OpenedLinked{std::move(inside->opened), parts->t1};
}

Result<SecretOctets> OpenKeyed(OctetView key, const msg::EncryptedData& encrypted,
                               const der::Oid& type) {
  const std::optional<Octets> iv = IvOf(encrypted.encrypted_content_info, type);
  if (encrypted.version != 0 || key.size() != crypto::kDesBlock || !iv) return CannotOpen();
  crypto::DesOpened des =
      crypto::DesCbcDecrypt(key, *iv, *encrypted.encrypted_content_info.encrypted_content);
  const bool der_ok = der::Lint(des.plaintext.view()) == nullptr;
  if (!der_ok || des.good == 0) return CannotOpen();
  return std::move(des.plaintext);
}

Result<msg::EnvelopedData> SealEncB(const Signer& signer, const pki::Certificate& recipient,
                                    const EncBTypes& types, OctetView t, OctetView baggage,
                                    const EnvelopeRandoms& randoms) {
  return SealEnc(signer, recipient, {types.tbs, types.tbe}, Link(t, types.baggage, baggage),
                 randoms);
}

Result<msg::EnvelopedData> SealEnc(const Signer& signer, const pki::Certificate& recipient,
                                   const EncTypes& types, OctetView t,
                                   const EnvelopeRandoms& randoms) {
  const Octets signed_data = der::MustEncode(Sign(signer, types.data, t));
  return Seal(recipient, types.tbe, signed_data, crypto::OaepUse::kE, {}, randoms);
}

Result<OpenedEnc> OpenEncB(Keys keys, const msg::EnvelopedData& enc, OctetView baggage,
                           const EncBTypes& types, const pki::TrustStore& trust, pki::Role role,
                           const Environment& env) {
  const auto inside = Decrypt(keys, enc, types.tbe, IsLinked, *env.random);
  if (!inside) return tl::unexpected<Error>(inside.error());
  auto verified = VerifySigned(inside->signed_data, types.tbs, trust, role, env.now);
  if (!verified) return tl::unexpected<Error>(std::move(verified).error());
  return WithBaggage(inside->content(), types, baggage, *std::move(verified), inside->recipient);
}

Result<OpenedEnc> OpenEncBX(Keys keys, const msg::EnvelopedData& enc, OctetView baggage,
                            const EncBTypes& types, const pki::TrustStore& trust, pki::Role role,
                            const Environment& env) {
  const auto inside = DecryptX(keys, enc, types.tbe, *env.random);
  if (!inside) return tl::unexpected<Error>(inside.error());
  const OctetView linked = inside->beside.content.der;
  const SecretOctets content =
      crypto::SecretElement(der::kSequence, {linked, inside->pan_token.view()});
  auto verified =
      VerifyDetached(inside->beside.signature, types.tbs, content.view(), trust, role, env.now);
  if (!verified) return tl::unexpected<Error>(std::move(verified).error());
  return WithBaggage(linked, types, baggage, *std::move(verified), inside->recipient);
}

Result<OpenedEnc> OpenEnc(Keys keys, const msg::EnvelopedData& enc, const EncTypes& types,
                          const pki::TrustStore& trust, pki::Role role, const Environment& env) {
  const auto inside = Decrypt(keys, enc, types.tbe, IsAnything, *env.random);
  if (!inside) return tl::unexpected<Error>(inside.error());
  auto verified = VerifySigned(inside->signed_data, types.data, trust, role, env.now);
  if (!verified) return tl::unexpected<Error>(std::move(verified).error());
  return OpenedEnc{inside->content(), *std::move(verified), inside->recipient};
}

Result<Octets> RereadEncB(Keys keys, const msg::EnvelopedData& enc, const EncBTypes& types,
                          Random& random) {
  const auto inside = Decrypt(keys, enc, types.tbe, IsLinked, random);
  if (!inside) return tl::unexpected<Error>(inside.error());
  return FirstOf(inside->content());
}

Result<Octets> RereadEncBX(Keys keys, const msg::EnvelopedData& enc, const EncBTypes& types,
                           Random& random) {
  const auto inside = DecryptX(keys, enc, types.tbe, random);
  if (!inside) return tl::unexpected<Error>(inside.error());
  return FirstOf(inside->beside.content.der);
}

Result<Octets> RereadEnc(Keys keys, const msg::EnvelopedData& enc, const EncTypes& types,
                         Random& random) {
  const auto inside = Decrypt(keys, enc, types.tbe, IsAnything, random);
  if (!inside) return tl::unexpected<Error>(inside.error());
  return inside->content();
}

}  // namespace setcore::treatments
