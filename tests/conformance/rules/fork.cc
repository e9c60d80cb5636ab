// FORK: what a child may do with what it inherited (opb.h, Fork).
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include "calls.h"

namespace conform {
namespace {

constexpr const char* kClause = "opb.h, Fork";

// Runs `work` in a child of the process that has the module loaded; its failure is the rule's.
template <typename Work>
void InForkedChild(const Work& work) {
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error("pipe");
  const pid_t child = fork();
  if (child == 0) {
    std::string reason;
    try {
      work();
    } catch (const Verdict& verdict) {
      reason = verdict.reason;
    }
    const bool told = write(ends[1], reason.data(), reason.size()) >= 0;
    _exit(reason.empty() && told ? 0 : 1);
  }
  close(ends[1]);
  std::string reason;
  char buffer[512];
  for (ssize_t got = 0; (got = read(ends[0], buffer, sizeof buffer)) > 0;) {
    reason.append(buffer, static_cast<std::size_t>(got));
  }
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  Require(WIFEXITED(status), fmt::format("the child died of signal {}", WTERMSIG(status)));
  Require(WEXITSTATUS(status) == 0, "in the child: " + reason);
}

void RequireStatus(opb_status got, opb_status expected, std::string_view what) {
  Require(got == expected,
          fmt::format("{}: expected {}, got {}", what, StatusName(expected), StatusName(got)));
}

void InheritedCall(Context& c) {
  const opb_wallet wallet = c.Open(kConsumer);
  InForkedChild([&] {
    RequireStatus(c.Send(wallet, InquireProcessState("X-1")).status, OPB_E_FORKED, "call");
  });
}

void InheritedClose(Context& c) {
  const opb_wallet wallet = c.Open(kConsumer);
  InForkedChild([&] { RequireStatus(c.Close(wallet), OPB_E_FORKED, "close"); });
}

void ParentGoesOn(Context& c) {
  const opb_wallet wallet = c.Open(kConsumer);
  InForkedChild([&] {
    c.Send(wallet, StartPaymentConsumer(Deal()));
    c.module().deinit();
  });
  c.Expect(wallet, StartPaymentConsumer(Deal()));
}

void ChildDoesNotUnlock(Context& c) {
  c.Open(kConsumer);
  InForkedChild([&] { c.module().deinit(); });
  InForkedChild([&] {
    const opb_entry_table& t = c.table();
    t.deinit();
    RequireStatus(t.init(), OPB_OK, "init in the child");
    opb_wallet token = 0;
    RequireStatus(c.TryOpen(c.Wallet(kConsumer), OPB_ROLE_CONSUMER, &token), OPB_E_LOCKED,
                  "open of the parent's wallet");
  });
}

void ChildOpensItsOwn(Context& c) {
  c.Open(kConsumer);
  c.Wallet(kConsumer, "own");
  InForkedChild([&] {
    const opb_entry_table& t = c.table();
    RequireStatus(t.init(), OPB_OK, "init in the child");
    opb_wallet token = 0;
    RequireStatus(c.TryOpen(c.Wallet(kConsumer, "own"), OPB_ROLE_CONSUMER, &token), OPB_OK,
                  "open in the child");
    c.Expect(token, StartPaymentConsumer(Deal()));
    RequireStatus(c.Close(token), OPB_OK, "close in the child");
  });
}

}  // namespace

void AddForkRules(Rules& rules) {
  const auto add = [&](const char* id, const char* sentence, void (*check)(Context&)) {
    rules.push_back({id, kClause, sentence, Level::kMust, check});
  };
  add("FORK-call", "call on an inherited wallet is OPB_E_FORKED", InheritedCall);
  add("FORK-close", "close of an inherited wallet is OPB_E_FORKED", InheritedClose);
  add("FORK-parent-goes-on", "nothing a child does with an inherited wallet harms the parent",
      ParentGoesOn);
  add("FORK-lease-stays", "a child that lets go does not unlock its parent's wallet",
      ChildDoesNotUnlock);
  add("FORK-own-wallet", "a child may init and open a wallet of its own", ChildOpensItsOwn);
}

}  // namespace conform
