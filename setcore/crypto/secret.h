// Octets and text that nobody else may see: wiped when they go, never copied by accident, never
// printed.  Nothing here can fail but by lack of memory.  A secret belongs to one thread at a time.
#ifndef SETCORE_CRYPTO_SECRET_H_
#define SETCORE_CRYPTO_SECRET_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <span>
#include <string_view>

#include "setcore/octets.h"

namespace setcore {

// Cleanse overwrites `octets` in a way that the compiler keeps.
void Cleanse(std::span<std::uint8_t> octets);

// SecretOctets owns octets of a length fixed at construction.  Moving leaves the source empty;
// a copy has to be asked for.
class SecretOctets {
 public:
  SecretOctets() = default;
  // `size` zero octets.
  explicit SecretOctets(std::size_t size);
  // A copy of `octets`; the caller still has to wipe the original.
  explicit SecretOctets(OctetView octets);
  SecretOctets(SecretOctets&& other) noexcept;
  SecretOctets& operator=(SecretOctets&& other) noexcept;
  SecretOctets(const SecretOctets&) = delete;
  SecretOctets& operator=(const SecretOctets&) = delete;
  ~SecretOctets();

  SecretOctets Copy() const { return SecretOctets(view()); }
  // The views live as long as this object is neither moved nor destroyed.
  OctetView view() const { return {data_.get(), size_}; }
  std::span<std::uint8_t> mutable_view() { return {data_.get(), size_}; }
  const std::uint8_t* data() const { return data_.get(); }
  std::uint8_t* data() { return data_.get(); }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  // Forgets the octets from `size` on, wiping them; a larger `size` changes nothing.
  void Truncate(std::size_t size);
  // Wipes everything and becomes empty.
  void Clear();

 private:
  std::unique_ptr<std::uint8_t[]> data_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

// SecretString is the same for text (passphrases, account numbers).
class SecretString {
 public:
  SecretString() = default;
  explicit SecretString(std::string_view text);
  SecretString(SecretString&&) noexcept = default;
  SecretString& operator=(SecretString&&) noexcept = default;
  SecretString(const SecretString&) = delete;
  SecretString& operator=(const SecretString&) = delete;
  ~SecretString() = default;

  SecretString Copy() const { return SecretString(view()); }
  std::string_view view() const;
  OctetView octets() const { return octets_.view(); }
  std::size_t size() const { return octets_.size(); }
  bool empty() const { return octets_.empty(); }
  void Clear() { octets_.Clear(); }

 private:
  SecretOctets octets_;
};

// SecretArray is a secret of N octets without allocation; copies are wiped like the original.
template <std::size_t N>
struct SecretArray {
  std::array<std::uint8_t, N> octets{};

  SecretArray() = default;
  SecretArray(const SecretArray&) = default;
  SecretArray& operator=(const SecretArray&) = default;
  ~SecretArray() { Cleanse(octets); }
  OctetView view() const { return octets; }
  std::span<std::uint8_t> mutable_view() { return octets; }
};

// Secrets do not print: a stream operator that does not exist is a test failure that never ships.
std::ostream& operator<<(std::ostream&, const SecretOctets&) = delete;
std::ostream& operator<<(std::ostream&, const SecretString&) = delete;
template <std::size_t N>
std::ostream& operator<<(std::ostream&, const SecretArray<N>&) = delete;

}  // namespace setcore

#endif  // SETCORE_CRYPTO_SECRET_H_
