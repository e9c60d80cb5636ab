// Runs rules, each in a process of its own, several at a time.
#ifndef TESTS_CONFORMANCE_RUNNER_H_
#define TESTS_CONFORMANCE_RUNNER_H_

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "kit.h"
#include "rule.h"

namespace conform {

struct Outcome {
  const Rule* rule = nullptr;
  Result result = Result::kFailed;
  std::string reason;
  std::chrono::milliseconds time{0};
};

struct RunOptions {
  std::string module;
  Kit kit;
  std::filesystem::path scratch;  // each rule gets a directory below it, which goes afterwards
  unsigned jobs = 1;              // at most the slots of the kit
  std::uint64_t seed = 0;
  std::chrono::seconds deadline{30};
  // Called when a rule begins and when it ends, with how many have ended.
  std::function<void(const Rule& rule, std::size_t ended)> progress = {};
};

// Outcomes in the order of `rules`.
std::vector<Outcome> RunRules(const std::vector<const Rule*>& rules, const RunOptions& options);

// What a rule's process is started with and does; its exit status.
inline constexpr const char* kRuleProcess = "--rule-process";
int RunRuleProcess(int argc, char** argv);

std::string_view ResultName(Result result);
std::string_view LevelName(Level level);
std::string GroupOf(const Rule& rule);

}  // namespace conform

#endif  // TESTS_CONFORMANCE_RUNNER_H_
