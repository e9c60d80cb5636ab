#include "bridge/acquirer/links.h"

#include <utility>

namespace bridge {
namespace {

GatewayAddress AddressOf(const GatewayConfig& config, setcore::SecretOctets shared_secret,
                         std::size_t max_message_bytes) {
  GatewayAddress address;
  address.name = config.name;
  address.host = config.host;
  address.port = config.port;
  address.diagnostic_port = config.diagnostic_port;
  address.transport_id = config.transport_id;
  address.shared_secret = std::move(shared_secret);
  address.max_outstanding = static_cast<int>(config.max_outstanding);
  address.max_connections = static_cast<int>(config.max_connections);
  address.max_retries = static_cast<int>(config.max_retries);
  address.min_resubmit_s = static_cast<int>(config.min_resubmit_s);
  address.answer_timeout_s = static_cast<int>(config.answer_timeout_s);
  address.echo_s = static_cast<int>(config.echo_s);
  address.idle_close_s = static_cast<int>(config.idle_close_s);
  address.t30_s = static_cast<int>(config.t30_s);
  address.t120_s = static_cast<int>(config.t120_s);
  address.max_message_bytes = max_message_bytes;
  return address;
}

}  // namespace

tl::expected<Link*, TransportFailure> Links::To(std::string_view gateway, Keyring& keyring,
                                                const Host& host) {
  const std::lock_guard lock(mutex_);
  if (const auto found = links_.find(gateway); found != links_.end()) return found->second.get();
  const auto fail = [gateway](DetailText why) {
    return tl::unexpected(TransportFailure{{why, {{"gateway", gateway}}}});
  };
  const WalletConfig& config = keyring.config();
  const GatewayConfig* address = config.FindGateway(gateway);
  if (address == nullptr) return fail(DetailText::kNoSuchGateway);
  setcore::SecretOctets shared_secret;
  if (address->has_secret) {
    const auto secret = keyring.SecretOf(gateway);
    if (!secret) {
      return fail(secret.error() == KeyringFailure::kLocked ? DetailText::kSecretLocked
                                                            : DetailText::kSecretDamaged);
    }
    shared_secret = (*secret)->shared_secret.Copy();
  }
  auto link = std::make_unique<Link>(
      AddressOf(*address, std::move(shared_secret), config.policy.max_message_bytes), host,
      system_);
  return links_.emplace(address->name, std::move(link)).first->second.get();
}

}  // namespace bridge
