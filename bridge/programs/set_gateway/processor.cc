#include "bridge/programs/set_gateway/processor.h"

#include <fmt/format.h>

#include <chrono>
#include <ctime>
#include <filesystem>
#include <system_error>
#include <utility>

#include "bridge/files.h"
#include "setcore/compose_error.h"
#include "setcore/crypto/digest.h"
#include "setcore/messages/glance.h"

namespace bridge::gateway {
namespace {

constexpr std::size_t kPanKeySize = 32;
constexpr std::uint32_t kFullDelay_s = 30;

db::Millis NowMs() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

std::string Text(const db::Error& error) {
  return fmt::format("{}: {}", db::Name(error.kind), error.detail);
}

// What the merchant is told when the store cannot record anything: nothing was decided.
Served Unrecorded(const db::Error& error) {
  const bool full = error.kind == db::ErrorKind::kFull;
  Served out;
  out.note = "not recorded: " + Text(error);
  out.refusal = {
      full ? setcore::transport::StatusClass::kRetry : setcore::transport::StatusClass::kFailed,
      full ? kFullDelay_s : 0, full ? "Busy" : "Service unavailable"};
  return out;
}

// The key lies beside the database, in a file of its own: a copy of the database alone tells no
// account number.
tl::expected<setcore::SecretOctets, std::string> PanKey(const std::string& state,
                                                        setcore::Random& random) {
  const std::string path = state + ".key";
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    setcore::SecretOctets key(kPanKeySize);
    random.Fill(key.mutable_view());
    if (auto saved = SaveFile(path, key.view()); !saved) {
      return tl::unexpected(path + ": " + saved.error());
    }
    return key;
  }
  auto file = LoadFile(path, kPanKeySize);
  if (!file) return tl::unexpected(path + ": " + file.error());
  if (file->octets.size() != kPanKeySize) {
    return tl::unexpected(path + ": is not the key of this gateway");
  }
  return std::move(file->octets);
}

}  // namespace

tl::expected<std::unique_ptr<Processor>, std::string> Processor::Open(const Config& config,
                                                                      setcore::Random& random) {
  std::unique_ptr<Processor> out(new Processor(config, random));
  auto store = db::GatewayStore::Open(config.state);
  if (!store) return tl::unexpected(config.state + ": " + Text(store.error()));
  out->store_ = std::move(*store);
  auto key = PanKey(config.state, random);
  if (!key) return tl::unexpected(std::move(key.error()));
  out->pan_key_ = std::move(*key);
  return out;
}

Served Processor::Process(setcore::OctetView request) {
  const setcore::crypto::Sha256Digest digest = setcore::crypto::Sha256(request);
  // D-51.
  auto known =
      store_->Read([&](db::Reader& reader) { return db::FindRequestAnswer(reader, digest); });
  if (!known) return Unrecorded(known.error());
  Served out;
  if (*known) {
    out.answer = std::move(**known);
    out.note = "answered again";
    return out;
  }
  setcore::Environment env;
  env.now = std::time(nullptr);
  env.random = &random_;
  const auto glimpse = setcore::Glance(request);
  if (glimpse && glimpse->name == "Error") {
    out.note = "an Error, which nobody answers";
    out.refusal = {setcore::transport::StatusClass::kFailed, 0, "Error messages are not answered"};
    return out;
  }
  setcore::Error error;
  error.code =
      glimpse ? setcore::ErrorCode::kMessageNotSupported : setcore::ErrorCode::kDecodingFailure;
  error.detail = glimpse ? std::string(glimpse->name) : "no message";
  return AnswerError(env, nullptr, request, error);
}

Served Processor::AnswerError(const setcore::Environment& env, const BrandKeys* brand,
                              setcore::OctetView request, const setcore::Error& error) const {
  if (brand == nullptr) brand = &config_.brands.front();  // D-44
  Served out;
  out.answer = setcore::ComposeError(env, &*brand->signing, request, error);
  out.note = fmt::format("Error {}: {}", setcore::Name(error.code), error.detail);
  return out;
}

tl::expected<void, std::string> Processor::Journal(std::string_view peer,
                                                   setcore::OctetView message) {
  auto written = store_->Write(
      [&](db::Transaction& tx) { return db::RecordDiagnostic(tx, peer, message, NowMs()); });
  if (!written) return tl::unexpected(Text(written.error()));
  return {};
}

}  // namespace bridge::gateway
