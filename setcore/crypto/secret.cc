#include "setcore/crypto/secret.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <utility>

namespace setcore {

void Cleanse(std::span<std::uint8_t> octets) {
  if (!octets.empty()) OPENSSL_cleanse(octets.data(), octets.size());
}

SecretOctets::SecretOctets(std::size_t size)
    : data_(size == 0 ? nullptr : new std::uint8_t[size]()), size_(size), capacity_(size) {}

SecretOctets::SecretOctets(OctetView octets) : SecretOctets(octets.size()) {
  std::copy(octets.begin(), octets.end(), data_.get());
}

SecretOctets::SecretOctets(SecretOctets&& other) noexcept
    : data_(std::move(other.data_)),
      size_(std::exchange(other.size_, 0)),
      capacity_(std::exchange(other.capacity_, 0)) {}

SecretOctets& SecretOctets::operator=(SecretOctets&& other) noexcept {
  if (this != &other) {
    Clear();
    data_ = std::move(other.data_);
    size_ = std::exchange(other.size_, 0);
    capacity_ = std::exchange(other.capacity_, 0);
  }
  return *this;
}

SecretOctets::~SecretOctets() { Clear(); }

void SecretOctets::Truncate(std::size_t size) {
  if (size >= size_) return;
  Cleanse({data_.get() + size, size_ - size});
  size_ = size;
}

void SecretOctets::Clear() {
  Cleanse({data_.get(), capacity_});
  data_.reset();
  size_ = capacity_ = 0;
}

SecretString::SecretString(std::string_view text)
    : octets_(OctetView(reinterpret_cast<const std::uint8_t*>(text.data()), text.size())) {}

std::string_view SecretString::view() const {
  return {reinterpret_cast<const char*>(octets_.data()), octets_.size()};
}

}  // namespace setcore
