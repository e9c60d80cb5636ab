#include "db/payments.h"

#include <gtest/gtest.h>

#include "db/ids.h"
#include "db/intents.h"
#include "db/journal.h"
#include "db/messages.h"
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
  payment.id = Insert(payment);
  const auto update = [&](Millis now, std::string_view reason) {
    const auto done = store_->Write([&](Transaction& tx) {
      return UpdatePayment(tx, payment, {"ContinueProcess", reason}, now);
    });
    ASSERT_TRUE(done.has_value()) << done.error().detail;
  };
  payment.process_state = "InProgress";
  payment.percent_complete = 40;
  payment.xid = Octets(20, 0xab);
  payment.cont_status = "Continue";
  update(kNow + 1, "");
  payment.status_desc = "merchant: Shop";
  update(kNow + 2, "");
  update(kNow + 3, "a PReq was refused");
  payment.process_state = "Failed";
  payment.completion_code = "Unspecified";
  update(kNow + 1000, "declined");

  EXPECT_EQ(Sql("SELECT at, call, from_state, to_state, percent, reason FROM events "
                "WHERE PayId = 'pay-1' ORDER BY at"),
            "2003-08-15T13:00:00.124Z|ContinueProcess|NotYetStarted|InProgress|40|\n"
            "2003-08-15T13:00:00.126Z|ContinueProcess|InProgress|InProgress|40|a PReq was refused\n"
            "2003-08-15T13:00:01.123Z|ContinueProcess|InProgress|Failed|40|declined\n");
  EXPECT_EQ(Sql("SELECT * FROM payments"),
            "pay-1|Consumer|Failed|40|Unspecified|merchant: Shop|VISA|VISA:Gold|visa-gold|129.50|"
            "ISO4217-A|USD|Debit|Continue|NULL|515AFF|ABABABABABABABABABABABABABABABABABABABAB|"
            "2jmj7l5rSw0yVb/vlWAYkK/YBwk=|2003-08-15T13:00:00.123Z|2003-08-15T13:00:01.123Z\n");
}

TEST_F(Ledger, TheViewsHaveExactlyTheirColumns) {
  const auto columns = [&](const std::string& view) {
    return Sql("SELECT group_concat(name, ',') FROM pragma_table_info('" + view + "')");
  };
  EXPECT_EQ(columns("payments"),
            "PayId,Role,ProcessState,PercentComplete,CompletionCode,StatusDesc,BrandId,"
            "ProtocolBrandId,PaymentInstrumentId,Amount,CurrCodeType,CurrCode,PayDirection,"
            "ContStatus,ContentSoftwareId,LidM,Xid,OrderHash,started,changed\n");
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

TEST_F(Ledger, PaymentsAreFoundByXidLidMAndRrpid) {
  Payment payment = Sample("pay-1");
  payment.id = Insert(payment);
  payment.xid = Octets(20, 1);
  const auto done = store_->Write([&](Transaction& tx) -> Result<void> {
    if (auto r = UpdatePayment(tx, payment, {"call", ""}, kNow); !r) return r;
    return ReserveIds(tx, "pay-1", *payment.xid, Octets(20, 2), kNow, nullptr);
  });
  ASSERT_TRUE(done.has_value()) << done.error().detail;
  const auto pay_id = [&](auto find, const Octets& value) -> std::string {
    const auto found = store_->Read([&](Reader& r) { return find(r, OctetView(value)); });
    return found->has_value() ? (*found)->pay_id : "";
  };
  EXPECT_EQ(pay_id(FindPaymentByXid, Octets(20, 1)), "pay-1");
  EXPECT_EQ(pay_id(FindPaymentByXid, Octets(20, 2)), "");
  EXPECT_EQ(pay_id(FindPaymentByLidM, Octets{0x51, 0x5a, 0xff}), "pay-1");
  EXPECT_EQ(pay_id(FindPaymentByRrpid, Octets(20, 2)), "pay-1");
  EXPECT_EQ(pay_id(FindPaymentByRrpid, Octets(20, 1)), "");
}

TEST_F(Ledger, OffersAreRememberedPerPayment) {
  const std::int64_t first = Insert(Sample("a"));
  const std::int64_t second = Insert(Sample("b"));
  ASSERT_TRUE(store_->Write([&](Transaction& tx) { return RecordOffer(tx, first, "VISA"); }));
  ASSERT_TRUE(store_->Write([&](Transaction& tx) { return RecordOffer(tx, first, "VISA"); }));
  EXPECT_TRUE(*store_->Read([&](Reader& r) { return WasOffered(r, first, "VISA"); }));
  EXPECT_FALSE(*store_->Read([&](Reader& r) { return WasOffered(r, first, "Other"); }));
  EXPECT_FALSE(*store_->Read([&](Reader& r) { return WasOffered(r, second, "VISA"); }));
}

TEST_F(Ledger, MessagesAreNumberedAndTheLastOfAKindIsFound) {
  const std::int64_t id = Insert(Sample("a"));
  const std::int64_t other = Insert(Sample("b"));
  const auto append = [&](std::int64_t payment, const char* direction, const char* kind, int fill) {
    int seq = 0;
    const auto done = store_->Write([&](Transaction& tx) -> Result<void> {
      const auto made = AppendMessage(
          tx, {payment, 0, direction, kind, Octets(5000, static_cast<std::uint8_t>(fill)),
               Octets(32, static_cast<std::uint8_t>(fill)), kNow});
      if (!made) return tl::unexpected<Error>(made.error());
      seq = *made;
      return {};
    });
    EXPECT_TRUE(done.has_value()) << done.error().detail;
    return seq;
  };
  EXPECT_EQ(append(id, "sent", "PInitReq", 1), 1);
  EXPECT_EQ(append(id, "received", "PInitRes", 2), 2);
  EXPECT_EQ(append(other, "sent", "PInitReq", 9), 1);
  EXPECT_EQ(append(id, "sent", "PReq", 3), 3);
  const auto last = [&](const char* direction, const char* kind) {
    const auto found = store_->Read([&](Reader& r) { return LastMessage(r, id, direction, kind); });
    return found->has_value() ? static_cast<int>((*found)->octets.at(0)) : 0;
  };
  EXPECT_EQ(last("sent", ""), 3);
  EXPECT_EQ(last("sent", "PInitReq"), 1);
  EXPECT_EQ(last("received", ""), 2);
  EXPECT_EQ(last("received", "PRes"), 0);
  EXPECT_EQ(store_->Read([&](Reader& r) { return ListMessages(r, id); })->size(), 3u);
}

TEST_F(Ledger, AReceiptIsStoredOnceAndOnlyTheSameMayComeAgain) {
  const std::int64_t id = Insert(Sample("a"));
  const auto insert = [&](const Octets& octets) {
    return store_->Write([&](Transaction& tx) {
      return InsertReceipt(tx, {id, "PRes", kNow, octets});
    });
  };
  ASSERT_TRUE(insert({1, 2}).has_value());
  ASSERT_TRUE(insert({1, 2}).has_value());
  const auto other = insert({1, 3});
  ASSERT_FALSE(other.has_value());
  EXPECT_EQ(other.error().kind, ErrorKind::kConflict);
  EXPECT_EQ(Sql("SELECT PayId, Name, received, hex(octets) FROM receipts"),
            "a|PRes|2003-08-15T13:00:00.123Z|0102\n");
}

TEST_F(Ledger, AJournaledAnswerIsFoundUnderItsWholeKeyOnlyAndNeverReplaced) {
  const Octets digest(32, 5);
  const Octets other(32, 6);
  const JournalKey key{"Consumer", "a", "ContinueProcess", digest};
  const auto record = [&](const JournalKey& k, const Octets& answer) {
    return store_->Write([&](Transaction& tx) { return RecordAnswer(tx, k, answer, kNow); });
  };
  const auto find = [&](const JournalKey& k) {
    return *store_->Read([&](Reader& r) { return FindAnswer(r, k); });
  };
  EXPECT_EQ(find(key), std::nullopt);
  ASSERT_TRUE(record(key, {1, 2, 3}).has_value());
  EXPECT_EQ(find(key), (Octets{1, 2, 3}));
  EXPECT_EQ(find({"PaymentHandler", "a", "ContinueProcess", digest}), std::nullopt);
  EXPECT_EQ(find({"Consumer", "b", "ContinueProcess", digest}), std::nullopt);
  EXPECT_EQ(find({"Consumer", "a", "StartPaymentConsumer", digest}), std::nullopt);
  EXPECT_EQ(find({"Consumer", "a", "ContinueProcess", other}), std::nullopt);
  const auto again = record(key, {9});
  ASSERT_FALSE(again.has_value());
  EXPECT_EQ(again.error().kind, ErrorKind::kConflict);
  EXPECT_EQ(find(key), (Octets{1, 2, 3}));
  const Octets sha1(20, 1);
  const auto wrong = record({"Consumer", "a", "ContinueProcess", sha1}, {9});
  ASSERT_FALSE(wrong.has_value());
  EXPECT_EQ(wrong.error().kind, ErrorKind::kInternal);
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
  EXPECT_EQ(store_->Read([](Reader& r) { return ListOpenIntents(r); })->at(0).request,
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
}

}  // namespace
}  // namespace db
