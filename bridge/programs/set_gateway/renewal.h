// SIGHUP: the configuration is read again.  One that has a problem changes nothing.
#ifndef BRIDGE_PROGRAMS_SET_GATEWAY_RENEWAL_H_
#define BRIDGE_PROGRAMS_SET_GATEWAY_RENEWAL_H_

#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "bridge/programs/set_gateway/processor.h"

namespace bridge::gateway {

class Renewal {
 public:
  // `processor` is borrowed.
  Renewal(std::string path, Processor& processor, std::function<void(std::string_view)> log)
      : path_(std::move(path)), processor_(processor), log_(std::move(log)) {}

  // Reads the configuration file and gives certificates, CRLs and rules to the processor; the log
  // says what became of it.  Any thread.
  void Run();

 private:
  const std::string path_;
  Processor& processor_;
  const std::function<void(std::string_view)> log_;
  std::mutex mutex_;  // the last of several readings is the one that stays
};

}  // namespace bridge::gateway

#endif  // BRIDGE_PROGRAMS_SET_GATEWAY_RENEWAL_H_
