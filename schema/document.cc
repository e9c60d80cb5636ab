#include "schema/document.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace schema {
namespace {

constexpr std::size_t kFirstBlock = 4096;
constexpr std::size_t kAlignment = alignof(std::max_align_t);

}  // namespace

std::optional<std::string_view> Element::Find(std::string_view attribute) const {
  for (const Attribute& candidate : attributes) {
    if (candidate.name == attribute) return candidate.value;
  }
  return std::nullopt;
}

std::string_view Element::Value(std::string_view attribute, std::string_view fallback) const {
  return Find(attribute).value_or(fallback);
}

const Element* Element::Child(std::string_view child) const {
  for (const Element* candidate : children) {
    if (candidate->name == child) return candidate;
  }
  return nullptr;
}

std::vector<const Element*> Element::Children(std::string_view child) const {
  std::vector<const Element*> found;
  for (const Element* candidate : children) {
    if (candidate->name == child) found.push_back(candidate);
  }
  return found;
}

Arena::Arena(Arena&& other) noexcept
    : blocks_(std::exchange(other.blocks_, {})), used_(std::exchange(other.used_, 0)) {}

Arena& Arena::operator=(Arena&& other) noexcept {
  if (this != &other) {
    Wipe();
    blocks_ = std::exchange(other.blocks_, {});
    used_ = std::exchange(other.used_, 0);
  }
  return *this;
}

Arena::~Arena() { Wipe(); }

void Arena::Wipe() noexcept {
  for (Block& block : blocks_) explicit_bzero(block.octets.get(), block.size);
}

std::byte* Arena::Allocate(std::size_t size) {
  size = (size + kAlignment - 1) / kAlignment * kAlignment;
  if (blocks_.empty() || blocks_.back().size - used_ < size) {
    const std::size_t next = blocks_.empty() ? kFirstBlock : 2 * blocks_.back().size;
    const std::size_t room = std::max(size, next);
    blocks_.push_back(Block{std::make_unique_for_overwrite<std::byte[]>(room), room});
    used_ = 0;
  }
  std::byte* place = blocks_.back().octets.get() + used_;
  used_ += size;
  return place;
}

std::string_view Arena::Keep(std::string_view text) {
  if (text.empty()) return {};
  std::byte* place = Allocate(text.size());
  std::memcpy(place, text.data(), text.size());
  return {reinterpret_cast<const char*>(place), text.size()};
}

}  // namespace schema
