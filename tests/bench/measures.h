// What is measured.  Each function gives the rows of the table that it is good for.
#ifndef TESTS_BENCH_MEASURES_H_
#define TESTS_BENCH_MEASURES_H_

#include <cstddef>
#include <vector>

#include "bench/table.h"

namespace bench {

// How much is done: `smoke` is as little as shows that everything still works, `full` as much as
// the figures can be asked for.
enum class Extent { kSmoke, kUsual, kFull };

// RSA with reused contexts, to be compared with `openssl speed`.
std::vector<Row> BareRsa(Extent extent, std::size_t key_bits);
// CPU of a whole purchase over all roles against the sum of its floors.
std::vector<Row> PurchaseCpu(Extent extent, std::size_t key_bits);
// Payment-handler purchases with two threads against one.
std::vector<Row> TwoThreads(Extent extent);
// Durable commits per second with 16 callers.
std::vector<Row> GroupCommit(Extent extent);
// The XML path of a call without cryptography against a bare validating parse.
std::vector<Row> XmlPath(Extent extent);
// InquireProcessState with few and many payments in the ledger.
std::vector<Row> Inquiry(Extent extent);
// init, resident memory, heap of a call, growth.
std::vector<Row> Memory(Extent extent);
// Echo round trips with a gateway against a bare Asio echo, and memory of idle connections.
std::vector<Row> Transport(Extent extent);

// The part of Memory that runs in a process of its own below the counting allocator (heap.cc):
// prints peak and growth.
void HeapChild(Extent extent);

}  // namespace bench

#endif  // TESTS_BENCH_MEASURES_H_
