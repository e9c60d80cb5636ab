#include "set/notation.h"

#include <cctype>
#include <stdexcept>
#include <utility>

namespace conform::set {
namespace {

using setcore::der::Tag;
namespace der = setcore::der;

constexpr Tag kEnumerated = der::kEnumerated;

const std::pair<std::string_view, Tag> kPrimitives[] = {
    {"BOOLEAN", der::kBoolean},
    {"INTEGER", der::kInteger},
    {"ENUMERATED", kEnumerated},
    {"REAL", der::kReal},
    {"NULL", der::kNull},
    {"OID", der::kObjectIdentifier},
    {"OCTETS", der::kOctetString},
    {"BITS", der::kBitString},
    {"NumericString", der::kNumericString},
    {"VisibleString", der::kVisibleString},
    {"PrintableString", der::kPrintableString},
    {"UTCTime", der::kUtcTime},
    {"GeneralizedTime", der::kGeneralizedTime},
};

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) { Advance(); }

  std::string_view word() const { return word_; }
  bool AtEnd() const { return word_.empty(); }

  bool Take(std::string_view expected) {
    if (word_ != expected) return false;
    Advance();
    return true;
  }
  void Expect(std::string_view expected) {
    if (!Take(expected)) Fail("expected " + std::string(expected));
  }
  std::string Name() {
    std::string name(word_);
    Advance();
    return name;
  }
  std::int64_t Number() { return std::stoll(Name()); }

  std::shared_ptr<const Type> ParseType() {
    auto type = std::make_shared<Type>();
    if (Take("SEQUENCE")) {
      if (Take("OF")) {
        type->form = Form::kSequenceOf;
        type->element = ParseType();
      } else {
        type->form = Form::kSequence;
        ParseFields(*type);
      }
    } else if (Take("SET")) {
      Expect("OF");
      type->form = Form::kSetOf;
      type->element = ParseType();
    } else if (Take("CHOICE")) {
      type->form = Form::kChoice;
      ParseFields(*type);
    } else if (Take("ANY")) {
      type->form = Form::kAny;
    } else if (Take("SETString")) {
      type->form = Form::kSetString;
    } else {
      const std::string name = Name();
      type->form = Form::kReference;
      type->reference = name;
      for (const auto& [spelled, tag] : kPrimitives) {
        if (spelled != name) continue;
        type->form = Form::kPrimitive;
        type->tag = tag;
      }
    }
    if (Take("(")) {
      type->least = Number();
      type->most = type->least;
      if (Take("..")) type->most = word_ == "MAX" ? (Advance(), INT64_MAX) : Number();
      Expect(")");
    }
    return type;
  }

 private:
  void ParseFields(Type& type) {
    Expect("{");
    while (!Take("}")) {
      Field field;
      field.name = Name();
      if (Take("[")) {
        field.tag = static_cast<std::uint32_t>(Number());
        Expect("]");
        field.is_explicit = Take("EXPLICIT");
      }
      field.type = ParseType();
      field.optional = Take("OPTIONAL");
      if (Take("DEFAULT")) {
        field.optional = true;
        const std::string value = Name();
        field.absent_as = {static_cast<std::uint8_t>(value == "TRUE" ? 0xFF : 0x00)};
      }
      type.fields.push_back(std::move(field));
      Take(",");
    }
  }

  void Advance() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
    const std::size_t start = at_;
    if (at_ == text_.size()) {
      word_ = {};
      return;
    }
    const auto is_name = [](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) || c == '-';
    };
    if (is_name(text_[at_])) {
      while (at_ < text_.size() && is_name(text_[at_])) ++at_;
    } else if (text_.substr(at_, 3) == "::=") {
      at_ += 3;
    } else if (text_.substr(at_, 2) == "..") {
      at_ += 2;
    } else {
      ++at_;
    }
    word_ = text_.substr(start, at_ - start);
  }

  [[noreturn]] void Fail(const std::string& why) const {
    throw std::logic_error("notation: " + why + " at " +
                           std::string(text_.substr(at_ < 40 ? 0 : at_ - 40, 60)));
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string_view word_;
};

}  // namespace

Notation::Notation(std::string_view text) {
  Parser parser(text);
  while (!parser.AtEnd()) {
    std::string name = parser.Name();
    parser.Expect("::=");
    types_[std::move(name)] = parser.ParseType();
  }
}

const Type& Notation::Find(std::string_view name) const {
  const auto found = types_.find(name);
  if (found == types_.end()) throw std::logic_error("notation: no type " + std::string(name));
  return Resolve(*found->second);
}

const Type& Notation::Resolve(const Type& type) const {
  return type.form == Form::kReference ? Find(type.reference) : type;
}

}  // namespace conform::set
