// The four ledgers of a purchase, read from their files beside the running wallets, and what has to
// be equal in them (interfaces.md, 2, demo).
#ifndef BRIDGE_PROGRAMS_SET_BRIDGE_DEMO_LEDGERS_H_
#define BRIDGE_PROGRAMS_SET_BRIDGE_DEMO_LEDGERS_H_

#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace bridge::programs {

// A payment as the view `payments` of a wallet shows it.
struct LedgerPayment {
  std::string brand_id;
  std::string amount;
  std::string curr_code;
  std::string process_state;
  std::string completion_code;
  std::string order_hash;
  std::string lid_m;  // hex, as the view shows it
  std::string xid;
};

// A row of the gateway's view `authorizations`.
struct LedgerAuthorization {
  std::string amount;
  std::string curr_code;
  std::string auth_code;
  std::string xid;
};

struct Ledgers {
  LedgerPayment merchant;
  LedgerPayment consumer;
  LedgerPayment handler;
  std::vector<LedgerAuthorization> authorizations;  // with the handler's XID
};

// Where they are: three wallet directories, the gateway's database, and a PayId in each wallet.
struct LedgerPlaces {
  std::string merchant_wallet, merchant_pay_id;
  std::string consumer_wallet, consumer_pay_id;
  std::string handler_wallet, handler_pay_id;
  std::string gateway_db;
};

tl::expected<Ledgers, std::string> ReadLedgers(const LedgerPlaces& places);

// Compare gives one line for each thing that is not as it has to be; none: the ledgers agree.
// `declined` says how the purchase was meant to end.
std::vector<std::string> Compare(const Ledgers& ledgers, bool declined);

}  // namespace bridge::programs

#endif  // BRIDGE_PROGRAMS_SET_BRIDGE_DEMO_LEDGERS_H_
