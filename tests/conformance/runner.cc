#include "runner.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstring>
#include <exception>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <thread>

#include "context.h"
#include "process.h"
#include "provision.h"
#include "set/value.h"

namespace conform {
namespace {

constexpr std::string_view kResults[] = {"passed",  "failed",  "crashed",
                                         "timeout", "skipped", "warning"};
constexpr std::size_t kOutputShown = 400;

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// The end of what a process said, on one line.
std::string LastWords(const std::filesystem::path& output) {
  std::string text = ReadFile(output);
  if (text.size() > kOutputShown) text = "…" + text.substr(text.size() - kOutputShown);
  std::ranges::replace(text, '\n', ' ');
  return text;
}

struct Running {
  std::size_t index;
  unsigned slot;
  Child child;
  std::filesystem::path directory;

  std::filesystem::path verdict() const { return directory.string() + ".verdict"; }
  std::filesystem::path output() const { return directory.string() + ".output"; }
};

std::uint64_t SeedOf(const Rule& rule, std::uint64_t seed) {
  std::uint64_t mixed = seed ^ 0xcbf29ce484222325u;
  for (const char c : rule.id) mixed = (mixed ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return mixed;
}

Running StartRule(const Rule& rule, std::size_t index, unsigned slot, const RunOptions& options) {
  Running running{index, slot, {}, options.scratch / rule.id};
  std::filesystem::create_directories(running.directory);
  running.child = Start({"/proc/self/exe", kRuleProcess, rule.id, options.module,
                         options.kit.directory.string(), fmt::format("{}", slot),
                         fmt::format("{}", SeedOf(rule, options.seed)), running.directory.string()},
                        running.output());
  return running;
}

// What became of a rule whose process has ended by itself or by its deadline.
Outcome Collect(const Rule& rule, const Running& running, bool in_time) {
  Outcome outcome;
  outcome.rule = &rule;
  outcome.time = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - running.child.started);
  const int status = End(running.child);
  const std::string verdict = ReadFile(running.verdict());
  const auto line_end = verdict.find('\n');
  const auto* known = std::ranges::find(kResults, std::string_view(verdict).substr(0, line_end));
  if (!in_time) {
    outcome.result = Result::kTimeout;
    outcome.reason = "no end in sight";
  } else if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && line_end != std::string::npos &&
             known != std::end(kResults)) {
    outcome.result = static_cast<Result>(known - std::begin(kResults));
    outcome.reason = verdict.substr(line_end + 1);
  } else {
    outcome.result = Result::kCrashed;
    outcome.reason =
        WIFSIGNALED(status)
            ? fmt::format("{}; {}", strsignal(WTERMSIG(status)), LastWords(running.output()))
            : fmt::format("the process ended with status {}; {}", WEXITSTATUS(status),
                          LastWords(running.output()));
  }
  std::error_code ignored;
  std::filesystem::remove_all(running.directory, ignored);
  std::filesystem::remove(running.verdict(), ignored);
  std::filesystem::remove(running.output(), ignored);
  return outcome;
}

bool HasEnded(const Child& child) {
  siginfo_t info = {};
  return waitid(P_PID, static_cast<id_t>(child.pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         info.si_pid == child.pid;
}

}  // namespace

std::string_view ResultName(Result result) { return kResults[static_cast<int>(result)]; }

std::string_view LevelName(Level level) {
  static constexpr std::string_view kNames[] = {"must", "should", "may"};
  return kNames[static_cast<int>(level)];
}

std::string GroupOf(const Rule& rule) { return rule.id.substr(0, rule.id.find('-')); }

std::vector<Outcome> RunRules(const std::vector<const Rule*>& rules, const RunOptions& options) {
  std::vector<Outcome> outcomes(rules.size());
  std::vector<std::optional<Running>> slots(
      std::min<std::size_t>(std::max(1u, options.jobs), options.kit.gateway_ports.size()));
  std::size_t next = 0;
  std::size_t ended = 0;
  while (ended < rules.size()) {
    bool idle = true;
    for (unsigned slot = 0; slot < slots.size(); ++slot) {
      auto& running = slots[slot];
      if (running) {
        const bool over =
            std::chrono::steady_clock::now() - running->child.started > options.deadline;
        const bool done = HasEnded(running->child);
        if (!done && !over) continue;
        outcomes[running->index] = Collect(*rules[running->index], *running, done);
        ++ended;
        if (options.progress) options.progress(*rules[running->index], ended);
        running.reset();
        idle = false;
      }
      if (next < rules.size()) {
        running = StartRule(*rules[next], next, slot, options);
        ++next;
        idle = false;
      }
    }
    if (idle) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return outcomes;
}

int RunRuleProcess(int argc, char** argv) {
  if (argc != 8) return 2;
  const std::string id = argv[2];
  Setting setting;
  setting.module = argv[3];
  setting.kit = ReadKit(argv[4]);
  setting.slot = static_cast<unsigned>(std::stoul(argv[5]));
  setting.seed = std::stoull(argv[6]);
  setting.directory = argv[7];
  const std::filesystem::path verdict_file = setting.directory.string() + ".verdict";
  const rlimit no_core = {0, 0};
  setrlimit(RLIMIT_CORE, &no_core);

  const auto rule = std::ranges::find(AllRules(), id, &Rule::id);
  if (rule == AllRules().end()) return 2;
  Verdict verdict{Result::kPassed, ""};
  try {
    // Not destroyed: what a module does at the end of a process is the business of a rule.
    auto& context = *new Context(std::move(setting));
    rule->check(context);
  } catch (Verdict& thrown) {
    verdict = std::move(thrown);
  } catch (const set::Malformed& fault) {
    verdict = {Result::kFailed, fault.what()};
  }
  // Any other exception is the judge's own failure and ends the process here.
  std::ofstream file(verdict_file, std::ios::binary);
  file << ResultName(verdict.result) << '\n' << verdict.reason;
  file.close();
  _exit(file ? 0 : 2);
}

}  // namespace conform
