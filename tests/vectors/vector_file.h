// Reads a file of tests/vectors (format: README.md there).  A file, a name or a kind that is not
// there throws std::runtime_error, which fails the test that asked.
#ifndef TESTS_VECTORS_VECTOR_FILE_H_
#define TESTS_VECTORS_VECTOR_FILE_H_

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
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

inline std::string ToHex(const setcore::Octets& octets) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  for (const std::uint8_t octet : octets) {
    hex.push_back(kDigits[octet >> 4]);
    hex.push_back(kDigits[octet & 15]);
  }
  return hex;
}

class File {
 public:
  File(std::string path, std::vector<Line> lines)
      : path_(std::move(path)), lines_(std::move(lines)) {}

  // All lines in their order; a name may occur several times.
  const std::vector<Line>& lines() const { return lines_; }
  bool Has(std::string_view name, std::size_t nth = 0) const {
    return Find(name, nth) != lines_.end();
  }

  // The value of that name and kind; `nth` counts the lines of that name from 0.
  setcore::Octets Hex(std::string_view name, std::size_t nth = 0) const {
    return FromHex(Value(name, "hex", nth));
  }
  std::string Text(std::string_view name, std::size_t nth = 0) const {
    return Value(name, "text", nth);
  }
  long long Int(std::string_view name) const { return std::stoll(Value(name, "int")); }

 private:
  std::vector<Line>::const_iterator Find(std::string_view name, std::size_t nth) const {
    return std::find_if(lines_.begin(), lines_.end(),
                        [name, &nth](const Line& line) { return line.name == name && nth-- == 0; });
  }

  std::string Value(std::string_view name, std::string_view kind, std::size_t nth = 0) const {
    const auto line = Find(name, nth);
    if (line == lines_.end() || line->kind != kind) {
      throw std::runtime_error(path_ + ": no " + std::string(kind) + " " + std::string(name));
    }
    return line->value;
  }

  std::string path_;
  std::vector<Line> lines_;
};

// Reads a file by its path; Load takes the path inside tests/vectors.
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

inline File Load(const std::string& path) { return Read(std::string(OPB_VECTORS) + "/" + path); }

// The octets of any file of tests/vectors, for example "set-1024/pki/root.pem".
inline setcore::Octets ReadAll(const std::string& path) {
  std::ifstream in(std::string(OPB_VECTORS) + "/" + path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path);
  return setcore::Octets(std::istreambuf_iterator<char>(in), {});
}

// The directories that hold one complete set of messages each.
inline constexpr const char* kSets[] = {"set-1024", "set-2048"};

// The names of the .txt files of a directory ("set-1024"), without ".txt", sorted.
inline std::vector<std::string> FilesOf(const std::string& directory) {
  std::vector<std::string> names;
  const std::filesystem::path root = OPB_VECTORS;
  for (const auto& entry : std::filesystem::directory_iterator(root / directory)) {
    if (entry.path().extension() == ".txt") names.push_back(entry.path().stem());
  }
  std::sort(names.begin(), names.end());
  return names;
}

// The file names that the table of README.md gives for a set.
inline std::vector<std::string> FilesNamedByReadme() {
  const setcore::Octets octets = ReadAll("README.md");
  std::istringstream in(std::string(octets.begin(), octets.end()));
  std::vector<std::string> names;
  for (std::string line; std::getline(in, line);) {
    if (line.rfind("| ", 0) != 0 || std::isdigit(static_cast<unsigned char>(line[2])) == 0) {
      continue;
    }
    std::istringstream cell(line.substr(2, line.find(" |", 2) - 2));
    for (std::string name; cell >> name;) {
      if (name.back() == ',') name.pop_back();
      names.push_back(name);
    }
  }
  return names;
}

// The number of values per kind in a directory, and of its files under "files".
inline std::map<std::string, std::size_t> Count(const std::string& directory) {
  std::map<std::string, std::size_t> count;
  for (const std::string& name : FilesOf(directory)) {
    ++count["files"];
    const File file = Load(directory + "/" + name + ".txt");
    for (const Line& line : file.lines()) ++count[line.kind];
  }
  return count;
}

}  // namespace vectors

#endif  // TESTS_VECTORS_VECTOR_FILE_H_
