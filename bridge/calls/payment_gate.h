// PaymentGate lets one acting call at a time work on a payment, without any lock being held while
// it waits for the acquirer (docs/architecture.md, "Two threads, one payment").
#ifndef BRIDGE_CALLS_PAYMENT_GATE_H_
#define BRIDGE_CALLS_PAYMENT_GATE_H_

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

namespace bridge {

class PaymentGate {
 public:
  // Pass keeps the payment to its holder until it dies.
  class Pass {
   public:
    Pass(Pass&& other) noexcept;
    Pass& operator=(Pass&&) = delete;
    Pass(const Pass&) = delete;
    Pass& operator=(const Pass&) = delete;
    ~Pass();

   private:
    friend class PaymentGate;
    Pass(PaymentGate* gate, std::string pay_id);
    PaymentGate* gate_;
    std::string pay_id_;
  };

  // Enter never waits: nothing comes back while another call has the payment.  Any thread.
  std::optional<Pass> Enter(std::string_view pay_id);

 private:
  std::mutex mutex_;
  std::unordered_set<std::string> inside_;
};

}  // namespace bridge

#endif  // BRIDGE_CALLS_PAYMENT_GATE_H_
