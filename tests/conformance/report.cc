#include "report.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "xml.h"

namespace conform {
namespace {

std::string JsonText(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out + '"';
}

bool Broken(Result result) {
  return result == Result::kFailed || result == Result::kCrashed || result == Result::kTimeout;
}

struct Counts {
  std::size_t rules = 0;
  std::size_t results[6] = {};
  std::size_t must_broken = 0;

  void Add(const Outcome& outcome) {
    ++rules;
    ++results[static_cast<int>(outcome.result)];
    if (Broken(outcome.result) && outcome.rule->level == Level::kMust) ++must_broken;
  }
};

constexpr Result kResultOrder[] = {Result::kPassed,  Result::kFailed,  Result::kCrashed,
                                   Result::kTimeout, Result::kSkipped, Result::kWarning};

std::string CountsLine(std::string_view title, const Counts& counts) {
  std::string line = fmt::format("{:<9} {:>6}", title, counts.rules);
  for (const Result result : kResultOrder) {
    line += fmt::format(" {:>8}", counts.results[static_cast<int>(result)]);
  }
  return line + '\n';
}

}  // namespace

bool MustRuleFailed(const std::vector<Outcome>& outcomes) {
  return std::ranges::any_of(outcomes, [](const Outcome& outcome) {
    return outcome.rule->level == Level::kMust && Broken(outcome.result);
  });
}

std::string Summary(const std::vector<Outcome>& outcomes) {
  std::vector<std::pair<std::string, Counts>> groups;
  Counts all;
  for (const Outcome& outcome : outcomes) {
    const std::string group = GroupOf(*outcome.rule);
    auto found = std::ranges::find(groups, group, &std::pair<std::string, Counts>::first);
    if (found == groups.end()) found = groups.insert(groups.end(), {group, {}});
    found->second.Add(outcome);
    all.Add(outcome);
  }
  std::string out = fmt::format("{:<9} {:>6}", "group", "rules");
  for (const Result result : kResultOrder) out += fmt::format(" {:>8}", ResultName(result));
  out += '\n';
  for (const auto& [group, counts] : groups) out += CountsLine(group, counts);
  out += CountsLine("all", all);
  return out + fmt::format("must rules broken: {}\n", all.must_broken);
}

std::string TextReport(const std::vector<Outcome>& outcomes, const RunFacts& facts,
                       bool only_failed) {
  std::string out;
  for (const Outcome& outcome : outcomes) {
    if (only_failed && !Broken(outcome.result)) continue;
    out += fmt::format("{:<8} {}\n", ResultName(outcome.result), outcome.rule->id);
    if (outcome.result == Result::kPassed) continue;
    out += fmt::format("         {} ({}, {})\n", outcome.rule->sentence,
                       LevelName(outcome.rule->level), outcome.rule->clause);
    if (!outcome.reason.empty()) out += fmt::format("         {}\n", outcome.reason);
  }
  return out + fmt::format("\n{}\nseed {}, {:.1f} s\n\n{}", facts.software_id, facts.seed,
                           facts.seconds, Summary(outcomes));
}

std::string JsonReport(const std::vector<Outcome>& outcomes, const RunFacts& facts) {
  std::string out = fmt::format(
      "{{\n  \"module\": {},\n  \"software_id\": {},\n  \"seed\": {},\n  \"seconds\": {:.1f},\n"
      "  \"rules\": [",
      JsonText(facts.module), JsonText(facts.software_id), facts.seed, facts.seconds);
  const char* comma = "\n";
  for (const Outcome& outcome : outcomes) {
    const Rule& rule = *outcome.rule;
    out += fmt::format(
        "{}    {{\"id\": {}, \"group\": {}, \"level\": \"{}\", \"clause\": {}, \"sentence\": {}, "
        "\"result\": \"{}\", \"reason\": {}, \"ms\": {}}}",
        comma, JsonText(rule.id), JsonText(GroupOf(rule)), LevelName(rule.level),
        JsonText(rule.clause), JsonText(rule.sentence), ResultName(outcome.result),
        JsonText(outcome.reason), outcome.time.count());
    comma = ",\n";
  }
  return out + "\n  ]\n}\n";
}

std::string JunitReport(const std::vector<Outcome>& outcomes, const RunFacts& facts) {
  Counts counts;
  for (const Outcome& outcome : outcomes) counts.Add(outcome);
  const auto number = [&](Result result) { return counts.results[static_cast<int>(result)]; };
  std::string out = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites tests=\"{0}\" failures=\"{1}\" "
      "errors=\"{2}\" skipped=\"{3}\">\n<testsuite name=\"opb-conform\" tests=\"{0}\" "
      "failures=\"{1}\" errors=\"{2}\" skipped=\"{3}\" time=\"{4:.3f}\">\n",
      counts.rules, number(Result::kFailed), number(Result::kCrashed) + number(Result::kTimeout),
      number(Result::kSkipped), facts.seconds);
  for (const Outcome& outcome : outcomes) {
    out += fmt::format("  <testcase classname=\"{}\" name=\"{}\" time=\"{:.3f}\"",
                       Escape(GroupOf(*outcome.rule)), Escape(outcome.rule->id),
                       static_cast<double>(outcome.time.count()) / 1000);
    if (outcome.result == Result::kPassed || outcome.result == Result::kWarning) {
      out += "/>\n";
      continue;
    }
    const char* element = outcome.result == Result::kSkipped  ? "skipped"
                          : outcome.result == Result::kFailed ? "failure"
                                                              : "error";
    out += fmt::format("><{} message=\"{}\"/></testcase>\n", element, Escape(outcome.reason));
  }
  return out + "</testsuite>\n</testsuites>\n";
}

std::string List(const std::vector<const Rule*>& rules) {
  std::string out;
  for (const Rule* rule : rules) {
    out += fmt::format("{}\t{}\t{}\t{}\n", rule->id, LevelName(rule->level), rule->clause,
                       rule->sentence);
  }
  return out;
}

std::string WriteReference(const std::vector<Outcome>& outcomes) {
  Reference sorted;
  for (const Outcome& outcome : outcomes) sorted[outcome.rule->id] = ResultName(outcome.result);
  std::string out = "{";
  const char* comma = "\n";
  for (const auto& [id, result] : sorted) {
    out += fmt::format("{}  {}: {}", comma, JsonText(id), JsonText(result));
    comma = ",\n";
  }
  return out + "\n}\n";
}

Reference ReadReference(std::string_view json) {
  // As WriteReference writes it: the quoted texts come in pairs.
  std::vector<std::string> texts;
  for (std::size_t at = json.find('"'); at != std::string_view::npos; at = json.find('"', at + 1)) {
    const std::size_t end = json.find('"', at + 1);
    if (end == std::string_view::npos) break;
    texts.emplace_back(json.substr(at + 1, end - at - 1));
    at = end;
  }
  Reference reference;
  for (std::size_t i = 0; i + 1 < texts.size(); i += 2) reference[texts[i]] = texts[i + 1];
  return reference;
}

std::string Differences(const std::vector<Outcome>& outcomes, const Reference& reference,
                        const Selection& selection) {
  std::string out;
  std::set<std::string_view> run;
  for (const Outcome& outcome : outcomes) {
    run.insert(outcome.rule->id);
    const auto known = reference.find(outcome.rule->id);
    const std::string_view expected =
        known == reference.end() ? std::string_view("not in the reference") : known->second;
    if (expected == ResultName(outcome.result)) continue;
    out += fmt::format("{}: {} (reference: {}) {}\n", outcome.rule->id, ResultName(outcome.result),
                       expected, outcome.reason);
  }
  for (const auto& [id, result] : reference) {
    if (run.contains(id) || !selection.Chooses(id)) continue;
    out += fmt::format("{}: not run (reference: {})\n", id, result);
  }
  return out;
}

}  // namespace conform
