#include "bridge/session.h"

#include <utility>

#include "bridge/software_id.h"
#include "bridge/wallet/keyring.h"
#include "db/wallet_store.h"
#include "schema/reader.h"
#include "schema/writer.h"

namespace bridge {
namespace {

// opb.h, OPB_E_*: why a store does not open.
opb_status StatusOf(db::ErrorKind kind) {
  switch (kind) {
    case db::ErrorKind::kLocked:
      return OPB_E_LOCKED;
    case db::ErrorKind::kFull:
    case db::ErrorKind::kPoisoned:
    case db::ErrorKind::kCorrupt:
    case db::ErrorKind::kMissing:
    case db::ErrorKind::kRefused:
      return OPB_E_STORAGE;
    case db::ErrorKind::kConflict:
    case db::ErrorKind::kInternal:
      break;
  }
  return OPB_E_INTERNAL;
}

tl::unexpected<OpenFailure> Refuse(opb_status status, std::string diagnostic) {
  return tl::unexpected<OpenFailure>(OpenFailure{status, std::move(diagnostic)});
}

tl::unexpected<OpenFailure> Refuse(const db::Error& error) {
  return Refuse(StatusOf(error.kind), error.detail);
}

tl::unexpected<OpenFailure> Refuse(const PassphraseFailure& failure) {
  switch (failure.kind) {
    case PassphraseFailure::Kind::kBusy:
      return Refuse(OPB_E_CONFIG, "too many wrong passphrases: ask again in " +
                                      std::to_string(failure.min_retry_s) + " s");
    case PassphraseFailure::Kind::kStorage:
      return Refuse(OPB_E_STORAGE, failure.detail);
    case PassphraseFailure::Kind::kWrong:
      break;
  }
  return Refuse(OPB_E_CONFIG, "the passphrase does not open this wallet");
}

}  // namespace

struct Session::Inside {
  Host host;
  opb_role roles = 0;
  std::unique_ptr<db::WalletStore> store;
  std::unique_ptr<Keyring> keyring;  // goes before the store
};

Session::Session(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
Session::~Session() { Close(); }

tl::expected<std::unique_ptr<Session>, OpenFailure> Session::Open(const Host& host, opb_role roles,
                                                                  const std::string& path,
                                                                  std::string_view passphrase) {
  auto inside = std::make_unique<Inside>();
  inside->host = host;
  inside->roles = roles;
  auto store = db::WalletStore::Open(path, db::WalletMode::kOpen);
  if (!store) return Refuse(store.error());
  inside->store = *std::move(store);
  auto keyring = Keyring::Open(
      inside->store->directory(), *inside->store, [host] { return host.NowMs(); },
      [&host](const std::string& line) { host.Log(LogLevel::kWarning, line); });
  if (!keyring) return Refuse(keyring.error());
  inside->keyring = *std::move(keyring);
  if ((roles & ~inside->keyring->config().roles) != 0) {
    return Refuse(OPB_E_CONFIG, path + ": the wallet does not have every role asked for");
  }
  if (!passphrase.empty()) {
    if (auto unlocked = inside->keyring->Unlock(passphrase); !unlocked) {
      return Refuse(unlocked.error());
    }
  }
  return std::unique_ptr<Session>(new Session(std::move(inside)));
}

tl::expected<std::string, opb_status> Session::Call(std::string_view request) {
  const WalletConfig& config = inside_->keyring->config();
  const schema::Envelope envelope = {kSoftwareId, config.language};
  const auto document = schema::Read(request);
  const schema::Fault fault =
      document ? schema::Fault{schema::FaultCode::kReqNotSupp, std::string(document->call().name),
                               "", "this wallet does not answer the call"}
               : document.error();
  return schema::WriteError(schema::ToErrorResponse(fault, config.language), envelope);
}

void Session::Close() { inside_.reset(); }

void Session::ForgetAfterFork() {
  Inside* const leaked = inside_.release();
  if (leaked != nullptr) leaked->store.reset();
}

}  // namespace bridge
