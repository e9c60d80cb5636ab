#include "db/payments.h"

#include <gtest/gtest.h>

#include "db/history.h"
#include "db/ids.h"
#include "db/intents.h"
#include "db/wallet_store.h"
#include "unit/db/plain_reader.h"
#include "unit/db/temp_dir.h"

namespace db {
namespace {

constexpr Millis kNow = 1'060'952'400'123;  // 2003-08-15T13:00:00.123Z

class Ledger : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = WalletStore::Open(dir_ / "wallet", WalletMode::kProvision);
    ASSERT_TRUE(opened.has_value()) << opened.error().detail;
    store_ = std::move(*opened);
  }

  static Payment Sample(const std::string& pay_id) {
    Payment payment;
    payment.pay_id = pay_id;
    payment.role = "Consumer";
    payment.brand_id = "VISA";
    payment.protocol_brand_id = "VISA:Gold";
    payment.payment_instrument_id = "visa-gold";
    payment.amount = "129.50";
    payment.curr_code_type = "ISO4217-A";
    payment.curr_code = "USD";
    payment.pay_direction = "Debit";
    payment.lid_m = Octets{0x51, 0x5a, 0xff};
    payment.order_hash = "2jmj7l5rSw0yVb/vlWAYkK/YBwk=";
    payment.started = payment.changed = kNow;
    return payment;
  }

  std::int64_t Insert(const Payment& payment) {
    std::int64_t id = 0;
    const auto done = store_->Write([&](Transaction& tx) -> Result<void> {
      const auto made = InsertPayment(tx, payment);
      if (!made) return tl::unexpected<Error>(made.error());
      id = *made;
      return {};
    });
    EXPECT_TRUE(done.has_value()) << done.error().detail;
    return id;
  }

  std::string Sql(const std::string& sql) { return PlainRead(dir_ / "wallet/wallet.db", sql); }

  TempDir dir_;
  std::unique_ptr<WalletStore> store_;
};

TEST_F(Ledger, APaymentComesBackAsItWasStored) {
  Payment payment = Sample("pay-1");
  payment.trading_role_data = Octets{1, 2, 3};
  payment.pay_protocol_data = Octets{};
  payment.sealed_back_key = Octets(40, 7);
  payment.status_desc = "";
  payment.id = Insert(payment);

  const auto found = store_->Read([](Reader& r) { return FindPayment(r, "pay-1"); });
  ASSERT_TRUE(found.has_value() && found->has_value());
  EXPECT_EQ((*found)->id, payment.id);
  EXPECT_EQ((*found)->trading_role_data, payment.trading_role_data);
  EXPECT_EQ((*found)->pay_protocol_data, Octets{});
  EXPECT_EQ((*found)->sealed_back_key, payment.sealed_back_key);
  EXPECT_EQ((*found)->status_desc, "");
  EXPECT_EQ((*found)->completion_code, std::nullopt);
  EXPECT_EQ((*found)->xid, std::nullopt);
  EXPECT_EQ((*found)->order_hash, payment.order_hash);
  EXPECT_EQ((*found)->started, kNow);
}

TEST_F(Ledger, APayIdIsTakenForEveryRole) {
  Insert(Sample("pay-1"));
  Payment second = Sample("pay-1");
  second.role = "PaymentHandler";
  const auto done = store_->Write([&](Transaction& tx) -> Result<void> {
    const auto made = InsertPayment(tx, second);
    if (!made) return tl::unexpected<Error>(made.error());
    return {};
  });
  ASSERT_FALSE(done.has_value());
  EXPECT_EQ(done.error().kind, ErrorKind::kConflict);
}

TEST_F(Ledger, AStateOutsideTheApiIsABug) {
  Payment payment = Sample("pay-1");
  payment.process_state = "CompletedOK";
  const auto done = store_->Write([&](Transaction& tx) -> Result<void> {
    const auto made = InsertPayment(tx, payment);
    if (!made) return tl::unexpected<Error>(made.error());
    return {};
  });
  ASSERT_FALSE(done.has_value());
  EXPECT_EQ(done.error().kind, ErrorKind::kInternal);
}

TEST_F(Ledger, AChangeOfStateMakesOneEventAndOneWithoutMakesNone) {
  Payment payment = Sample("pay-1");
  const auto record = [&](Standing before, Millis now, std::string_view reason) {
    const std::string state(before.process_state);
    before.process_state = state;
    const auto done = store_->Write([&](Transaction& tx) {
      std::vector<Entry> entries;
      return RecordPayment(tx, payment, before, entries, {"ContinueProcess", reason}, now);
    });
    ASSERT_TRUE(done.has_value()) << done.error().detail;
  };
  record({}, kNow, "");
  payment.process_state = "InProgress";
  payment.percent_complete = 40;
  payment.xid = Octets(20, 0xab);
  payment.cont_status = "Continue";
  record({}, kNow + 1, "");
  payment.status_desc = "merchant: Shop";
  record({"InProgress", 40}, kNow + 2, "");
  record({"InProgress", 40}, kNow + 3, "a PReq was refused");
  payment.process_state = "Failed";
  payment.completion_code = "Unspecified";
  record({"InProgress", 40}, kNow + 1000, "declined");
  EXPECT_EQ(payment.entries, 3);

  EXPECT_EQ(Sql("SELECT at, call, from_state, to_state, percent, reason FROM events "
                "WHERE PayId = 'pay-1' ORDER BY at"),
            "2003-08-15T13:00:00.124Z|ContinueProcess|NotYetStarted|InProgress|40|\n"
            "2003-08-15T13:00:00.126Z|ContinueProcess|InProgress|InProgress|40|a PReq was refused\n"
            "2003-08-15T13:00:01.123Z|ContinueProcess|InProgress|Failed|40|declined\n");
  EXPECT_EQ(
      Sql("SELECT * FROM payments"),
      "pay-1|Consumer|Failed|40|Unspecified|merchant: Shop|VISA|VISA:Gold|visa-gold|129.50|"
      "ISO4217-A|USD|Debit|Continue|NULL|515AFF|ABABABABABABABABABABABABABABABABABABABAB|"
      "2jmj7l5rSw0yVb/vlWAYkK/YBwk=|2003-08-15T13:00:00.123Z|2003-08-15T13:00:01.123Z|NULL\n");
}

TEST_F(Ledger, UncapturedAreTheCompletedPaymentsOfThePaymentHandlerWithoutCapDate) {
  const auto add = [&](const char* pay_id, const char* role, const char* state,
                       std::optional<Millis> captured) {
    Payment payment = Sample(pay_id);
    payment.role = role;
    payment.process_state = state;
    payment.captured = captured;
    Insert(payment);
  };
  add("pay-1", "PaymentHandler", "CompletedOk", std::nullopt);
  add("pay-2", "PaymentHandler", "CompletedOk", kNow);
  add("pay-3", "PaymentHandler", "InProgress", std::nullopt);
  add("pay-4", "Consumer", "CompletedOk", std::nullopt);
  EXPECT_EQ(*store_->Read([](Reader& r) { return ListUncaptured(r); }),
            std::vector<std::string>{"pay-1"});
  EXPECT_EQ(Sql("SELECT captured FROM payments WHERE PayId = 'pay-2'"),
            "2003-08-15T13:00:00.123Z\n");
}

TEST_F(Ledger, TheViewsHaveExactlyTheirColumns) {
  const auto columns = [&](const std::string& view) {
    return Sql("SELECT group_concat(name, ',') FROM pragma_table_info('" + view + "')");
  };
  EXPECT_EQ(columns("payments"),
            "PayId,Role,ProcessState,PercentComplete,CompletionCode,StatusDesc,BrandId,"
            "ProtocolBrandId,PaymentInstrumentId,Amount,CurrCodeType,CurrCode,PayDirection,"
            "ContStatus,ContentSoftwareId,LidM,Xid,OrderHash,started,changed,captured\n");
  EXPECT_EQ(columns("receipts"), "PayId,Name,received,octets\n");
  EXPECT_EQ(columns("events"), "PayId,at,call,from_state,to_state,percent,reason\n");
}

TEST_F(Ledger, TimesInTheViewsKeepEveryMillisecond) {
  Payment payment = Sample("pay");
  int number = 0;
  for (const Millis at : {Millis{0}, Millis{1}, Millis{999}, Millis{1'763'766'061'007},
                          Millis{1'763'766'061'999}, Millis{4'102'444'799'998}}) {
    payment.pay_id = "pay-" + std::to_string(number++);
    payment.started = at;
    Insert(payment);
  }
  EXPECT_EQ(Sql("SELECT started FROM payments ORDER BY PayId"),
            "1970-01-01T00:00:00.000Z\n1970-01-01T00:00:00.001Z\n1970-01-01T00:00:00.999Z\n"
            "2025-11-21T23:01:01.007Z\n2025-11-21T23:01:01.999Z\n2099-12-31T23:59:59.998Z\n");
}

TEST_F(Ledger, PendingPaymentsAreCountedAndListedByRole) {
  const std::pair<const char*, const char*> rows[] = {{"a", "InProgress"},
                                                      {"b", "Suspended"},
                                                      {"c", "Failed"},
                                                      {"d", "InProgress"},
                                                      {"e", "CompletedOk"}};
  for (const auto& [pay_id, state] : rows) {
    Payment payment = Sample(pay_id);
    payment.process_state = state;
    if (payment.pay_id == "d") payment.role = "PaymentHandler";
    Insert(payment);
  }
  const auto list = [&](const char* role) {
    return *store_->Read([&](Reader& r) { return ListPending(r, role); });
  };
  EXPECT_EQ(*store_->Read([](Reader& r) { return CountInProgress(r); }), 2);
  EXPECT_EQ(list(""), (std::vector<std::string>{"a", "b", "d"}));
  EXPECT_EQ(list("Consumer"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(list("Merchant"), std::vector<std::string>{});
}

TEST_F(Ledger, APaymentThatIsNotStoredIsNotRecordedAgain) {
  Payment payment = Sample("pay-1");
  payment.id = 7;
  std::vector<Entry> entries;
  const auto done = store_->Write([&](Transaction& tx) {
    return RecordPayment(tx, payment, {}, entries, {"call", ""}, kNow);
  });
  ASSERT_FALSE(done.has_value());
  EXPECT_EQ(done.error().kind, ErrorKind::kMissing);
}

// Entries of two payments that take turns.
TEST_F(Ledger, TheHistoryOfAPaymentComesBackAsItWasRecorded) {
  Payment first = Sample("a");
  Payment second = Sample("b");
  const auto record = [&](Payment& payment, std::vector<Entry> entries) {
    const auto done = store_->Write([&](Transaction& tx) {
      return RecordPayment(tx, payment, {}, entries, {"ContinueProcess", ""}, kNow);
    });
    ASSERT_TRUE(done.has_value()) << done.error().detail;
  };
  Entry both;
  both.received_kind = "PInitRes";
  both.received = Octets(5000, 1);
  both.sent_kind = "PReq";
  both.sent = Octets(9000, 2);
  both.digest = Octets(kRequestDigestSize, 5);
  both.gap = 3;
  both.answer = Octets{1, 2, 3, 4};
  Entry sent;
  sent.sent_kind = "PInitReq";
  sent.sent = Octets{};
  record(first, {sent});
  record(second, {both, sent});
  record(first, {both});
  record(second, {});
  EXPECT_EQ(first.entries, 2);
  EXPECT_EQ(second.entries, 2);

  const auto found = *store_->Read([&](Reader& r) { return LoadEntries(r, first.id); });
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].sent_kind, "PInitReq");
  EXPECT_EQ(found[0].sent, Octets{});
  EXPECT_EQ(found[0].received, std::nullopt);
  EXPECT_EQ(found[0].digest, std::nullopt);
  EXPECT_EQ(found[1].at, kNow);
  EXPECT_EQ(found[1].call, "ContinueProcess");
  EXPECT_EQ(found[1].to_state, std::nullopt);
  EXPECT_EQ(found[1].received_kind, "PInitRes");
  EXPECT_EQ(found[1].received, both.received);
  EXPECT_EQ(found[1].sent, both.sent);
  EXPECT_EQ(found[1].digest, both.digest);
  EXPECT_EQ(found[1].gap, 3);
  EXPECT_EQ(found[1].answer, both.answer);
  EXPECT_EQ(store_->Read([&](Reader& r) { return LoadEntries(r, second.id); })->size(), 2U);
  EXPECT_EQ(store_->Read([&](Reader& r) { return LoadEntries(r, second.id + 1); })->size(), 0U);
  EXPECT_EQ(Sql("SELECT count(*) FROM events"), "0\n");
}

TEST_F(Ledger, AnEntryIsNeverReplacedAndItsDigestIsSha256) {
  Entry entry;
  entry.call = "ContinueProcess";
  entry.digest = Octets(kRequestDigestSize, 5);
  const std::int64_t id = Insert(Sample("a"));
  const auto append = [&] {
    const auto done = store_->Write([&](Transaction& tx) { return AppendEntry(tx, id, 1, entry); });
    return done ? std::nullopt : std::optional(done.error().kind);
  };
  EXPECT_EQ(append(), std::nullopt);
  EXPECT_EQ(append(), ErrorKind::kConflict);
  entry.digest = Octets(kRequestDigestSize - 1, 5);
  EXPECT_EQ(append(), ErrorKind::kInternal);
}

TEST_F(Ledger, AHistoryNeverRunsIntoItsNeighbour) {
  Entry entry;
  entry.call = "ContinueProcess";
  const std::int64_t id = Insert(Sample("a"));
  const auto append = [&](int number) {
    const auto done =
        store_->Write([&](Transaction& tx) { return AppendEntry(tx, id, number, entry); });
    return done ? std::nullopt : std::optional(done.error().kind);
  };
  EXPECT_EQ(append((1 << kPlaceBits) - 2), std::nullopt);
  EXPECT_EQ(append((1 << kPlaceBits) - 1), std::nullopt);
  EXPECT_EQ(append(1 << kPlaceBits), ErrorKind::kFull);
}

TEST_F(Ledger, TheReceiptIsWhatTheRoleReceivedOrSent) {
  Entry entry;
  entry.received_kind = "PReq";
  entry.received = Octets{1, 2};
  entry.sent_kind = "PRes";
  entry.sent = Octets{3, 4};
  for (const char* role : {"Consumer", "PaymentHandler"}) {
    Payment payment = Sample(role);
    payment.role = role;
    std::vector<Entry> entries = {Entry{}, entry};
    const auto record = [&] {
      return store_->Write([&](Transaction& tx) {
        return RecordPayment(tx, payment, {}, entries, {"ContinueProcess", ""}, kNow);
      });
    };
    ASSERT_TRUE(record());
    EXPECT_EQ(*store_->Read([&](Reader& r) { return FindReceipt(r, payment.id); }), std::nullopt);
    payment.receipt = 2;
    entries.clear();
    ASSERT_TRUE(record());
    const auto found = *store_->Read([&](Reader& r) { return FindReceipt(r, payment.id); });
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->octets, payment.role == "Consumer" ? entry.received : entry.sent);
  }
  EXPECT_EQ(Sql("SELECT PayId, Name, received, hex(octets) FROM receipts"),
            "Consumer|PReq|2003-08-15T13:00:00.123Z|0102\n"
            "PaymentHandler|PRes|2003-08-15T13:00:00.123Z|0304\n");
}

TEST_F(Ledger, IdsBelongToOnePayIdForEver) {
  const Octets xid(20, 1);
  const Octets rrpid(20, 2);
  const Octets fresh(20, 3);
  std::string other;
  const auto reserve = [&](const char* pay_id, const Octets& x, const Octets& r) {
    other.clear();
    return store_->Write(
        [&](Transaction& tx) { return ReserveIds(tx, pay_id, x, r, kNow, &other); });
  };
  ASSERT_TRUE(reserve("a", xid, rrpid).has_value());
  ASSERT_TRUE(reserve("a", xid, rrpid).has_value());

  auto refused = reserve("b", xid, fresh);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().kind, ErrorKind::kConflict);
  EXPECT_EQ(other, "a");
  refused = reserve("b", fresh, rrpid);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(other, "a");
  // The savepoint of the refused pair took the fresh XID back.
  EXPECT_EQ(*store_->Read([&](Reader& r) { return PayIdOfXid(r, fresh); }), std::nullopt);
  EXPECT_EQ(*store_->Read([&](Reader& r) { return PayIdOfRrpid(r, rrpid); }), "a");
  // An XID stands before there is a PReq.
  ASSERT_TRUE(reserve("b", fresh, {}).has_value());
  EXPECT_EQ(*store_->Read([&](Reader& r) { return PayIdOfXid(r, fresh); }), "b");
  ASSERT_FALSE(reserve("a", fresh, rrpid).has_value());
  EXPECT_EQ(other, "b");
  ASSERT_TRUE(reserve("b", fresh, fresh).has_value());
}

TEST_F(Ledger, APaymentHasOneOpenIntentAndItIsSettledOnce) {
  const std::int64_t id = Insert(Sample("a"));
  Intent intent;
  intent.payment = id;
  intent.kind = "AuthReq";
  intent.rrpid = Octets(20, 1);
  intent.xid = Octets(20, 2);
  intent.request = Octets(3000, 3);
  intent.gateway = "acquirer";
  intent.opened = kNow;
  const auto open = [&] {
    std::int64_t made = 0;
    const auto done = store_->Write([&](Transaction& tx) -> Result<void> {
      const auto opened = OpenIntent(tx, intent);
      if (!opened) return tl::unexpected<Error>(opened.error());
      made = *opened;
      return {};
    });
    return done ? made : done.error().kind == ErrorKind::kConflict ? -1 : -2;
  };
  const auto settle = [&](std::int64_t which) {
    return store_->Write(
        [&](Transaction& tx) { return SettleIntent(tx, which, Octets{7}, kNow + 1); });
  };
  const std::int64_t first = open();
  ASSERT_GT(first, 0);
  EXPECT_EQ(open(), -1);
  EXPECT_EQ((*store_->Read([&](Reader& r) { return FindOpenIntent(r, id); }))->request,
            intent.request);
  ASSERT_TRUE(settle(first).has_value());
  EXPECT_EQ(settle(first).error().kind, ErrorKind::kConflict);
  EXPECT_EQ(*store_->Read([&](Reader& r) { return FindOpenIntent(r, id); }), std::nullopt);

  const std::int64_t second = open();
  ASSERT_GT(second, first);
  ASSERT_TRUE(store_->Write([&](Transaction& tx) {
    return ResolveIntent(tx, second, "approved", "ops", "slip 42", kNow + 2);
  }));
  EXPECT_EQ(settle(second).error().kind, ErrorKind::kConflict);
  ASSERT_TRUE(store_->Write([&](Transaction& tx) { return LateOutcome(tx, second, Octets{8}); }));
  ASSERT_TRUE(store_->Write([&](Transaction& tx) { return LateOutcome(tx, second, Octets{9}); }));
  const auto last = *store_->Read([&](Reader& r) { return LastIntent(r, id, "AuthReq"); });
  ASSERT_TRUE(last.has_value());
  EXPECT_EQ(last->id, second);
  EXPECT_EQ(last->resolved_as, "approved");
  EXPECT_EQ(last->resolved_why, "slip 42");
  EXPECT_EQ(last->outcome, Octets{8});
  EXPECT_EQ(last->settled, kNow + 2);
  const auto all = *store_->Read([&](Reader& r) { return LoadIntents(r, id); });
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].id, first);
  EXPECT_EQ(all[0].outcome, Octets{7});
  EXPECT_FALSE(all[0].open());
  EXPECT_EQ(store_->Read([&](Reader& r) { return LoadIntents(r, id + 1); })->size(), 0U);
}

}  // namespace
}  // namespace db
