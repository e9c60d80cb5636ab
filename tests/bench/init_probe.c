/* A host that has nothing yet: loads the module and prints the resident memory that dlopen takes
 * (KiB), the time of init (ms) and the resident memory that init takes (KiB).  Exit 1: it cannot.
 */
#define _POSIX_C_SOURCE 200809L
#include <dlfcn.h>
#include <opb.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static double resident_kib(void) {
  long size = 0;
  long resident = 0;
  FILE* file = fopen("/proc/self/statm", "r");
  if (file == NULL || fscanf(file, "%ld %ld", &size, &resident) != 2) resident = 0;
  if (file != NULL) fclose(file);
  return (double)resident * (double)sysconf(_SC_PAGESIZE) / 1024;
}

static double now_ms(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const double empty = resident_kib();
  void* module = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
  const opb_entry_table* entry = module == NULL ? NULL : dlsym(module, "opb_entry");
  if (entry == NULL) return 1;
  const double loaded = resident_kib();
  const double start = now_ms();
  if (entry->init() != OPB_OK) return 1;
  const double passed = now_ms() - start;
  printf("%.0f %.2f %.0f\n", loaded - empty, passed, resident_kib() - loaded);
  entry->deinit();
  return 0;
}
