#include "db/brands.h"

#include "db/find.h"
#include "db/lists.h"
#include "db/payments.h"

namespace db {
namespace {

std::string Owner(std::string_view brand_id) { return "brand:" + std::string(brand_id); }

Result<void> DropFormerKeys(Transaction& tx, std::string_view brand_id) {
  return Change(tx, "DELETE FROM former_key WHERE brand_id = ?", brand_id);
}

}  // namespace

Result<void> StoreBrand(Transaction& tx, const Brand& brand) {
  static const std::string& sql = *new std::string(UpsertSql<Brand>("brand", "brand_id"));
  if (auto done = StoreRow(tx, sql, brand); !done) return done;
  const std::string owner = Owner(brand.brand_id);
  if (auto done = StoreWords(tx, owner, "currency", brand.currencies); !done) return done;
  if (auto done = StoreWords(tx, owner, "bin", brand.bins); !done) return done;
  if (auto done = StoreLimits(tx, owner, brand.limits); !done) return done;
  if (auto done = StoreChain(tx, owner, "signing", brand.signing_chain); !done) return done;
  if (auto done = StoreChain(tx, owner, "exchange", brand.exchange_chain); !done) return done;
  return StoreChain(tx, owner, "gateway", brand.gateway_chain);
}

Result<void> KeepFormerKey(Transaction& tx, const FormerKey& key) {
  const auto used = BrandInUse(tx, key.brand_id);
  if (!used) return tl::unexpected<Error>(used.error());
  if (!*used) return DropFormerKeys(tx, key.brand_id);
  static const std::string& sql =
      *new std::string(UpsertSql<FormerKey>("former_key", "brand_id, certificate"));
  return StoreRow(tx, sql, key);
}

Result<std::vector<FormerKey>> LoadFormerKeys(const Reader& reader) {
  static const std::string& sql =
      *new std::string(SelectSql<FormerKey>("former_key ORDER BY brand_id, certificate"));
  return FindRows<FormerKey>(reader, sql);
}

Result<void> RetireBrand(Transaction& tx, std::string_view brand_id) {
  const auto used = BrandInUse(tx, brand_id);
  if (!used) return tl::unexpected<Error>(used.error());
  if (*used) return Change(tx, "UPDATE brand SET hidden = 1 WHERE brand_id = ?", brand_id);
  if (auto done = DropFormerKeys(tx, brand_id); !done) return done;
  if (auto done = Change(tx, "DELETE FROM brand WHERE brand_id = ?", brand_id); !done) return done;
  return DropLists(tx, Owner(brand_id));
}

Result<std::vector<Brand>> LoadBrands(const Reader& reader) {
  static const std::string& sql = *new std::string(SelectSql<Brand>("brand ORDER BY position"));
  auto found = FindRows<Brand>(reader, sql);
  if (!found) return found;
  for (Brand& brand : *found) {
    const std::string owner = Owner(brand.brand_id);
    auto currencies = LoadWords(reader, owner, "currency");
    if (!currencies) return tl::unexpected<Error>(currencies.error());
    auto bins = LoadWords(reader, owner, "bin");
    if (!bins) return tl::unexpected<Error>(bins.error());
    auto limits = LoadLimits(reader, owner);
    if (!limits) return tl::unexpected<Error>(limits.error());
    auto signing = LoadChain(reader, owner, "signing");
    if (!signing) return tl::unexpected<Error>(signing.error());
    auto exchange = LoadChain(reader, owner, "exchange");
    if (!exchange) return tl::unexpected<Error>(exchange.error());
    auto gateway = LoadChain(reader, owner, "gateway");
    if (!gateway) return tl::unexpected<Error>(gateway.error());
    brand.currencies = std::move(*currencies);
    brand.bins = std::move(*bins);
    brand.limits = std::move(*limits);
    brand.signing_chain = std::move(*signing);
    brand.exchange_chain = std::move(*exchange);
    brand.gateway_chain = std::move(*gateway);
  }
  return found;
}

}  // namespace db
