#include "bridge/wallet/locked_page.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>

namespace bridge {
namespace {

// The flags that the kernel keeps for the mapping that holds `address` (proc(5), smaps).
std::string FlagsOf(const void* address) {
  std::ifstream smaps("/proc/self/smaps");
  const auto wanted = reinterpret_cast<std::uintptr_t>(address);
  std::string line;
  bool here = false;
  while (std::getline(smaps, line)) {
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;
    char dash = 0;
    std::istringstream in(line);
    if (in >> std::hex >> begin >> dash >> end && dash == '-') {
      here = begin <= wanted && wanted < end;
    }
    if (here && line.starts_with("VmFlags:")) return line + " ";
  }
  return {};
}

TEST(LockedPage, IsLockedLeftOutOfDumpsAndWipedInAChild) {
  LockedPage page;
  std::ranges::fill(page.octets(), 0xA5);
  const std::string flags = FlagsOf(page.octets().data());
  EXPECT_NE(flags.find(" dd "), std::string::npos) << flags;
  EXPECT_NE(flags.find(" wf "), std::string::npos) << flags;
#if !defined(OPB_SANITIZED)  // whose run time ignores mlock
  EXPECT_EQ(page.locked(), flags.find(" lo ") != std::string::npos) << flags;
#endif
  const pid_t child = fork();
  if (child == 0) {
    const auto octets = page.octets();
    _exit(std::ranges::all_of(octets, [](std::uint8_t o) { return o == 0; }) ? 0 : 1);
  }
  int status = 1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(page.octets()[0], 0xA5);
}

}  // namespace
}  // namespace bridge
