#include "bridge/calls/pay_scheme.h"

#include <algorithm>
#include <utility>

#include "bridge/translate/initiation_data.h"
#include "setcore/compose_error.h"
#include "setcore/initiation/field_registry.h"
#include "setcore/messages/glance.h"

namespace bridge {

using schema::FaultCode;
using setcore::initiation::Field;
using setcore::initiation::Kind;

namespace {

constexpr std::string_view kElement = "PaySchemePackagedContent";

}  // namespace

Checked<Incoming> ReadIncoming(const Call& call) {
  const auto elements = call.request().Children(kElement);
  if (elements.size() != 1) {
    const auto code = elements.empty() ? FaultCode::kElMissing : FaultCode::kElUnexpected;
    return Refuse(code, kElement, {}, DetailText::kExactlyOne);
  }
  auto octets = ReadSetContent(FromElement(*elements.front()), kElement);
  if (!octets) return Refuse(octets.error());
  if (octets->size() > call.config().policy.max_message_bytes) {
    return Refuse(FaultCode::kMsgTooLarge, kElement, {},
                  {DetailText::kTooManyOctets,
                   {{"size", std::to_string(octets->size())},
                    {"limit", std::to_string(call.config().policy.max_message_bytes)}}});
  }
  const auto classified = setcore::initiation::Classify(*octets);
  Incoming incoming;
  incoming.kind = classified.kind == Kind::kMimeSetMessage ? Kind::kSetMessage : classified.kind;
  incoming.message.assign(classified.message.begin(), classified.message.end());
  if (incoming.kind == Kind::kSetMessage) {
    if (const auto glance = setcore::Glance(incoming.message)) incoming.name = glance->name;
  }
  return incoming;
}

schema::Node Proceed(const Call& call, Ledger& ledger, std::string_view cont_status,
                     setcore::OctetView message, std::string_view message_name) {
  ledger.payment().cont_status = std::string(cont_status);
  ledger.payment().content_software_id = call.envelope.content_software_id;
  schema::Node response(std::string(call.name()) + "Response");
  response.Set("ContStatus", cont_status);
  if (!message.empty()) response.Add(ToNode(kElement, MakeSetContent(message, message_name)));
  return response;
}

bool IsInquiry(const Call& call) { return call.request().Value("ProcessType") == "Inquiry"; }

setcore::Octets WithEcho(setcore::OctetView pinitreq, const db::Payment& payment) {
  const auto fields =
      setcore::initiation::ReadFields(payment.pay_protocol_data.value_or(setcore::Octets{}));
  const auto echo =
      std::ranges::find(fields, setcore::initiation::kEchoInRequestField, &Field::name);
  if (echo == fields.end()) return {pinitreq.begin(), pinitreq.end()};
  return setcore::initiation::WrapSetMessage(pinitreq, echo->value);
}

Detail DetailOf(const setcore::Error& error, Detail why) {
  if (why.empty()) why = Detail::Said(error.detail);
  return {DetailText::kSetError, {{"code", Name(error.code)}}, {std::move(why)}};
}

Answer TechnicalError(const Call& call, Ledger& ledger, std::optional<Event> event,
                      const setcore::pki::CertifiedKey* signer, setcore::OctetView offending,
                      const setcore::Error& error, Detail why) {
  const Detail detail = DetailOf(error, std::move(why));
  ledger.KeepOnlyMoves();
  // Where the event leaves the state as it is, what was said of the payment stays true.
  const ProcessState before = ledger.state();
  if (event && ledger.Move(*event) && ledger.state() != before) {
    ledger.Describe(Explain(call, StatusText::kTechnicalError, detail));
  }
  ledger.AddMessage(kReceived, "refused", offending);
  if (error.silent) return Refuse(FaultCode::kEncapProtErr, kElement, {}, detail);
  const setcore::Octets reply = setcore::ComposeError(call.environment(), signer, offending, error);
  ledger.AddMessage(kSent, "Error", reply);
  return RefuseWithMessage(FaultCode::kEncapProtErr, kElement, {}, reply, detail);
}

tl::unexpected<Refusal> RejectMessage(const Call& call, const setcore::pki::CertifiedKey* signer,
                                      setcore::OctetView offending, setcore::ErrorCode code,
                                      DetailText why) {
  setcore::Error error;
  error.code = code;
  const setcore::Octets reply = setcore::ComposeError(call.environment(), signer, offending, error);
  return RefuseWithMessage(FaultCode::kEncapProtErr, kElement, {}, reply, DetailOf(error, why));
}

Answer InitiationError(const Call& call, Ledger& ledger, setcore::OctetView pay_protocol,
                       const setcore::initiation::Fault& fault) {
  const Detail detail = DetailOf(fault);
  ledger.Move(Event::kTechnicalError);
  ledger.Describe(Explain(call, StatusText::kTechnicalError, detail));
  const auto response = setcore::initiation::ComposeErrorResponse(
      setcore::initiation::ReadFields(pay_protocol), fault);
  const setcore::Octets reply = setcore::initiation::Write(response, false);
  ledger.AddMessage(kSent, "InitiationResponse", reply);
  return RefuseWithMessage(FaultCode::kEncapProtErr, "PayProtocolPackagedContent", {}, reply,
                           detail);
}

tl::unexpected<Refusal> OutOfState(const Call& call, const Ledger& ledger) {
  return Refuse(
      FaultCode::kBusError, call.name(), {},
      {DetailText::kOutOfState, {{"state", Name(ledger.state())}, {"call", call.name()}}});
}

Description StatusWords(const Call& call, std::optional<StatusText> text, std::string code_text,
                        std::string further) {
  return {LanguageOf(call.config().language), text, std::move(code_text), std::move(further), {}};
}

Description Explain(const Call& call, StatusText text, Detail detail) {
  return {LanguageOf(call.config().language), text, {}, {}, std::move(detail)};
}

}  // namespace bridge
