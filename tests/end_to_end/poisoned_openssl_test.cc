// The host's default OpenSSL context gives nothing any more; the bridge does not notice, because it
// has a context of its own (docs/architecture.md, invariant 6).  A program of its own: the poison
// stays.
#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <memory>

#include "end_to_end/market.h"

namespace market {
namespace {

bool DefaultContextHas(const char* digest) {
  const std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> found(
      EVP_MD_fetch(nullptr, digest, nullptr), EVP_MD_free);
  return found != nullptr;
}

TEST(PoisonedOpenSsl, DoesNotStopAPurchase) {
  ASSERT_TRUE(DefaultContextHas("SHA1"));
  ASSERT_EQ(EVP_set_default_properties(nullptr, "fips=yes"), 1);
  ASSERT_FALSE(DefaultContextHas("SHA1"));
  Market market;
  Purchase purchase = market.NewPurchase("1");
  Walk(purchase);
  EXPECT_EQ(market.Authorizations().size(), 1U);
  EXPECT_FALSE(DefaultContextHas("SHA1")) << "the bridge has repaired what is not its own";
}

}  // namespace
}  // namespace market
