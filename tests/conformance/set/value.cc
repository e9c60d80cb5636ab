#include "set/value.h"

#include <algorithm>
#include <optional>

#include "set/types.h"
#include "setcore/asn1/lint.h"
#include "setcore/asn1/writer.h"

namespace conform::set {
namespace {

namespace der = setcore::der;
using der::Tag;

Octets IntegerContents(std::int64_t number) {
  Octets contents;
  bool more = true;
  while (more) {
    const auto low = static_cast<std::uint8_t>(number & 0xFF);
    contents.insert(contents.begin(), low);
    number >>= 8;
    more = !(number == 0 && low < 0x80) && !(number == -1 && low >= 0x80);
  }
  return contents;
}

bool IsNumber(Tag tag) { return tag == der::kInteger || tag == der::kEnumerated; }

// A leaf outside its bounds is a fault on both ways.
const char* BoundsFault(const Type& type, const Octets& contents) {
  if (type.least == INT64_MIN && type.most == INT64_MAX) return nullptr;
  std::int64_t measure = static_cast<std::int64_t>(contents.size());
  if (IsNumber(type.tag)) {
    if (contents.size() > 8) return type.most == INT64_MAX ? nullptr : "INTEGER outside its range";
    measure = Value(contents).number();
  }
  return measure < type.least || measure > type.most ? "outside its bounds" : nullptr;
}

Tag TagOfField(const Field& field, Tag natural) {
  return field.tag ? der::Context(*field.tag, field.is_explicit || natural.constructed()) : natural;
}

}  // namespace

Value::Value(std::int64_t number) : contents_(IntegerContents(number)) {}

Value Value::Der(Octets element) {
  Value value;
  value.der_ = std::move(element);
  return value;
}

const Value* Value::Find(std::string_view path) const {
  const Value* value = this;
  while (!path.empty()) {
    const std::string_view name = path.substr(0, path.find('.'));
    path.remove_prefix(std::min(path.size(), name.size() + 1));
    const auto part = std::find_if(value->parts_.begin(), value->parts_.end(),
                                   [&](const auto& entry) { return entry.first == name; });
    if (part == value->parts_.end()) return nullptr;
    value = &part->second;
  }
  return value;
}

const Value& Value::at(std::string_view path) const {
  const Value* found = Find(path);
  if (found == nullptr) throw Malformed("no " + std::string(path));
  return *found;
}

const Value& Value::at(std::size_t index) const {
  if (index >= parts_.size()) throw Malformed("too few elements");
  return parts_[index].second;
}

Value& Value::operator[](std::string_view path) {
  Value* value = this;
  while (true) {
    value->der_.clear();
    if (path.empty()) return *value;
    const std::string_view name = path.substr(0, path.find('.'));
    path.remove_prefix(std::min(path.size(), name.size() + 1));
    auto part = std::find_if(value->parts_.begin(), value->parts_.end(),
                             [&](const auto& entry) { return entry.first == name; });
    if (part == value->parts_.end()) {
      value->parts_.emplace_back(std::string(name), Value());
      part = value->parts_.end() - 1;
    }
    value = &part->second;
  }
}

void Value::Remove(std::string_view name) {
  der_.clear();
  std::erase_if(parts_, [&](const auto& entry) { return entry.first == name; });
}

Value& Value::Add(Value element) {
  der_.clear();
  return parts_.emplace_back(std::string(), std::move(element)).second;
}

std::int64_t Value::number() const {
  if (contents_.empty() || contents_.size() > 8) throw Malformed("INTEGER of a strange size");
  std::int64_t number = contents_[0] >= 0x80 ? -1 : 0;
  for (const std::uint8_t octet : contents_) {
    number = static_cast<std::int64_t>(static_cast<std::uint64_t>(number) << 8 | octet);
  }
  return number;
}

// Walks a type and a value together.
class Coder {
 public:
  explicit Coder(const Notation& types) : types_(types) {}

  void Write(const Type& named, const Value& value, std::optional<std::uint32_t> implicit) {
    const Type& type = types_.Resolve(named);
    if (!value.der_.empty()) return writer_.Raw(value.der_);
    if (implicit) writer_.Tagged(*implicit);
    switch (type.form) {
      case Form::kPrimitive:
        if (const char* fault = BoundsFault(type, value.contents_)) throw std::logic_error(fault);
        return writer_.Primitive(type.tag, value.contents_);
      case Form::kSetString:
        return writer_.Primitive(der::kVisibleString, value.contents_);
      case Form::kAny:
        throw std::logic_error("an open value has no octets");
      case Form::kSequence:
        return writer_.Sequence([&] { WriteFields(type, value); });
      case Form::kSequenceOf:
        return writer_.Sequence([&] { WriteElements(type, value); });
      case Form::kSetOf:
        if (value.size() > 1) throw std::logic_error("SET OF with several elements");
        return writer_.Constructed(der::kSet, [&] { WriteElements(type, value); });
      case Form::kChoice:
        if (value.size() != 1) throw std::logic_error("CHOICE without an alternative");
        return WriteFields(type, value);
      case Form::kReference:
        break;
    }
    throw std::logic_error("unresolved type");
  }

  Octets Take() {
    if (!writer_.ok()) throw std::logic_error(writer_.fault());
    return writer_.Take();
  }

  // Reads one element, whose tag the caller has judged.
  Value Read(const Type& named, const der::Element& element, OctetView whole) {
    const Type& type = types_.Resolve(named);
    Value value;
    value.der_.assign(whole.begin(), whole.end());
    switch (type.form) {
      case Form::kPrimitive:
        value.contents_.assign(element.contents.begin(), element.contents.end());
        if (element.tag.constructed()) throw Malformed("primitive type constructed");
        if (const char* fault = der::PrimitiveFault(type.tag, element.contents)) {
          throw Malformed(fault);
        }
        if (const char* fault = BoundsFault(type, value.contents_)) throw Malformed(fault);
        break;
      case Form::kSetString:
        if (element.contents.empty()) throw Malformed("SETString empty");
        value.contents_.assign(element.contents.begin(), element.contents.end());
        break;
      case Form::kAny:
        value.contents_ = value.der_;
        break;
      case Form::kSequence:
        MustBeConstructed(element);
        ReadFields(type, element.contents, value);
        break;
      case Form::kSequenceOf:
      case Form::kSetOf:
        MustBeConstructed(element);
        ReadElements(type, element.contents, value);
        break;
      case Form::kChoice:
        ReadAlternative(type, whole, value);
        break;
      case Form::kReference:
        throw std::logic_error("unresolved type");
    }
    return value;
  }

  // Tells whether an element of this tag begins a value of the type.
  bool Accepts(const Type& named, Tag tag) const {
    const Type& type = types_.Resolve(named);
    switch (type.form) {
      case Form::kPrimitive:
        return tag == type.tag;
      case Form::kSetString:
        return tag == der::kVisibleString || tag == der::kBmpString;
      case Form::kAny:
        return true;
      case Form::kSequence:
      case Form::kSequenceOf:
        return tag == der::kSequence;
      case Form::kSetOf:
        return tag == der::kSet;
      case Form::kChoice:
        return std::any_of(type.fields.begin(), type.fields.end(),
                           [&](const Field& field) { return AcceptsField(field, tag); });
      case Form::kReference:
        break;
    }
    return false;
  }

 private:
  bool AcceptsField(const Field& field, Tag tag) const {
    if (!field.tag) return Accepts(*field.type, tag);
    return tag == TagOfField(field, Natural(*field.type));
  }

  Tag Natural(const Type& named) const {
    const Type& type = types_.Resolve(named);
    if (type.form == Form::kPrimitive) return type.tag;
    return type.form == Form::kSetOf ? der::kSet : der::kSequence;
  }

  static void MustBeConstructed(const der::Element& element) {
    if (!element.tag.constructed()) throw Malformed("constructed type primitive");
  }

  void WriteFields(const Type& type, const Value& value) {
    for (const auto& [name, part] : value.parts_) {
      if (std::none_of(type.fields.begin(), type.fields.end(),
                       [&name = name](const Field& field) { return field.name == name; })) {
        throw std::logic_error("no field " + name);
      }
    }
    for (const Field& field : type.fields) {
      const Value* part = value.Find(field.name);
      if (part == nullptr) {
        if (!field.optional && type.form != Form::kChoice) {
          throw std::logic_error("field " + field.name + " missing");
        }
        continue;
      }
      if (field.tag && field.is_explicit) {
        writer_.Constructed(der::Context(*field.tag, true),
                            [&] { Write(*field.type, *part, std::nullopt); });
      } else {
        Write(*field.type, *part, field.tag);
      }
    }
  }

  void WriteElements(const Type& type, const Value& value) {
    for (const auto& [name, part] : value.parts_) Write(*type.element, part, std::nullopt);
  }

  static der::Element Next(OctetView rest) {
    der::Element element;
    if (const char* fault = der::ParseElement(rest, element)) throw Malformed(fault);
    return element;
  }

  Value ReadField(const Field& field, const der::Element& element, OctetView whole) {
    if (!field.tag || !field.is_explicit) return Read(*field.type, element, whole);
    const der::Element inner = Next(element.contents);
    if (inner.size != element.contents.size()) throw Malformed("octets behind an explicit tag");
    if (!Accepts(*field.type, inner.tag)) throw Malformed(field.name + ": wrong tag");
    return Read(*field.type, inner, element.contents);
  }

  void ReadFields(const Type& type, OctetView rest, Value& value) {
    for (const Field& field : type.fields) {
      std::optional<der::Element> element;
      if (!rest.empty()) element = Next(rest);
      if (!element || !AcceptsField(field, element->tag)) {
        if (!field.optional) throw Malformed(field.name + " missing");
        continue;
      }
      Value part = ReadField(field, *element, rest.first(element->size));
      if (!field.absent_as.empty() && part.contents_ == field.absent_as) {
        throw Malformed(field.name + ": a DEFAULT value is encoded");
      }
      value.parts_.emplace_back(field.name, std::move(part));
      rest = rest.subspan(element->size);
    }
    if (!rest.empty()) throw Malformed("an element too many");
  }

  void ReadElements(const Type& type, OctetView rest, Value& value) {
    while (!rest.empty()) {
      const der::Element element = Next(rest);
      if (!Accepts(*type.element, element.tag)) throw Malformed("element with a wrong tag");
      value.parts_.emplace_back(std::string(),
                                Read(*type.element, element, rest.first(element.size)));
      rest = rest.subspan(element.size);
    }
  }

  void ReadAlternative(const Type& type, OctetView whole, Value& value) {
    const der::Element element = Next(whole);
    for (const Field& field : type.fields) {
      if (!AcceptsField(field, element.tag)) continue;
      value.parts_.emplace_back(field.name, ReadField(field, element, whole));
      return;
    }
    throw Malformed("unknown alternative");
  }

  const Notation& types_;
  der::Writer writer_;
};

Octets Encode(std::string_view type, const Value& value) {
  Coder coder(Types());
  coder.Write(Types().Find(type), value, std::nullopt);
  return coder.Take();
}

Value Decode(std::string_view name, OctetView octets) {
  if (const char* fault = der::Lint(octets)) throw Malformed(fault);
  const Type& type = Types().Find(name);
  der::Element element;
  der::ParseElement(octets, element);
  Coder coder(Types());
  if (!coder.Accepts(type, element.tag)) throw Malformed(std::string(name) + ": wrong tag");
  return coder.Read(type, element, octets);
}

}  // namespace conform::set
