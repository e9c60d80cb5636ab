// Why there is no answer from a gateway: one row for each cause, with its sentence for people.
#ifndef BRIDGE_ACQUIRER_TROUBLE_H_
#define BRIDGE_ACQUIRER_TROUBLE_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace bridge {

enum class Trouble : std::uint8_t {
  // What an exchange ends with.
  kNoSuchGateway,  // the profile does not name it
  kSecretLocked,   // its shared secret needs the passphrase
  kSecretDamaged,  // its shared secret does not unseal
  kNoThread,       // the system has no thread or descriptor left; detail: why
  kNoConnection,   // detail: one of the causes below
  kRefused,        // Status failed; detail: its text
  kGaveUp,         // detail: the last cause
  kWalletClosed,
  kUnsent,      // the caller does not wait any longer
  kUnanswered,  // likewise, the request is under way
  // Why a connection, or the answer on it, failed.
  kNameUnknown,    // detail: what the resolver says
  kNameLate,       // detail: seconds
  kConnectFailed,  // detail: the system's word; of several addresses, each with its own
  kConnectLate,    // detail: seconds
  kNetworkFailed,  // detail: the system's word
  kClosedByPeer,   // TCP was closed without Close
  kEchoLate,       // detail: seconds
  kAnswerLate,     // detail: seconds
  kStatusRetry,    // detail: the gateway's text
  kStatusInfo,     // likewise
  kStatusClosing,  // likewise
};

// The sentence for `trouble`; `who` is the gateway, as "NAME (HOST:PORT)".
std::string Sentence(Trouble trouble, std::string_view who, std::string_view detail = {});

// TransportFailure says why no answer is there: nothing is known about the outcome, the identical
// octets have to be exchanged again.  Never a secret.
struct TransportFailure {
  Trouble trouble = Trouble::kUnanswered;
  std::string reason;
};

}  // namespace bridge

#endif  // BRIDGE_ACQUIRER_TROUBLE_H_
