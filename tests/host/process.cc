#include "host/process.h"

#include <fenv.h>
#include <locale.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/provider.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace host {
namespace {

std::size_t Entries(const char* directory) {
  return static_cast<std::size_t>(
      std::distance(std::filesystem::directory_iterator(directory), {}));
}

std::string Fact(const std::string& name, std::uint64_t value) {
  return name + " " + std::to_string(value);
}

void FloatingPoint(std::vector<std::string>& facts) {
  std::uint32_t mxcsr = 0;
  std::uint16_t control = 0;
  __asm__ volatile("stmxcsr %0" : "=m"(mxcsr));
  __asm__ volatile("fnstcw %0" : "=m"(control));
  // The low six bits are sticky flags of past operations, not modes.
  facts.push_back(Fact("mxcsr", mxcsr & ~0x3fu));
  facts.push_back(Fact("x87", control));
  facts.push_back(Fact("rounding", static_cast<std::uint64_t>(fegetround())));
}

void Signals(std::vector<std::string>& facts) {
  sigset_t mask;
  pthread_sigmask(SIG_SETMASK, nullptr, &mask);
  for (int number = 1; number < NSIG; ++number) {
    struct sigaction action = {};
    if (sigaction(number, nullptr, &action) != 0) continue;
    const auto handler = reinterpret_cast<std::uintptr_t>(action.sa_handler);
    facts.push_back(Fact("signal " + std::to_string(number) + " handler", handler));
    facts.push_back(Fact("signal " + std::to_string(number) + " flags",
                         static_cast<std::uint64_t>(action.sa_flags)));
    facts.push_back(Fact("signal " + std::to_string(number) + " blocked",
                         static_cast<std::uint64_t>(sigismember(&mask, number))));
  }
}

void Limits(std::vector<std::string>& facts) {
  for (int resource = 0; resource < static_cast<int>(RLIMIT_NLIMITS); ++resource) {
    rlimit limit = {};
    getrlimit(static_cast<__rlimit_resource_t>(resource), &limit);
    facts.push_back(Fact("limit " + std::to_string(resource) + " soft", limit.rlim_cur));
    facts.push_back(Fact("limit " + std::to_string(resource) + " hard", limit.rlim_max));
  }
}

void OpenSsl(std::vector<std::string>& facts) {
  for (const char* provider : {"default", "legacy", "fips", "base", "null"}) {
    facts.push_back(Fact("provider " + std::string(provider),
                         static_cast<std::uint64_t>(OSSL_PROVIDER_available(nullptr, provider))));
  }
  facts.push_back(
      Fact("fips", static_cast<std::uint64_t>(EVP_default_properties_is_fips_enabled(nullptr))));
  ERR_set_mark();
  for (const char* cipher : {"DES-CBC", "AES-256-GCM"}) {
    EVP_CIPHER* fetched = EVP_CIPHER_fetch(nullptr, cipher, nullptr);
    facts.push_back(Fact("cipher " + std::string(cipher), fetched != nullptr ? 1 : 0));
    EVP_CIPHER_free(fetched);
  }
  EVP_MD* digest = EVP_MD_fetch(nullptr, "SHA1", nullptr);
  facts.push_back(Fact("digest SHA1", digest != nullptr ? 1 : 0));
  EVP_MD_free(digest);
  ERR_pop_to_mark();
  facts.push_back(Fact("newest error", ERR_peek_last_error()));
  facts.push_back(Fact("oldest error", ERR_peek_error()));
}

}  // namespace

Usage CurrentUsage() {
  Usage usage;
  std::size_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages >> pages;
  usage.resident_kib = pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE)) / 1024;
  usage.descriptors = Entries("/proc/self/fd");
  usage.threads = Entries("/proc/self/task");
  return usage;
}

std::vector<std::string> Facts() {
  std::vector<std::string> facts;
  facts.push_back(std::string("locale ") + setlocale(LC_ALL, nullptr));
  facts.push_back("directory " + std::filesystem::current_path().string());
  const mode_t mask = umask(0);
  umask(mask);
  facts.push_back(Fact("umask", mask));
  for (char** variable = environ; *variable != nullptr; ++variable) {
    facts.push_back(std::string("environment ") + *variable);
  }
  Signals(facts);
  Limits(facts);
  FloatingPoint(facts);
  OpenSsl(facts);
  int cancel = 0;
  pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &cancel);
  pthread_setcancelstate(cancel, nullptr);
  facts.push_back(Fact("cancel state", static_cast<std::uint64_t>(cancel)));
  pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, &cancel);
  pthread_setcanceltype(cancel, nullptr);
  facts.push_back(Fact("cancel type", static_cast<std::uint64_t>(cancel)));
  return facts;
}

}  // namespace host
