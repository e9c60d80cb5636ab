// load: puts a load on a set-gateway process and checks what it did.  `load connections N`, `load
// echoes N`, `load sales N`.  Exit status: 0 all was well, 1 it was not, 2 wrong usage.
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <string_view>

#include "load/loads.h"

int main(int argc, char** argv) {
  struct Kind {
    std::string_view name;
    void (*run)(std::size_t);
  };
  constexpr std::array<Kind, 3> kKinds = {
      {{"connections", load::Connections}, {"echoes", load::Echoes}, {"sales", load::Sales}}};
  std::size_t count = 0;
  if (argc == 3) {
    const std::string_view number = argv[2];
    std::from_chars(number.data(), number.data() + number.size(), count);
  }
  for (const Kind& kind : kKinds) {
    if (count == 0 || kind.name != argv[1]) continue;
    try {
      kind.run(count);
    } catch (const std::exception& error) {
      std::fprintf(stderr, "load: %s\n", error.what());
      return 1;
    }
    return 0;
  }
  std::fputs("usage: load connections|echoes|sales N\n", stderr);
  return 2;
}
