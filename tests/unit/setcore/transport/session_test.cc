// Merchant and gateway against each other, the octets between them in segments of every size.
#include <gtest/gtest.h>

#include <string>

#include "setcore/transport/diagnostic.h"
#include "setcore/transport/gateway_connection.h"
#include "setcore/transport/merchant_connection.h"
#include "setcore/transport/rrpid.h"
#include "unit/setcore/transport/text.h"

namespace setcore::transport {
namespace {

class Session : public ::testing::Test {
 protected:
  Session() {
    merchant_settings_.transport_id = "m";
    merchant_settings_.shared_secret = SecretOctets(ToOctets("secret of the merchant"));
    gateway_settings_.secret = [this](std::string_view, std::string_view) { return &secret_; };
  }

  static void Carry(std::string octets, std::size_t step, auto& to) {
    for (std::size_t at = 0; at < octets.size(); at += step) {
      to.Received(ToOctets(octets.substr(at, step)), 0);
    }
  }

  // Carries octets both ways until nothing moves; the gateway answers "M" with "answer to M".
  void Exchange(std::size_t step) {
    while (merchant_.has_output() || gateway_.has_output()) {
      Carry(gateway_.TakeOutput(), step, merchant_);
      Carry(merchant_.TakeOutput(), step, gateway_);
      while (auto event = gateway_.NextEvent()) {
        if (event->kind != GatewayEvent::Kind::kRequest) continue;
        gateway_.Respond(event->request, ToOctets("answer to " + ToText(event->message)), 0);
      }
      while (auto event = merchant_.NextEvent()) {
        if (event->kind == MerchantEvent::Kind::kResponse) {
          answers_ += std::to_string(event->request) + "=" + ToText(event->response) + ";";
        }
      }
    }
  }

  SecretOctets secret_{ToOctets("secret of the merchant")};
  MerchantSettings merchant_settings_;
  GatewaySettings gateway_settings_;
  MerchantConnection merchant_{merchant_settings_};
  GatewayConnection gateway_{gateway_settings_};
  std::string answers_;
};

TEST_F(Session, AuthenticatesExchangesAndClosesInSegmentsOfEverySize) {
  for (std::size_t step = 1; step < 300; step += step < 20 ? 1 : 37) {
    merchant_.~MerchantConnection();
    new (&merchant_) MerchantConnection(merchant_settings_);
    gateway_.~GatewayConnection();
    new (&gateway_) GatewayConnection(gateway_settings_);
    answers_.clear();
    merchant_.Connected(0);
    gateway_.Accept("192.0.2.1", true, "<1.2@gw>", 0);
    Exchange(step);
    ASSERT_TRUE(merchant_.CanSubmit());
    merchant_.Submit(1, ToOctets("A"), 0);
    merchant_.Submit(2, ToOctets("B"), 0);
    Exchange(step);
    EXPECT_EQ(answers_, "1=answer to A;2=answer to B;");
    merchant_.Echo(0);
    Exchange(step);
    merchant_.Close("idle-connection", 0);
    Exchange(step);
    EXPECT_EQ(merchant_.state(), MerchantState::kClosed);
    EXPECT_EQ(gateway_.state(), GatewayState::kClosed);
  }
}

TEST_F(Session, AWrongSecretClosesBothSides) {
  merchant_settings_.shared_secret = SecretOctets(ToOctets("another"));
  merchant_.Connected(0);
  gateway_.Accept("192.0.2.1", true, "<1.2@gw>", 0);
  Exchange(1000);
  EXPECT_EQ(merchant_.state(), MerchantState::kClosed);
  EXPECT_EQ(gateway_.state(), GatewayState::kClosed);
}

TEST_F(Session, BothMayCloseAtTheSameMoment) {
  merchant_.Connected(0);
  gateway_.Accept("192.0.2.1", true, "<1.2@gw>", 0);
  Exchange(1000);
  merchant_.Close("idle-connection", 0);
  gateway_.Close("equipment going out of service", 0);
  Exchange(1000);
  EXPECT_EQ(merchant_.state(), MerchantState::kClosed);
  EXPECT_EQ(gateway_.state(), GatewayState::kClosed);
}

TEST(Diagnostic, OneMessageIsTakenInAnySplitting) {
  const std::string octets = DiagnosticOctets(ToOctets("an Error"));
  EXPECT_EQ(octets.find("msg-tag"), std::string::npos);
  for (std::size_t step = 1; step <= octets.size(); ++step) {
    DiagnosticReceiver receiver(1024, 30000, 1000);
    EXPECT_EQ(receiver.deadline(), 31000);
    bool done = false;
    for (std::size_t at = 0; at < octets.size(); at += step) {
      EXPECT_FALSE(done);
      done = receiver.Received(ToOctets(octets.substr(at, step)));
    }
    ASSERT_TRUE(done);
    EXPECT_EQ(receiver.TakeMessage(), ToOctets("an Error"));
    EXPECT_FALSE(receiver.TakeMessage());
    EXPECT_TRUE(receiver.Received(ToOctets(octets)));
    EXPECT_FALSE(receiver.TakeMessage());
  }
}

TEST(Diagnostic, AnythingElseEndsTheConnectionWithoutAMessage) {
  for (const std::string& octets :
       {ControlFrame(Control::kEcho, "e", "x"), std::string("+OK|x\r\n"),
        std::string("Content-Length: x\r\n\r\n"), SetFrame("1", std::string(1025, 'x'))}) {
    DiagnosticReceiver receiver(1024, 30000, 0);
    EXPECT_TRUE(receiver.Received(ToOctets(octets)));
    EXPECT_FALSE(receiver.TakeMessage());
  }
}

TEST(PeekRrpid, FindsTwentyOctetsInTheHeaderAndNothingElse) {
  const std::string rrpid(20, '\x07');
  const auto wrap = [](const std::string& fields) {
    const auto tlv = [](const std::string& contents) {
      return std::string("\x30") + static_cast<char>(contents.size()) + contents;
    };
    return ToOctets(tlv(tlv(fields)));
  };
  const std::string version("\x02\x01\x01", 3);
  const Octets good = wrap(version + "\x81\x14" + rrpid);
  ASSERT_TRUE(PeekRrpid(good));
  EXPECT_EQ(ToText(*PeekRrpid(good)), rrpid);
  EXPECT_FALSE(PeekRrpid(wrap(version)));
  EXPECT_FALSE(PeekRrpid(wrap(version + "\x81\x13" + rrpid.substr(1))));
  EXPECT_FALSE(PeekRrpid({}));
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(PeekRrpid(OctetView(good).first(size))) << size;
  }
}

TEST(ForLog, KeepsOneShortLineOfPrintableAscii) {
  EXPECT_EQ(ForLog("a\r\nb\x80"), "a??b?");
  for (const std::size_t size : {119U, 120U, 121U}) {
    EXPECT_EQ(ForLog(std::string(size, 'x')).size(), std::min<std::size_t>(size, 120));
  }
}

}  // namespace
}  // namespace setcore::transport
