#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "load/loads.h"
#include "load/swarm.h"
#include "load/till.h"
#include "setcore/transport/frame.h"
#include "unit/bridge/acquirer/gateway_process.h"
#include "unit/setcore/transport/text.h"

namespace load {
namespace {

using setcore::transport::Control;
using setcore::transport::ControlFrame;
using setcore::transport::FrameKind;
using setcore::transport::FrameReader;

constexpr std::size_t kConnections = 32;
constexpr std::size_t kWindow = 8;     // echoes under way on a connection
constexpr unsigned kResetEvery = 500;  // echoes, on average
constexpr unsigned kSeed = 20260115;

// The echoes of one connection.
struct Line {
  FrameReader frames;
  std::vector<std::size_t> outstanding;
};

class Soak {
 public:
  Soak(std::size_t count, Swarm& swarm) : answered_(count), swarm_(swarm), lines_(kConnections) {
    swarm_.received = [this](std::size_t number, setcore::OctetView octets) {
      Received(number, octets);
    };
  }

  void Run() {
    swarm_.Open(kConnections);
    swarm_.reopened = [this](std::size_t number) { Fill(number); };
    for (std::size_t i = 0; i < kConnections; ++i) Fill(i);
    while (done_ < answered_.size()) swarm_.Wait();
  }

  std::size_t resets() const { return resets_; }
  std::size_t repeated() const { return repeated_; }

 private:
  static std::string BodyOf(std::size_t echo) { return fmt::format("number {}", echo); }

  void Fill(std::size_t number) {
    Line& line = lines_[number];
    std::string octets;
    while (line.outstanding.size() < kWindow && (next_ < answered_.size() || !again_.empty())) {
      std::size_t echo = next_;
      if (again_.empty()) {
        ++next_;
      } else {
        echo = again_.back();
        again_.pop_back();
      }
      line.outstanding.push_back(echo);
      octets += ControlFrame(Control::kEcho, fmt::format("{:x}", echo), BodyOf(echo));
    }
    // Now and then a connection ends in the middle of what is being sent.
    const bool reset = random_() % (kResetEvery / kWindow) == 0;
    if (reset) octets.resize(random_() % (octets.size() + 1));
    if (!octets.empty()) swarm_.Send(number, octets);
    if (!reset) return;
    again_.insert(again_.end(), line.outstanding.begin(), line.outstanding.end());
    repeated_ += line.outstanding.size();
    line = Line();
    ++resets_;
    swarm_.Reset(number);
  }

  void Received(std::size_t number, setcore::OctetView octets) {
    Line& line = lines_[number];
    while (!octets.empty()) {
      if (line.frames.Feed(octets) == FrameReader::Outcome::kMore) break;
      auto& frame = line.frames.frame();
      const auto body = setcore::transport::ToText(frame.body);
      const bool reply = frame.kind == FrameKind::kControl && frame.control == Control::kEchoReply;
      const std::size_t echo = frame.tag ? std::stoul(frame.tag->value, nullptr, 16) : 0;
      // Answers keep the order of the echoes: one that is missing, doubled or another's shows.
      if (!reply || line.outstanding.empty() || line.outstanding.front() != echo ||
          body != BodyOf(echo) || answered_[echo]) {
        throw std::runtime_error("a wrong answer: " + body);
      }
      line.outstanding.erase(line.outstanding.begin());
      answered_[echo] = true;
      ++done_;
    }
    if (line.outstanding.empty()) Fill(number);
  }

  std::vector<bool> answered_;
  Swarm& swarm_;
  std::vector<Line> lines_;
  std::vector<std::size_t> again_;
  std::mt19937 random_{kSeed};
  std::size_t next_ = 0;
  std::size_t done_ = 0;
  std::size_t resets_ = 0;
  std::size_t repeated_ = 0;
};

}  // namespace

void Echoes(std::size_t count) {
  bridge::GatewayFiles files;
  bridge::GatewayProcess gateway(
      files.Configure(0, "max_connections_per_peer = 1000\nmessages_per_second = 1000000\n"));
  Swarm swarm(gateway.port(),
              Swarm::Login{"merchant.example.com", SecretOf(files.shared_secret())});
  Soak soak(count, swarm);
  const auto start = std::chrono::steady_clock::now();
  soak.Run();
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
  fmt::print(
      "{} echoes answered, each once, in {:.1f} s; {} connections reset, {} echoes sent "
      "again\n",
      count, time.count(), soak.resets(), soak.repeated());
}

}  // namespace load
