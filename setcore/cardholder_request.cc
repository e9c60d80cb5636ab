// PReq, dual signed and unsigned (set-processing.md, 5.1 to 5.3).
#include <algorithm>
#include <string>
#include <utility>

#include "setcore/cardholder.h"
#include "setcore/cardholder_checks.h"
#include "setcore/crypto/des.h"
#include "setcore/messages/purchase_request.h"
#include "setcore/messages/receive.h"
#include "setcore/order.h"
#include "setcore/treatments/digested.h"
#include "setcore/treatments/enveloped.h"
#include "setcore/treatments/signed.h"

namespace setcore {
namespace {

// Octets set aside for an encoding with account data, so that no copy of it stays behind.
constexpr std::size_t kSecretReserve = 8192;

void Wipe(std::string& text) {
  Cleanse({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
}

// PANData or PANToken that is wiped when it goes.
template <class T>
struct Wiped {
  T value;
  Wiped() = default;
  Wiped(const Wiped&) = delete;
  Wiped& operator=(const Wiped&) = delete;
  ~Wiped() {
    Wipe(value.pan.value);
    Wipe(value.card_expiry.value);
    if constexpr (requires { value.pan_secret; }) Cleanse(value.pan_secret);
    Cleanse(value.ex_nonce);
  }
};

template <class T>
Result<SecretOctets> EncodeSecret(const T& value) {
  der::Writer writer(kSecretReserve);
  Io(writer, const_cast<T&>(value));  // a Writer changes nothing
  Octets octets = writer.Take();
  SecretOctets secret{OctetView(octets)};
  Cleanse(octets);
  if (!writer.ok()) return Fail(ErrorCode::kUnspecifiedFailure, writer.fault());
  return secret;
}

// SEQUENCE { piHead, account }, of which only the digest is ever used.
Result<SecretOctets> Join(const Octets& pi_head, const SecretOctets& account) {
  der::Writer writer(kSecretReserve);
  writer.Sequence([&] {
    writer.Raw(pi_head);
    writer.Raw(account.view());
  });
  Octets octets = writer.Take();
  SecretOctets secret{OctetView(octets)};
  Cleanse(octets);
  return secret;
}

// The merchant's name in the language of the terms, else the first one.
std::string NameForPeople(const pki::MerchantData& data, std::string_view language) {
  const auto spoken = std::find_if(data.names.begin(), data.names.end(), [&](const auto& name) {
    return name.language && *name.language == language;
  });
  if (spoken != data.names.end()) return spoken->name;
  return data.names.empty() ? data.merchant_id : data.names.front().name;
}

// What both forms of PReq hold, in the order of 5.1.
struct Order {
  msg::OIData oi_data;
  Octets oi_der;
  Octets pi_head;  // DER
  SecretOctets back_key;
};

// Step 3 of 5.1: an algorithm that both sides can do, with a fresh key.
std::optional<msg::BackKeyData> DrawBackKey(const Environment& env, const Card& card,
                                            const pki::Certificate& cert_pe) {
  const auto& tunneling = cert_pe.tunneling();
  if (!card.wants_acquirer_message || !tunneling || !tunneling->tunneling ||
      std::find(tunneling->algorithms.begin(), tunneling->algorithms.end(), oid::kDesCbc) ==
          tunneling->algorithms.end()) {
    return std::nullopt;
  }
  msg::BackKeyData data;
  data.back_key.value.resize(crypto::kDesBlock);
  env.random->Fill(data.back_key.value);
  crypto::SetOddParity(data.back_key.value);
  Octets iv(crypto::kDesBlock);
  env.random->Fill(iv);
  data.back_alg_id = {oid::kDesCbc, msg::Any{der::MustEncode(iv)}};
  return data;
}

Result<Order> ComposeOrder(const Environment& env, const Card& card, const PurchaseTerms& terms,
                           const cardholder::PInitExchange& init) {
  Order order;
  msg::OIData& oi = order.oi_data;
  oi.trans_ids = init.response.trans_ids;
  env.random->Fill(oi.rrpid);
  oi.chall_c = init.request.chall_c;
  env.random->Fill(oi.od_salt);
  const Result<Octets> hod_input = HodInput(terms, oi.od_salt, std::nullopt);
  if (!hod_input) return tl::unexpected<Error>(hod_input.error());
  oi.hod = treatments::DetachedDigest(oid::kHodInput, *hod_input);
  oi.chall_m = init.response.chall_m;
  oi.brand_id = init.request.brand_id;
  oi.bin = init.request.bin;
  Result<Octets> oi_der = der::Encode(oi);
  if (!oi_der) return tl::unexpected<Error>(std::move(oi_der).error());
  order.oi_der = *std::move(oi_der);

  msg::PIHead head;
  head.trans_ids = oi.trans_ids;
  head.inputs = {oi.hod, AmountOf(terms.purch_amt)};
  const auto merchant_id = der::SetString::FromUtf8(init.merchant->merchant_data()->merchant_id);
  if (!merchant_id) return Fail(ErrorCode::kUnspecifiedFailure, "MerchantID SET cannot write");
  head.merchant_id.value = *merchant_id;
  head.install_recur_data = InstallRecurDataOf(terms);
  const auto stain = treatments::TransStain(oi.trans_ids.value.xid, card.card_secret);
  head.trans_stain.value.assign(stain.begin(), stain.end());
  head.sw_ident.value = terms.sw_ident;
  head.acq_back_key_data = DrawBackKey(env, card, *init.cert_pe);
  Result<Octets> pi_head = der::Encode(head);
  if (head.acq_back_key_data) {
    Octets& key = head.acq_back_key_data->back_key.value;
    order.back_key = SecretOctets(OctetView(key));
    Cleanse(key);
  }
  if (!pi_head) return tl::unexpected<Error>(std::move(pi_head).error());
  order.pi_head = *std::move(pi_head);
  return order;
}

// 5.2, the seven steps.
Result<msg::PReq> DualSigned(const Environment& env, const Card& card, const Order& order,
                             const pki::Certificate& cert_pe) {
  Wiped<msg::PANData> account;
  account.value.pan.value = card.pan;
  account.value.card_expiry.value = card.expiry;
  if (card.pan_secret.size() != account.value.pan_secret.size()) {
    return Fail(ErrorCode::kUnspecifiedFailure, "PANSecret of another size");
  }
  std::ranges::copy(card.pan_secret, account.value.pan_secret.begin());
  env.random->Fill(account.value.ex_nonce);
  const treatments::EnvelopeRandoms randoms = treatments::DrawEnvelopeRandoms(*env.random);
  const auto pan_data = EncodeSecret(account.value);
  if (!pan_data) return tl::unexpected<Error>(pan_data.error());
  const auto pi_data = Join(order.pi_head, *pan_data);
  if (!pi_data) return tl::unexpected<Error>(pi_data.error());

  const msg::PITBS tbs{treatments::DetachedDigest(oid::kPiData, pi_data->view()),
                       treatments::DetachedDigest(oid::kOiData, order.oi_der)};
  msg::PReqDualSigned preq;
  msg::PIDualSigned& pi = preq.pi_dual_signed.value;
  pi.pi_signature =
      treatments::SignDetached({*card.key, card.chain}, oid::kPiTbs, der::MustEncode(tbs));
  const Octets oi_link = treatments::Link(order.pi_head, oid::kOiData, order.oi_der);
  auto envelope = treatments::SealLinked(cert_pe, oid::kPiDualSignedTbe, oi_link, oid::kPanData,
                                         pan_data->view(), crypto::OaepUse::kExPanData, randoms);
  if (!envelope) return tl::unexpected<Error>(std::move(envelope).error());
  pi.ex_pi_data = *std::move(envelope);
  preq.oi_dual_signed = {{order.oi_data, order.oi_der}, tbs.h_pi_data};
  return msg::PReq{std::move(preq)};
}

// 5.3.
Result<msg::PReq> Unsigned(const Environment& env, const Card& card, const Order& order,
                           const pki::Certificate& cert_pe) {
  Wiped<msg::PANToken> account;
  account.value.pan.value = card.pan;
  account.value.card_expiry.value = card.expiry;
  env.random->Fill(account.value.ex_nonce);
  const treatments::EnvelopeRandoms randoms = treatments::DrawEnvelopeRandoms(*env.random);
  const auto pan_token = EncodeSecret(account.value);
  if (!pan_token) return tl::unexpected<Error>(pan_token.error());
  const auto pi_data = Join(order.pi_head, *pan_token);
  if (!pi_data) return tl::unexpected<Error>(pi_data.error());

  msg::PReqUnsigned preq;
  const Octets oi_link = treatments::Link(order.pi_head, oid::kOiData, order.oi_der);
  auto envelope = treatments::SealLinked(cert_pe, oid::kPiUnsignedTbe, oi_link, oid::kPanToken,
                                         pan_token->view(), crypto::OaepUse::kExhPanToken, randoms);
  if (!envelope) return tl::unexpected<Error>(std::move(envelope).error());
  preq.pi_unsigned.value = *std::move(envelope);
  preq.oi_unsigned = {{order.oi_data, order.oi_der},
                      treatments::DetachedDigest(oid::kPiDataUnsigned, pi_data->view())};
  return msg::PReq{std::move(preq)};
}

}  // namespace

Result<ComposedPReq> ComposePReq(const Environment& env, const Card& card,
                                 const pki::TrustStore& trust, const PurchaseTerms& terms,
                                 OctetView pinitreq, OctetView pinitres) {
  const auto init = cardholder::CheckPInitRes(env, trust, pinitreq, pinitres);
  if (!init) return tl::unexpected<Error>(init.error());
  const bool has_certificate = card.key != nullptr && !card.chain.empty();
  if (!has_certificate && init->cert_pe->card_cert_required()) {
    auto failure = Fail(ErrorCode::kSignatureRequired, "the gateway wants cardholder certificates");
    failure.value().silent = true;
    return failure;
  }
  Result<Order> order = ComposeOrder(env, card, terms, *init);
  if (!order) return tl::unexpected<Error>(std::move(order).error());
  const Result<msg::PReq> preq = has_certificate ? DualSigned(env, card, *order, *init->cert_pe)
                                                 : Unsigned(env, card, *order, *init->cert_pe);
  if (!preq) return tl::unexpected<Error>(preq.error());
  Result<Octets> der = der::Encode(*preq);
  if (!der) return tl::unexpected<Error>(std::move(der).error());

  const msg::TransIDs& ids = order->oi_data.trans_ids.value;
  const msg::RRPID& rrpid = order->oi_data.rrpid;
  Result<Octets> message = Wrap(MakeHeader(env.now, terms.sw_ident, rrpid, IdsOf(ids)),
                                msg::MessageType::kPReq, *std::move(der));
  if (!message) return tl::unexpected<Error>(std::move(message).error());
  ComposedPReq composed;
  composed.message = *std::move(message);
  composed.xid.assign(ids.xid.begin(), ids.xid.end());
  composed.rrpid.assign(rrpid.begin(), rrpid.end());
  if (ids.lid_m) composed.lid_m = ids.lid_m->value;
  composed.merchant_name = NameForPeople(*init->merchant->merchant_data(), terms.language);
  composed.acq_back_key = std::move(order->back_key);
  return composed;
}

}  // namespace setcore
