#include "bridge/calls/payment_log.h"

#include <utility>
#include <vector>

#include "bridge/calls/offer.h"
#include "bridge/calls/passphrase.h"
#include "bridge/calls/pay_scheme.h"
#include "db/removal.h"
#include "db/resumption.h"

namespace bridge {
namespace {

using schema::Node;

constexpr std::int64_t kMsPerDay = 86400000;
constexpr int kRowsAtOnce = 256;
constexpr int kRemovedAtOnce = 8;

}  // namespace

Written InquirePendingPayment(const Call& call) {
  auto unfinished =
      call.wallet.store->Read([](db::Reader& reader) { return db::ListUnfinished(reader); });
  if (!unfinished) return tl::unexpected(StorageRefusal(unfinished.error(), call.name()));
  Node response("InquirePendingPaymentResponse");
  for (const db::Unfinished& payment : *unfinished) {
    if (Plays(call, payment.role)) response.Add(Node("PaymentId").Set("PayId", payment.pay_id));
  }
  if (!response.children.empty()) {  // RFC 3867, 4.4.3
    if (auto open = RequireUnlocked(call); !open) return tl::unexpected(open.error());
  }
  return Render(call, response);
}

Written RemovePaymentLog(const Call& call) {
  auto pay_id = RequireAttribute(call.request(), "PayId");
  if (!pay_id) return tl::unexpected(pay_id.error());
  const auto pass = call.wallet.gate.Enter(*pay_id);
  if (!pass) return BeingProcessed(call);
  auto ledger = Ledger::Find(call, *pay_id, "PayId");
  if (!ledger) return tl::unexpected(ledger.error());
  if (!IsFinal(ledger->state())) return OutOfState(call, *ledger);
  auto removed = call.wallet.store->Write([&](db::Transaction& tx) {
    return db::RemovePayment(tx, ledger->payment().id, call.now_ms);
  });
  if (!removed) {
    if (removed.error().kind == db::ErrorKind::kConflict) return OutOfState(call, *ledger);
    return tl::unexpected(StorageRefusal(removed.error(), call.name()));
  }
  return Render(call, Node("RemovePaymentLogResponse"));
}

void RemoveKeptLongEnough(const Call& call) {
  OpenWallet& wallet = call.wallet;
  const auto after = wallet.kept.Begin(call.now_ms);
  if (!after) return;
  db::KeptUntil search;
  search.before = call.now_ms - std::int64_t{call.config().policy.keep_days} * kMsPerDay;
  search.after = *after;
  search.rows = kRowsAtOnce;
  search.limit = kRemovedAtOnce;
  struct Found {
    std::vector<db::Removable> payments;
    std::int64_t last = 0;
  };
  const auto found = wallet.store->Read([&](db::Reader& reader) -> db::Result<Found> {
    auto payments = db::ListRemovable(reader, search);
    if (!payments) return tl::unexpected(payments.error());
    const auto last = db::LastPayment(reader);
    if (!last) return tl::unexpected(last.error());
    return Found{std::move(*payments), *last};
  });
  if (!found) return wallet.kept.End(*after, true, call.now_ms);

  std::vector<PaymentGate::Pass> passes;
  std::vector<std::int64_t> ids;
  for (const db::Removable& payment : found->payments) {
    auto pass = wallet.gate.Enter(payment.pay_id);
    if (!pass) continue;  // somebody asks for it at this moment: another walk takes it
    passes.push_back(std::move(*pass));
    ids.push_back(payment.id);
  }
  const bool full = found->payments.size() == kRemovedAtOnce;
  const std::int64_t reached = full ? found->payments.back().id : *after + kRowsAtOnce;
  bool done = true;
  if (!ids.empty()) {
    const auto removed = wallet.store->Write([&](db::Transaction& tx) -> db::Result<void> {
      for (const std::int64_t id : ids) {
        auto one = db::RemovePayment(tx, id, call.now_ms);
        if (!one) return one;
      }
      return {};
    });
    done = removed.has_value();
  }
  wallet.kept.End(reached, !done || reached >= found->last, call.now_ms);
}

}  // namespace bridge
