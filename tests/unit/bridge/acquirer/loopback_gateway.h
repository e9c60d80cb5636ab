// LoopbackGateway: a gateway in this process, on 127.0.0.1, with as many connections as come.  A
// thread of its own reads and writes; the test takes the requests and decides about each.
#ifndef TESTS_UNIT_BRIDGE_ACQUIRER_LOOPBACK_GATEWAY_H_
#define TESTS_UNIT_BRIDGE_ACQUIRER_LOOPBACK_GATEWAY_H_

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "bridge/acquirer/socket.h"
#include "setcore/octets.h"
#include "setcore/transport/gateway_connection.h"

namespace bridge {

class LoopbackGateway {
 public:
  struct Request {
    int connection = 0;  // from 1
    setcore::transport::RequestId id = 0;
    std::string message;
  };

  LoopbackGateway();
  LoopbackGateway(const LoopbackGateway&) = delete;
  LoopbackGateway& operator=(const LoopbackGateway&) = delete;
  ~LoopbackGateway();

  std::uint16_t port() const { return port_; }
  // Waits until there is one more request.
  Request Next();
  // Waits until `part` stands in what the merchant has sent on `connection`.
  void AwaitOctets(int connection, const std::string& part);
  // Waits until the merchant has closed TCP.
  void AwaitEnd(int connection);
  int connections();  // so far

  void Answer(const Request& request);  // "answer to MESSAGE"
  void Refuse(const Request& request, setcore::transport::StatusClass status_class,
              std::uint32_t delay_s = 0);
  void Close(int connection);  // the gateway's Close
  void Cut(int connection);    // TCP, without a word
  // From now on nothing is answered, not even Echo and Close; new connections get no Greeting.
  void FallSilent();

 private:
  struct Connection {
    explicit Connection(const setcore::transport::GatewaySettings& settings) : line(settings) {}
    FileDescriptor socket;
    setcore::transport::GatewayConnection line;
    std::string received;
    bool ended = false;
  };

  void Run();
  void Serve(int number, Connection& connection);
  void Flush(Connection& connection);
  void Change(const std::function<void()>& change);

  setcore::transport::GatewaySettings settings_;
  FileDescriptor listener_;
  FileDescriptor wake_;
  std::uint16_t port_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  bool silent_ = false;
  std::map<int, Connection> connections_;
  std::deque<Request> requests_;
  std::thread thread_;
};

}  // namespace bridge

#endif  // TESTS_UNIT_BRIDGE_ACQUIRER_LOOPBACK_GATEWAY_H_
