// Time and memory of init, and what calls take of the heap.
#include <dlfcn.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/heap.h"
#include "bench/measures.h"
#include "bench/samples.h"
#include "bench/shop.h"

namespace bench {
namespace {

constexpr double kMostInitMs = 40;
constexpr double kMostInitKib = 12 * 1024;
constexpr double kMostPeakKib = 1024;
constexpr double kMostGrowth = 16;  // octets of heap an exchange: less than any object

std::string Output(const std::string& command) {
  std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "re"), pclose);
  if (pipe == nullptr) throw std::runtime_error(command + ": cannot be run");
  std::string all;
  for (int c = 0; (c = std::fgetc(pipe.get())) != EOF;) all += static_cast<char>(c);
  return all;
}

double ResidentKib() {
  std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen("/proc/self/statm", "re"), std::fclose);
  long size = 0;
  long resident = 0;
  if (file == nullptr || std::fscanf(file.get(), "%ld %ld", &size, &resident) != 2) {
    throw std::runtime_error("/proc/self/statm cannot be read");
  }
  return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1024;
}

int Exchanges(Extent extent) {
  return extent == Extent::kSmoke ? 20 : extent == Extent::kUsual ? 5000 : 100000;
}

}  // namespace

void HeapChild(Extent extent) {
  const auto heap = reinterpret_cast<BenchHeap>(dlsym(RTLD_DEFAULT, "bench_heap"));
  if (heap == nullptr) throw std::runtime_error("the counting allocator is not preloaded");
  Shop shop(2048);
  std::size_t peak = 0;
  int number = 0;
  {
    for (int i = 0; i < 3; ++i) {
      Purchase purchase = shop.NewPurchase(std::to_string(++number));
      Buy(purchase);
    }
    BenchHeapState before{};
    shop.before_call = [&] { before = heap(1); };
    shop.after_call = [&] { peak = std::max(peak, heap(0).peak - before.live); };
    Purchase purchase = shop.NewPurchase(std::to_string(++number));
    Buy(purchase);
    shop.before_call = shop.after_call = nullptr;
  }
  const auto exchange = [&] {
    Purchase purchase = shop.NewPurchase(std::to_string(++number));
    for (const Step& step : Steps()) {
      Run(step, purchase);
      if (step.name == "StartPaymentPaymentHandler") break;
    }
  };
  // Until the page caches of the stores are full.
  const int warm_up = extent == Extent::kSmoke ? 2 : 8000;
  for (int i = 0; i < warm_up; ++i) exchange();
  const double live = static_cast<double>(heap(0).live);
  const double resident = ResidentKib();
  for (int i = 0; i < Exchanges(extent); ++i) exchange();
  std::printf("%zu %.0f %.0f\n", peak, static_cast<double>(heap(0).live) - live,
              ResidentKib() - resident);
}

std::vector<Row> Memory(Extent extent) {
  const int rounds = extent == Extent::kSmoke ? 1 : 10;
  std::vector<double> dlopen_kib, init_ms, init_kib;
  for (int i = 0; i < rounds; ++i) {
    const std::string said = Output("exec " OPB_INIT_PROBE " " OPB_MODULE);
    double a = 0;
    double b = 0;
    double c = 0;
    if (std::sscanf(said.c_str(), "%lf %lf %lf", &a, &b, &c) != 3) {
      throw std::runtime_error("the module cannot be loaded: " + said);
    }
    dlopen_kib.push_back(a);
    init_ms.push_back(b);
    init_kib.push_back(c);
  }
  const std::string self(OPB_BENCH);
  const char* option = extent == Extent::kSmoke  ? " --smoke"
                       : extent == Extent::kFull ? " --full"
                                                 : "";
  const std::string said =
      Output("LD_PRELOAD=" OPB_BENCH_HEAP " exec " + self + option + " --heap");
  double peak = 0;
  double heap = 0;
  double resident = 0;
  if (std::sscanf(said.c_str(), "%lf %lf %lf", &peak, &heap, &resident) != 3) {
    throw std::runtime_error("the heap cannot be measured: " + said);
  }
  const int exchanges = Exchanges(extent);
  const double growth = heap / exchanges;
  const auto kib = [](double n) { return fmt::format("{:.0f} KiB", n); };
  std::vector<Row> rows;
  rows.push_back({"init",
                  fmt::format("{:.1f} ms", Least(init_ms)),
                  "",
                  {},
                  "< 40 ms",
                  Least(init_ms) < kMostInitMs});
  rows.push_back({"resident memory by dlopen", kib(Median(dlopen_kib)), "", {}, "", {}});
  rows.push_back({"resident memory by init",
                  kib(Median(init_kib)),
                  "",
                  {},
                  "< 12 MiB",
                  Median(init_kib) < kMostInitKib});
  rows.push_back({"heap, peak of a purchase call",
                  kib(peak / 1024),
                  "",
                  {},
                  "< 1 MiB",
                  peak / 1024 < kMostPeakKib});
  rows.push_back({fmt::format("heap, growth a PInit exchange ({})", exchanges),
                  fmt::format("{:.1f} octets", growth),
                  "",
                  {},
                  "none",
                  growth < kMostGrowth});
  rows.push_back({"  resident memory over all of them", kib(resident), "", {}, "", {}});
  return rows;
}

}  // namespace bench
