/* Counts octets in front of glibc's allocator.  Fails as that does. */
#include "heap.h"

#include <errno.h>
#include <malloc.h>
#include <stdatomic.h>

void* __libc_malloc(size_t size);
void* __libc_calloc(size_t number, size_t size);
void* __libc_realloc(void* block, size_t size);
void* __libc_memalign(size_t alignment, size_t size);
void __libc_free(void* block);

static atomic_size_t live;
static atomic_size_t peak;

static void* taken(void* block) {
  if (block == NULL) return NULL;
  const size_t size = malloc_usable_size(block);
  const size_t now = atomic_fetch_add(&live, size) + size;
  size_t most = atomic_load(&peak);
  while (now > most && !atomic_compare_exchange_weak(&peak, &most, now)) {
  }
  return block;
}

static void given(void* block) {
  if (block != NULL) atomic_fetch_sub(&live, malloc_usable_size(block));
}

BenchHeapState bench_heap(int mark) {
  BenchHeapState state = {atomic_load(&live), 0};
  if (mark) atomic_store(&peak, state.live);
  state.peak = atomic_load(&peak);
  return state;
}

void* malloc(size_t size) { return taken(__libc_malloc(size)); }
void* calloc(size_t number, size_t size) { return taken(__libc_calloc(number, size)); }

void* realloc(void* block, size_t size) {
  const size_t before = block == NULL ? 0 : malloc_usable_size(block);
  void* moved = __libc_realloc(block, size);
  if (moved != NULL || size == 0) atomic_fetch_sub(&live, before);
  return taken(moved);
}

void* memalign(size_t alignment, size_t size) { return taken(__libc_memalign(alignment, size)); }
void* aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void** block, size_t alignment, size_t size) {
  *block = memalign(alignment, size);
  return *block == NULL ? ENOMEM : 0;
}

void free(void* block) {
  given(block);
  __libc_free(block);
}
