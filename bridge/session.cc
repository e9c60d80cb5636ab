#include "bridge/session.h"

#include <utility>

#include "bridge/dispatch.h"
#include "bridge/open_wallet.h"
#include "bridge/opening.h"

namespace bridge {

struct Session::Inside {
  explicit Inside(System& system) : wallet(system) {}
  OpenWallet wallet;
};

Session::Session(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
Session::~Session() { Close(); }

tl::expected<std::unique_ptr<Session>, OpenFailure> Session::Open(const Host& host, opb_role roles,
                                                                  const std::string& path,
                                                                  std::string_view passphrase,
                                                                  System& system) {
  auto inside = std::make_unique<Inside>(system);
  if (auto opened = OpenAt(inside->wallet, host, roles, path, passphrase); !opened) {
    return tl::unexpected(std::move(opened.error()));
  }
  return std::unique_ptr<Session>(new Session(std::move(inside)));
}

tl::expected<std::string, opb_status> Session::Call(std::string_view request) {
  return Dispatch(inside_->wallet, request);
}

void Session::Close() { inside_.reset(); }

void Session::ForgetAfterFork() {
  Inside* const leaked = inside_.release();
  if (leaked != nullptr) leaked->wallet.store.reset();
}

}  // namespace bridge
