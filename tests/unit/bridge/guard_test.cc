#include "bridge/guard.h"

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <pthread.h>

#include <new>
#include <stdexcept>

namespace bridge {
namespace {

TEST(Guard, GivesTheStatusOfTheBody) {
  EXPECT_EQ(Guarded([] { return OPB_OK; }), OPB_OK);
  EXPECT_EQ(Guarded([] { return OPB_E_LOCKED; }), OPB_E_LOCKED);
}

TEST(Guard, LackOfMemoryIsNoBug) {
  int bugs = 0;
  EXPECT_EQ(Guarded([]() -> opb_status { throw std::bad_alloc(); }, [&] { ++bugs; }), OPB_E_MEMORY);
  EXPECT_EQ(Guarded([]() -> opb_status { throw std::bad_array_new_length(); }, [&] { ++bugs; }),
            OPB_E_MEMORY);
  EXPECT_EQ(bugs, 0);
}

TEST(Guard, AnyOtherExceptionIsABugAndStopsHere) {
  int bugs = 0;
  EXPECT_EQ(Guarded([]() -> opb_status { throw std::logic_error("bug"); }, [&] { ++bugs; }),
            OPB_E_INTERNAL);
  EXPECT_EQ(Guarded([]() -> opb_status { throw 7; }, [&] { ++bugs; }), OPB_E_INTERNAL);
  EXPECT_EQ(Guarded([]() -> opb_status { throw std::runtime_error("bug"); }), OPB_E_INTERNAL);
  EXPECT_EQ(bugs, 2);
}

TEST(Guard, KeepsCancellationOffAndGivesItBack) {
  int inside = PTHREAD_CANCEL_ENABLE;
  EXPECT_EQ(Guarded([&] {
              pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &inside);
              return OPB_OK;
            }),
            OPB_OK);
  EXPECT_EQ(inside, PTHREAD_CANCEL_DISABLE);
  int after = PTHREAD_CANCEL_DISABLE;
  pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &after);
  EXPECT_EQ(after, PTHREAD_CANCEL_ENABLE);
}

TEST(Guard, LeavesTheHostsOpenSslErrorsAlone) {
  const auto ours = []() -> opb_status {
    ERR_raise(ERR_LIB_USER, ERR_R_INTERNAL_ERROR);
    throw std::logic_error("bug");
  };
  ERR_clear_error();
  EXPECT_EQ(Guarded(ours), OPB_E_INTERNAL);
  EXPECT_EQ(ERR_peek_error(), 0u);
  ERR_raise(ERR_LIB_USER, ERR_R_PASSED_INVALID_ARGUMENT);
  const auto hosts = ERR_peek_last_error();
  EXPECT_EQ(Guarded(ours), OPB_E_INTERNAL);
  EXPECT_EQ(ERR_peek_last_error(), hosts);
  EXPECT_EQ(ERR_get_error(), hosts);
  EXPECT_EQ(ERR_peek_error(), 0u);
}

}  // namespace
}  // namespace bridge
