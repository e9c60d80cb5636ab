// What the acquirer tells the cardholder in a PRes (set-processing.md, 5.6).
#include <algorithm>
#include <utility>

#include "setcore/asn1/codec.h"
#include "setcore/cardholder.h"
#include "setcore/messages/purchase_response.h"
#include "setcore/messages/tokens.h"
#include "setcore/receipt.h"
#include "setcore/treatments/enveloped.h"
#include "setcore/treatments/signed.h"

namespace setcore {

Result<std::optional<AcquirerMessage>> ReadAcquirerMessage(const Environment& env,
                                                           const pki::TrustStore& trust,
                                                           OctetView answer,
                                                           OctetView acq_back_key) {
  const auto data = ReadPResData(answer);
  if (!data) return tl::unexpected<Error>(data.error());
  const auto& payloads = data->p_res_payload_seq.items;
  const auto holder = std::ranges::find_if(payloads, [](const msg::PResPayload& payload) {
    return payload.results && payload.results->acq_card_msg;
  });
  if (holder == payloads.end()) return std::optional<AcquirerMessage>();

  const auto opened = treatments::OpenKeyed(acq_back_key, holder->results->acq_card_msg->value,
                                            oid::kAcqCardCodeMsgTbe);
  if (!opened) return tl::unexpected<Error>(opened.error());
  const auto signed_data = der::Decode<msg::SignedData>(opened->view());
  if (!signed_data) return tl::unexpected<Error>(signed_data.error());
  const auto verified = treatments::VerifySigned(*signed_data, oid::kAcqCardCodeMsg, trust,
                                                 pki::Role::kGatewaySignature, env.now);
  if (!verified) return tl::unexpected<Error>(verified.error());
  const auto message = der::Decode<msg::AcqCardCodeMsg>(signed_data->content_info.content->der);
  if (!message) return tl::unexpected<Error>(message.error());
  const msg::AcqCardMsgData& said = message->acq_card_msg_data;
  AcquirerMessage out;
  out.code = static_cast<int>(message->acq_card_code);
  if (said.acq_card_text) out.text = said.acq_card_text->Utf8();
  if (said.acq_card_url) out.url = said.acq_card_url->value;
  if (said.acq_card_phone) out.phone = said.acq_card_phone->Utf8();
  return out;
}

}  // namespace setcore
