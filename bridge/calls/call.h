// One request that is being answered, or one command of the operator, as the functions in calls/
// see it.
#ifndef BRIDGE_CALLS_CALL_H_
#define BRIDGE_CALLS_CALL_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "bridge/open_wallet.h"
#include "schema/document.h"
#include "schema/writer.h"
#include "setcore/environment.h"

namespace bridge {

struct Call {
  OpenWallet& wallet;
  const schema::Element& element;  // of the call; of a command its name alone
  schema::Envelope envelope;       // of the response
  std::int64_t now_ms = 0;
  std::shared_ptr<Keyring> keyring;  // the wallet as it is throughout this call

  const schema::Element& request() const { return element; }
  std::string_view name() const { return element.name; }
  const WalletConfig& config() const { return keyring->config(); }
  setcore::Environment environment() const {
    return {static_cast<setcore::Time>(now_ms / 1000), &wallet.random};
  }
};

}  // namespace bridge

#endif  // BRIDGE_CALLS_CALL_H_
