#include "bridge/calls/repeat.h"

#include <algorithm>

#include "bridge/calls/pay_scheme.h"
#include "bridge/translate/packaged_content.h"
#include "setcore/messages/glance.h"

namespace bridge {
namespace {

enum class Found : std::uint8_t {
  kLast,     // a payment has one such response
  kByRrpid,  // it may have several, each with the RRPID of its request
};

struct Exchanged {
  std::string_view request;
  std::string_view response;
  Found found;
};

constexpr Exchanged kExchanges[] = {
    {"InitiationResponse", "Initiation", Found::kLast},
    {"PInitReq", "PInitRes", Found::kLast},
    {"PInitRes", "PReq", Found::kLast},
    {"PReq", kPResName, Found::kByRrpid},
    {kPReqAgain, kPResName, Found::kByRrpid},
};

// The response to a request that was verified when it came; null: there is none.
const setcore::Octets* ResponseTo(const Ledger& ledger, const Exchanged& exchanged,
                                  setcore::OctetView request) {
  if (exchanged.found == Found::kLast) return ledger.LastMessage(kSent, exchanged.response);
  const auto glance = setcore::Glance(request);
  if (!glance || !glance->rrpid) return nullptr;
  return MessageOfRrpid(ledger, kSent, exchanged.response, *glance->rrpid);
}

}  // namespace

const setcore::Octets* MessageOfRrpid(const Ledger& ledger, std::string_view direction,
                                      std::string_view kind, setcore::OctetView rrpid) {
  for (const setcore::Octets* message : ledger.Messages(direction, kind)) {
    const auto glance = setcore::Glance(*message);
    if (glance && glance->rrpid && std::ranges::equal(*glance->rrpid, rrpid)) return message;
  }
  return nullptr;
}

std::optional<Checked<Answer>> AnswerAgain(const Call& call, Ledger& ledger,
                                           setcore::OctetView message) {
  for (const Exchanged& exchanged : kExchanges) {
    if (!ledger.Received(exchanged.request, message)) continue;
    const setcore::Octets* response = ResponseTo(ledger, exchanged, message);
    if (response == nullptr) continue;
    if (exchanged.response != kPResName && ledger.state() != ProcessState::kInProgress) {
      return OutOfState(call, ledger);
    }
    return SendAgain(call, ledger, exchanged.response, *response);
  }
  return std::nullopt;
}

Answer SendAgain(const Call& call, Ledger& ledger, std::string_view kind,
                 setcore::OctetView message) {
  if (kind == "PInitReq") {
    return Proceed(call, ledger, kContinue, WithEcho(message, ledger.payment()));
  }
  if (kind != kPResName) return Proceed(call, ledger, kContinue, message);
  if (ledger.state() == ProcessState::kCompletedOk) {
    return Proceed(call, ledger, kEnd, message, kPResName);
  }
  return RefuseWithMessage(schema::FaultCode::kBusError, call.name(), kPResName, message,
                           Detail::Said(ledger.payment().status_desc.value_or("")));
}

}  // namespace bridge
