// SECRET: planted secrets are looked for where they must not be: in files, answers, logs, and the
// memory of the process (RFC 3538, 10).
#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <unistd.h>

#include <fstream>

#include "stages.h"

namespace conform {
namespace {

namespace fs = std::filesystem;

constexpr const char* kClause = "RFC 3538, 10";

std::string FromHex(std::string_view hex) {
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    out += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  }
  return out;
}

struct Planted {
  std::string what;
  std::string octets;
};

std::vector<Planted> Texts() {
  return {{"an account number", std::string(kPan)},
          {"an account number", std::string(kPlainPan)},
          {"the passphrase", std::string(kPassphrase)},
          {"CardSecret", FromHex(kCardSecretHex)},
          {"CardSecret in hex", std::string(kCardSecretHex)},
          {"PANSecret", FromHex(kPanSecretHex)},
          {"PANSecret in hex", std::string(kPanSecretHex)},
          {"the secret of the transport", FromHex(kSharedSecretHex)},
          {"the secret of the transport in hex", std::string(kSharedSecretHex)}};
}

// The private exponent of a key of the kit.
Planted PrivateExponent(const fs::path& file) {
  std::FILE* in = std::fopen(file.c_str(), "re");
  if (in == nullptr) throw std::runtime_error("cannot read " + file.string());
  EVP_PKEY* key = PEM_read_PrivateKey(in, nullptr, nullptr, nullptr);
  std::fclose(in);
  BIGNUM* number = nullptr;
  if (key == nullptr || EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_D, &number) != 1) {
    throw std::runtime_error("no RSA key in " + file.string());
  }
  std::string octets(static_cast<std::size_t>(BN_num_bytes(number)), '\0');
  BN_bn2bin(number, reinterpret_cast<unsigned char*>(octets.data()));
  BN_free(number);
  EVP_PKEY_free(key);
  return {"a private key", octets};
}

void RequireAbsent(const std::vector<Planted>& planted, std::string_view haystack,
                   const std::string& where) {
  for (const Planted& secret : planted) {
    Require(haystack.find(secret.octets) == std::string_view::npos,
            fmt::format("{} holds {}", where, secret.what));
  }
}

void SearchFiles(const std::vector<Planted>& planted, const fs::path& directory) {
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    RequireAbsent(planted, std::string{std::istreambuf_iterator<char>(file), {}},
                  entry.path().filename().string());
  }
}

void ConsumerFiles(Context& c) {
  ConsumerStage payment(c);
  payment.PRes();
  SearchFiles(Texts(), c.Wallet(kConsumer));
  c.Close(payment.wallet);
  SearchFiles(Texts(), c.Wallet(kConsumer));
}

void HandlerFiles(Context& c) {
  HandlerStage payment(c);
  payment.PReq();
  SearchFiles(Texts(), c.Wallet(kHandler));
  c.Close(payment.wallet);
  SearchFiles(Texts(), c.Wallet(kHandler));
}

void Keys(Context& c) {
  const fs::path pki = c.setting().kit.pki();
  if (c.Plays(OPB_ROLE_CONSUMER)) {
    ConsumerStage payment(c);
    payment.PInitRes();
    SearchFiles({PrivateExponent(pki / "cardholder.key")}, c.Wallet(kConsumer));
  }
  if (c.Plays(OPB_ROLE_PAYMENT_HANDLER)) {
    HandlerStage payment(c);
    payment.Start();
    SearchFiles({PrivateExponent(pki / "merchant-sign.key"),
                 PrivateExponent(pki / "merchant-exchange.key")},
                c.Wallet(kHandler));
  }
}

void Answers(Context& c) {
  const std::vector<Planted> planted = Texts();
  ConsumerStage payment(c);
  for (const Answer& answer :
       {payment.Start(), payment.PInitRes(), payment.PRes(), payment.Inquire(),
        c.Send(payment.wallet, ExpandPaymentReceipt("C-1", payment.pres)),
        c.Send(payment.wallet, FindPaymentInstrument(Deal()))}) {
    RequireAbsent(planted, answer.document, "an answer");
    const Octets message = answer.Message();
    RequireAbsent(planted, std::string(message.begin(), message.end()), "a SET message");
  }
}

void Errors(Context& c) {
  opb_wallet wallet = 0;
  c.TryOpen(c.Wallet(kLockedConsumer), OPB_ROLE_CONSUMER, &wallet);
  const std::string planted = "a passphrase that is wrong";
  Node call = StartPaymentConsumer(Deal());
  call.Set("Passphrase", planted);
  const Answer refused = c.Send(wallet, call);
  Require(refused.document.find(planted) == std::string::npos,
          "the refusal repeats the passphrase");
  const Answer broken =
      c.Send(wallet, WriteRequest(call).substr(0, WriteRequest(call).size() - 20));
  Require(broken.document.find(planted) == std::string::npos,
          "the refusal of a broken document repeats the passphrase");
  for (const LogLine& line : c.host().log()) {
    Require(line.message.find(planted) == std::string::npos, "the log repeats the passphrase");
  }
}

void Logs(Context& c) {
  if (c.Plays(OPB_ROLE_CONSUMER)) ConsumerStage(c).PRes();
  if (c.Plays(OPB_ROLE_PAYMENT_HANDLER)) HandlerStage(c).PReq();
  const std::vector<Planted> planted = Texts();
  for (const LogLine& line : c.host().log()) RequireAbsent(planted, line.message, "the log");
}

// Looks through what the process may write, apart from the judge's own image: heap, stacks and
// anonymous memory.  The needle is assembled piece by piece, so that the judge holds no copy.
bool InMemory(std::string_view needle) {
  std::ifstream maps("/proc/self/maps");
  const int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
  if (memory < 0) Skip("the memory of the process cannot be read");
  static char window[1 << 16];
  bool found = false;
  std::vector<std::pair<unsigned long, unsigned long>> ranges;
  ranges.reserve(4096);
  for (std::string line; std::getline(maps, line);) {
    unsigned long from = 0;
    unsigned long to = 0;
    char mode[8] = {};
    if (std::sscanf(line.c_str(), "%lx-%lx %7s", &from, &to, mode) != 3) continue;
    if (mode[0] != 'r' || mode[1] != 'w') continue;
    if (line.find('/') != std::string::npos && line.find(".so") == std::string::npos) continue;
    ranges.emplace_back(from, to);
  }
  const auto own = reinterpret_cast<unsigned long>(window);
  for (const auto& [from, to] : ranges) {
    for (unsigned long at = from; at < to && !found;) {
      const std::size_t size = std::min<unsigned long>(sizeof window, to - at);
      const bool is_own = at < own + sizeof window && own < at + size;
      const ssize_t got = is_own ? -1 : pread(memory, window, size, static_cast<off_t>(at));
      if (got > 0 && std::string_view(window, static_cast<std::size_t>(got)).find(needle) !=
                         std::string_view::npos) {
        found = true;
      }
      at += size == sizeof window ? size - needle.size() : size;
    }
  }
  close(memory);
  return found;
}

void MemoryAfterClose(Context& c) {
  {
    // Up to the PReq: for a PRes the judge would open it and hold the number itself.
    ConsumerStage payment(c);
    payment.PInitRes();
    c.Close(payment.wallet);
  }
  Require(!InMemory(kPan), "the account number is in memory after close");
}

void PassphraseInMemory(Context& c) {
  const opb_wallet wallet = c.Open(kLockedConsumer);
  c.Send(wallet, InquireProcessState("X-1"));
  c.Close(wallet);
  Require(!InMemory(kPassphrase), "the passphrase is in memory after close");
}

}  // namespace

void AddSecretRules(Rules& rules) {
  const auto add = [&](const char* id, const char* sentence, void (*check)(Context&)) {
    rules.push_back({id, kClause, sentence, Level::kMust, check});
  };
  add("SECRET-consumer-files", "no file of a consumer's wallet shows a secret", ConsumerFiles);
  add("SECRET-handler-files", "no file of a payment handler's wallet shows a secret", HandlerFiles);
  add("SECRET-keys", "no file of a wallet shows a private key", Keys);
  add("SECRET-answers", "no answer and no SET message shows a secret", Answers);
  add("SECRET-errors", "no refusal and no log repeats a passphrase", Errors);
  add("SECRET-logs", "no line of the log shows a secret", Logs);
  add("SECRET-memory-pan", "after close no memory of the process holds an account number",
      MemoryAfterClose);
  add("SECRET-memory-passphrase", "after close no memory of the process holds the passphrase",
      PassphraseInMemory);
}

}  // namespace conform
