// opb-conform MODULE: judges a payment bridge by the rules of RFC 3867, RFC 3538 and opb.h.
#include <dlfcn.h>
#include <fmt/format.h>
#include <opb.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <thread>

#include "clauses.h"
#include "provision.h"
#include "report.h"
#include "runner.h"
#include "set/self_test.h"

namespace {

namespace fs = std::filesystem;
using namespace conform;

struct Options {
  std::string module;
  std::string provision;
  std::string wallets;
  std::string write_kit;
  std::string include;
  std::string exclude;
  std::string json;
  std::string junit;
  std::string reference;
  std::string write_reference;
  bool list = false;
  bool markdown = false;
  bool uncovered = false;
  bool only_failed = false;
  std::uint64_t seed = 0;
  unsigned jobs = std::max(1u, std::thread::hardware_concurrency());
  unsigned deadline = 30;
};

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    const char* parent = std::getenv("TMPDIR");
    path_ = std::string(parent == nullptr ? "/tmp" : parent) + "/opb-conform-XXXXXX";
    if (mkdtemp(path_.data()) == nullptr) throw std::runtime_error("cannot make " + path_);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  fs::path path() const { return path_; }

 private:
  std::string path_;
};

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// "-" is standard output.
void WriteTo(const std::string& path, const std::string& text) {
  if (path == "-") {
    fmt::print("{}", text);
    return;
  }
  std::ofstream file(path, std::ios::binary);
  file << text;
  if (!file.flush()) throw std::runtime_error("cannot write " + path);
}

bool OutputWritten() { return std::fflush(stdout) == 0 && std::ferror(stdout) == 0; }

std::vector<const Rule*> Chosen(const Selection& selection) {
  std::vector<const Rule*> chosen;
  for (const Rule& rule : AllRules()) {
    if (selection.Chooses(rule.id)) chosen.push_back(&rule);
  }
  return chosen;
}

// The program that makes wallets lies beside this one, or in the PATH.
std::string DefaultProvision() {
  const fs::path beside = fs::read_symlink("/proc/self/exe").parent_path() / "set-bridge";
  return (fs::exists(beside) ? "'" + beside.string() + "'" : "set-bridge") +
         " provision {dir} {profile}";
}

// Read in a process of its own, since nothing of a module is trusted.
std::string SoftwareId(const std::string& module) {
  int ends[2];
  if (pipe(ends) != 0) return "";
  const pid_t child = fork();
  if (child == 0) {
    void* handle = dlopen(module.c_str(), RTLD_NOW | RTLD_LOCAL);
    const auto* table = handle == nullptr
                            ? nullptr
                            : static_cast<const opb_entry_table*>(dlsym(handle, "opb_entry"));
    const char* id = table == nullptr ? nullptr : table->software_id;
    if (id != nullptr && write(ends[1], id, strlen(id)) < 0) _exit(1);
    _exit(0);
  }
  close(ends[1]);
  std::string id;
  char buffer[256];
  for (ssize_t got = 0; (got = read(ends[0], buffer, sizeof buffer)) > 0;) {
    id.append(buffer, static_cast<std::size_t>(got));
  }
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  return id;
}

// A judge whose own SET side does not agree with the golden vectors does not judge.
void ProveOneself() {
  int checks = 0;
  const auto failures = set::SelfTest(checks);
  if (failures.empty()) return;
  throw std::runtime_error(fmt::format("{} of {} self-tests do not hold, the first: {}",
                                       failures.size(), checks, failures.front()));
}

int Judge(const Options& options) {
  const Selection selection(options.include, options.exclude);
  const auto chosen = Chosen(selection);
  if (chosen.empty()) {
    fmt::print(stderr, "opb-conform: {}: no rule has such an id (--list shows them)\n",
               options.exclude.empty() ? "--include" : "--include, --exclude");
    return 2;
  }
  ProveOneself();
  const TemporaryDirectory temporary;
  RunOptions run;
  run.module = fs::absolute(options.module).string();
  run.scratch = temporary.path() / "rules";
  run.seed = options.seed;
  run.jobs = options.jobs;
  run.deadline = std::chrono::seconds(options.deadline);
  const auto started = std::chrono::steady_clock::now();

  if (!fs::exists(options.module)) throw std::runtime_error(options.module + " does not exist");
  const Ports ports =
      options.wallets.empty() ? Ports(options.jobs) : Ports(ReadKit(options.wallets).gateway_ports);
  if (options.wallets.empty()) {
    run.kit = WriteKit(temporary.path() / "kit", ports.numbers());
    ProvisionKit(run.kit, options.provision.empty() ? DefaultProvision() : options.provision);
  } else {
    run.kit = ReadKit(options.wallets);
    if (!HoldsWallet(run.kit)) {
      throw std::runtime_error(options.wallets +
                               " holds no wallet: make the wallet NAME of each profile "
                               "pki/NAME.toml");
    }
  }

  const bool terminal = isatty(STDERR_FILENO) != 0;
  if (terminal) {
    run.progress = [&](const Rule& rule, std::size_t ended) {
      fmt::print(stderr, "\r\x1b[K[{}/{}] {}", ended, chosen.size(), rule.id);
      std::fflush(stderr);
    };
  }
  const auto outcomes = RunRules(chosen, run);
  if (terminal) fmt::print(stderr, "\r\x1b[K");

  RunFacts facts;
  facts.module = options.module;
  facts.software_id = SoftwareId(run.module);
  facts.seed = options.seed;
  facts.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  if (!options.json.empty()) WriteTo(options.json, JsonReport(outcomes, facts));
  if (!options.junit.empty()) WriteTo(options.junit, JunitReport(outcomes, facts));
  if (!options.write_reference.empty()) WriteTo(options.write_reference, WriteReference(outcomes));
  if (options.json != "-" && options.junit != "-") {
    fmt::print("{}", TextReport(outcomes, facts, options.only_failed));
  }
  std::string differences;
  if (!options.reference.empty()) {
    differences = Differences(outcomes, ReadReference(ReadFile(options.reference)), selection);
  }
  if (!differences.empty()) fmt::print(stderr, "not as the reference says:\n{}", differences);
  return MustRuleFailed(outcomes) || !differences.empty() ? 1 : 0;
}

int Main(const Options& options) {
  if (options.list) {
    fmt::print("{}", List(Chosen(Selection(options.include, options.exclude))));
    return 0;
  }
  if (options.uncovered) {
    const std::string uncovered = Uncovered(AllRules());
    fmt::print("{}", uncovered);
    return uncovered.empty() ? 0 : 1;
  }
  if (options.markdown) {
    fmt::print("{}", Markdown(AllRules(), options.reference.empty()
                                              ? Reference()
                                              : ReadReference(ReadFile(options.reference))));
    return 0;
  }
  if (!options.write_kit.empty()) {
    const Ports ports(options.jobs);
    WriteKit(fs::absolute(options.write_kit), ports.numbers());
    return 0;
  }
  return Judge(options);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1 && std::strcmp(argv[1], kRuleProcess) == 0) return RunRuleProcess(argc, argv);
  Options options;
  CLI::App app("Judges a payment bridge, rule by rule, through opb.h.", "opb-conform");
  app.add_option("module", options.module, "the bridge, a shared object");
  app.add_option("--provision", options.provision,
                 "command that makes a wallet; {dir} and {profile} are replaced "
                 "(default: set-bridge provision {dir} {profile})");
  app.add_option("--wallets", options.wallets, "a kit whose wallets are ready");
  app.add_option("--write-kit", options.write_kit,
                 "write certificates, keys and profiles into this directory and stop");
  app.add_option("--include", options.include, "only rules whose id this expression finds");
  app.add_option("--exclude", options.exclude, "no rules whose id this expression finds");
  app.add_option("--json", options.json, "write a JSON report to this file (- is standard output)");
  app.add_option("--junit", options.junit, "write a JUnit report to this file");
  app.add_option("--reference", options.reference,
                 "results to compare with; exit 1 if they differ");
  app.add_option("--write-reference", options.write_reference, "write the results to this file");
  app.add_flag("--list", options.list, "list the rules and stop");
  app.add_flag("--markdown", options.markdown,
               "print the table of clauses and rules, with the results of --reference, and stop");
  app.add_flag("--uncovered", options.uncovered,
               "print clauses that no rule covers and stop; exit 1 if there are any");
  app.add_flag("--only-failed", options.only_failed, "report only what did not hold");
  app.add_option("--seed", options.seed, "seed of everything that is drawn by lot");
  app.add_option("--jobs,-j", options.jobs, "rules at a time")->check(CLI::Range(1, 64));
  app.add_option("--deadline", options.deadline, "seconds for a rule")->check(CLI::Range(1, 3600));
  try {
    app.parse(argc, argv);
    if (options.module.empty() && !options.list && !options.markdown && !options.uncovered &&
        options.write_kit.empty()) {
      throw CLI::RequiredError("module");
    }
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  try {
    const int status = Main(options);
    if (OutputWritten()) return status;
    fmt::print(stderr, "opb-conform: the output cannot be written\n");
    return status == 0 ? 1 : status;
  } catch (const std::exception& error) {
    fmt::print(stderr, "opb-conform: {}\n",
               OutputWritten() ? error.what() : "the output cannot be written");
    return 1;
  }
}
