// A TOML file as plain values that know their line, and a reader that names file, line and key of
// whatever is wrong.  The only place that sees toml++.  Used for wallet profiles and the gateway's
// configuration; nothing here keeps what it read: text values are wiped with the document.
#ifndef BRIDGE_TOML_FILE_H_
#define BRIDGE_TOML_FILE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace bridge {

// TomlProblem is one thing wrong with a file; ToText gives "file:line: key: text".
struct TomlProblem {
  std::string file;
  unsigned line = 0;  // 0: the file as a whole
  std::string key;    // dotted; empty: the file as a whole
  std::string text;   // what is wrong and what is allowed; never a secret
};
std::string ToText(const TomlProblem& problem);
// PlaceOf gives "file:line: key", as far as they are known.
std::string PlaceOf(const TomlProblem& problem);

struct TomlValue;
using TomlArray = std::vector<TomlValue>;
using TomlTable = std::map<std::string, TomlValue, std::less<>>;
struct TomlOther {};  // a date or a time: no file of ours has one

struct TomlValue {
  std::variant<TomlOther, bool, std::int64_t, double, std::string, TomlArray, TomlTable> value;
  unsigned line = 0;
};

// TomlDocument owns the values of one file and wipes its texts at the end.  Not copied.
class TomlDocument {
 public:
  // Parse reads `text`, UTF-8, of the file called `file`.  Gives null and fills `problem` when it
  // is not TOML.
  static std::unique_ptr<TomlDocument> Parse(std::string_view text, std::string_view file,
                                             TomlProblem& problem);
  TomlDocument(const TomlDocument&) = delete;
  TomlDocument& operator=(const TomlDocument&) = delete;
  ~TomlDocument();

  const TomlValue& root() const { return root_; }
  const std::string& file() const { return file_; }

 private:
  TomlDocument() = default;

  TomlValue root_;
  std::string file_;
};

// Bounds of a number, both included, and what it counts: "a number of seconds".
struct TomlBounds {
  std::int64_t lowest = 0;
  std::int64_t highest = 0;
  std::string_view what = "a number";
};

// TomlSection reads one table strictly.  Each getter marks its key as known; a value of the wrong
// type or out of bounds becomes a problem and reads as absent.  Finish reports the keys that no
// getter asked for.  It borrows everything that it is given.
class TomlSection {
 public:
  // `path` is what stands before each key in a problem, "" at the top.
  TomlSection(const TomlDocument& document, const TomlValue& table, std::string path,
              std::vector<TomlProblem>& problems);

  bool Has(std::string_view key) const;
  // LineOf gives the line of `key`, or that of the section when the key is absent.
  unsigned LineOf(std::string_view key) const;

  std::optional<std::string_view> Text(std::string_view key);
  // As Text, but a wrong value is not repeated in the problem.
  std::optional<std::string_view> Secret(std::string_view key);
  std::optional<std::int64_t> Number(std::string_view key, const TomlBounds& bounds);
  std::optional<bool> Flag(std::string_view key);
  std::optional<std::vector<std::string_view>> Texts(std::string_view key);
  // Sections gives the tables of `[[key]]`, Section that of `[key]` or `key = {}`.
  std::vector<TomlSection> Sections(std::string_view key);
  std::optional<TomlSection> Section(std::string_view key);
  std::vector<std::string> Keys() const;

  // Require reports each of `keys` that is absent.
  void Require(std::span<const std::string_view> keys);
  // At makes a problem or warning at `key`; Report adds it; Missing says that `key` must be given.
  TomlProblem At(std::string_view key, std::string text) const;
  void Report(std::string_view key, std::string text);
  void Missing(std::string_view key);
  // Finish reports unknown keys.
  void Finish();

 private:
  const TomlValue* Find(std::string_view key, bool secret_value, std::string_view wanted,
                        std::size_t alternative);
  std::string PathOf(std::string_view key) const;

  const TomlDocument* document_;
  const TomlTable* table_;
  unsigned line_;
  std::string path_;
  std::vector<TomlProblem>* problems_;
  std::set<std::string, std::less<>> known_;
};

// Shown gives a value for a problem: texts in quotes, shortened, without control characters.
std::string Shown(const TomlValue& value);
std::string ShownText(std::string_view text);

}  // namespace bridge

#endif  // BRIDGE_TOML_FILE_H_
