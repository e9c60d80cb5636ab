// bench: prints each figure beside its floor in one table.  `bench` takes some minutes, `bench
// --full` many, `bench --smoke` a few seconds (its figures mean nothing: it shows that everything
// still runs).  Exit status: 0 printed, whatever the figures are; 1 something did not work; 2 wrong
// usage.
#include <cstdio>
#include <exception>
#include <string_view>
#include <vector>

#include "bench/bare_echo.h"
#include "bench/measures.h"
#include "bench/table.h"

namespace {

void Append(std::vector<bench::Row>& rows, std::vector<bench::Row> more) {
  rows.insert(rows.end(), more.begin(), more.end());
}

void Measure(bench::Extent extent, std::string_view only) {
  using namespace bench;
  std::vector<Row> rows;
  const auto wanted = [&](std::string_view part) { return only.empty() || only == part; };
  for (const std::size_t bits : {1024, 2048}) {
    if (wanted("rsa")) Append(rows, BareRsa(extent, bits));
  }
  for (const std::size_t bits : {1024, 2048}) {
    if (wanted("purchase")) Append(rows, PurchaseCpu(extent, bits));
  }
  if (wanted("threads")) Append(rows, TwoThreads(extent));
  if (wanted("commits")) Append(rows, GroupCommit(extent));
  if (wanted("xml")) Append(rows, XmlPath(extent));
  if (wanted("inquiry")) Append(rows, Inquiry(extent));
  if (wanted("memory")) Append(rows, Memory(extent));
  if (wanted("transport")) Append(rows, Transport(extent));
  Print(rows);
}

}  // namespace

int main(int argc, char** argv) {
  bench::Extent extent = bench::Extent::kUsual;
  bool heap = false;
  bool echo = false;
  std::string_view only;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--smoke") {
      extent = bench::Extent::kSmoke;
    } else if (word == "--full") {
      extent = bench::Extent::kFull;
    } else if (word == "--heap") {
      heap = true;
    } else if (word == "--echo") {
      echo = true;
    } else if (word == "rsa" || word == "purchase" || word == "threads" || word == "commits" ||
               word == "xml" || word == "inquiry" || word == "memory" || word == "transport") {
      only = word;
    } else {
      std::fputs(
          "usage: bench [--smoke|--full] "
          "[rsa|purchase|threads|commits|xml|inquiry|memory|transport]\n",
          stderr);
      return 2;
    }
  }
  try {
    if (heap) {
      bench::HeapChild(extent);
    } else if (echo) {
      bench::EchoChild();
    } else {
      Measure(extent, only);
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench: %s\n", error.what());
    return 1;
  }
  return 0;
}
