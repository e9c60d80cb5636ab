// The world of a demonstration: a certificate hierarchy, a gateway process that listens, and three
// provisioned wallets, all under one directory.
#ifndef BRIDGE_PROGRAMS_SET_BRIDGE_DEMO_WORLD_H_
#define BRIDGE_PROGRAMS_SET_BRIDGE_DEMO_WORLD_H_

#include <functional>
#include <memory>
#include <string>
#include <tl/expected.hpp>

#include "bridge/programs/oac/child_gateway.h"
#include "bridge/programs/set_bridge/pki_files.h"

namespace bridge::programs {

// Edit changes the text of a ready profile before it is used.
using Edit = std::function<std::string(std::string)>;

struct WorldOptions {
  std::string directory;  // exists, and is empty
  std::string gateway_program;
  std::size_t key_bits = 2048;
  std::string brand = "VISA";
  bool declines = false;                                          // the issuer declines everything
  Edit edit_merchant, edit_consumer, edit_handler, edit_gateway;  // empty: as they are
};

struct World {
  Pki pki;
  std::unique_ptr<ChildGateway> gateway;
  std::string merchant_wallet;
  std::string consumer_wallet;
  std::string handler_wallet;
  std::string gateway_db;

  // Starts the gateway again, on the ports that it had.  The old process must be gone.
  tl::expected<void, std::string> RestartGateway();

  std::string gateway_program;
  std::string gateway_config;
  std::string gateway_log;
};

// MakeWorld fails with a sentence for people.
tl::expected<World, std::string> MakeWorld(const WorldOptions& options);

// Where set-gateway and the module stand, next to the running program's own file.
std::string SiblingProgram(const std::string& name);
std::string SiblingModule();

}  // namespace bridge::programs

#endif  // BRIDGE_PROGRAMS_SET_BRIDGE_DEMO_WORLD_H_
