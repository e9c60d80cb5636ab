// Payments of a wallet: one row per PayId, whatever the role, and its history of events.
// Every item of RFC 3538, 8.4.1 (5) and 8.5.2 (2) has a column.  Values are spelled as in the API.
// Functions take the caller's Reader or Transaction and fail with its errors.
#ifndef DB_PAYMENTS_H_
#define DB_PAYMENTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/error.h"
#include "db/history.h"
#include "db/octets.h"
#include "db/sqlite.h"

namespace db {

struct Payment {
  std::int64_t id = 0;  // given by InsertPayment; begins the ids of its entries and intents
  std::string pay_id;   // unique in the wallet over all roles
  std::string role;     // "Consumer", "Merchant" or "PaymentHandler"
  std::string process_state = "NotYetStarted";
  int percent_complete = 0;
  std::optional<std::string> completion_code;
  std::optional<std::string> status_desc;
  std::optional<std::string> cont_status;  // "Continue" or "End"

  std::optional<std::string> brand_id;
  std::optional<std::string> protocol_brand_id;
  std::optional<std::string> payment_instrument_id;
  std::optional<std::string> protocol_id;
  std::optional<std::string> amount;  // as the request spelled it
  std::optional<std::string> curr_code_type;
  std::optional<std::string> curr_code;
  std::optional<std::string> pay_direction;
  std::optional<std::string> ok_from;
  std::optional<std::string> ok_to;

  std::optional<std::string> merchant_org_id;
  std::optional<std::string> consumer_pay_id;  // at the payment handler
  std::optional<std::string> content_software_id;
  std::optional<std::string> call_back_function;
  std::optional<std::string> call_back_languages;
  std::optional<std::string> language;
  std::optional<std::string> merchant_name;  // E-115: of the certificate in the PInitRes
  std::optional<std::string> gateway_name;

  std::optional<std::string> order_hash;    // 28 characters of base64, RFC 3538 8.4.1 (e)
  std::optional<Octets> pay_protocol_data;  // decoded PayProtocol PackagedContent
  std::optional<Octets> trading_role_data;  // decoded TradingRoleData PackagedContent
  std::optional<Octets> lid_m;
  std::optional<Octets> xid;
  std::optional<Octets>
      start_digest;  // of the inputs of Start…, to recognise a different repetition

  // E-71: state asked for while an acquirer exchange is open.
  std::optional<std::string> wished_state;
  std::optional<std::string> wished_completion_code;

  int entries = 0;             // so many rows of history.h
  std::optional<int> receipt;  // number of the entry with the PRes
  // What the merchant has offered, a line each (E-105; RFC 3867, 4.1.3).
  std::optional<std::string> offered_brands;
  std::optional<std::string> offered_protocols;

  std::optional<Octets> sealed_back_key;
  std::optional<Octets> sealed_pan_token;

  Millis started = 0;              // when the payment became known
  Millis changed = 0;              // last change of state or percent
  std::optional<Millis> captured;  // CapDate, at the payment handler

  template <class A, class Self>
  static void Columns(A& a, Self& self) {
    a("id", self.id);
    a("pay_id", self.pay_id);
    a("role", self.role);
    a("process_state", self.process_state);
    a("percent_complete", self.percent_complete);
    a("completion_code", self.completion_code);
    a("status_desc", self.status_desc);
    a("cont_status", self.cont_status);
    a("brand_id", self.brand_id);
    a("protocol_brand_id", self.protocol_brand_id);
    a("payment_instrument_id", self.payment_instrument_id);
    a("protocol_id", self.protocol_id);
    a("amount", self.amount);
    a("curr_code_type", self.curr_code_type);
    a("curr_code", self.curr_code);
    a("pay_direction", self.pay_direction);
    a("ok_from", self.ok_from);
    a("ok_to", self.ok_to);
    a("merchant_org_id", self.merchant_org_id);
    a("consumer_pay_id", self.consumer_pay_id);
    a("content_software_id", self.content_software_id);
    a("call_back_function", self.call_back_function);
    a("call_back_languages", self.call_back_languages);
    a("language", self.language);
    a("merchant_name", self.merchant_name);
    a("gateway_name", self.gateway_name);
    a("order_hash", self.order_hash);
    a("pay_protocol_data", self.pay_protocol_data);
    a("trading_role_data", self.trading_role_data);
    a("lid_m", self.lid_m);
    a("xid", self.xid);
    a("start_digest", self.start_digest);
    a("wished_state", self.wished_state);
    a("wished_completion_code", self.wished_completion_code);
    a("entries", self.entries);
    a("receipt", self.receipt);
    a("offered_brands", self.offered_brands);
    a("offered_protocols", self.offered_protocols);
    a("sealed_back_key", self.sealed_back_key);
    a("sealed_pan_token", self.sealed_pan_token);
    a("started", self.started);
    a("changed", self.changed);
    a("captured", self.captured);
  }

  bool operator==(const Payment&) const = default;
};

// What moved a payment; becomes a row of the view `events`.
struct EventCause {
  std::string_view call;    // name of the API call, or of the command for people
  std::string_view reason;  // for people; no secret
};

// InsertPayment gives the row id.  payment.id is ignored.  kConflict: the PayId is taken.
Result<std::int64_t> InsertPayment(Transaction& tx, const Payment& payment);

// State and percent before a commit; those of a payment that is new.
struct Standing {
  std::string_view process_state = "NotYetStarted";
  int percent_complete = 0;
};

// RecordPayment writes every column of `payment`, as a new row if payment.id is 0, and adds
// `entries` to its history.  If state or percent differ from `before`, or `cause` has a reason, the
// last entry (made if there is none) becomes an event, and payment.changed becomes `now` when state
// or percent did.  `at` and `call` of the entries are filled in; payment.id and payment.entries
// follow. kConflict: the PayId is taken.
Result<void> RecordPayment(Transaction& tx, Payment& payment, const Standing& before,
                           std::vector<Entry>& entries, const EventCause& cause, Millis now);

Result<std::optional<Payment>> FindPayment(const Reader& reader, std::string_view pay_id);

// What InquireProcessState shows, without the large columns.
struct PaymentStatus {
  std::int64_t id = 0;
  std::string role;
  std::string process_state;
  int percent_complete = 0;
  std::optional<std::string> completion_code;
  std::optional<std::string> status_desc;
  std::optional<std::string> cont_status;
  std::optional<std::string> content_software_id;
  std::optional<int> receipt;

  template <class A, class Self>
  static void Columns(A& a, Self& self) {
    a("id", self.id);
    a("role", self.role);
    a("process_state", self.process_state);
    a("percent_complete", self.percent_complete);
    a("completion_code", self.completion_code);
    a("status_desc", self.status_desc);
    a("cont_status", self.cont_status);
    a("content_software_id", self.content_software_id);
    a("receipt", self.receipt);
  }
};
Result<std::optional<PaymentStatus>> FindPaymentStatus(const Reader& reader,
                                                       std::string_view pay_id);

// Payments InProgress, for max_pending.
Result<std::int64_t> CountInProgress(const Reader& reader);

// PayIds InProgress or Suspended, of `role` unless it is empty, oldest first.
Result<std::vector<std::string>> ListPending(const Reader& reader, std::string_view role);

// PayIds that are CompletedOk at the payment handler and not captured, oldest first.
Result<std::vector<std::string>> ListUncaptured(const Reader& reader);

// Whether a pending payment uses the instrument or the brand (BrandId), or an open intent the
// brand: then provisioning hides it instead of removing it (interfaces.md, 3).
Result<bool> InstrumentInUse(const Reader& reader, std::string_view payment_instrument_id);
Result<bool> BrandInUse(const Reader& reader, std::string_view brand_id);

// A line of the view `payments` for `set-bridge payments`, oldest first.
struct PaymentLine {
  std::string pay_id;
  std::string role;
  std::string process_state;
  int percent_complete = 0;
  std::optional<std::string> completion_code;
  std::optional<std::string> brand_id;
  std::optional<std::string> amount;
  std::optional<std::string> curr_code;
  std::string started;
  std::string changed;
  std::optional<std::string> captured;

  template <class A, class Self>
  static void Columns(A& a, Self& self) {
    a("PayId", self.pay_id);
    a("Role", self.role);
    a("ProcessState", self.process_state);
    a("PercentComplete", self.percent_complete);
    a("CompletionCode", self.completion_code);
    a("BrandId", self.brand_id);
    a("Amount", self.amount);
    a("CurrCode", self.curr_code);
    a("started", self.started);
    a("changed", self.changed);
    a("captured", self.captured);
  }
};
Result<std::vector<PaymentLine>> ListPayments(const Reader& reader);

}  // namespace db

#endif  // DB_PAYMENTS_H_
