// STORE: what is on disk before an answer leaves, and what becomes of it (opb.h, call; RFC 3538,
// 8.4.1(5)).
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "stages.h"

namespace conform {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDurable = "opb.h, call";
constexpr const char* kLease = "opb.h, OPB_E_LOCKED";
constexpr const char* kStorage = "opb.h, OPB_E_STORAGE";

void RequireStatus(opb_status got, opb_status expected, std::string_view what) {
  Require(got == expected,
          fmt::format("{}: expected {}, got {}", what, StatusName(expected), StatusName(got)));
}

// Lets `work` run in a process that is killed right after it; what it wrote into the file "told"
// comes back.
std::string KilledAfter(Context& c, const std::function<std::string(Context&)>& work) {
  const fs::path told = c.setting().directory / "told";
  c.InChild([&](Context& child) {
    const std::string text = work(child);
    std::ofstream(told, std::ios::binary) << text;
    kill(getpid(), SIGKILL);
  });
  std::ifstream file(told, std::ios::binary);
  Require(file.good(), "the killed process did not get to its answer");
  return {std::istreambuf_iterator<char>(file), {}};
}

void StateSurvives(Context& c) {
  KilledAfter(c, [](Context& child) {
    return child.Expect(child.Open(kConsumer), StartPaymentConsumer(Deal())).document;
  });
  const Answer answer = c.Send(c.Open(kConsumer), InquireProcessState("C-1"));
  Require(answer.call().Get("ProcessState") == "InProgress", "after the kill: " + answer.Summary());
}

void StartReplayed(Context& c) {
  const std::string before = KilledAfter(c, [](Context& child) {
    return child.Expect(child.Open(kConsumer), StartPaymentConsumer(Deal())).document;
  });
  Require(c.Send(c.Open(kConsumer), StartPaymentConsumer(Deal())).document == before,
          "the repeated start got another answer after the kill");
}

void PReqReplayed(Context& c) {
  const fs::path message = c.setting().directory / "pinitres";
  const std::string before = KilledAfter(c, [&](Context& child) {
    ConsumerStage payment(child);
    Answer answer = payment.PInitRes();
    std::ofstream(message, std::ios::binary) << Base64(payment.pinitres);
    return answer.document;
  });
  std::ifstream file(message);
  const std::string base64{std::istreambuf_iterator<char>(file), {}};
  Require(c.Send(c.Open(kConsumer), ContinueProcess("C-1", FromBase64(base64))).document == before,
          "the repeated ContinueProcess got another answer after the kill");
}

void FinalSurvives(Context& c) {
  KilledAfter(c, [](Context& child) {
    ConsumerStage payment(child);
    payment.Start();
    return child.Expect(payment.wallet, ChangeProcessState("C-1", "Failed", "ConsCancelled"))
        .document;
  });
  const Answer answer = c.Send(c.Open(kConsumer), InquireProcessState("C-1"));
  Require(answer.call().Get("ProcessState") == "Failed" &&
              answer.call().Get("CompletionCode") == "ConsCancelled",
          "after the kill: " + answer.document);
}

void ReplayedAfterClose(Context& c) {
  const opb_wallet wallet = c.Open(kConsumer);
  const std::string before = c.Expect(wallet, StartPaymentConsumer(Deal())).document;
  RequireStatus(c.Close(wallet), OPB_OK, "close");
  Require(c.Send(c.Open(kConsumer), StartPaymentConsumer(Deal())).document == before,
          "the repeated start got another answer after close and open");
}

void HandlerSurvives(Context& c) {
  KilledAfter(c, [](Context& child) {
    HandlerStage payment(child);
    return payment.PReq().document;
  });
  const Answer answer = c.Send(c.Open(kHandler), InquireProcessState("P-1"));
  Require(answer.call().Get("ProcessState") == "CompletedOk",
          "after the kill: " + answer.Summary() + " " + answer.call().Get("ProcessState"));
}

void KillFreesLease(Context& c) {
  KilledAfter(c, [](Context& child) {
    child.Open(kConsumer);
    return std::string("open");
  });
  c.Open(kConsumer);
}

// Another process has the wallet open while `work` runs.
void WhileOpenElsewhere(Context& c, const std::function<void()>& work) {
  int up[2];
  int down[2];
  if (pipe(up) != 0 || pipe(down) != 0) throw std::runtime_error("pipe");
  const pid_t child = fork();
  char octet = 0;
  if (child == 0) {
    close(down[1]);
    int status = 0;
    try {
      c.Open(kConsumer);
      if (write(up[1], "o", 1) != 1 || read(down[0], &octet, 1) < 0) status = 1;
    } catch (const Verdict&) {
      status = 1;
    }
    _exit(status);
  }
  close(up[1]);
  close(down[0]);
  const bool open = read(up[0], &octet, 1) == 1;
  Verdict verdict{Result::kPassed, ""};
  try {
    Require(open, "the wallet does not open in another process");
    work();
  } catch (Verdict& thrown) {
    verdict = std::move(thrown);
  }
  close(down[1]);
  close(up[0]);
  waitpid(child, nullptr, 0);
  if (verdict.result != Result::kPassed) throw Verdict(verdict);
}

void LeaseAcrossProcesses(Context& c) {
  c.Wallet(kConsumer);
  WhileOpenElsewhere(c, [&] {
    opb_wallet token = 0;
    RequireStatus(c.TryOpen(c.Wallet(kConsumer), OPB_ROLE_CONSUMER, &token), OPB_E_LOCKED,
                  "open beside another process");
  });
}

void Modes(Context& c) {
  ConsumerStage payment(c);
  payment.PInitRes();
  const fs::path wallet = c.Wallet(kConsumer);
  for (const auto& entry : fs::recursive_directory_iterator(wallet)) {
    const auto mode = static_cast<unsigned>(entry.status().permissions());
    Require((mode & 077) == 0,
            fmt::format("{} has mode {:o}", entry.path().filename().string(), mode));
  }
}

void NothingElsewhere(Context& c) {
  const fs::path work = c.setting().directory / "work";
  fs::create_directory(work);
  fs::current_path(work);
  setenv("TMPDIR", work.c_str(), 1);
  setenv("HOME", work.c_str(), 1);
  ConsumerStage payment(c);
  payment.PRes();
  c.Close(payment.wallet);
  Require(fs::is_empty(work), "the module left a file in the current or temporary directory");
}

void Moved(Context& c) {
  const opb_wallet wallet = c.Open(kConsumer);
  const std::string before = c.Expect(wallet, StartPaymentConsumer(Deal())).document;
  RequireStatus(c.Close(wallet), OPB_OK, "close");
  const fs::path elsewhere = c.setting().directory / "elsewhere";
  fs::rename(c.Wallet(kConsumer), elsewhere);
  opb_wallet token = 0;
  RequireStatus(c.TryOpen(elsewhere, OPB_ROLE_CONSUMER, &token), OPB_OK, "open of a moved wallet");
  Require(c.Send(token, StartPaymentConsumer(Deal())).document == before,
          "a moved wallet answers differently");
}

// Every file of some size becomes octets that mean nothing.
void Ruin(const fs::path& wallet, bool truncate) {
  for (const auto& entry : fs::recursive_directory_iterator(wallet)) {
    if (!entry.is_regular_file() || entry.file_size() < 4096) continue;
    if (truncate) {
      fs::resize_file(entry.path(), entry.file_size() / 2);
      continue;
    }
    std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
    for (std::size_t i = 0; i < entry.file_size(); ++i) file.put('\x5a');
  }
}

void RequireRefusedOpen(Context& c) {
  opb_wallet token = 0;
  RequireStatus(c.TryOpen(c.Wallet(kConsumer), OPB_ROLE_CONSUMER, &token), OPB_E_STORAGE, "open");
}

void Overwritten(Context& c) {
  Ruin(c.Wallet(kConsumer), false);
  RequireRefusedOpen(c);
}

void Truncated(Context& c) {
  Ruin(c.Wallet(kConsumer), true);
  RequireRefusedOpen(c);
}

void WrongPassphrase(Context& c) {
  opb_wallet token = 0;
  RequireStatus(c.TryOpen(c.Wallet(kLockedConsumer), OPB_ROLE_CONSUMER, &token, "wrong"),
                OPB_E_CONFIG, "open with a wrong passphrase");
}

void FailureFreesLease(Context& c) {
  opb_wallet token = 0;
  c.TryOpen(c.Wallet(kLockedConsumer), OPB_ROLE_CONSUMER, &token, "wrong");
  RequireStatus(c.TryOpen(c.Wallet(kLockedConsumer), OPB_ROLE_CONSUMER, &token, kPassphrase),
                OPB_OK, "open after one that failed");
}

std::set<std::string> Descriptors() {
  std::set<std::string> out;
  for (const auto& entry : fs::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    const fs::path target = fs::read_symlink(entry.path(), gone);
    if (!gone && target.string().find("/proc/") != 0) out.insert(entry.path().filename().string());
  }
  return out;
}

void ClosedOnExec(Context& c) {
  c.module();
  const std::set<std::string> before = Descriptors();
  ConsumerStage payment(c);
  payment.Start();
  for (const std::string& fd : Descriptors()) {
    if (before.contains(fd)) continue;
    Require((fcntl(std::stoi(fd), F_GETFD) & FD_CLOEXEC) != 0,
            fmt::format("descriptor {} ({}) would pass to a program that the host starts", fd,
                        fs::read_symlink("/proc/self/fd/" + fd).string()));
  }
}

void NoDescriptorLeft(Context& c) {
  c.module();
  const auto once = [&] {
    const opb_wallet wallet = c.Open(kConsumer);
    c.Send(wallet, InquireProcessState("X-1"));
    RequireStatus(c.Close(wallet), OPB_OK, "close");
  };
  once();
  const std::size_t before = Descriptors().size();
  for (int i = 0; i < 10; ++i) once();
  Require(
      Descriptors().size() == before,
      fmt::format("{} descriptors before, {} after ten openings", before, Descriptors().size()));
}

void DiskFull(Context& c) {
  signal(SIGXFSZ, SIG_IGN);
  const opb_wallet wallet = c.Open(kConsumer);
  rlimit old = {};
  getrlimit(RLIMIT_FSIZE, &old);
  const rlimit none = {0, old.rlim_max};
  setrlimit(RLIMIT_FSIZE, &none);
  const Answer full = c.Send(wallet, StartPaymentConsumer(Deal()));
  setrlimit(RLIMIT_FSIZE, &old);
  Require(full.status == OPB_E_STORAGE || full.refused(),
          "without a place to write: " + full.Summary());
  if (full.refused()) {
    Require(full.code() == "ReqRefused" && full.call().Get("Severity") == "TransientError",
            "without a place to write: " + full.Summary());
  }
  RequireStatus(c.Close(wallet), OPB_OK, "close");
  c.Expect(c.Open(kConsumer), StartPaymentConsumer(Deal()));
}

void OtherInputs(Context& c) {
  const opb_wallet wallet = c.Open(kConsumer);
  c.Expect(wallet, StartPaymentConsumer(Deal()));
  Deal other;
  other.terms.amount = "158.00";
  const Answer answer = c.ExpectError(wallet, StartPaymentConsumer(other), "AttValIllegal");
  Require(answer.location() != nullptr && answer.location()->Get("AttName") == "ConsumerPayId",
          "the ErrorLocation does not name ConsumerPayId");
}

}  // namespace

void AddStoreRules(Rules& rules) {
  const auto add = [&](const char* id, const char* clause, const char* sentence,
                       void (*check)(Context&)) {
    rules.push_back({id, clause, sentence, Level::kMust, check});
  };
  add("STORE-state-survives-kill", kDurable,
      "what an answer reports is there after the process was killed", StateSurvives);
  add("STORE-start-replayed", kDurable,
      "a start repeated after a kill gets the same answer, octet for octet", StartReplayed);
  add("STORE-preq-replayed", kDurable,
      "a PReq asked for again after a kill is the same, octet for octet", PReqReplayed);
  add("STORE-final-survives-kill", kDurable,
      "a final state and its CompletionCode are there after a kill", FinalSurvives);
  add("STORE-handler-survives-kill", kDurable,
      "a payment handler's completed payment is there after a kill", HandlerSurvives);
  add("STORE-replayed-after-close", kDurable,
      "a start repeated after close and open gets the same answer", ReplayedAfterClose);
  add("STORE-other-inputs", "RFC 3867, 4.3.1",
      "a start with a known id and other inputs is AttValIllegal at its PayId", OtherInputs);
  add("STORE-lease", kLease, "a wallet that another process has open is OPB_E_LOCKED",
      LeaseAcrossProcesses);
  add("STORE-lease-killed", kLease, "the wallet of a killed process can be opened", KillFreesLease);
  add("STORE-lease-failed-open", kLease, "an open that fails leaves the wallet free",
      FailureFreesLease);
  add("STORE-wrong-passphrase", "opb.h, OPB_E_CONFIG",
      "open with a wrong passphrase is OPB_E_CONFIG", WrongPassphrase);
  add("STORE-modes", "RFC 3538, 10", "nobody else may read what is in a wallet", Modes);
  add("STORE-nothing-elsewhere", "opb.h, opb_wallet_config",
      "the module writes into the wallet's directory only", NothingElsewhere);
  add("STORE-moved", "opb.h, opb_wallet_config", "a closed wallet may be moved", Moved);
  add("STORE-overwritten", kStorage, "a wallet overwritten with rubbish is OPB_E_STORAGE",
      Overwritten);
  add("STORE-truncated", kStorage, "a wallet cut in half is OPB_E_STORAGE", Truncated);
  add("STORE-disk-full", kStorage,
      "a full disk is ReqRefused or OPB_E_STORAGE, and the payment can be started afterwards",
      DiskFull);
  add("STORE-close-on-exec", "opb.h, opb_entry_table",
      "no descriptor of the module passes to a program that the host starts", ClosedOnExec);
  add("STORE-no-descriptor-left", kLease, "close gives back what open took", NoDescriptorLeft);
}

}  // namespace conform
