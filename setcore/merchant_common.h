// What the merchant's functions share: readers of the messages that they come back to.  Internal to
// merchant_*.cc.
#ifndef SETCORE_MERCHANT_COMMON_H_
#define SETCORE_MERCHANT_COMMON_H_

#include <span>
#include <vector>

#include "setcore/asn1/codec.h"
#include "setcore/error.h"
#include "setcore/merchant.h"
#include "setcore/messages/authorization.h"
#include "setcore/messages/common.h"
#include "setcore/messages/pkcs7.h"
#include "setcore/messages/purchase_init.h"
#include "setcore/messages/purchase_request.h"
#include "setcore/messages/purchase_response.h"
#include "setcore/messages/receive.h"
#include "setcore/octets.h"
#include "setcore/treatments/enveloped.h"
#include "setcore/treatments/signed.h"

namespace setcore::merchant {

// Forward passes the error of one Result on as that of another.
template <class T>
tl::unexpected<Error> Forward(Result<T>& failed) {
  return tl::unexpected<Error>(std::move(failed).error());
}

// SignerOf is the merchant as signer, with `more` certificates behind its own chain.
inline treatments::Signer SignerOf(const MerchantKeys& keys,
                                   std::span<const pki::CertificatePtr> more = {}) {
  return {*keys.signing, keys.signing_chain, more};
}

// What an answer to the merchant may be sealed for: the present key and earlier ones.
inline std::vector<treatments::ExchangeKey> ExchangeKeysOf(const MerchantKeys& keys) {
  std::vector<treatments::ExchangeKey> out = {{keys.exchange, keys.exchange_chain.front().get()}};
  for (const pki::CertifiedKey& former : keys.former_exchange) {
    out.push_back({&former.key, former.chain.front().get()});
  }
  return out;
}

// Draw fills a value of fixed size.
template <std::size_t N>
void Draw(const Environment& env, std::array<std::uint8_t, N>& value) {
  env.random->Fill(value);
}

// The OIData of a PReq and its HPIData, whichever form it has.
inline const msg::OIDualSigned& OrderPart(const msg::PReq& preq) {
  const auto* dual = std::get_if<msg::PReqDualSigned>(&preq.value);
  return dual != nullptr ? dual->oi_dual_signed
                         : std::get<msg::PReqUnsigned>(preq.value).oi_unsigned;
}

// RereadPReq decodes a PReq, whatever its date is.
inline Result<Received<msg::PReq>> RereadPReq(OctetView preq) {
  return Receive<msg::PReq>(preq, msg::MessageType::kPReq, std::nullopt);
}

// RereadPInitRes gives what a PInitRes of ours says.
inline Result<msg::PInitResData> RereadPInitRes(OctetView pinitres) {
  auto received = Receive<msg::SignedData>(pinitres, msg::MessageType::kPInitRes, std::nullopt);
  if (!received) return Forward(received);
  const auto& content = received->message.content_info.content;
  if (!content) return Fail(ErrorCode::kDecodingFailure, "stored PInitRes without content");
  return der::Decode<msg::PInitResData>(content->der);
}

// InstructionOf gives the payment instruction with the tag of its alternative around the octets
// that came.
msg::PI InstructionOf(const msg::PReq& preq);

// AuthReqDataOf gives what an AuthReq of this RRPID and date says about a PReq.
Result<msg::AuthReqData> AuthReqDataOf(const MerchantKeys& keys, const MerchantPolicy& policy,
                                       const PurchaseTerms& terms, const msg::PReq& preq,
                                       const msg::RRPID& rrpid, Time date);

// ReaskedAuthReq gives what `authreq` said about the PReq.  It is closed to us; its header tells
// what it was made from.
Result<msg::AuthReqData> ReaskedAuthReq(const MerchantKeys& keys, const MerchantPolicy& policy,
                                        const PurchaseTerms& terms, const msg::PReq& preq,
                                        OctetView authreq);

// EncBFor seals what a request says for the gateway, beside its baggage.  The exchange chain tells
// the gateway whom to encrypt the answer for (D-1).
template <class Data, class Baggage>
Result<msg::EncB<msg::Kept<Baggage>>> EncBFor(const Environment& env, const MerchantKeys& keys,
                                              const treatments::EncBTypes& types, const Data& data,
                                              Baggage baggage) {
  auto t = der::Encode(data);
  if (!t) return Forward(t);
  auto kept = der::Keep(std::move(baggage));
  if (!kept) return Forward(kept);
  auto enc =
      treatments::SealEncB(SignerOf(keys, keys.exchange_chain), *keys.gateway_chain.front(), types,
                           *t, kept->der, treatments::DrawEnvelopeRandoms(*env.random));
  if (!enc) return Forward(enc);
  return msg::EncB<msg::Kept<Baggage>>{*std::move(enc), *std::move(kept)};
}

// A request to the gateway, with the RRPID that its answer repeats.
struct WrappedRequest {
  Octets message;
  Octets rrpid;
};

template <class Message>
Result<WrappedRequest> WrapRequest(const Environment& env, std::string_view sw_ident,
                                   msg::MessageType type, const msg::RRPID& rrpid,
                                   const msg::TransIDs& ids, const Message& request) {
  auto der = der::Encode(request);
  if (!der) return Forward(der);
  auto message = Wrap(MakeHeader(env.now, sw_ident, rrpid, IdsOf(ids)), type, *std::move(der));
  if (!message) return Forward(message);
  return WrappedRequest{*std::move(message), Octets(rrpid.begin(), rrpid.end())};
}

// WrapPResData signs what a PRes or InqRes says and puts it into the alternative `type`.
Result<ComposedPRes> WrapPResData(const Environment& env, const MerchantKeys& keys,
                                  std::string_view sw_ident, msg::MessageType type,
                                  const msg::PResData& data);

}  // namespace setcore::merchant

#endif  // SETCORE_MERCHANT_COMMON_H_
