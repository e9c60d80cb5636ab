// Which rules a run is about.
#ifndef TESTS_CONFORMANCE_SELECTION_H_
#define TESTS_CONFORMANCE_SELECTION_H_

#include <regex>
#include <string>

namespace conform {

// --include and --exclude; an empty expression is not given.
class Selection {
 public:
  Selection(const std::string& include, const std::string& exclude)
      : include_(include), exclude_(exclude.empty() ? "$^" : exclude) {}

  bool Chooses(const std::string& id) const {
    return std::regex_search(id, include_) && !std::regex_search(id, exclude_);
  }

 private:
  std::regex include_;
  std::regex exclude_;
};

}  // namespace conform

#endif  // TESTS_CONFORMANCE_SELECTION_H_
