#include "bridge/host.h"

#include <gtest/gtest.h>

#include <string>

namespace bridge {
namespace {

std::string* g_logged = nullptr;

const opb_host_log kLog = {[](const opb_host*, std::uint32_t level, opb_text message) {
  *g_logged = std::to_string(level) + ":" + std::string(message.data, message.size);
}};
const opb_host_clock kClock = {[](const opb_host*) -> std::int64_t { return 1768478400000; }};

const void* Services(const opb_host*, const char* id) {
  const std::string name = id;
  if (name == OPB_HOST_LOG) return &kLog;
  if (name == OPB_HOST_CLOCK) return &kClock;
  return nullptr;
}

TEST(Host, UsesTheServicesThatTheHostOffers) {
  std::string logged;
  g_logged = &logged;
  const opb_host table = {sizeof(opb_host), OPB_ABI_MAJOR, nullptr, {"m, n, 1, 2", 10}, Services};
  const Host host(&table);
  host.Log(LogLevel::kWarning, "said");
  EXPECT_EQ(logged, "2:said");
  EXPECT_EQ(host.NowMs(), 1768478400000);
  EXPECT_EQ(host.software_id(), "m, n, 1, 2");
}

TEST(Host, WithoutServicesItDropsLogsAndAsksTheSystemClock) {
  const opb_host table = {sizeof(opb_host), OPB_ABI_MAJOR, nullptr, {nullptr, 0}, nullptr};
  const Host host(&table);
  host.Log(LogLevel::kError, "nobody hears");
  EXPECT_GT(host.NowMs(), 1768478400000);
  EXPECT_TRUE(host.software_id().empty());
}

}  // namespace
}  // namespace bridge
