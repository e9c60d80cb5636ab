// Parties for a rule: the kit's cards, the kit's agreement with the gateway, the terms of a deal.
#ifndef TESTS_CONFORMANCE_SET_PARTIES_H_
#define TESTS_CONFORMANCE_SET_PARTIES_H_

#include <cstdint>
#include <string_view>

#include "counterparty.h"
#include "set/gateway.h"
#include "set/party.h"

namespace conform::set {

// SET-LID-M of the PayProtocol data that rules use (RFC 3538, 8.3.1, example).
inline constexpr std::string_view kLidMHex = "515A533033363632594B";

// `salt` tells parties of one rule apart.
Party MakeParty(const CounterpartyOptions& options, std::uint64_t salt);
Bargain MakeBargain(const Terms& terms);
// Whether `holder` (PIHead, AuthReqPayload) has the bargain's installRecurData, whatever its tag.
bool CarriesInstallRecur(const Value& holder, const Bargain& bargain);
Card CertifiedCard();
Card PlainCard();
// The card that a PReq of a kit's wallet is for: signed means certified.
Card CardOf(const Octets& preq);
Gateway::Options GatewayOptions(const CounterpartyOptions& options);

}  // namespace conform::set

#endif  // TESTS_CONFORMANCE_SET_PARTIES_H_
