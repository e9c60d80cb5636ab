#include "db/gateway_store.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "unit/db/plain_reader.h"
#include "unit/db/temp_dir.h"

namespace db {
namespace {

constexpr Millis kNow = 1'060'952'400'123;  // 2003-08-15T13:00:00.123Z

class GatewayLedger : public testing::Test {
 protected:
  void SetUp() override { Open(); }
  void Open() {
    store_.reset();
    auto opened = GatewayStore::Open(dir_ / "gateway.db");
    ASSERT_TRUE(opened.has_value()) << opened.error().detail;
    store_ = std::move(*opened);
  }
  std::string Sql(const std::string& sql) { return PlainRead(dir_ / "gateway.db", sql); }

  TempDir dir_;
  std::unique_ptr<GatewayStore> store_;
};

TEST_F(GatewayLedger, ItsFilesAreTheOwnersAndItHasOneWriter) {
  struct stat facts = {};
  for (const char* name : {"gateway.db", "gateway.db-wal", "gateway.db-shm", "gateway.db.lease"}) {
    ASSERT_EQ(stat((dir_ / name).c_str(), &facts), 0) << name;
    EXPECT_EQ(facts.st_mode & 07777, 0600u) << name;
  }
  EXPECT_EQ(GatewayStore::Open(dir_ / "gateway.db").error().kind, ErrorKind::kLocked);
  EXPECT_EQ(GatewayStore::Open(dir_ / "none/gateway.db").error().kind, ErrorKind::kMissing);
  EXPECT_EQ(GatewayStore::Open(dir_ / "").error().kind, ErrorKind::kRefused);
}

TEST_F(GatewayLedger, AnAnswerIsFoundByTheOctetsOfItsRequestAlsoAfterARestart) {
  const AnsweredRequest request{Octets(32, 1), Octets(20, 2), Octets(20, 3), Octets(4000, 4), kNow};
  ASSERT_TRUE(store_->Write([&](Transaction& tx) { return RecordRequest(tx, request); }));
  Open();
  EXPECT_EQ(*store_->Read([](Reader& r) { return FindRequestAnswer(r, Octets(32, 1)); }),
            request.answer);
  EXPECT_EQ(*store_->Read([](Reader& r) { return FindRequestAnswer(r, Octets(32, 9)); }),
            std::nullopt);
}

TEST_F(GatewayLedger, ASignersRrpidIsAnsweredOnce) {
  AnsweredRequest request{Octets(32, 1), Octets(20, 2), Octets(20, 3), Octets{4}, kNow};
  const auto record = [&] {
    return store_->Write([&](Transaction& tx) { return RecordRequest(tx, request); });
  };
  const auto answered = [&](const Octets& thumb, const Octets& rrpid) {
    return *store_->Read([&](Reader& r) { return RrpidAnswered(r, thumb, rrpid); });
  };
  ASSERT_TRUE(record().has_value());
  EXPECT_TRUE(answered(Octets(20, 2), Octets(20, 3)));
  EXPECT_FALSE(answered(Octets(20, 9), Octets(20, 3)));
  EXPECT_FALSE(answered(Octets(20, 2), Octets(20, 9)));

  request.digest = Octets(32, 5);
  ASSERT_FALSE(record().has_value());
  EXPECT_EQ(record().error().kind, ErrorKind::kConflict);
  request.signer_thumb = Octets(20, 6);
  EXPECT_TRUE(record().has_value());
  request.rrpid = Octets(20, 7);
  EXPECT_EQ(record().error().kind, ErrorKind::kConflict);  // the same octets again
}

TEST_F(GatewayLedger, AnErrorIsFoundByTheOctetsOfItsRequestUpToSoMany) {
  const auto record = [&](std::uint8_t number, Millis at, Millis forget) {
    bool kept = false;
    const auto written = store_->Write([&](Transaction& tx) -> Result<void> {
      auto recorded = RecordError(tx, {Octets(32, number), Octets{number}, at}, forget, 3);
      if (!recorded) return tl::unexpected(recorded.error());
      kept = *recorded;
      return {};
    });
    EXPECT_TRUE(written.has_value());
    return kept;
  };
  EXPECT_TRUE(record(1, kNow, 0));
  EXPECT_TRUE(record(2, kNow + 1, 0));
  EXPECT_TRUE(record(3, kNow + 2, 0));
  EXPECT_FALSE(record(4, kNow + 3, 0));
  EXPECT_FALSE(record(4, kNow + 3, kNow)) << "none is older";
  EXPECT_TRUE(record(4, kNow + 3, kNow + 1));
  Open();
  EXPECT_EQ(Sql("SELECT hex(answer) FROM error ORDER BY at"), "02\n03\n04\n");
  EXPECT_EQ(*store_->Read([](Reader& r) { return FindRequestAnswer(r, Octets(32, 4)); }),
            Octets{4});
}

TEST_F(GatewayLedger, AnInstructionIsKnownByMerchantAndXid) {
  Instruction instruction;
  instruction.merchant_id = "00012345";
  instruction.xid = Octets(20, 1);
  instruction.brand = "VISA";
  instruction.currency = 840;
  instruction.amt_exp10 = -2;
  instruction.purch_amount = 12950;
  instruction.pan_hmac = Octets(32, 7);
  instruction.at = kNow;
  const auto store = [&] {
    return store_->Write([&](Transaction& tx) { return StoreInstruction(tx, instruction); });
  };
  const auto find = [&](const char* merchant) {
    return *store_->Read([&](Reader& r) { return FindInstruction(r, merchant, Octets(20, 1)); });
  };
  ASSERT_TRUE(store().has_value());
  EXPECT_EQ(find("00012345")->state, "unused");
  instruction.state = "authorized";
  instruction.authorized = 12950;
  ASSERT_TRUE(store().has_value());
  EXPECT_EQ(find("00012345")->state, "authorized");
  EXPECT_EQ(find("00012345")->authorized, 12950);
  EXPECT_EQ(find("00012345")->amt_exp10, -2);
  EXPECT_FALSE(find("00099999").has_value());
  EXPECT_EQ(Sql("SELECT count(*) FROM instruction"), "1\n");

  // Nothing but an HMAC-SHA-256 fits into the place of an account number.
  instruction.pan_hmac = Octets(16, '4');
  EXPECT_EQ(store().error().kind, ErrorKind::kInternal);
}

TEST_F(GatewayLedger, TheViewShowsEveryAuthorization) {
  Authorization authorization{Octets(20, 0xab),
                              {0x51, 0x5a},
                              Octets{0x3b},
                              "00012345",
                              Octets(20, 0xcd),
                              "VISA",
                              "129.50",
                              "USD",
                              "approved",
                              true,
                              false,
                              std::nullopt,
                              kNow};
  BatchPlace place;
  ASSERT_TRUE(store_->Write([&](Transaction& tx) -> Result<void> {
    const auto next = NextInBatch(tx, "00012345", "USD", kNow);
    if (!next) return tl::unexpected<Error>(next.error());
    place = *next;
    authorization.batch = place.batch;
    return RecordAuthorization(tx, authorization);
  }));
  EXPECT_EQ(place.sequence, 1);
  EXPECT_EQ(Sql("SELECT * FROM authorizations"),
            "ABABABABABABABABABABABABABABABABABABABAB|515A|00012345|"
            "CDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCD|VISA|129.50|USD|approved|1|0|"
            "2003-08-15T13:00:00.123Z\n");
  EXPECT_EQ(Sql("SELECT group_concat(name, ',') FROM pragma_table_info('authorizations')"),
            "Xid,LidM,MerchantId,AuthRrpid,Brand,Amount,CurrCode,AuthCode,captured,reversed,at\n");
  const auto again =
      store_->Write([&](Transaction& tx) { return RecordAuthorization(tx, authorization); });
  ASSERT_FALSE(again.has_value());
  EXPECT_EQ(again.error().kind, ErrorKind::kConflict);
}

TEST_F(GatewayLedger, WhatIsCapturedLaterStandsInItsBatch) {
  Authorization authorization;
  authorization.xid = Octets(20, 1);
  authorization.lid_c = Octets{0x3b, 0x5d};
  authorization.merchant_id = "00012345";
  authorization.auth_rrpid = Octets(20, 2);
  authorization.auth_code = "approved";
  ASSERT_TRUE(store_->Write([&](Transaction& tx) -> Result<void> {
    const auto place = NextInBatch(tx, "00012345", "USD", kNow);
    if (!place) return tl::unexpected<Error>(place.error());
    if (auto done = RecordAuthorization(tx, authorization); !done) return done;
    return MarkCaptured(tx, "00012345", Octets(20, 2), place->batch);
  }));
  const auto found =
      *store_->Read([](Reader& r) { return FindAuthorization(r, "00012345", Octets(20, 2)); });
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->captured);
  EXPECT_EQ(found->batch, 1);
  EXPECT_EQ(found->lid_c, authorization.lid_c);
  const auto closed = [&](const char* merchant, const char* currency, std::int64_t batch) {
    return *store_->Read([&](Reader& r) { return BatchClosed(r, merchant, currency, batch); });
  };
  EXPECT_EQ(closed("00012345", "USD", 1), false);
  EXPECT_EQ(closed("00012345", "USD", 2), std::nullopt);
  EXPECT_EQ(closed("00012345", "EUR", 1), std::nullopt);
  EXPECT_EQ(closed("00099999", "USD", 1), std::nullopt);
  ASSERT_TRUE(store_->Write(
      [](Transaction& tx) { return Query(tx, "UPDATE batch SET closed = 1").Run(); }));
  EXPECT_EQ(closed("00012345", "USD", 1), true);
}

TEST_F(GatewayLedger, SalesOfAMerchantAndCurrencyAreNumberedInOneBatch) {
  const auto next = [&](const char* merchant, const char* currency) {
    BatchPlace place;
    EXPECT_TRUE(store_->Write([&](Transaction& tx) -> Result<void> {
      const auto made = NextInBatch(tx, merchant, currency, kNow);
      if (!made) return tl::unexpected<Error>(made.error());
      place = *made;
      return {};
    }));
    return place;
  };
  const BatchPlace first = next("a", "USD");
  EXPECT_EQ(first.sequence, 1);
  EXPECT_EQ(next("a", "USD").sequence, 2);
  EXPECT_EQ(next("a", "USD").batch, first.batch);
  EXPECT_NE(next("b", "USD").batch, first.batch);
  EXPECT_NE(next("a", "EUR").batch, first.batch);
  EXPECT_EQ(next("a", "USD").sequence, 4);
}

TEST_F(GatewayLedger, DiagnosticsAndSettingsAreKept) {
  ASSERT_TRUE(store_->Write([](Transaction& tx) -> Result<void> {
    if (auto done = RecordDiagnostic(tx, "127.0.0.1", Octets{1, 2}, kNow, {1, 2}); !done)
      return done;
    if (auto done = StoreGatewaySetting(tx, "pan-hmac-key", Octets(32, 1)); !done) return done;
    return StoreGatewaySetting(tx, "pan-hmac-key", Octets(32, 2));
  }));
  EXPECT_EQ(Sql("SELECT peer, hex(octets), at FROM diagnostic"), "127.0.0.1|0102|1060952400123\n");
  EXPECT_EQ(*store_->Read([](Reader& r) { return LoadGatewaySetting(r, "pan-hmac-key"); }),
            Octets(32, 2));
  EXPECT_EQ(*store_->Read([](Reader& r) { return LoadGatewaySetting(r, "other"); }), std::nullopt);
}

// The newest messages stay, up to three of them and up to ten octets.
TEST_F(GatewayLedger, TheDiagnosticJournalIsBounded) {
  const auto record = [&](std::uint8_t number, std::size_t size) {
    EXPECT_TRUE(store_->Write([&](Transaction& tx) {
      return RecordDiagnostic(tx, "127.0.0.1", Octets(size, number), kNow, {3, 10});
    }));
    return Sql("SELECT group_concat(substr(hex(octets), 2, 1), '') FROM diagnostic");
  };
  record(1, 1);
  EXPECT_EQ(record(2, 1), "12\n");
  EXPECT_EQ(record(3, 1), "123\n");
  EXPECT_EQ(record(4, 1), "234\n") << "a fourth message";
  record(5, 3);
  EXPECT_EQ(record(6, 5), "456\n") << "9 octets";
  EXPECT_EQ(record(7, 2), "567\n") << "10 octets";
  EXPECT_EQ(record(8, 4), "78\n") << "11 octets";
  EXPECT_EQ(record(9, 10), "9\n");
  EXPECT_EQ(record(1, 11), "NULL\n");
}

}  // namespace
}  // namespace db
