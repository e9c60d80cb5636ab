#include "surroundings.h"

#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>
#include <vector>

namespace bad {
namespace {

namespace fs = std::filesystem;

const Change* change = nullptr;

// --- statuses ------------------------------------------------------------------------------------

// status FUNCTION FROM TO
opb_status Changed(const char* function, opb_status status) {
  if (change->kind != "status" || change->call != function) return status;
  return status == std::atoi(change->first.c_str()) ? std::atoi(change->second.c_str()) : status;
}

// --- the host as the good module sees it ---------------------------------------------------------

const opb_host* real_host = nullptr;
opb_host seen_host;

template <class Service>
const Service* Real(const char* id) {
  return static_cast<const Service*>(real_host->get_service(real_host, id));
}

void ReleaseCopy(opb_blob* blob) {
  std::free(const_cast<char*>(blob->data));
  *blob = {nullptr, 0, nullptr, nullptr};
}

std::string Kind(const char* suffix) {
  const std::size_t at = change->kind.rfind(suffix);
  return at == std::string::npos ? "" : change->kind.substr(0, at);
}

opb_status CallBack(const opb_host*, opb_text function, opb_text request, opb_blob* response) {
  std::string told(request.data, request.size);
  Edit(Kind("-told"), *change, told);
  opb_blob heard = {nullptr, 0, nullptr, nullptr};
  const opb_status status = Real<opb_host_callback>(OPB_HOST_CALLBACK)
                                ->call(real_host, function, {told.data(), told.size()}, &heard);
  if (status != OPB_OK) return status;
  std::string answer(heard.data, heard.size);
  heard.release(&heard);
  Edit(Kind("-heard"), *change, answer);
  char* copy = static_cast<char*>(std::malloc(answer.size() + 1));
  if (copy == nullptr) return OPB_E_MEMORY;
  std::memcpy(copy, answer.data(), answer.size());
  *response = {copy, answer.size(), ReleaseCopy, nullptr};
  return OPB_OK;
}

// clock SECONDS
std::int64_t Now(const opb_host*) {
  return Real<opb_host_clock>(OPB_HOST_CLOCK)->now(real_host) +
         1000 * std::atoll(change->call.c_str());
}

const void* GetService(const opb_host*, const char* id) {
  static constexpr opb_host_callback kCallBack = {CallBack};
  static constexpr opb_host_clock kClock = {Now};
  const void* service = real_host->get_service(real_host, id);
  if (service == nullptr) return nullptr;
  if (change->kind == "deaf" && change->call == id) return nullptr;
  if (std::strcmp(id, OPB_HOST_CALLBACK) == 0) return &kCallBack;
  if (change->kind == "clock" && std::strcmp(id, OPB_HOST_CLOCK) == 0) return &kClock;
  return service;
}

// call-back CALL: the host is called once more after each such call.
void CallBackAgain() {
  const auto* service = Real<opb_host_callback>(OPB_HOST_CALLBACK);
  if (service == nullptr) return;
  constexpr std::string_view kFunction = "progress";
  constexpr std::string_view kRequest =
      "<IotpPaymentApiRequest><CallBack/></IotpPaymentApiRequest>";
  opb_blob heard = {nullptr, 0, nullptr, nullptr};
  if (service->call(real_host, {kFunction.data(), kFunction.size()},
                    {kRequest.data(), kRequest.size()}, &heard) == OPB_OK) {
    heard.release(&heard);
  }
}

// --- the wallet's directory ----------------------------------------------------------------------

fs::path last_wallet;

// forget: every open finds the wallet as the first one found it.
std::string Forgetful(const char* path) {
  static std::atomic<int> opens = 0;
  const fs::path first = std::string(path) + ".first";
  if (!fs::exists(first)) fs::copy(path, first, fs::copy_options::recursive);
  const std::string now =
      std::string(path) + "." + std::to_string(getpid()) + "." + std::to_string(++opens);
  fs::copy(first, now, fs::copy_options::recursive);
  return now;
}

// note TEXT keeps the text in the wallet, readable for its owner only.
void Note(const std::string& text) {
  const fs::path file = last_wallet / "note";
  std::ofstream(file, std::ios::app | std::ios::binary) << text;
  fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
}

// --- the functions -------------------------------------------------------------------------------

opb_status Init() { return Changed("init", Inner().init()); }

opb_status Deinit() { return Changed("deinit", Inner().deinit()); }

// sticky: a file in the wallet says that it is open, and an open that failed leaves it.
opb_status Open(const opb_host* host, const opb_wallet_config* config, opb_wallet* wallet,
                opb_blob* diagnostic) {
  if (host == nullptr || config == nullptr || config->path == nullptr ||
      host->struct_size < sizeof *host || config->struct_size < sizeof *config) {
    return Changed("open", Inner().open(host, config, wallet, diagnostic));
  }
  real_host = host;
  seen_host = *host;
  seen_host.struct_size = sizeof seen_host;
  seen_host.get_service = GetService;
  opb_wallet_config changed = *config;
  changed.struct_size = sizeof changed;
  std::string path = config->path;
  const bool there = fs::exists(path);
  const fs::path sticky = path + "/open";
  if (change->kind == "forget" && there) path = Forgetful(config->path);
  if (change->kind == "sticky" && there) {
    if (fs::exists(sticky)) return OPB_E_LOCKED;
    std::ofstream(sticky) << "open";
  }
  changed.path = path.c_str();
  last_wallet = path;
  // Services that the module must find where it asks for them stay with the real host.
  const bool hosted = change->kind == "deaf" || change->kind == "clock" || !Kind("-told").empty() ||
                      !Kind("-heard").empty();
  return Changed("open", Inner().open(hosted ? &seen_host : host, &changed, wallet, diagnostic));
}

opb_status Close(opb_wallet wallet) {
  const opb_status status = Inner().close(wallet);
  if (change->kind == "sticky" && status == OPB_OK) fs::remove(last_wallet / "open");
  return Changed("close", status);
}

opb_status Call(opb_wallet wallet, opb_text request, opb_blob* response) {
  static std::recursive_mutex queue;
  std::unique_lock lock(queue, std::defer_lock);
  if (change->kind == "queue") lock.lock();
  static std::atomic<int> calls = 0;
  const struct Counted {
    Counted() : others(calls++) {}
    ~Counted() { --calls; }
    int others;
  } counted;
  if (change->kind == "busy" && counted.others > 0) return OPB_E_STATE;
  const opb_status status = Changed("call", ForwardCall(wallet, request, response));
  if (change->kind == "note") Note(change->call);
  if (change->kind == "hold") {
    static std::vector<std::string> held;
    held.push_back(change->call + " " + change->first + " " + change->second);
  }
  if (change->kind == "call-back" &&
      Contains({request.data, request.size}, "<" + change->call + " ")) {
    CallBackAgain();
  }
  return status;
}

}  // namespace

void ChangeSurroundings(const Change& the_change, opb_entry_table& table) {
  change = &the_change;
  table.init = Init;
  table.deinit = Deinit;
  table.open = Open;
  table.close = Close;
  table.call = Call;
  if (change->kind == "table" && change->call == "struct_size") table.struct_size = 8;
  if (change->kind == "table" && change->call == "get_extension") table.get_extension = nullptr;
}

}  // namespace bad
