// XID and PReq RRPID are unique in a wallet's ledger, removed payments included
// (set-processing.md, 2.3).
#ifndef DB_IDS_H_
#define DB_IDS_H_

#include <optional>
#include <string>
#include <string_view>

#include "db/error.h"
#include "db/octets.h"
#include "db/sqlite.h"

namespace db {

// ReserveIds binds both to `pay_id`; what stands under it already stays.  An empty `rrpid` is none
// yet.  kConflict: one of them stands under another PayId; `other`, unless null, gets that PayId.
Result<void> ReserveIds(Transaction& tx, std::string_view pay_id, OctetView xid, OctetView rrpid,
                        Millis at, std::string* other);

// The PayId under which the XID, or the RRPID, stands; also for removed payments.
Result<std::optional<std::string>> PayIdOfXid(const Reader& reader, OctetView xid);
Result<std::optional<std::string>> PayIdOfRrpid(const Reader& reader, OctetView rrpid);

}  // namespace db

#endif  // DB_IDS_H_
