// What a module could change in the process of its host, and what it could leave behind there.
#ifndef TESTS_HOST_PROCESS_H_
#define TESTS_HOST_PROCESS_H_

#include <cstddef>
#include <string>
#include <vector>

namespace host {

// Resources as the kernel counts them.
struct Usage {
  std::size_t resident_kib = 0;
  std::size_t descriptors = 0;
  std::size_t threads = 0;
};
Usage CurrentUsage();

// Everything else, one line for each fact, so that a difference shows what has changed: locale,
// signal mask, handlers, working directory, umask, environment, rounding and exception modes of the
// floating-point units, resource limits, cancellation, and the default OpenSSL context.
std::vector<std::string> Facts();

}  // namespace host

#endif  // TESTS_HOST_PROCESS_H_
