// Reports of a run.
#ifndef TESTS_CONFORMANCE_REPORT_H_
#define TESTS_CONFORMANCE_REPORT_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "runner.h"
#include "selection.h"

namespace conform {

struct RunFacts {
  std::string module;
  std::string software_id;
  std::uint64_t seed = 0;
  double seconds = 0;
};

// A line for each rule, unless `only_failed` and it passed, and the summary.
std::string TextReport(const std::vector<Outcome>& outcomes, const RunFacts& facts,
                       bool only_failed);
// The table by groups, as TextReport ends with.
std::string Summary(const std::vector<Outcome>& outcomes);
std::string JsonReport(const std::vector<Outcome>& outcomes, const RunFacts& facts);
std::string JunitReport(const std::vector<Outcome>& outcomes, const RunFacts& facts);
std::string List(const std::vector<const Rule*>& rules);

// A reference: rule to result, as JSON with one rule a line.
using Reference = std::map<std::string, std::string>;
std::string WriteReference(const std::vector<Outcome>& outcomes);
Reference ReadReference(std::string_view json);
// Each difference a line; empty if the outcomes are those of the reference.  A rule of the
// reference that `selection` chooses and that has no outcome is a difference, too.
std::string Differences(const std::vector<Outcome>& outcomes, const Reference& reference,
                        const Selection& selection);

// docs/conformance.md: clauses, their rules, and the results of the reference.
std::string Markdown(const Rules& rules, const Reference& reference);

// True if a rule of level must failed, crashed or ran out of time.
bool MustRuleFailed(const std::vector<Outcome>& outcomes);

}  // namespace conform

#endif  // TESTS_CONFORMANCE_REPORT_H_
