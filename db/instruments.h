// Payment instruments of a consumer wallet.  Secrets arrive sealed and are opaque here.
#ifndef DB_INSTRUMENTS_H_
#define DB_INSTRUMENTS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/error.h"
#include "db/octets.h"
#include "db/sqlite.h"

namespace db {

// Smallest and largest amount of one currency, as decimal text (interfaces.md, 3, limits).
struct AmountLimit {
  std::string currency;
  std::string least;
  std::string most;

  template <class A, class Self>
  static void Columns(A& a, Self& self) {
    a("currency", self.currency);
    a("least", self.least);
    a("most", self.most);
  }
};

struct Instrument {
  std::string id;  // PaymentInstrumentId
  std::string name;
  std::string brand_id;
  std::string protocol_brand_id;
  bool hidden = false;  // kept for a pending payment only
  Octets sealed_pan;
  Octets sealed_expiry;
  std::optional<Octets> sealed_card_secret;
  std::optional<Octets> sealed_pan_secret;
  std::optional<Octets> sealed_private_key;
  std::vector<std::string> currencies;  // empty: any
  std::vector<AmountLimit> limits;
  std::vector<Octets> certificate_chain;  // DER, leaf first; empty: card without certificate

  // The columns of the table; the lists stand in tables of their own (lists.h).
  template <class A, class Self>
  static void Columns(A& a, Self& self) {
    a("id", self.id);
    a("name", self.name);
    a("brand_id", self.brand_id);
    a("protocol_brand_id", self.protocol_brand_id);
    a("hidden", self.hidden);
    a("sealed_pan", self.sealed_pan);
    a("sealed_expiry", self.sealed_expiry);
    a("sealed_card_secret", self.sealed_card_secret);
    a("sealed_pan_secret", self.sealed_pan_secret);
    a("sealed_private_key", self.sealed_private_key);
  }
};

// StoreInstrument adds the instrument or replaces the one with its id.
Result<void> StoreInstrument(Transaction& tx, const Instrument& instrument);
// RetireInstrument hides the instrument while a pending payment uses it, else removes it.
Result<void> RetireInstrument(Transaction& tx, std::string_view id);
// The hidden instruments that no pending payment uses any more, by id.
Result<std::vector<std::string>> ListAbandonedInstruments(const Reader& reader);
// RemoveAbandonedInstruments removes them with their secrets and tells whether there were any.
Result<bool> RemoveAbandonedInstruments(Transaction& tx);
// All, hidden ones too, in the order in which they were first stored.
Result<std::vector<Instrument>> LoadInstruments(const Reader& reader);

}  // namespace db

#endif  // DB_INSTRUMENTS_H_
