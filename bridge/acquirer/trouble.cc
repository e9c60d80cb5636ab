#include "bridge/acquirer/trouble.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace bridge {
namespace {

struct Row {
  Trouble trouble;
  std::string_view sentence;  // {0}: the gateway, {1}: the detail
};

using enum Trouble;

constexpr std::array kRows = {
    Row{kNoSuchGateway, "gateway {0} is not in this wallet's profile"},
    Row{kSecretLocked,
        "the shared secret of gateway {0} is locked until a call brings the "
        "wallet's passphrase"},
    Row{kSecretDamaged,
        "the shared secret of gateway {0} cannot be read: provision the wallet "
        "again"},
    Row{kNoThread, "the link to {0} cannot start: {1}"},
    Row{kNoConnection, "no connection to {0}: {1}"},
    Row{kRefused, "{0} refused the request: {1}"},
    Row{kGaveUp, "{0} gave no answer, and max_retries is reached; last trouble: {1}"},
    Row{kWalletClosed, "the wallet is being closed"},
    Row{kUnsent, "the request to {0} waits to be sent"},
    Row{kUnanswered, "no answer from {0} yet"},
    Row{kNameUnknown, "the name cannot be resolved: {1}"},
    Row{kNameLate, "the name was not resolved within {1} s"},
    Row{kConnectFailed, "the attempt to connect failed: {1}"},
    Row{kConnectLate, "nothing answered the attempt to connect within {1} s"},
    Row{kNetworkFailed, "the connection broke: {1}"},
    Row{kClosedByPeer, "the gateway closed the connection"},
    Row{kEchoLate, "the gateway did not answer Echo within {1} s"},
    Row{kAnswerLate, "the gateway did not answer the request within {1} s"},
    Row{kStatusRetry, "the gateway asked for patience (status retry: {1})"},
    Row{kStatusInfo, "the gateway says that the answer will be late (status info: {1})"},
    Row{kStatusClosing, "the gateway was closing the connection (status closing: {1})"},
};

}  // namespace

std::string Sentence(Trouble trouble, std::string_view who, std::string_view detail) {
  const auto row = std::ranges::find(kRows, trouble, &Row::trouble);
  return fmt::format(fmt::runtime(row->sentence), who, detail);
}

}  // namespace bridge
