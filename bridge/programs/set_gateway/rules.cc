#include "bridge/programs/set_gateway/rules.h"

#include <compare>
#include <string>

#include "bridge/translate/money.h"

namespace bridge::gateway {
namespace {

bool Fits(const Rule& rule, std::string_view pan, const setcore::initiation::PurchAmt& amount) {
  if (rule.pan && rule.pan->view() != pan) return false;
  if (rule.currency && CurrencyNumber(*rule.currency) != amount.currency) return false;
  return !rule.above || CompareAmounts(AmountText(amount), *rule.above) > 0;
}

}  // namespace

Verdict Judge(std::span<const Rule> rules, std::string_view pan,
              const setcore::initiation::PurchAmt& amount) {
  for (const Rule& rule : rules) {
    if (Fits(rule, pan, amount)) return {rule.auth_code, rule.delay_ms};
  }
  return {};
}

}  // namespace bridge::gateway
