// Fork and exit: what a child may do with what it inherited, who holds the lease, and calls that
// come when the process is already leaving.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <string>

#include "host/model_host.h"
#include "host/test_wallets.h"

namespace host {
namespace {

constexpr char kQuestion[] =
    R"(<IotpPaymentApiRequest xml:lang="en" ContentSoftwareID="t">)"
    R"(<InquireProcessState WalletID="w" PayId="unknown"/></IotpPaymentApiRequest>)";

// Pipe passes one octet at a time from one process to another.
class Pipe {
 public:
  Pipe() {
    if (pipe(ends_) != 0) abort();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close(ends_[0]);
    close(ends_[1]);
  }
  void Signal(char octet = '.') const {
    if (write(ends_[1], &octet, 1) != 1) abort();
  }
  char Wait() const {
    char octet = 0;
    return read(ends_[0], &octet, 1) == 1 ? octet : '\0';
  }

 private:
  int ends_[2];
};

int ExitOf(pid_t child) {
  int status = 0;
  if (waitpid(child, &status, 0) != child) return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// Forked runs `body` in a child, which ends with what it gives, or with 99 if it throws.
template <class Body>
pid_t Forked(Body body) {
  const pid_t child = fork();
  if (child != 0) return child;
  try {
    _exit(body());
  } catch (const std::exception&) {
    _exit(99);
  }
}

class Fork : public testing::Test {
 protected:
  Fork() {
    Provision(wallet_, ConsumerProfile("w"));
    Provision(other_, MerchantProfile("other"));
  }
  TemporaryDirectory directory_;
  std::string wallet_ = directory_ / "w";
  std::string other_ = directory_ / "other";
};

TEST_F(Fork, AnInheritedWalletAnswersForkedAndTheParentsWorksOn) {
  ModelHost host(OPB_MODULE);
  const opb_wallet wallet = host.Open(wallet_, OPB_ROLE_CONSUMER);
  host.Call(wallet, kQuestion);
  const pid_t child = Forked([&] {
    if (host.TryCall(wallet, kQuestion).status != OPB_E_FORKED) return 1;
    if (host.entry().close(wallet) != OPB_E_FORKED) return 2;
    if (host.entry().deinit() != OPB_OK) return 3;
    if (host.TryCall(wallet, kQuestion).status != OPB_E_FORKED) return 4;
    if (host.entry().deinit() != OPB_E_STATE) return 5;
    return 0;
  });
  EXPECT_EQ(ExitOf(child), 0);
  EXPECT_EQ(host.TryCall(wallet, kQuestion).status, OPB_OK);
  ModelHost second(OPB_MODULE);
  EXPECT_EQ(second.TryOpen(wallet_, OPB_ROLE_CONSUMER).status, OPB_E_LOCKED);
  EXPECT_EQ(host.Close(wallet), OPB_OK);
}

TEST_F(Fork, TheChildOpensWalletsOfItsOwn) {
  ModelHost host(OPB_MODULE);
  const opb_wallet wallet = host.Open(wallet_, OPB_ROLE_CONSUMER);
  const pid_t child = Forked([&] {
    if (host.entry().init() != OPB_OK) return 1;
    if (host.TryOpen(wallet_, OPB_ROLE_CONSUMER).status != OPB_E_LOCKED) return 2;
    const Opened own = host.TryOpen(other_, OPB_ROLE_MERCHANT);
    if (own.status != OPB_OK) return 3;
    if (host.TryCall(own.wallet, kQuestion).status != OPB_OK) return 4;
    if (host.TryCall(wallet, kQuestion).status != OPB_E_FORKED) return 5;
    if (host.entry().deinit() != OPB_OK) return 6;  // forgets what was inherited only
    if (host.TryCall(own.wallet, kQuestion).status != OPB_OK) return 7;
    if (host.entry().close(own.wallet) != OPB_OK) return 8;
    if (host.entry().deinit() != OPB_OK) return 9;
    return 0;
  });
  EXPECT_EQ(ExitOf(child), 0);
  EXPECT_EQ(host.TryCall(wallet, kQuestion).status, OPB_OK);
}

TEST_F(Fork, AChildThatHasForgottenTheWalletDoesNotKeepItLockedAfterItsParentsDeath) {
  Pipe opened;
  Pipe ask;
  Pipe done;
  const pid_t parent = Forked([&] {
    ModelHost host(OPB_MODULE);
    host.Open(wallet_, OPB_ROLE_CONSUMER);
    Forked([&] {
      opened.Signal();
      ask.Wait();
      const opb_status status = host.entry().deinit();
      done.Signal(status == OPB_OK ? 'y' : 'n');
      ask.Wait();
      return 0;
    });
    return pause();
  });
  opened.Wait();
  kill(parent, SIGKILL);
  EXPECT_EQ(ExitOf(parent), 128 + SIGKILL);
  ModelHost host(OPB_MODULE);
  EXPECT_EQ(host.TryOpen(wallet_, OPB_ROLE_CONSUMER).status, OPB_E_LOCKED);
  ask.Signal();
  EXPECT_EQ(done.Wait(), 'y');
  EXPECT_EQ(host.TryOpen(wallet_, OPB_ROLE_CONSUMER).status, OPB_OK);
  ask.Signal();
}

TEST_F(Fork, CloseInTheParentFreesTheWalletThoughAChildLives) {
  Pipe ask;
  ModelHost host(OPB_MODULE);
  const opb_wallet wallet = host.Open(wallet_, OPB_ROLE_CONSUMER);
  const pid_t child = Forked([&] {
    ask.Wait();
    return 0;
  });
  EXPECT_EQ(host.Close(wallet), OPB_OK);
  EXPECT_EQ(host.TryOpen(wallet_, OPB_ROLE_CONSUMER).status, OPB_OK);
  ask.Signal();
  EXPECT_EQ(ExitOf(child), 0);
}

TEST_F(Fork, AKilledHostLeavesNoLockBehind) {
  Pipe opened;
  const pid_t child = Forked([&] {
    ModelHost host(OPB_MODULE);
    host.Open(wallet_, OPB_ROLE_CONSUMER);
    opened.Signal();
    return pause();
  });
  opened.Wait();
  kill(child, SIGKILL);
  EXPECT_EQ(ExitOf(child), 128 + SIGKILL);
  ModelHost host(OPB_MODULE);
  const opb_wallet wallet = host.Open(wallet_, OPB_ROLE_CONSUMER);
  EXPECT_EQ(host.TryCall(wallet, kQuestion).status, OPB_OK);
}

// For the handler below, which runs when everything of this program has been destroyed.
ModelHost* g_leaving_host = nullptr;
opb_wallet g_leaving_wallet = 0;

TEST_F(Fork, ACallFromAtexitIsAnswered) {
  const pid_t child = Forked([&]() -> int {
    // Registered before the module is loaded: runs after everything that the module might register.
    std::atexit([] {
      const Answer answer = g_leaving_host->TryCall(g_leaving_wallet, kQuestion);
      const bool answered = answer.status == OPB_OK && !answer.document.empty();
      const bool closed = g_leaving_host->Close(g_leaving_wallet) == OPB_OK;
      _exit(answered && closed ? 42 : 1);
    });
    g_leaving_host = new ModelHost(OPB_MODULE);
    g_leaving_wallet = g_leaving_host->Open(wallet_, OPB_ROLE_CONSUMER);
    std::exit(0);
  });
  EXPECT_EQ(ExitOf(child), 42);
}

}  // namespace
}  // namespace host
