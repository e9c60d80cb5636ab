#include "bridge/wallet/abandoned_instruments.h"

#include "db/instruments.h"

namespace bridge {

db::Result<bool> RemoveAbandonedInstruments(db::WalletStore& store) {
  const auto ids = store.Read(db::ListAbandonedInstruments);
  if (!ids) return tl::unexpected(ids.error());
  if (ids->empty()) return false;
  bool removed = false;
  auto written = store.Write([&](db::Transaction& tx) -> db::Result<void> {
    const auto any = db::RemoveAbandonedInstruments(tx);
    if (!any) return tl::unexpected(any.error());
    removed = *any;
    return {};
  });
  if (!written) return tl::unexpected(written.error());
  return removed;
}

}  // namespace bridge
