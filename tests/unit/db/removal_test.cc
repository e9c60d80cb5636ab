#include "db/removal.h"

#include <gtest/gtest.h>

#include "db/instrument_log.h"
#include "db/intents.h"
#include "db/payments.h"
#include "db/resumption.h"
#include "db/wallet_store.h"
#include "unit/db/temp_dir.h"

namespace db {
namespace {

constexpr Millis kNow = 1'060'952'400'123;

class Removal : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = WalletStore::Open(dir_ / "wallet", WalletMode::kProvision);
    ASSERT_TRUE(opened.has_value()) << opened.error().detail;
    store_ = std::move(*opened);
  }

  std::int64_t Insert(const std::string& pay_id, const std::string& state, Millis changed) {
    Payment payment;
    payment.pay_id = pay_id;
    payment.role = "Consumer";
    payment.process_state = state;
    payment.payment_instrument_id = "gold";
    payment.amount = "1";
    payment.started = payment.changed = changed;
    std::int64_t id = 0;
    const auto done = store_->Write([&](Transaction& tx) -> Result<void> {
      const auto made = InsertPayment(tx, payment);
      if (!made) return tl::unexpected<Error>(made.error());
      id = *made;
      return {};
    });
    EXPECT_TRUE(done.has_value());
    return id;
  }

  Result<void> Remove(std::int64_t id) {
    return store_->Write([&](Transaction& tx) { return RemovePayment(tx, id, kNow); });
  }

  std::vector<std::string> Removable(const KeptUntil& search) {
    std::vector<std::string> ids;
    const auto found = store_->Read([&](Reader& reader) { return ListRemovable(reader, search); });
    for (const auto& payment : *found) ids.push_back(payment.pay_id);
    return ids;
  }

  TempDir dir_;
  std::unique_ptr<WalletStore> store_;
};

TEST_F(Removal, TakesNothingThatIsPendingHereOrAtTheAcquirer) {
  const auto failed = Insert("failed", "Failed", kNow);
  const auto never = Insert("never", "NotYetStarted", kNow);
  const auto suspended = Insert("suspended", "Suspended", kNow);
  const auto busy = Insert("busy", "InProgress", kNow);
  const auto open = Insert("open", "CompletedOk", kNow);
  ASSERT_TRUE(store_->Write([&](Transaction& tx) -> Result<void> {
    Intent intent;
    intent.payment = open;
    intent.kind = "AuthRevReq";
    intent.rrpid = intent.xid = Octets(20, 1);
    intent.gateway = "acquirer";
    const auto id = OpenIntent(tx, intent);
    if (!id) return tl::unexpected<Error>(id.error());
    return {};
  }));
  EXPECT_TRUE(Remove(failed));
  EXPECT_TRUE(Remove(never));
  EXPECT_EQ(Remove(suspended).error().kind, ErrorKind::kConflict);
  EXPECT_EQ(Remove(busy).error().kind, ErrorKind::kConflict);
  EXPECT_EQ(Remove(open).error().kind, ErrorKind::kConflict);
  EXPECT_EQ(Remove(failed).error().kind, ErrorKind::kMissing);
  EXPECT_EQ(Remove(never).error().kind, ErrorKind::kMissing);
  const auto removed = [&](std::string_view pay_id) {
    return *store_->Read([&](Reader& reader) { return IsRemoved(reader, pay_id); });
  };
  EXPECT_TRUE(removed("failed"));
  EXPECT_FALSE(removed("never"));  // and leaves no trace
  EXPECT_FALSE(removed("busy"));
  EXPECT_FALSE(removed("open"));
}

TEST_F(Removal, FindsWhatIsOldEnoughInTheRowsThatItIsGiven) {
  const auto first = Insert("a", "Failed", kNow - 1);
  Insert("b", "InProgress", kNow - 1);
  Insert("c", "ProcessError", kNow);
  Insert("d", "CompletedOk", kNow - 1);
  Insert("e", "NotYetStarted", kNow - 1);
  using Ids = std::vector<std::string>;
  EXPECT_EQ(Removable({kNow, 0, 100, 100}), (Ids{"a", "d", "e"}));
  EXPECT_EQ(Removable({kNow, 0, 100, 1}), (Ids{"a"}));
  EXPECT_EQ(Removable({kNow, 0, 3, 100}), (Ids{"a"}));
  EXPECT_EQ(Removable({kNow, 0, 4, 100}), (Ids{"a", "d"}));
  EXPECT_EQ(Removable({kNow, first, 100, 100}), (Ids{"d", "e"}));
  EXPECT_EQ(Removable({kNow + 1, 0, 100, 100}), (Ids{"a", "c", "d", "e"}));
  EXPECT_EQ(*store_->Read([](Reader& reader) { return LastPayment(reader); }), 5);
}

TEST_F(Removal, ListsWhatAPaymentInstrumentPaid) {
  Insert("a", "Failed", 1);
  Insert("b", "CompletedOk", 2);
  const auto nth = [&](std::int64_t n) {
    return *store_->Read([&](Reader& reader) { return NthInstrumentPayment(reader, "gold", n); });
  };
  EXPECT_EQ(nth(0)->started, 2);
  EXPECT_EQ(nth(1)->started, 1);
  EXPECT_FALSE(nth(2));
  EXPECT_EQ(*store_->Read([](Reader& r) { return CountInstrumentPayments(r, "gold"); }), 2);
  EXPECT_EQ(*store_->Read([](Reader& r) { return CountInstrumentPayments(r, "blue"); }), 0);
}

TEST_F(Removal, ListsWhatIsUnderWay) {
  Insert("a", "Failed", 1);
  const auto busy = Insert("b", "InProgress", 2);
  Insert("c", "Suspended", 2);
  EXPECT_EQ(*store_->Read([](Reader& r) { return ListInProgress(r); }),
            std::vector<std::int64_t>{busy});
  const auto unfinished = *store_->Read([](Reader& r) { return ListUnfinished(r); });
  ASSERT_EQ(unfinished.size(), 2U);
  EXPECT_EQ(unfinished[0].pay_id, "b");
  EXPECT_EQ(unfinished[1].pay_id, "c");
}

}  // namespace
}  // namespace db
