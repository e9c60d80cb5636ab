#include "context.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>

namespace conform {

std::string StatusName(opb_status status) {
  static constexpr const char* kNames[] = {
      "OPB_OK",       "OPB_E_ARGUMENT", "OPB_E_STATE",  "OPB_E_ABI",    "OPB_E_MEMORY",
      "OPB_E_CONFIG", "OPB_E_STORAGE",  "OPB_E_LOCKED", "OPB_E_FORKED", "OPB_E_INTERNAL"};
  const int index = -status;
  if (index < 0 || index > 9) return fmt::format("status {}", status);
  return kNames[index];
}

std::string Base64(const Octets& octets) {
  std::string out(4 * ((octets.size() + 2) / 3) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), octets.data(),
                                   static_cast<int>(octets.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

Octets FromBase64(std::string_view text) {
  std::string compact;
  for (const char c : text) {
    if (std::isspace(static_cast<unsigned char>(c)) == 0) compact += c;
  }
  Octets out(compact.size() / 4 * 3);
  const int size =
      EVP_DecodeBlock(out.data(), reinterpret_cast<const unsigned char*>(compact.data()),
                      static_cast<int>(compact.size()));
  if (size < 0) return {};
  std::size_t padding = 0;
  while (padding < 2 && padding < compact.size() && compact[compact.size() - 1 - padding] == '=') {
    ++padding;
  }
  out.resize(static_cast<std::size_t>(size) - padding);
  return out;
}

const Node& Answer::call() const {
  static const Node kNone;
  return root.children.empty() ? kNone : root.children.back();
}

std::string Answer::Summary() const {
  if (status != OPB_OK) return StatusName(status);
  if (!well_formed) return "an answer that is not well-formed";
  if (!refused()) return call().name.empty() ? "an empty answer" : call().name;
  const Node* where = location();
  return fmt::format("{} at {}{}{} ({})", code(),
                     where == nullptr ? "?" : where->Get("ElementType"),
                     where != nullptr && where->Find("AttName") != nullptr ? "/@" : "",
                     where == nullptr ? "" : where->Get("AttName"), call().Get("ErrorDesc"));
}

Octets Answer::Message() const {
  const Node* content = call().Child("PaySchemePackagedContent");
  return content == nullptr ? Octets() : FromBase64(content->text);
}

const opb_entry_table& Context::table() {
  if (table_ == nullptr) {
    handle_ = dlopen(setting_.module.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle_ == nullptr) Fail(fmt::format("dlopen: {}", dlerror()));
    table_ = static_cast<const opb_entry_table*>(dlsym(handle_, "opb_entry"));
    if (table_ == nullptr) Fail("the module exports no opb_entry");
  }
  return *table_;
}

const opb_entry_table& Context::module() {
  const opb_entry_table& entry = table();
  if (!initialised_) {
    const opb_status status = entry.init();
    if (status != OPB_OK) Fail("init: " + StatusName(status));
    initialised_ = true;
  }
  return entry;
}

void Context::NeedRole(opb_role role) {
  if (!Plays(role)) Skip(fmt::format("the module does not play role {}", role));
}

std::filesystem::path Context::Wallet(const WalletKind& kind, std::string_view copy) {
  const std::filesystem::path path =
      setting_.directory / (copy.empty() ? std::string(kind.name) : std::string(copy));
  if (std::filesystem::exists(path)) return path;
  const std::filesystem::path from = setting_.kit.wallet(kind, setting_.slot);
  if (!std::filesystem::exists(from)) {
    Skip(fmt::format("there is no wallet of kind {}", kind.name));
  }
  std::filesystem::copy(from, path, std::filesystem::copy_options::recursive);
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  return path;
}

opb_status Context::TryOpen(const std::filesystem::path& wallet, opb_role roles, opb_wallet* token,
                            std::string_view passphrase, std::string* diagnostic, Host* host) {
  const std::string path = wallet.string();
  const opb_wallet_config config = {
      sizeof(opb_wallet_config), roles, path.c_str(), {passphrase.data(), passphrase.size()}};
  Blob line;
  const opb_status status =
      module().open((host == nullptr ? host_ : *host).table(), &config, token, line.out());
  if (diagnostic != nullptr) *diagnostic = line.text();
  return status;
}

opb_wallet Context::Open(const WalletKind& kind, std::string_view copy, Host* host) {
  NeedRole(kind.roles);
  opb_wallet token = 0;
  std::string diagnostic;
  const opb_status status = TryOpen(Wallet(kind, copy), kind.roles, &token,
                                    kind.passphrase ? kPassphrase : "", &diagnostic, host);
  if (status != OPB_OK) {
    Fail(fmt::format("a wallet of kind {} does not open: {} {}", kind.name, StatusName(status),
                     diagnostic));
  }
  return token;
}

Answer Context::Send(opb_wallet wallet, std::string_view document) {
  Blob response;
  Answer answer;
  answer.status = module().call(wallet, {document.data(), document.size()}, response.out());
  if (answer.status != OPB_OK) return answer;
  answer.document = response.text();
  if (auto root = ReadXml(answer.document)) {
    answer.well_formed = true;
    answer.root = std::move(*root);
  }
  return answer;
}

Answer Context::Expect(opb_wallet wallet, const Node& call) {
  Answer answer = Send(wallet, call);
  Require(answer.call().name == call.name + "Response",
          fmt::format("{} was answered by {}", call.name, answer.Summary()));
  return answer;
}

Answer Context::ExpectError(opb_wallet wallet, const Node& call, std::string_view code) {
  return ExpectError(wallet, WriteRequest(call), code);
}

Answer Context::ExpectError(opb_wallet wallet, std::string_view document, std::string_view code) {
  Answer answer = Send(wallet, document);
  Require(answer.refused() && answer.code() == code,
          fmt::format("expected {}, got {}", code, answer.Summary()));
  return answer;
}

int Context::InChild(const std::function<void(Context&)>& work) {
  if (handle_ != nullptr) throw std::logic_error("InChild after the module was loaded");
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("fork");
  if (child == 0) {
    int status = 0;
    try {
      work(*this);
    } catch (const Verdict& verdict) {
      fmt::print(stderr, "{}\n", verdict.reason);
      status = 3;
    }
    _exit(status);
  }
  int status = 0;
  if (waitpid(child, &status, 0) != child) throw std::runtime_error("waitpid");
  return status;
}

CounterpartyOptions Context::counterparty() {
  CounterpartyOptions options;
  options.pki = setting_.kit.pki();
  if (setting_.slot < setting_.kit.gateway_ports.size()) {
    options.gateway_port = setting_.kit.gateway_ports[setting_.slot];
  }
  options.seed = random_();
  options.now_ms = [this] { return host_.now_ms(); };
  return options;
}

}  // namespace conform
