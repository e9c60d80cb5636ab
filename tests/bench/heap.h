/* The counting allocator, to be preloaded: what the heap holds and the most that it held. */
#ifndef TESTS_BENCH_HEAP_H_
#define TESTS_BENCH_HEAP_H_

#include <stddef.h>

typedef struct BenchHeapState {
  size_t live; /* octets that are allocated */
  size_t peak; /* the most since the mark */
} BenchHeapState;

/* bench_heap gives the state; with `mark` the peak begins anew at what is live.  Any thread. */
typedef BenchHeapState (*BenchHeap)(int mark);

#endif
