// Reads a file of tests/vectors (format: README.md there).  A file, a name or a kind that is not
// there throws std::runtime_error, which fails the test that asked.
#ifndef TESTS_VECTORS_VECTOR_FILE_H_
#define TESTS_VECTORS_VECTOR_FILE_H_

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "setcore/octets.h"

namespace vectors {

struct Line {
  std::string kind;  // hex, text or int
  std::string name;
  std::string value;
};

inline setcore::Octets FromHex(std::string_view text) {
  setcore::Octets octets;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    std::uint8_t octet = 0;
    const auto read = std::from_chars(text.data() + i, text.data() + i + 2, octet, 16);
    if (read.ptr != text.data() + i + 2) throw std::runtime_error("not hex");
    octets.push_back(octet);
  }
  if (text.size() % 2 != 0) throw std::runtime_error("odd count of hex digits");
  return octets;
}

class File {
 public:
  File(std::string path, std::vector<Line> lines)
      : path_(std::move(path)), lines_(std::move(lines)) {}

  // All lines in their order; a name may occur several times.
  const std::vector<Line>& lines() const { return lines_; }
  bool Has(std::string_view name) const { return Find(name) != lines_.end(); }

  // The first value of that name and kind.
  setcore::Octets Hex(std::string_view name) const { return FromHex(Value(name, "hex")); }
  std::string Text(std::string_view name) const { return Value(name, "text"); }
  long long Int(std::string_view name) const { return std::stoll(Value(name, "int")); }

 private:
  std::vector<Line>::const_iterator Find(std::string_view name) const {
    return std::find_if(lines_.begin(), lines_.end(),
                        [name](const Line& line) { return line.name == name; });
  }

  std::string Value(std::string_view name, std::string_view kind) const {
    const auto line = Find(name);
    if (line == lines_.end() || line->kind != kind) {
      throw std::runtime_error(path_ + ": no " + std::string(kind) + " " + std::string(name));
    }
    return line->value;
  }

  std::string path_;
  std::vector<Line> lines_;
};

inline File Read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path);
  std::vector<Line> lines;
  std::string text;
  while (std::getline(in, text)) {
    if (text.empty() || text.front() == '#') continue;
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos) throw std::runtime_error(path + ": line without =");
    Line line;
    std::istringstream(text.substr(0, equals)) >> line.kind >> line.name;
    if (equals + 2 <= text.size()) line.value = text.substr(equals + 2);
    lines.push_back(std::move(line));
  }
  return {path, std::move(lines)};
}

}  // namespace vectors

#endif  // TESTS_VECTORS_VECTOR_FILE_H_
