// Drives the payment handler's link to its acquirer from a script:
//   link_driver PORT DIAGNOSTIC_PORT TRANSPORT_ID SECRET_HEX|- [KEY=NUMBER]...
// Reads one command per line from stdin and writes one line per answer to stdout:
//   exchange ID HEX WAIT_MS   ->  answer ID HEX, or failure ID REASON
//   diagnose HEX
// The end of stdin closes the link.  Exit status 2: wrong usage.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <map>
#include <mutex>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "bridge/acquirer/link.h"
#include "bridge/texts/texts.h"

namespace {

setcore::Octets FromHex(std::string_view hex) {
  setcore::Octets out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    out.push_back(static_cast<std::uint8_t>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  return out;
}

std::string ToHex(setcore::OctetView octets) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  for (const std::uint8_t octet : octets) {
    out.push_back(kHex[octet >> 4]);
    out.push_back(kHex[octet & 15]);
  }
  return out;
}

bool Set(bridge::GatewayAddress& address, const std::string& setting) {
  const std::map<std::string_view, int bridge::GatewayAddress::*> keys = {
      {"max_outstanding", &bridge::GatewayAddress::max_outstanding},
      {"max_connections", &bridge::GatewayAddress::max_connections},
      {"max_retries", &bridge::GatewayAddress::max_retries},
      {"min_resubmit_s", &bridge::GatewayAddress::min_resubmit_s},
      {"echo_s", &bridge::GatewayAddress::echo_s},
      {"idle_close_s", &bridge::GatewayAddress::idle_close_s},
      {"t30_s", &bridge::GatewayAddress::t30_s},
  };
  const std::size_t equals = setting.find('=');
  const auto key = keys.find(std::string_view(setting).substr(0, equals));
  if (equals == std::string::npos || key == keys.end()) return false;
  address.*key->second = std::atoi(setting.c_str() + equals + 1);
  return true;
}

std::string Said(const bridge::TransportFailure& failure) {
  return bridge::Words(failure.why, bridge::Language::kEnglish);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5 || !bridge::LoadTexts()) return 2;
  bridge::GatewayAddress address;
  address.name = "acquirer";
  address.host = "127.0.0.1";
  address.port = static_cast<std::uint16_t>(std::atoi(argv[1]));
  address.diagnostic_port = static_cast<std::uint16_t>(std::atoi(argv[2]));
  address.transport_id = argv[3];
  if (std::string_view(argv[4]) != "-")
    address.shared_secret = setcore::SecretOctets(FromHex(argv[4]));
  for (int i = 5; i < argc; ++i) {
    if (!Set(address, argv[i])) return 2;
  }
  std::mutex mutex;  // of stdout
  std::vector<std::thread> callers;
  {
    bridge::Link link(std::move(address), bridge::Host());
    for (std::string line; std::getline(std::cin, line);) {
      std::istringstream words(line);
      std::string command;
      std::string id;
      std::string hex;
      std::int64_t wait_ms = 0;
      words >> command;
      if (command == "diagnose") {
        words >> hex;
        link.Diagnose(FromHex(hex));
      } else if (command == "exchange" && words >> id >> hex >> wait_ms) {
        callers.emplace_back([&link, &mutex, id, message = FromHex(hex), wait_ms] {
          const auto answer = link.Exchange(message, wait_ms);
          const std::lock_guard lock(mutex);
          std::cout << (answer ? "answer " + id + " " + ToHex(*answer)
                               : "failure " + id + " " + Said(answer.error()))
                    << std::endl;
        });
      }
    }
    for (std::thread& caller : callers) caller.join();
  }
  return 0;
}
