// The merchant judges what came back for an AuthReq (set-processing.md, 7.5, 7.6).

#include <algorithm>
#include <string_view>
#include <utility>

#include "setcore/crypto/secret.h"
#include "setcore/merchant.h"
#include "setcore/merchant_common.h"
#include "setcore/messages/authorization.h"
#include "setcore/messages/error_message.h"
#include "setcore/order.h"
#include "setcore/pki/brand.h"
#include "setcore/received_error.h"
#include "setcore/treatments/digested.h"
#include "setcore/treatments/enveloped.h"

namespace setcore {
namespace {

using merchant::Forward;

tl::unexpected<Error> CannotOpen() {
  auto failure = Fail(ErrorCode::kDecodingFailure, "envelope cannot be opened");
  failure.value().envelope = true;
  return failure;
}

// The commonName of a gateway is "BIN:number"; all its certificates share the BIN.
std::string_view AcquirerBin(const pki::Certificate& certificate) {
  const std::string_view name = certificate.subject_parts().common_name;
  return name.substr(0, name.find(':'));
}

bool IsOurGateway(const MerchantKeys& keys, const pki::Certificate& signer) {
  return (signer.types() & pki::kPgwy) != 0 &&
         AcquirerBin(signer) == AcquirerBin(*keys.gateway_chain.front());
}

struct OpenedAuthRes {
  msg::AuthResData data;
  treatments::Verified verified;
};

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
Result<OpenedAuthRes> OpenEncBX(const Environment& env, treatments::Keys exchange,
                                const pki::TrustStore& trust, const msg::AuthResEncB& enc,
                                OctetView baggage) {
  auto opened = treatments::Open(exchange, enc.enc, oid::kAuthResTbex,
                                 crypto::OaepUse::kEncXPanToken, *env.random);
  if (!opened) return Forward(opened);
  auto inside = der::Decode<msg::AuthResTBEX>(opened->plaintext.view());
  if (!inside || !IsPanToken(opened->extra.view())) return CannotOpen();
  const SecretOctets content = SequenceOf(inside->auth_res_tbs.der, opened->extra.view());
  auto verified = treatments::VerifyDetached(inside->s, oid::kAuthResTbsx, content.view(), trust,
                                             pki::Role::kGatewaySignature, env.now);
  if (!verified) return Forward(verified);
  const msg::AuthResTBS& tbs = inside->auth_res_tbs.value;
  if (!treatments::IsDetachedDigest(tbs.t2, oid::kAuthResBaggage, baggage)) {
    return Fail(ErrorCode::kSignatureFailure, "baggage is not the one that was signed");
  }
  return OpenedAuthRes{tbs.t1.value, *std::move(verified)};
}

Result<OpenedAuthRes> OpenEncB(const Environment& env, treatments::Keys exchange,
                               const pki::TrustStore& trust, const msg::AuthResEncB& enc,
                               OctetView baggage) {
  auto opened = treatments::OpenEncB(exchange, enc.enc, baggage, treatments::kAuthResTypes, trust,
                                     pki::Role::kGatewaySignature, env);
  if (!opened) return Forward(opened);
  auto data = der::Decode<msg::AuthResData>(opened->t);
  if (!data) return CannotOpen();
  return OpenedAuthRes{*std::move(data), std::move(opened->verified)};
}

// CheckExchange compares with the AuthReq, whose own header carries its ids (7.5 (2), 7.6).
Result<void> CheckExchange(const msg::MessageHeader& request, const msg::RRPID& rrpid,
                           const msg::TransIDs& ids) {
  if (!request.rrpid || !request.message_ids || !request.message_ids->xid) {
    return Fail(ErrorCode::kUnspecifiedFailure, "stored AuthReq without ids");
  }
  if (*request.rrpid != rrpid) return Fail(ErrorCode::kUnknownRRPID, "RRPID of another exchange");
  if (*request.message_ids->xid != ids.xid) {
    return Fail(ErrorCode::kUnknownXID, "XID of another purchase");
  }
  if (request.message_ids->lid_c != std::optional(ids.lid_c) ||
      request.message_ids->lid_m != ids.lid_m) {
    return Fail(ErrorCode::kUnknownLID, "LID-C or LID-M of another purchase");
  }
  return {};
}

Result<void> CheckRevocation(const Environment& env, const MerchantKeys& keys,
                             const pki::TrustStore& trust, const OpenedAuthRes& opened) {
  if (!opened.data.brand_crl_identifier) return {};
  auto bci = pki::BrandCrlIdentifier::Parse(opened.data.brand_crl_identifier->der);
  if (!bci) return Forward(bci);
  return trust.CheckBrandCrlIdentifier(
      **bci, opened.verified.certificates, opened.verified.crls,
      pki::BrandPart(keys.gateway_chain.front()->subject_parts().organization), env.now);
}

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

// CheckDate: a gateway answers a resent request with the octets of its first answer, however late
// (set-processing.md, 2.3), so the answer may be as old as the request.
Result<void> CheckDate(const Environment& env, const msg::MessageHeader& request,
                       const msg::MessageHeader& answer) {
  if (answer.date.value < request.date.value - kDateWindow) {
    return Fail(ErrorCode::kMessageTooOld, "dated before its request");
  }
  if (answer.date.value > env.now + kDateWindow) {
    return Fail(ErrorCode::kMessageTooNew, "dated too far in the future");
  }
  return {};
}

Result<AuthOutcome> JudgeAuthRes(const Environment& env, const MerchantKeys& keys,
                                 const pki::TrustStore& trust, const msg::MessageHeader& request,
                                 OctetView authres) {
  auto received = Receive<msg::AuthRes>(authres, msg::MessageType::kAuthRes, std::nullopt);
  if (!received) return Forward(received);
  if (auto dated = CheckDate(env, request, received->header); !dated) return Forward(dated);
  const treatments::ExchangeKey key{keys.exchange, keys.exchange_chain.front().get()};
  const treatments::Keys exchange(&key, 1);
  const bool plain = received->message.value.index() == 0;
  const msg::AuthResEncB& enc =
      plain ? std::get<0>(received->message.value) : std::get<1>(received->message.value);
  auto baggage = der::KeptDer(enc.baggage);
  if (!baggage) return Forward(baggage);
  auto opened = plain ? OpenEncB(env, exchange, trust, enc, *baggage)
                      : OpenEncBX(env, exchange, trust, enc, *baggage);
  if (!opened) return Forward(opened);

  const pki::Certificate& signer = *opened->verified.signer();
  if (!IsOurGateway(keys, signer) ||
      !pki::SameBrand(signer.subject_parts().organization,
                      keys.gateway_chain.front()->subject_parts().organization)) {
    return Fail(ErrorCode::kInvalidCertificate, "signed by another gateway");
  }
  const msg::AuthTags& tags = opened->data.auth_tags;
  const msg::TransIDs& ids = tags.trans_ids.value;
  if (auto same = CheckHeader(received->header, tags.auth_rr_tags.rrpid, IdsOf(ids)); !same) {
    return Forward(same);
  }
  if (auto ours = CheckExchange(request, tags.auth_rr_tags.rrpid, ids); !ours) {
    return Forward(ours);
  }
  if (auto known = CheckExtensions(opened->data.auth_res_payload.a_rs_extensions); !known) {
    return Forward(known);
  }
  if (auto current = CheckRevocation(env, keys, trust, *opened); !current) return Forward(current);
  return OutcomeOf(env, opened->data, enc.baggage.value);
}

// Names tells whether the signed part of an Error speaks of this AuthReq (7.6).
bool Names(const ReceivedError& error, const msg::MessageHeader& request, OctetView authreq) {
  if (const msg::MessageHeader* offending = error.offending()) {
    return offending->rrpid && offending->rrpid == request.rrpid && offending->message_ids &&
           request.message_ids && offending->message_ids->xid == request.message_ids->xid;
  }
  const Octets& wrapper = std::get<msg::BadWrapper>(error.error.error_msg).value;
  const OctetView sent = authreq.first(std::min(authreq.size(), msg::kMaxBadWrapper));
  return std::ranges::equal(wrapper, sent);
}

// A signed Error of this gateway is an outcome: there will be no AuthCode (D-10).
Result<AuthOutcome> JudgeError(const Environment& env, const MerchantKeys& keys,
                               const pki::TrustStore& trust, const msg::MessageHeader& request,
                               OctetView authreq, OctetView octets) {
  auto error = ReadError(env, trust, octets);
  if (!error) return Forward(error);
  if (error->signer == nullptr) return Fail(ErrorCode::kUnspecifiedFailure, "an unsigned Error");
  if (!IsOurGateway(keys, *error->signer)) {
    return Fail(ErrorCode::kInvalidCertificate, "an Error signed by somebody else");
  }
  if (!Names(*error, request, authreq)) {
    return Fail(ErrorCode::kUnknownRRPID, "an Error about another message");
  }
  AuthOutcome outcome;
  outcome.authorized_or_refused = false;
  outcome.auth_date = env.now;
  outcome.detail = Name(error->error.error_code);
  return outcome;
}

}  // namespace

Result<AuthOutcome> CheckAuthRes(const Environment& env, const MerchantKeys& keys,
                                 const pki::TrustStore& trust, OctetView authreq,
                                 OctetView authres) {
  auto request = ReceiveWrapper(authreq, msg::MessageType::kAuthReq, std::nullopt);
  if (!request) return Forward(request);
  const auto skeleton = ReadSkeleton(authres);
  if (skeleton && skeleton->alternative == static_cast<std::uint32_t>(msg::MessageType::kError)) {
    return JudgeError(env, keys, trust, request->header, authreq, authres);
  }
  return JudgeAuthRes(env, keys, trust, request->header, authres);
}

}  // namespace setcore
