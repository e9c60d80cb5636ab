// The merchant judges what came back for an AuthReq (set-processing.md, 7.5, 7.6).

#include <algorithm>
#include <utility>

#include "setcore/crypto/secret.h"
#include "setcore/merchant.h"
#include "setcore/merchant_acquirer.h"
#include "setcore/merchant_common.h"
#include "setcore/messages/authorization.h"
#include "setcore/order.h"
#include "setcore/treatments/digested.h"
#include "setcore/treatments/enveloped.h"

namespace setcore {
namespace {

using merchant::Forward;

// SequenceOf joins two values into a SEQUENCE that is wiped when it goes.
SecretOctets SequenceOf(OctetView first, OctetView second) {
  const std::size_t size = first.size() + second.size();
  Octets head = {0x30};
  if (size < 0x80) {
    head.push_back(static_cast<std::uint8_t>(size));
  } else {
    Octets length;
    for (std::size_t rest = size; rest != 0; rest >>= 8) {
      length.insert(length.begin(), static_cast<std::uint8_t>(rest & 0xFF));
    }
    head.push_back(static_cast<std::uint8_t>(0x80 | length.size()));
    head.insert(head.end(), length.begin(), length.end());
  }
  SecretOctets sequence(head.size() + size);
  auto at = std::copy(head.begin(), head.end(), sequence.mutable_view().begin());
  at = std::copy(first.begin(), first.end(), at);
  std::copy(second.begin(), second.end(), at);
  return sequence;
}

bool IsPanToken(OctetView der) {
  auto token = der::Decode<msg::PANToken>(der);
  if (!token) return false;
  for (std::string* secret : {&token->pan.value, &token->card_expiry.value}) {
    Cleanse({reinterpret_cast<std::uint8_t*>(secret->data()), secret->size()});
  }
  return true;
}

// OpenEncBX opens EncBX(P, M, AuthResData, AuthResBaggage, PANToken): the signature, beside its
// content, also covers the PANToken of the OAEP block (O-10).
Result<merchant::OpenedAuthRes> OpenEncBX(const Environment& env, treatments::Keys exchange,
                                          const pki::TrustStore& trust, const msg::AuthResEncB& enc,
                                          OctetView baggage) {
  auto opened = treatments::Open(exchange, enc.enc, oid::kAuthResTbex,
                                 crypto::OaepUse::kEncXPanToken, *env.random);
  if (!opened) return Forward(opened);
  auto inside = der::Decode<msg::AuthResTBEX>(opened->plaintext.view());
  if (!inside || !IsPanToken(opened->extra.view())) return merchant::CannotOpen();
  const SecretOctets content = SequenceOf(inside->auth_res_tbs.der, opened->extra.view());
  auto verified = treatments::VerifyDetached(inside->s, oid::kAuthResTbsx, content.view(), trust,
                                             pki::Role::kGatewaySignature, env.now);
  if (!verified) return Forward(verified);
  const msg::AuthResTBS& tbs = inside->auth_res_tbs.value;
  if (!treatments::IsDetachedDigest(tbs.t2, oid::kAuthResBaggage, baggage)) {
    return Fail(ErrorCode::kSignatureFailure, "baggage is not the one that was signed");
  }
  return merchant::OpenedAuthRes{tbs.t1.value, *std::move(verified)};
}

Result<merchant::OpenedAuthRes> OpenEncB(const Environment& env, treatments::Keys exchange,
                                         const pki::TrustStore& trust, const msg::AuthResEncB& enc,
                                         OctetView baggage) {
  auto opened = treatments::OpenEncB(exchange, enc.enc, baggage, treatments::kAuthResTypes, trust,
                                     pki::Role::kGatewaySignature, env);
  if (!opened) return Forward(opened);
  auto data = der::Decode<msg::AuthResData>(opened->t);
  if (!data) return merchant::CannotOpen();
  return merchant::OpenedAuthRes{*std::move(data), std::move(opened->verified)};
}

}  // namespace

Result<merchant::OpenedAuthRes> merchant::OpenAuthRes(const Environment& env,
                                                      const MerchantKeys& keys,
                                                      const pki::TrustStore& trust,
                                                      const msg::AuthRes& authres) {
  const auto exchange = merchant::ExchangeKeysOf(keys);
  const msg::AuthResEncB& enc = EncBOf(authres);
  auto baggage = der::KeptDer(enc.baggage);
  if (!baggage) return Forward(baggage);
  return authres.value.index() == 0 ? OpenEncB(env, exchange, trust, enc, *baggage)
                                    : OpenEncBX(env, exchange, trust, enc, *baggage);
}

namespace {

AuthOutcome OutcomeOf(const Environment& env, const msg::AuthResData& data,
                      const msg::AuthResBaggage& baggage) {
  const msg::AuthResPayload& payload = data.auth_res_payload;
  const msg::AuthHeader& header = payload.auth_header;
  AuthOutcome outcome;
  outcome.auth_code = static_cast<int>(header.auth_code);
  outcome.auth_amt = PurchAmtOf(header.auth_amt).value_or(initiation::PurchAmt{});
  outcome.auth_date = env.now;
  if (payload.cap_res_payload) {
    outcome.cap_code = static_cast<int>(payload.cap_res_payload->cap_code);
    outcome.cap_amt = PurchAmtOf(payload.cap_res_payload->cap_amt).value_or(initiation::PurchAmt{});
  }
  if (baggage.acq_card_msg) outcome.acq_card_msg = baggage.acq_card_msg->der;
  if (header.curr_conv) outcome.curr_conv = der::MustEncode(*header.curr_conv);
  outcome.detail = msg::Name(header.auth_code);
  return outcome;
}

Result<AuthOutcome> JudgeAuthRes(const Environment& env, const MerchantKeys& keys,
                                 const pki::TrustStore& trust, const msg::MessageHeader& request,
                                 OctetView authres) {
  auto received = Receive<msg::AuthRes>(authres, msg::MessageType::kAuthRes, std::nullopt);
  if (!received) return Forward(received);
  if (auto dated = merchant::CheckDate(env, request, received->header); !dated) {
    return Forward(dated);
  }
  auto opened = merchant::OpenAuthRes(env, keys, trust, received->message);
  if (!opened) return Forward(opened);

  if (auto ours = merchant::CheckSigner(keys, *opened->verified.signer()); !ours) {
    return Forward(ours);
  }
  const msg::AuthTags& tags = opened->data.auth_tags;
  const msg::TransIDs& ids = tags.trans_ids.value;
  if (auto same = CheckHeader(received->header, tags.auth_rr_tags.rrpid, IdsOf(ids)); !same) {
    return Forward(same);
  }
  if (auto ours = merchant::CheckExchange(request, tags.auth_rr_tags.rrpid, ids); !ours) {
    return Forward(ours);
  }
  if (auto known = CheckExtensions(opened->data.auth_res_payload.a_rs_extensions); !known) {
    return Forward(known);
  }
  if (auto current = merchant::CheckRevocation(env, keys, trust, opened->verified,
                                               opened->data.brand_crl_identifier);
      !current) {
    return Forward(current);
  }
  return OutcomeOf(env, opened->data, merchant::EncBOf(received->message).baggage.value);
}

// A signed Error of this gateway is an outcome: there will be no AuthCode (D-10).
Result<AuthOutcome> JudgeError(const Environment& env, const MerchantKeys& keys,
                               const pki::TrustStore& trust, const msg::MessageHeader& request,
                               OctetView authreq, OctetView octets) {
  const auto code = merchant::ReadGatewayError(env, keys, trust, request, authreq, octets);
  if (!code) return tl::unexpected<Error>(code.error());
  AuthOutcome outcome;
  outcome.authorized_or_refused = false;
  outcome.auth_date = env.now;
  outcome.detail = Name(*code);
  return outcome;
}

}  // namespace

Result<AuthOutcome> CheckAuthRes(const Environment& env, const MerchantKeys& keys,
                                 const pki::TrustStore& trust, OctetView authreq,
                                 OctetView authres) {
  auto request = ReceiveWrapper(authreq, msg::MessageType::kAuthReq, std::nullopt);
  if (!request) return Forward(request);
  if (merchant::IsError(authres)) {
    return JudgeError(env, keys, trust, request->header, authreq, authres);
  }
  return JudgeAuthRes(env, keys, trust, request->header, authres);
}

}  // namespace setcore
