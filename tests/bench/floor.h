// The floors: what a purchase cannot do without, done bare, with every context and statement
// reused.  Everything throws std::runtime_error when a library refuses its work.
#ifndef TESTS_BENCH_FLOOR_H_
#define TESTS_BENCH_FLOOR_H_

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace bench {

// The RSA operations of all roles in one purchase (set-processing.md, 4 to 7).
inline constexpr int kSigns = 5;     // PInitRes, PReq, AuthReq, AuthRes, PRes
inline constexpr int kDecrypts = 3;  // AuthReq, PI, AuthRes
inline constexpr int kVerifies = 6;  // the five signatures; that of PReq twice
inline constexpr int kEncrypts = 3;  // PI, AuthReq, AuthRes

// RSA, DES-CBC and SHA-1 in a context of their own.  One thread at a time.
class Crypto {
 public:
  explicit Crypto(std::size_t key_bits);
  Crypto(const Crypto&) = delete;
  Crypto& operator=(const Crypto&) = delete;
  ~Crypto();

  void Sign();
  void Verify();
  void Encrypt();
  void Decrypt();
  // Each envelope is encrypted once and decrypted once.
  void Des(std::size_t octets);
  void Sha1(std::size_t octets);
  // All of one purchase.
  void Purchase(const std::vector<std::size_t>& des, const std::vector<std::size_t>& sha1);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// A reused SAX2 reader that validates against the product's grammar and does nothing else.
class Parse {
 public:
  Parse();
  Parse(const Parse&) = delete;
  Parse& operator=(const Parse&) = delete;
  ~Parse();
  void Read(const std::string& document);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// A SQLite file in WAL with synchronous FULL.
class Commits {
 public:
  explicit Commits(const std::string& file);
  Commits(const Commits&) = delete;
  Commits& operator=(const Commits&) = delete;
  ~Commits();
  // One durable transaction with `rows` rows of `octets` octets each.
  void Write(int rows, std::size_t octets);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace bench

#endif  // TESTS_BENCH_FLOOR_H_
