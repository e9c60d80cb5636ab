#include "bridge/programs/set_bridge/demo/ledgers.h"

#include <fmt/format.h>

#include <memory>
#include <string_view>
#include <utility>

#include "db/schema.h"
#include "db/sqlite.h"
#include "db/store.h"
#include "db/wallet_store.h"

namespace bridge::programs {
namespace {

db::Result<LedgerPayment> ReadPayment(db::Reader& reader, const std::string& pay_id) {
  db::Query query(reader,
                  "SELECT BrandId, Amount, CurrCode, ProcessState, CompletionCode, OrderHash, LidM,"
                  " Xid FROM payments WHERE PayId = ?");
  query.With(pay_id);
  auto row = query.Step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return db::Fail(db::ErrorKind::kMissing, pay_id + ": no such payment");
  LedgerPayment payment;
  query.Get(0, payment.brand_id);
  query.Get(1, payment.amount);
  query.Get(2, payment.curr_code);
  query.Get(3, payment.process_state);
  query.Get(4, payment.completion_code);
  query.Get(5, payment.order_hash);
  query.Get(6, payment.lid_m);
  query.Get(7, payment.xid);
  return payment;
}

tl::expected<LedgerPayment, std::string> PaymentOf(const std::string& wallet,
                                                   const std::string& pay_id) {
  auto connection = db::OpenWalletReader(wallet);
  if (!connection) return tl::unexpected(connection.error().detail);
  auto payment =
      (*connection)->Read([&](db::Reader& reader) { return ReadPayment(reader, pay_id); });
  if (!payment) return tl::unexpected(wallet + ": " + payment.error().detail);
  return std::move(*payment);
}

db::Result<std::vector<LedgerAuthorization>> ReadAuthorizations(db::Reader& reader,
                                                                const std::string& xid) {
  db::Query query(reader,
                  "SELECT Amount, CurrCode, AuthCode, Xid FROM authorizations WHERE Xid = ?");
  query.With(xid);
  std::vector<LedgerAuthorization> found;
  while (true) {
    auto row = query.Step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return found;
    LedgerAuthorization authorization;
    query.Get(0, authorization.amount);
    query.Get(1, authorization.curr_code);
    query.Get(2, authorization.auth_code);
    query.Get(3, authorization.xid);
    found.push_back(std::move(authorization));
  }
}

class Comparison {
 public:
  explicit Comparison(std::vector<std::string>& differences) : differences_(differences) {}

  template <class T>
  void Equal(std::string_view what, const T& left, const T& right) {
    if (left != right) Note(fmt::format("{} differs", what));
  }
  void Must(bool holds, std::string_view what) {
    if (!holds) Note(std::string(what));
  }

 private:
  void Note(std::string line) { differences_.push_back(std::move(line)); }
  std::vector<std::string>& differences_;
};

}  // namespace

tl::expected<Ledgers, std::string> ReadLedgers(const LedgerPlaces& places) {
  Ledgers ledgers;
  auto merchant = PaymentOf(places.merchant_wallet, places.merchant_pay_id);
  if (!merchant) return tl::unexpected(merchant.error());
  ledgers.merchant = std::move(*merchant);
  auto consumer = PaymentOf(places.consumer_wallet, places.consumer_pay_id);
  if (!consumer) return tl::unexpected(consumer.error());
  ledgers.consumer = std::move(*consumer);
  auto handler = PaymentOf(places.handler_wallet, places.handler_pay_id);
  if (!handler) return tl::unexpected(handler.error());
  ledgers.handler = std::move(*handler);

  auto gateway = db::ReadConnection::Open(places.gateway_db, db::GatewaySchema());
  if (!gateway) return tl::unexpected(gateway.error().detail);
  auto authorizations = (*gateway)->Read(
      [&](db::Reader& reader) { return ReadAuthorizations(reader, ledgers.handler.xid); });
  if (!authorizations) {
    return tl::unexpected(places.gateway_db + ": " + authorizations.error().detail);
  }
  ledgers.authorizations = std::move(*authorizations);
  return ledgers;
}

std::vector<std::string> Compare(const Ledgers& ledgers, bool declined) {
  std::vector<std::string> differences;
  Comparison compare(differences);
  for (const auto& [who, payment] :
       {std::pair("consumer", &ledgers.consumer), std::pair("payment handler", &ledgers.handler)}) {
    const auto about = [&, name = who](std::string_view what) {
      return fmt::format("{} of merchant and {}", what, name);
    };
    compare.Equal(about("BrandId"), ledgers.merchant.brand_id, payment->brand_id);
    compare.Equal(about("Amount"), ledgers.merchant.amount, payment->amount);
    compare.Equal(about("CurrCode"), ledgers.merchant.curr_code, payment->curr_code);
    compare.Equal(about("LID-M"), ledgers.merchant.lid_m, payment->lid_m);
    compare.Equal(about("OD"), ledgers.merchant.order_hash, payment->order_hash);
  }
  compare.Must(!ledgers.handler.xid.empty(), "the payment has no XID");
  compare.Equal("XID of consumer and payment handler", ledgers.consumer.xid, ledgers.handler.xid);
  compare.Equal("ProcessState of consumer and payment handler", ledgers.consumer.process_state,
                ledgers.handler.process_state);
  compare.Equal("CompletionCode of consumer and payment handler", ledgers.consumer.completion_code,
                ledgers.handler.completion_code);

  compare.Must(ledgers.authorizations.size() == 1, "the gateway has not exactly one authorization");
  const std::string expected_code = declined ? "declined" : "approved";
  for (const LedgerAuthorization& authorization : ledgers.authorizations) {
    compare.Equal("Amount of payment handler and gateway", ledgers.handler.amount,
                  authorization.amount);
    compare.Equal("CurrCode of payment handler and gateway", ledgers.handler.curr_code,
                  authorization.curr_code);
    compare.Equal("AuthCode and the one expected", expected_code, authorization.auth_code);
  }
  compare.Equal("ProcessState and the one expected",
                std::string(declined ? "Failed" : "CompletedOk"), ledgers.consumer.process_state);
  return differences;
}

}  // namespace bridge::programs
