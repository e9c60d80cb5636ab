#include "bridge/calls/payment_gate.h"

#include <utility>

namespace bridge {

PaymentGate::Pass::Pass(PaymentGate* gate, std::string pay_id)
    : gate_(gate), pay_id_(std::move(pay_id)) {}

PaymentGate::Pass::Pass(Pass&& other) noexcept
    : gate_(std::exchange(other.gate_, nullptr)), pay_id_(std::move(other.pay_id_)) {}

PaymentGate::Pass::~Pass() {
  if (gate_ == nullptr) return;
  const std::lock_guard lock(gate_->mutex_);
  gate_->inside_.erase(pay_id_);
}

std::optional<PaymentGate::Pass> PaymentGate::Enter(std::string_view pay_id) {
  std::string key(pay_id);
  const std::lock_guard lock(mutex_);
  if (!inside_.insert(key).second) return std::nullopt;
  return Pass(this, std::move(key));
}

}  // namespace bridge
