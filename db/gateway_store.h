// The reference gateway's store (gateway.db): answers by request, payment instructions seen,
// authorizations, batches, diagnostic journal.  Invariants 1 and 2 of architecture.md hold here
// too. Account numbers are known only as HMAC-SHA-256, made by the caller.
#ifndef DB_GATEWAY_STORE_H_
#define DB_GATEWAY_STORE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "db/error.h"
#include "db/octets.h"
#include "db/store.h"

namespace db {

class GatewayStore : public Store {
 public:
  // Open makes or opens the database file `path` under the lease file `path`.lease.  Errors as
  // WalletStore::Open; the directory must exist.
  static Result<std::unique_ptr<GatewayStore>> Open(const std::string& path,
                                                    const char* vfs = nullptr);

 private:
  GatewayStore() = default;
};

// --- answered requests: D-51 and set-processing.md, 2.3 ---

struct AnsweredRequest {
  Octets digest;        // SHA-256 of the MessageWrapper
  Octets signer_thumb;  // of the verified signer
  Octets rrpid;         // of the verified content
  Octets answer;        // the response, octet for octet
  Millis at = 0;

  template <class A, class Self>
  static void Columns(A& a, Self& self) {
    a("digest", self.digest);
    a("signer_thumb", self.signer_thumb);
    a("rrpid", self.rrpid);
    a("answer", self.answer);
    a("at", self.at);
  }
};
// An Error too (see RecordError).
Result<std::optional<Octets>> FindRequestAnswer(const Reader& reader, OctetView digest);
// Whether the signer has used the RRPID, whatever the octets.
Result<bool> RrpidAnswered(const Reader& reader, OctetView signer_thumb, OctetView rrpid);
// kConflict: the digest, or (signer_thumb, rrpid), is recorded already.  Call it in the Write that
// records the effects, and check both questions above inside that Write too.
Result<void> RecordRequest(Transaction& tx, const AnsweredRequest& request);

// An Error about a request whose sender need not be verified: it takes no RRPID.
struct AnsweredError {
  Octets digest;  // SHA-256 of the MessageWrapper
  Octets answer;  // the Error, octet for octet
  Millis at = 0;

  template <class A, class Self>
  static void Columns(A& a, Self& self) {
    a("digest", self.digest);
    a("answer", self.answer);
    a("at", self.at);
  }
};
// RecordError forgets the Errors of before `forget` and then keeps `error`, unless `most` are kept
// already: false.  kConflict: one for the digest is recorded already.
Result<bool> RecordError(Transaction& tx, const AnsweredError& error, Millis forget,
                         std::int64_t most);

// --- payment instructions: (MerchantID, XID), D-46 and D-48 ---

struct Instruction {
  std::string merchant_id;
  Octets xid;
  std::string state = "unused";  // "unused", "authorized" (an approval stands) or "reversed"
  std::string brand;
  int currency = 0;               // ISO 4217 number of PurchAmt
  int amt_exp10 = 0;              // exponent of both amounts
  std::int64_t purch_amount = 0;  // PurchAmt.amount
  std::int64_t authorized = 0;    // total authorized, same exponent
  Octets pan_hmac;
  Millis at = 0;

  template <class A, class Self>
  static void Columns(A& a, Self& self) {
    a("merchant_id", self.merchant_id);
    a("xid", self.xid);
    a("state", self.state);
    a("brand", self.brand);
    a("currency", self.currency);
    a("amt_exp10", self.amt_exp10);
    a("purch_amount", self.purch_amount);
    a("authorized", self.authorized);
    a("pan_hmac", self.pan_hmac);
    a("at", self.at);
  }
};
Result<std::optional<Instruction>> FindInstruction(const Reader& reader,
                                                   std::string_view merchant_id, OctetView xid);
// Adds it, or replaces the one with its (merchant_id, xid).
Result<void> StoreInstruction(Transaction& tx, const Instruction& instruction);

// --- authorizations: every answered AuthReq, declined ones too ---

struct Authorization {
  Octets xid;
  Octets lid_m;
  std::optional<Octets> lid_c;  // none: of a gateway that did not keep it
  std::string merchant_id;
  Octets auth_rrpid;
  std::string brand;
  std::string amount;     // decimal text as in the API
  std::string curr_code;  // ISO 4217 letters
  std::string auth_code;  // SET AuthCode name
  bool captured = false;
  bool reversed = false;
  std::optional<std::int64_t> batch;  // of what is captured
  Millis at = 0;

  template <class A, class Self>
  static void Columns(A& a, Self& self) {
    a("xid", self.xid);
    a("lid_m", self.lid_m);
    a("lid_c", self.lid_c);
    a("merchant_id", self.merchant_id);
    a("auth_rrpid", self.auth_rrpid);
    a("brand", self.brand);
    a("amount", self.amount);
    a("curr_code", self.curr_code);
    a("auth_code", self.auth_code);
    a("captured", self.captured);
    a("reversed", self.reversed);
    a("batch", self.batch);
    a("at", self.at);
  }
};
// kConflict: this merchant's AuthRRPID is recorded already.
Result<void> RecordAuthorization(Transaction& tx, const Authorization& authorization);
Result<std::optional<Authorization>> FindAuthorization(const Reader& reader,
                                                       std::string_view merchant_id,
                                                       OctetView auth_rrpid);
// Leaves `amount` of an authorization; reversed: nothing is left.
Result<void> ReduceAuthorization(Transaction& tx, std::string_view merchant_id,
                                 OctetView auth_rrpid, std::string_view amount, bool reversed);

// MarkCaptured puts an authorization into a batch.
Result<void> MarkCaptured(Transaction& tx, std::string_view merchant_id, OctetView auth_rrpid,
                          std::int64_t batch);

// Whether the merchant's batch of this currency is closed; nothing: there is none with this id.
Result<std::optional<bool>> BatchClosed(const Reader& reader, std::string_view merchant_id,
                                        std::string_view curr_code, std::int64_t batch);

// The merchant's open batch and the next sequence number in it: made if there is none.
struct BatchPlace {
  std::int64_t batch = 0;     // BatchID
  std::int64_t sequence = 0;  // BatchSequenceNum, from 1

  template <class A, class Self>
  static void Columns(A& a, Self& self) {
    a("id", self.batch);
    a("last_sequence", self.sequence);
  }
};
Result<BatchPlace> NextInBatch(Transaction& tx, std::string_view merchant_id,
                               std::string_view curr_code, Millis now);

// A message from the diagnostic port, kept as it came; above a limit the oldest ones go.
struct DiagnosticLimits {
  std::int64_t messages = 0;
  std::int64_t octets = 0;  // of all messages
};
Result<void> RecordDiagnostic(Transaction& tx, std::string_view peer, OctetView octets, Millis at,
                              const DiagnosticLimits& limits);

// Free settings by name (key of the PAN HMAC, sealed or not, is the gateway's affair).
Result<void> StoreGatewaySetting(Transaction& tx, std::string_view name, OctetView value);
Result<std::optional<Octets>> LoadGatewaySetting(const Reader& reader, std::string_view name);

}  // namespace db

#endif  // DB_GATEWAY_STORE_H_
