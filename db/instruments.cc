#include "db/instruments.h"

#include <utility>

#include "db/find.h"
#include "db/lists.h"
#include "db/payments.h"

namespace db {
namespace {

std::string Owner(std::string_view id) { return "instrument:" + std::string(id); }

Result<void> Remove(Transaction& tx, std::string_view id) {
  if (auto done = Change(tx, "DELETE FROM instrument WHERE id = ?", id); !done) return done;
  return DropLists(tx, Owner(id));
}

}  // namespace

Result<void> StoreInstrument(Transaction& tx, const Instrument& instrument) {
  static const std::string& sql = *new std::string(UpsertSql<Instrument>("instrument", "id"));
  if (auto done = StoreRow(tx, sql, instrument); !done) return done;
  const std::string owner = Owner(instrument.id);
  if (auto done = StoreWords(tx, owner, "currency", instrument.currencies); !done) return done;
  if (auto done = StoreLimits(tx, owner, instrument.limits); !done) return done;
  return StoreChain(tx, owner, "certificate", instrument.certificate_chain);
}

Result<void> RetireInstrument(Transaction& tx, std::string_view id) {
  const auto used = InstrumentInUse(tx, id);
  if (!used) return tl::unexpected<Error>(used.error());
  if (*used) return Change(tx, "UPDATE instrument SET hidden = 1 WHERE id = ?", id);
  return Remove(tx, id);
}

Result<std::vector<std::string>> ListAbandonedInstruments(const Reader& reader) {
  auto ids =
      FindValues<std::string>(reader, "SELECT id FROM instrument WHERE hidden = 1 ORDER BY id");
  if (!ids) return ids;
  std::vector<std::string> abandoned;
  for (std::string& id : *ids) {
    const auto used = InstrumentInUse(reader, id);
    if (!used) return tl::unexpected<Error>(used.error());
    if (!*used) abandoned.push_back(std::move(id));
  }
  return abandoned;
}

Result<bool> RemoveAbandonedInstruments(Transaction& tx) {
  const auto ids = ListAbandonedInstruments(tx);
  if (!ids) return tl::unexpected<Error>(ids.error());
  for (const std::string& id : *ids) {
    if (auto done = Remove(tx, id); !done) return tl::unexpected<Error>(done.error());
  }
  return !ids->empty();
}

Result<std::vector<Instrument>> LoadInstruments(const Reader& reader) {
  static const std::string& sql =
      *new std::string(SelectSql<Instrument>("instrument ORDER BY position"));
  auto found = FindRows<Instrument>(reader, sql);
  if (!found) return found;
  for (Instrument& instrument : *found) {
    const std::string owner = Owner(instrument.id);
    auto currencies = LoadWords(reader, owner, "currency");
    if (!currencies) return tl::unexpected<Error>(currencies.error());
    auto limits = LoadLimits(reader, owner);
    if (!limits) return tl::unexpected<Error>(limits.error());
    auto chain = LoadChain(reader, owner, "certificate");
    if (!chain) return tl::unexpected<Error>(chain.error());
    instrument.currencies = std::move(*currencies);
    instrument.limits = std::move(*limits);
    instrument.certificate_chain = std::move(*chain);
  }
  return found;
}

}  // namespace db
