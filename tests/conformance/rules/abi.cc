// ABI: what opb.h says about the table, its functions, tokens and blobs.
#include <elf.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "calls.h"
#include "context.h"

namespace conform {
namespace {

constexpr const char* kTable = "opb.h, opb_entry_table";
constexpr const char* kOpen = "opb.h, open";
constexpr const char* kCall = "opb.h, call";
constexpr const char* kClose = "opb.h, close";
constexpr const char* kInit = "opb.h, init and deinit";
constexpr const char* kMemory = "opb.h, Memory";
constexpr const char* kGrowth = "opb.h, struct_size";

void RequireStatus(opb_status got, opb_status expected, std::string_view what) {
  Require(got == expected,
          fmt::format("{}: expected {}, got {}", what, StatusName(expected), StatusName(got)));
}

// A kind of wallet that the module can open.
const WalletKind& AnyKind(Context& context) {
  for (const WalletKind* kind : {&kConsumer, &kMerchant, &kHandler}) {
    if (context.Plays(kind->roles)) return *kind;
  }
  Skip("the module plays no role");
}

std::string Read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Names of the defined dynamic symbols of an ELF file.
std::vector<std::string> ExportedSymbols(const std::string& path) {
  const std::string image = Read(path);
  const auto at = [&]<typename T>(std::size_t offset, T) {
    T value = {};
    if (offset + sizeof value <= image.size()) {
      std::memcpy(&value, image.data() + offset, sizeof value);
    }
    return value;
  };
  const auto header = at(0, Elf64_Ehdr{});
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_ident[EI_CLASS] != ELFCLASS64) {
    Skip("the module is no 64-bit ELF file");
  }
  std::vector<std::string> names;
  for (std::size_t i = 0; i < header.e_shnum; ++i) {
    const auto section = at(header.e_shoff + i * sizeof(Elf64_Shdr), Elf64_Shdr{});
    if (section.sh_type != SHT_DYNSYM) continue;
    const auto strings = at(header.e_shoff + section.sh_link * sizeof(Elf64_Shdr), Elf64_Shdr{});
    for (std::size_t j = 0; j < section.sh_size / sizeof(Elf64_Sym); ++j) {
      const auto symbol = at(section.sh_offset + j * sizeof(Elf64_Sym), Elf64_Sym{});
      if (symbol.st_shndx == SHN_UNDEF || symbol.st_shndx == SHN_ABS) continue;
      names.emplace_back(image.c_str() + strings.sh_offset + symbol.st_name);
    }
  }
  return names;
}

std::size_t Entries(const char* directory) {
  return static_cast<std::size_t>(
      std::distance(std::filesystem::directory_iterator(directory), {}));
}

// How open is to be called wrongly.
struct Arguments {
  const opb_host* host;
  const opb_wallet_config* config;
  opb_wallet* wallet;
};

struct BadOpen {
  const char* id;
  const char* clause;
  const char* sentence;
  opb_status expected;
  void (*spoil)(Arguments& arguments, opb_host& host, opb_wallet_config& config);
};

constexpr BadOpen kBadOpens[] = {
    {"ABI-open-null-host", kOpen, "open without a host is OPB_E_ARGUMENT", OPB_E_ARGUMENT,
     [](Arguments& a, opb_host&, opb_wallet_config&) { a.host = nullptr; }},
    {"ABI-open-null-config", kOpen, "open without a configuration is OPB_E_ARGUMENT",
     OPB_E_ARGUMENT, [](Arguments& a, opb_host&, opb_wallet_config&) { a.config = nullptr; }},
    {"ABI-open-null-wallet", kOpen, "open without a place for the token is OPB_E_ARGUMENT",
     OPB_E_ARGUMENT, [](Arguments& a, opb_host&, opb_wallet_config&) { a.wallet = nullptr; }},
    {"ABI-open-null-path", kOpen, "open without a path is OPB_E_ARGUMENT", OPB_E_ARGUMENT,
     [](Arguments&, opb_host&, opb_wallet_config& c) { c.path = nullptr; }},
    {"ABI-open-no-role", kOpen, "open for no role at all is OPB_E_ARGUMENT", OPB_E_ARGUMENT,
     [](Arguments&, opb_host&, opb_wallet_config& c) { c.roles = 0; }},
    {"ABI-open-unknown-role", kOpen, "open for a role that opb.h does not know is OPB_E_ARGUMENT",
     OPB_E_ARGUMENT, [](Arguments&, opb_host&, opb_wallet_config& c) { c.roles |= 0x80u; }},
    {"ABI-open-small-host", kGrowth, "a host table smaller than in ABI 1.0 is OPB_E_ABI", OPB_E_ABI,
     [](Arguments&, opb_host& h, opb_wallet_config&) { h.struct_size = 8; }},
    {"ABI-open-small-config", kGrowth, "a configuration smaller than in ABI 1.0 is OPB_E_ABI",
     OPB_E_ABI, [](Arguments&, opb_host&, opb_wallet_config& c) { c.struct_size = 8; }},
    {"ABI-open-other-major", kGrowth, "a host of another major version is OPB_E_ABI", OPB_E_ABI,
     [](Arguments&, opb_host& h, opb_wallet_config&) { h.abi_major = OPB_ABI_MAJOR + 1; }},
};

void CheckBadOpen(Context& context, const BadOpen& bad) {
  const WalletKind& kind = AnyKind(context);
  const std::string path = context.Wallet(kind).string();
  opb_host host = *context.host().table();
  opb_wallet_config config = {sizeof config, kind.roles, path.c_str(), {nullptr, 0}};
  opb_wallet token = 0;
  Arguments arguments = {&host, &config, &token};
  bad.spoil(arguments, host, config);
  RequireStatus(context.module().open(arguments.host, arguments.config, arguments.wallet, nullptr),
                bad.expected, "open");
}

void OneSymbol(Context& context) {
  for (const std::string& name : ExportedSymbols(context.setting().module)) {
    Require(name == "opb_entry", "also exports " + name);
  }
}

void LoadsQuietly(Context& context) {
  const std::size_t threads = Entries("/proc/self/task");
  const std::size_t descriptors = Entries("/proc/self/fd");
  context.table();
  Require(Entries("/proc/self/task") == threads, "a thread was started");
  Require(Entries("/proc/self/fd") == descriptors, "a descriptor was left open");
}

void FourParts(Context& context) {
  const char* id = context.table().software_id;
  Require(id != nullptr, "software_id is null");
  const std::string_view text = id;
  Require(std::ranges::count(text, ',') == 3, fmt::format("software_id is \"{}\"", text));
}

void Functions(Context& context) {
  const opb_entry_table& t = context.table();
  Require(t.init != nullptr && t.deinit != nullptr && t.open != nullptr && t.close != nullptr &&
              t.call != nullptr && t.get_extension != nullptr,
          "a function of the table is null");
}

void BeforeInit(Context& context) {
  const WalletKind& kind = AnyKind(context);
  const std::string path = context.Wallet(kind).string();
  const opb_wallet_config config = {sizeof config, kind.roles, path.c_str(), {nullptr, 0}};
  opb_wallet token = 0;
  RequireStatus(context.table().open(context.host().table(), &config, &token, nullptr), OPB_E_STATE,
                "open");
}

void CallBeforeInit(Context& context) {
  Blob response;
  RequireStatus(context.table().call(1, {"<a/>", 4}, response.out()), OPB_E_STATE, "call");
}

void CloseBeforeInit(Context& context) {
  RequireStatus(context.table().close(1), OPB_E_STATE, "close");
}

void Counted(Context& context) {
  const opb_entry_table& t = context.module();
  RequireStatus(t.init(), OPB_OK, "the second init");
  RequireStatus(t.deinit(), OPB_OK, "the first deinit");
  context.Open(AnyKind(context));
}

void DeinitTooOften(Context& context) {
  RequireStatus(context.table().deinit(), OPB_E_STATE, "deinit before init");
}

void DeinitWithWallet(Context& context) {
  const opb_wallet wallet = context.Open(AnyKind(context));
  RequireStatus(context.module().deinit(), OPB_E_STATE, "the last deinit with a wallet open");
  RequireStatus(context.Send(wallet, InquireProcessState("X-1")).status, OPB_OK, "call afterwards");
}

void InnerDeinitWithWallet(Context& context) {
  const opb_entry_table& t = context.module();
  context.Open(AnyKind(context));
  RequireStatus(t.init(), OPB_OK, "the second init");
  RequireStatus(t.deinit(), OPB_OK, "a deinit that is not the last");
}

void AfterDeinit(Context& context) {
  const opb_entry_table& t = context.module();
  RequireStatus(t.deinit(), OPB_OK, "deinit");
  Blob response;
  RequireStatus(t.call(1, {"<a/>", 4}, response.out()), OPB_E_STATE, "call after deinit");
}

void InitAgain(Context& context) {
  const opb_entry_table& t = context.module();
  for (int i = 0; i < 3; ++i) {
    RequireStatus(t.deinit(), OPB_OK, "deinit");
    RequireStatus(t.init(), OPB_OK, "init again");
  }
  context.Open(AnyKind(context));
}

void RoleNotInWallet(Context& context) {
  const WalletKind& kind = AnyKind(context);
  const opb_role other = kind.roles == OPB_ROLE_CONSUMER ? OPB_ROLE_MERCHANT : OPB_ROLE_CONSUMER;
  if (!context.Plays(other)) Skip("the module plays one role only");
  opb_wallet token = 0;
  RequireStatus(context.TryOpen(context.Wallet(kind), other, &token), OPB_E_CONFIG, "open");
}

void FailureTouchesNothing(Context& context) {
  opb_wallet token = 77;
  context.TryOpen(context.setting().directory / "nothing", OPB_ROLE_CONSUMER, &token);
  Require(token == 77, "the token was written by an open that failed");
}

void Diagnostic(Context& context) {
  opb_wallet token = 0;
  std::string line;
  context.TryOpen(context.setting().directory / "nothing", OPB_ROLE_CONSUMER, &token, {}, &line);
  Require(!line.empty(), "no diagnostic");
  Require(line.find('\n') == std::string::npos, "the diagnostic has several lines");
}

void UnknownTokens(Context& context) {
  const opb_wallet wallet = context.Open(AnyKind(context));
  for (const opb_wallet other : {opb_wallet{0}, wallet + 1, ~wallet}) {
    RequireStatus(context.module().close(other), OPB_E_ARGUMENT, "close of a foreign token");
  }
}

void CallUnknownToken(Context& context) {
  const opb_wallet wallet = context.Open(AnyKind(context));
  for (const opb_wallet other : {opb_wallet{0}, wallet + 1, ~wallet}) {
    RequireStatus(context.Send(other, InquireProcessState("X-1")).status, OPB_E_ARGUMENT,
                  "call with a foreign token");
  }
}

void CloseTwice(Context& context) {
  const opb_wallet wallet = context.Open(AnyKind(context));
  RequireStatus(context.Close(wallet), OPB_OK, "close");
  RequireStatus(context.Close(wallet), OPB_E_ARGUMENT, "the second close");
}

void CallAfterClose(Context& context) {
  const opb_wallet wallet = context.Open(AnyKind(context));
  RequireStatus(context.Close(wallet), OPB_OK, "close");
  RequireStatus(context.Send(wallet, InquireProcessState("X-1")).status, OPB_E_ARGUMENT,
                "call after close");
}

void FreshToken(Context& context) {
  const WalletKind& kind = AnyKind(context);
  const opb_wallet first = context.Open(kind);
  RequireStatus(context.Close(first), OPB_OK, "close");
  const opb_wallet second = context.Open(kind);
  Require(first != second, "a reopened wallet got the token of the closed one");
}

void NullResponse(Context& context) {
  const opb_wallet wallet = context.Open(AnyKind(context));
  RequireStatus(context.module().call(wallet, {"<a/>", 4}, nullptr), OPB_E_ARGUMENT,
                "call without a place for the response");
}

void NullRequest(Context& context) {
  const opb_wallet wallet = context.Open(AnyKind(context));
  Blob response;
  RequireStatus(context.module().call(wallet, {nullptr, 4}, response.out()), OPB_E_ARGUMENT,
                "call with a null request of four octets");
}

void BlobUntouched(Context& context) {
  context.module();
  Blob response;
  const char mark = 0;
  response.get().owner = const_cast<char*>(&mark);
  context.module().call(opb_wallet{12345}, {"<a/>", 4}, response.out());
  Require(response.get().owner == &mark && response.get().data == nullptr &&
              response.get().size == 0 && response.get().release == nullptr,
          "a call that failed wrote to the blob");
}

void ReleaseZeroes(Context& context) {
  const opb_wallet wallet = context.Open(AnyKind(context));
  const std::string request = WriteRequest(InquireProcessState("X-1"));
  opb_blob blob = {nullptr, 0, nullptr, nullptr};
  RequireStatus(context.module().call(wallet, {request.data(), request.size()}, &blob), OPB_OK,
                "call");
  Require(blob.release != nullptr, "the blob has no release");
  blob.release(&blob);
  Require(
      blob.data == nullptr && blob.size == 0 && blob.release == nullptr && blob.owner == nullptr,
      "release leaves the blob as it was");
}

void BlobOutlives(Context& context) {
  const opb_wallet wallet = context.Open(AnyKind(context));
  const std::string request = WriteRequest(InquireProcessState("X-1"));
  Blob blob;
  RequireStatus(context.module().call(wallet, {request.data(), request.size()}, blob.out()), OPB_OK,
                "call");
  const std::string before = blob.text();
  RequireStatus(context.Close(wallet), OPB_OK, "close");
  RequireStatus(context.module().deinit(), OPB_OK, "deinit");
  Require(blob.text() == before, "the text of a blob changed after close and deinit");
}

void RequestBorrowed(Context& context) {
  const opb_wallet wallet = context.Open(AnyKind(context));
  std::string request = WriteRequest(InquireProcessState("X-1"));
  const std::string before = request;
  Blob blob;
  RequireStatus(context.module().call(wallet, {request.data(), request.size()}, blob.out()), OPB_OK,
                "call");
  Require(request == before, "the module wrote into the request");
}

void OpenTwice(Context& context) {
  const WalletKind& kind = AnyKind(context);
  context.Open(kind);
  opb_wallet token = 0;
  RequireStatus(context.TryOpen(context.Wallet(kind), kind.roles, &token), OPB_E_LOCKED,
                "the second open");
}

void LargerStructs(Context& context) {
  const WalletKind& kind = AnyKind(context);
  const std::string path = context.Wallet(kind).string();
  struct {
    opb_host host;
    void* later[4];
  } host = {*context.host().table(), {}};
  host.host.struct_size = sizeof host;
  struct {
    opb_wallet_config config;
    void* later[4];
  } config = {{sizeof config, kind.roles, path.c_str(), {nullptr, 0}}, {}};
  opb_wallet token = 0;
  RequireStatus(context.module().open(&host.host, &config.config, &token, nullptr), OPB_OK,
                "open with structs of a later minor version");
}

void UnknownExtension(Context& context) {
  const opb_entry_table& t = context.module();
  for (const char* id : {"", "opb", "opb.trace/1x", "opb.no-such-thing/1"}) {
    Require(t.get_extension(id) == nullptr, fmt::format("get_extension(\"{}\") is not null", id));
  }
}

void ServicesOnlyInOpen(Context& context) {
  const opb_wallet wallet = context.Open(AnyKind(context));
  const std::size_t asked = context.host().asked().size();
  context.Send(wallet, InquireProcessState("X-1"));
  context.Send(wallet, "<");
  context.Close(wallet);
  Require(context.host().asked().size() == asked, "get_service was asked outside of open");
}

void NoServices(Context& context) {
  const WalletKind& kind = AnyKind(context);
  const std::string path = context.Wallet(kind).string();
  opb_host host = *context.host().table();
  host.get_service = [](const opb_host*, const char*) -> const void* { return nullptr; };
  const opb_wallet_config config = {sizeof config, kind.roles, path.c_str(), {nullptr, 0}};
  opb_wallet token = 0;
  RequireStatus(context.module().open(&host, &config, &token, nullptr), OPB_OK,
                "open with a host that has no service");
  Require(context.Send(token, InquireProcessState("X-1")).well_formed, "no answer");
}

void MissingWallet(Context& context) {
  opb_wallet token = 0;
  const opb_status status =
      context.TryOpen(context.setting().directory / "nothing", context.table().roles & 1u, &token);
  Require(status == OPB_E_STORAGE || status == OPB_E_CONFIG,
          "open of a directory that is not there: " + StatusName(status));
}

}  // namespace

void AddAbiRules(Rules& rules) {
  const auto add = [&](const char* id, const char* clause, const char* sentence,
                       void (*check)(Context&), Level level = Level::kMust) {
    rules.push_back({id, clause, sentence, level, check});
  };
  add("ABI-entry-exported", kTable, "the module exports opb_entry", [](Context& c) { c.table(); });
  add("ABI-entry-one-symbol", kTable, "the module exports one symbol only", OneSymbol);
  add("ABI-entry-size", kGrowth, "the table is at least as large as in ABI 1.0", [](Context& c) {
    Require(c.table().struct_size >= sizeof(opb_entry_table), "struct_size is too small");
  });
  add("ABI-entry-major", kTable, "abi_major is 1",
      [](Context& c) { Require(c.table().abi_major == OPB_ABI_MAJOR, "abi_major is another"); });
  add("ABI-entry-roles", kTable, "the module plays at least one role, and only known ones",
      [](Context& c) {
        Require(c.table().roles != 0 && (c.table().roles & ~7u) == 0,
                fmt::format("roles are {:#x}", c.table().roles));
      });
  add("ABI-entry-software-id", "RFC 3867, 3",
      "software_id is maker, name, version and build, with commas", FourParts);
  add("ABI-entry-protocol-id", "RFC 3538, 8.2.3", "protocol_id is SETv1.0", [](Context& c) {
    Require(c.table().protocol_id != nullptr && std::strcmp(c.table().protocol_id, "SETv1.0") == 0,
            "protocol_id is another");
  });
  add("ABI-entry-functions", kTable, "no function of the table is null", Functions);
  add("ABI-load-quiet", kTable, "loading the module starts no thread and opens no descriptor",
      LoadsQuietly);
  add("ABI-open-before-init", kInit, "open before init is OPB_E_STATE", BeforeInit);
  add("ABI-call-before-init", kInit, "call before init is OPB_E_STATE", CallBeforeInit);
  add("ABI-close-before-init", kInit, "close before init is OPB_E_STATE", CloseBeforeInit);
  add("ABI-init-counted", kInit, "init and deinit are counted", Counted);
  add("ABI-deinit-too-often", kInit, "deinit without init is OPB_E_STATE", DeinitTooOften);
  add("ABI-deinit-wallet-open", kInit,
      "the deinit that would reach zero is OPB_E_STATE while a wallet is open, and harms nothing",
      DeinitWithWallet);
  add("ABI-deinit-inner", kInit, "a deinit that is not the last one succeeds with a wallet open",
      InnerDeinitWithWallet);
  add("ABI-call-after-deinit", kInit, "call after the last deinit is OPB_E_STATE", AfterDeinit);
  add("ABI-init-again", kInit, "after deinit the module can be initialised again", InitAgain);
  for (const BadOpen& bad : kBadOpens) {
    rules.push_back({bad.id, bad.clause, bad.sentence, Level::kMust,
                     [&bad](Context& context) { CheckBadOpen(context, bad); }});
  }
  add("ABI-open-role-not-in-wallet", kOpen,
      "a role that the wallet's profile does not have is OPB_E_CONFIG", RoleNotInWallet);
  add("ABI-open-missing-wallet", kOpen,
      "a directory that is not there is OPB_E_STORAGE or OPB_E_CONFIG", MissingWallet);
  add("ABI-open-failure-untouched", kMemory, "an open that fails leaves the token alone",
      FailureTouchesNothing);
  add("ABI-open-diagnostic", kOpen, "an open that fails says why in one line", Diagnostic);
  add("ABI-open-twice", kOpen, "a wallet that is open already is OPB_E_LOCKED", OpenTwice);
  add("ABI-open-larger-structs", kGrowth, "larger structs of a later minor version are taken",
      LargerStructs);
  add("ABI-open-no-services", "opb.h, opb_host", "a host without any service is served",
      NoServices);
  add("ABI-services-in-open", "opb.h, Threads", "get_service is asked only inside open",
      ServicesOnlyInOpen);
  add("ABI-close-foreign-token", kClose, "close of a token that names no wallet is OPB_E_ARGUMENT",
      UnknownTokens);
  add("ABI-close-twice", kClose, "the second close of a wallet is OPB_E_ARGUMENT", CloseTwice);
  add("ABI-token-fresh", "opb.h, opb_wallet", "a token is not used again for another open",
      FreshToken);
  add("ABI-call-foreign-token", kCall, "call with a token that names no wallet is OPB_E_ARGUMENT",
      CallUnknownToken);
  add("ABI-call-after-close", kCall, "call on a closed wallet is OPB_E_ARGUMENT", CallAfterClose);
  add("ABI-call-null-response", kCall, "call without a place for the response is OPB_E_ARGUMENT",
      NullResponse);
  add("ABI-call-null-request", kCall, "a null request with a size is OPB_E_ARGUMENT", NullRequest);
  add("ABI-blob-untouched", kMemory, "a call that fails leaves the blob alone", BlobUntouched);
  add("ABI-blob-release", kMemory, "release zeroes the blob", ReleaseZeroes);
  add("ABI-blob-outlives", kMemory, "a blob stays readable after close and deinit", BlobOutlives);
  add("ABI-request-borrowed", kMemory, "the request is not written to", RequestBorrowed);
  add("ABI-extension-unknown", "opb.h, get_extension", "an unknown extension is null",
      UnknownExtension);
}

}  // namespace conform
