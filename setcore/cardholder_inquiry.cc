// InqReq, signed and unsigned (set-processing.md, 6).
#include <utility>
#include <variant>

#include "setcore/cardholder.h"
#include "setcore/cardholder_checks.h"
#include "setcore/messages/inquiry.h"
#include "setcore/messages/receive.h"
#include "setcore/treatments/signed.h"

namespace setcore {

namespace cardholder {

const msg::OIData& OrderOf(const msg::PReq& preq) {
  if (const auto* dual = std::get_if<msg::PReqDualSigned>(&preq.value)) {
    return dual->oi_dual_signed.t1.value;
  }
  return std::get<msg::PReqUnsigned>(preq.value).oi_unsigned.t1.value;
}

}  // namespace cardholder

namespace {

bool HasSigned(const Card& card, const msg::PReqDualSigned& preq) {
  return card.key != nullptr && !card.chain.empty() &&
         treatments::NamesSigner(preq.pi_dual_signed.value.pi_signature, *card.chain.front());
}

}  // namespace

Result<Octets> ComposeInqReq(const Environment& env, const Card& card, std::string_view sw_ident,
                             OctetView preq) {
  const auto sent = Receive<msg::PReq>(preq, msg::MessageType::kPReq, std::nullopt);
  if (!sent) return tl::unexpected<Error>(sent.error());
  const auto* dual = std::get_if<msg::PReqDualSigned>(&sent->message.value);
  if (dual != nullptr && !HasSigned(card, *dual)) {
    return Fail(ErrorCode::kInvalidCertificate, "not the certificate that signed PReq");
  }
  msg::InqReqData data;
  data.trans_ids = cardholder::OrderOf(sent->message).trans_ids;
  env.random->Fill(data.rrpid);
  env.random->Fill(data.chall_c2);
  const msg::MessageHeader header =
      MakeHeader(env.now, sw_ident, data.rrpid, IdsOf(data.trans_ids.value));

  msg::InqReq request;
  if (dual != nullptr) {
    const Result<Octets> content = der::Encode(data);
    if (!content) return content;
    request.value = treatments::Sign({*card.key, card.chain}, oid::kInqReqData, *content);
  } else {
    request.value = std::move(data);
  }
  Result<Octets> der = der::Encode(request);
  if (!der) return der;
  return Wrap(header, msg::MessageType::kInqReq, *std::move(der));
}

}  // namespace setcore
