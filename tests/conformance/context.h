// What a rule can ask for: the module, hosts with services, wallets of its own, requests and their
// answers, the judge's SET side.  A rule runs in a process of its own, in a directory of its own,
// which goes with it.
#ifndef TESTS_CONFORMANCE_CONTEXT_H_
#define TESTS_CONFORMANCE_CONTEXT_H_

#include <opb.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "counterparty.h"
#include "host.h"
#include "kit.h"
#include "rule.h"
#include "xml.h"

namespace conform {

// Blob owns an opb_blob and releases it.
class Blob {
 public:
  Blob() = default;
  Blob(const Blob&) = delete;
  Blob& operator=(const Blob&) = delete;
  ~Blob() { Release(); }
  opb_blob* out() { return &blob_; }
  opb_blob& get() { return blob_; }
  std::string text() const {
    return blob_.data == nullptr ? "" : std::string(blob_.data, blob_.size);
  }
  void Release() {
    if (blob_.release != nullptr) blob_.release(&blob_);
  }

 private:
  opb_blob blob_ = {nullptr, 0, nullptr, nullptr};
};

// An answer, read; nothing of it is judged yet.
struct Answer {
  opb_status status = OPB_E_INTERNAL;
  std::string document;
  bool well_formed = false;
  Node root = {};

  // The one response element (the last child of the root), or an empty node.
  const Node& call() const;
  bool refused() const { return call().name == "ErrorResponse"; }
  std::string code() const { return call().Get("ErrorCode"); }
  const Node* location() const { return call().Child("ErrorLocation"); }
  // For reasons: the status, the name of the element, or code and description of the error.
  std::string Summary() const;
  // The SET message of the first PaySchemePackagedContent, decoded from base64; empty if none.
  Octets Message() const;
};

// What a rule's process is told.
struct Setting {
  std::string module;
  Kit kit;
  unsigned slot = 0;
  std::uint64_t seed = 0;
  std::filesystem::path directory;  // the rule's own, empty
};

class Context {
 public:
  explicit Context(Setting setting) : setting_(std::move(setting)), random_(setting_.seed) {}
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  const Setting& setting() const { return setting_; }
  std::mt19937_64& random() { return random_; }

  // --- the module -------------------------------------------------------------------------------
  // The table; loads the module at the first use.  Does not call init.
  const opb_entry_table& table();
  // The table, after init.
  const opb_entry_table& module();
  bool Plays(opb_role role) { return (table().roles & role) != 0; }
  void NeedRole(opb_role role);  // skips the rule unless the module plays it

  Host& host() { return host_; }

  // --- wallets ----------------------------------------------------------------------------------
  // A copy of the kit's wallet in this rule's directory, made at the first use; skips the rule if
  // the module does not play the role.
  std::filesystem::path Wallet(const WalletKind& kind, std::string_view copy = "");
  opb_status TryOpen(const std::filesystem::path& wallet, opb_role roles, opb_wallet* token,
                     std::string_view passphrase = {}, std::string* diagnostic = nullptr,
                     Host* host = nullptr);
  // Opens a copy; fails the rule if it does not open.
  opb_wallet Open(const WalletKind& kind, std::string_view copy = "", Host* host = nullptr);
  opb_status Close(opb_wallet wallet) { return module().close(wallet); }

  // --- calls ------------------------------------------------------------------------------------
  Answer Send(opb_wallet wallet, std::string_view document);
  Answer Send(opb_wallet wallet, const Node& call) { return Send(wallet, WriteRequest(call)); }
  // Sends; fails the rule unless the answer is the response element of this call.
  Answer Expect(opb_wallet wallet, const Node& call);
  // Sends; fails the rule unless it is refused with this code.
  Answer ExpectError(opb_wallet wallet, const Node& call, std::string_view code);
  Answer ExpectError(opb_wallet wallet, std::string_view document, std::string_view code);

  // --- processes --------------------------------------------------------------------------------
  // Runs `work` in a fork of this process; wait status.  The module must not be loaded yet, so that
  // the child is as fresh as its parent.
  int InChild(const std::function<void(Context&)>& work);

  // --- the judge's SET side ---------------------------------------------------------------------
  CounterpartyOptions counterparty();

 private:
  Setting setting_;
  std::mt19937_64 random_;
  Host host_;
  void* handle_ = nullptr;
  const opb_entry_table* table_ = nullptr;
  bool initialised_ = false;
};

// "AttMissing (…)": a refusal in words.
std::string StatusName(opb_status status);
std::string Base64(const Octets& octets);
Octets FromBase64(std::string_view text);  // empty if it is none

}  // namespace conform

#endif  // TESTS_CONFORMANCE_CONTEXT_H_
