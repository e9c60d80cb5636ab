// The tree as text for people and as JSON for programs.
#include <fmt/format.h>

#include <string>

#include "bridge/programs/set_bridge/decode/tree.h"

namespace bridge::programs::decode {
namespace {

constexpr std::size_t kShownHex = 48;  // hex digits of a longer octet string in a text

bool Constructed(const Node& node) {
  return node.kind == Node::Kind::kObject || node.kind == Node::Kind::kList;
}

bool Encrypted(const Node& node) { return node.note.starts_with("encrypted"); }

std::string Shown(const Node& node) {
  if (node.kind == Node::Kind::kNull) return "NULL";
  if (Encrypted(node)) return node.note;
  if (node.kind != Node::Kind::kHex || node.value.size() <= kShownHex) return node.value;
  return fmt::format("{}... ({} octets)", node.value.substr(0, kShownHex), node.value.size() / 2);
}

void Line(const Node& node, std::size_t level, std::string& out) {
  out.append(level * 2, ' ');
  out += node.name;
  std::string rest = Constructed(node) ? node.type : Shown(node);
  if (!node.note.empty() && !Encrypted(node)) rest += fmt::format(" ({})", node.note);
  if (!node.fault.empty()) rest += fmt::format(" !! {}", node.fault);
  if (!node.name.empty() && !rest.empty()) out += ": ";
  out += rest;
  out += '\n';
  for (const Node& child : node.children) Line(child, level + 1, out);
}

void Quote(std::string_view text, std::string& out) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    } else {
      out += c;
    }
  }
  out += '"';
}

void Json(const Node& node, std::size_t level, std::string& out);

void Members(const Node& node, bool named, std::size_t level, std::string& out) {
  out += named ? '{' : '[';
  bool first = true;
  const auto begin = [&](std::string_view key) {
    out += first ? "\n" : ",\n";
    first = false;
    out.append((level + 1) * 2, ' ');
    if (named) {
      Quote(key, out);
      out += ": ";
    }
  };
  for (const Node& child : node.children) {
    begin(child.name);
    Json(child, level + 1, out);
  }
  if (named && !node.fault.empty()) {
    begin("fault");
    Quote(node.fault, out);
  }
  if (!first) {
    out += '\n';
    out.append(level * 2, ' ');
  }
  out += named ? '}' : ']';
}

void Json(const Node& node, std::size_t level, std::string& out) {
  if (Constructed(node)) return Members(node, node.kind == Node::Kind::kObject, level, out);
  // A value that is wrong or encrypted says so beside it.
  const bool encrypted = Encrypted(node);
  if (!node.fault.empty() || encrypted) {
    out += encrypted ? "{\"encrypted\": " : "{\"value\": ";
    Quote(node.value, out);
    if (!node.fault.empty()) {
      out += ", \"fault\": ";
      Quote(node.fault, out);
    }
    out += '}';
    return;
  }
  switch (node.kind) {
    case Node::Kind::kNumber:
    case Node::Kind::kBoolean:
      out += node.value;
      return;
    case Node::Kind::kNull:
      out += "null";
      return;
    default:
      Quote(node.value, out);
  }
}

}  // namespace

std::string ToText(const Node& root) {
  std::string out;
  Line(root, 0, out);
  return out;
}

std::string ToJson(const Node& root) {
  std::string out = "{";
  Quote(root.type, out);
  out += ": ";
  Json(root, 0, out);
  out += "}\n";
  return out;
}

}  // namespace bridge::programs::decode
