// Replays a corpus where there is no libFuzzer:
//   fuzz_NAME CORPUS MUTANTS [KEEP]
// runs the target on every file of the directory CORPUS (or on that one file), and on MUTANTS
// mutants of each, which depend on the seed, the file's name and the number alone.  To catch the
// mutant that ends the process, name a file KEEP: each is written there before it runs.  Exit
// status 2: wrong arguments, or a corpus without files.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "fuzz/target.h"

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::uint64_t kSeed = 20260115;

// xorshift64*: small, and the same everywhere.
class Dice {
 public:
  explicit Dice(const std::string& name) : state_(kSeed) {
    for (const char character : name) {
      state_ = (state_ ^ static_cast<std::uint8_t>(character)) * 0x100000001B3ULL;
    }
  }
  std::size_t Below(std::size_t bound) {
    state_ ^= state_ >> 12;
    state_ ^= state_ << 25;
    state_ ^= state_ >> 27;
    return static_cast<std::size_t>((state_ * 0x2545F4914F6CDD1DULL) >> 33) % bound;
  }

 private:
  std::uint64_t state_;
};

void Mutate(Dice& dice, Bytes& bytes, const Bytes& other) {
  constexpr std::size_t kMaxChunk = 32;
  if (bytes.empty()) bytes.push_back(0);
  const std::size_t at = dice.Below(bytes.size());
  const auto here = bytes.begin() + static_cast<std::ptrdiff_t>(at);
  const std::size_t left = bytes.size() - at;
  switch (dice.Below(7)) {
    case 0:
      *here ^= static_cast<std::uint8_t>(1U << dice.Below(8));
      break;
    case 1:
      *here = static_cast<std::uint8_t>(dice.Below(256));
      break;
    case 2:
      bytes.erase(here,
                  here + static_cast<std::ptrdiff_t>(std::min(left, dice.Below(kMaxChunk) + 1)));
      break;
    case 3:
      bytes.insert(here, static_cast<std::uint8_t>(dice.Below(256)));
      break;
    case 4: {
      const auto size = static_cast<std::ptrdiff_t>(std::min(left, dice.Below(kMaxChunk) + 1));
      const Bytes chunk(here, here + size);
      bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(dice.Below(bytes.size())),
                   chunk.begin(), chunk.end());
      break;
    }
    case 5:
      bytes.resize(at + 1);
      break;
    default: {
      if (other.empty()) break;
      const std::size_t from = dice.Below(other.size());
      const std::size_t size = std::min(other.size() - from, dice.Below(kMaxChunk) + 1);
      bytes.insert(here, other.begin() + static_cast<std::ptrdiff_t>(from),
                   other.begin() + static_cast<std::ptrdiff_t>(from + size));
    }
  }
}

Bytes ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(in), {});
}

void Run(const Bytes& bytes) {
  // A copy of exactly this size, so that the sanitizers see the end.
  const auto exact = std::make_unique<std::uint8_t[]>(bytes.size());
  std::copy(bytes.begin(), bytes.end(), exact.get());
  LLVMFuzzerTestOneInput(exact.get(), bytes.size());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3 || argc > 4) {
    std::fprintf(stderr, "usage: %s CORPUS MUTANTS [KEEP]\n", argv[0]);
    return 2;
  }
  const std::filesystem::path corpus = argv[1];
  const long mutants = std::strtol(argv[2], nullptr, 10);
  std::vector<std::filesystem::path> files;
  if (std::filesystem::is_directory(corpus)) {
    for (const auto& entry : std::filesystem::directory_iterator(corpus)) {
      files.push_back(entry.path());
    }
  } else if (std::filesystem::exists(corpus)) {
    files.push_back(corpus);
  }
  if (files.empty()) {
    std::fprintf(stderr, "%s: no corpus\n", argv[1]);
    return 2;
  }
  std::sort(files.begin(), files.end());
  std::printf("%zu files, %ld mutants of each, seed %llu\n", files.size(), mutants,
              static_cast<unsigned long long>(kSeed));
  Bytes other;
  for (const std::filesystem::path& file : files) {
    std::printf("%s\n", file.filename().c_str());
    std::fflush(stdout);
    const Bytes original = ReadFile(file);
    Run(original);
    Dice dice(file.filename());
    for (long i = 0; i < mutants; ++i) {
      Bytes mutant = original;
      for (std::size_t n = dice.Below(4) + 1; n > 0; --n) Mutate(dice, mutant, other);
      if (argc == 4) {
        std::ofstream(argv[3], std::ios::binary)
            .write(reinterpret_cast<const char*>(mutant.data()),
                   static_cast<std::streamsize>(mutant.size()));
      }
      Run(mutant);
    }
    other = original;
  }
  return 0;
}
