// The configuration of set-gateway: what it takes, and that every fault names file, line and key.
#include <gtest/gtest.h>

#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "bridge/programs/set_gateway/config.h"
#include "bridge/programs/set_gateway/rules.h"
#include "unit/bridge/acquirer/gateway_process.h"

namespace bridge::gateway {
namespace {

class GatewayConfigTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { files_ = new GatewayFiles(); }
  static void TearDownTestSuite() { delete files_; }

  // The first 15 lines of every configuration here; brands and rules may follow.
  static std::string Base() {
    return "listen = \"127.0.0.1:7001\"\n"
           "state = \"gateway.db\"\n"
           "[[merchant]]\n"
           "transport_id = \"m\"\n"
           "shared_secret = \"hex:00112233445566778899aabbccddeeff\"\n"
           "[[trust]]\n"
           "certificate = \"root.pem\"\n"
           "[[brand]]\n"
           "brand_id = \"VISA\"\n"
           "signing_certificate = \"visa-gateway-sign.pem\"\n"
           "signing_key = \"visa-gateway-sign.key\"\n"
           "exchange_certificate = \"visa-gateway-exchange.pem\"\n"
           "exchange_key = \"visa-gateway-exchange.key\"\n";
  }

  LoadedConfig Read(const std::string& text) {
    path_ = files_->directory() + "/test.toml";
    std::ofstream(path_, std::ios::binary) << text;
    std::filesystem::permissions(path_, std::filesystem::perms::owner_all);
    return Load(path_, std::time(nullptr));
  }

  // `from` in the base becomes `to`; gives the first problem as text, without the path.
  std::string Problem(std::string_view from, std::string_view to) {
    std::string text = Base();
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
    const LoadedConfig loaded = Read(text);
    EXPECT_EQ(loaded.config.has_value(), loaded.problems.empty());
    if (loaded.problems.empty()) return "none";
    const std::string problem = ToText(loaded.problems.front());
    EXPECT_EQ(problem.substr(0, path_.size()), path_);
    return problem.substr(path_.size());
  }

  static GatewayFiles* files_;
  std::string path_;
};

GatewayFiles* GatewayConfigTest::files_ = nullptr;

TEST_F(GatewayConfigTest, TheSampleOfTheDocumentationIsTaken) {
  std::ifstream page(OPB_DOCS "/transport.md");
  std::string line;
  std::string sample;
  while (std::getline(page, line) && line != "```toml") {
  }
  while (std::getline(page, line) && line != "```") sample += line + "\n";
  const LoadedConfig loaded = Read(sample);
  ASSERT_TRUE(loaded.config) << ToText(loaded.problems.front());
  EXPECT_EQ(loaded.config->rules.size(), 2U);
  EXPECT_TRUE(loaded.warnings.empty());
}

TEST_F(GatewayConfigTest, DefaultsAreThoseOfTheInterfaces) {
  const LoadedConfig loaded = Read(Base());
  ASSERT_TRUE(loaded.config) << ToText(loaded.problems.front());
  const Config& config = *loaded.config;
  EXPECT_EQ(config.listen.host, "127.0.0.1");
  EXPECT_EQ(config.listen.port, 7001);
  EXPECT_FALSE(config.diagnostic_listen);
  EXPECT_EQ(config.state, files_->directory() + "/gateway.db");
  EXPECT_TRUE(config.challenge);
  EXPECT_FALSE(config.check_address);
  EXPECT_EQ(config.max_outstanding, 16);
  EXPECT_EQ(config.max_connections, 10000);
  EXPECT_EQ(config.max_connections_per_peer, 64);
  EXPECT_EQ(config.messages_per_second, 1000);
  EXPECT_EQ(config.header_timeout_ms, 10000);
  EXPECT_EQ(config.body_timeout_ms, 30000);
  EXPECT_EQ(config.max_message_bytes, 1048576U);
  EXPECT_EQ(config.t30_ms, 30000);
  EXPECT_EQ(config.t120_ms, 120000);
  EXPECT_EQ(config.merchants.at(0).shared_secret.size(), 16U);
  EXPECT_TRUE(loaded.warnings.empty());
}

TEST_F(GatewayConfigTest, EveryKeyIsRead) {
  const LoadedConfig loaded = Read(
      "diagnostic_listen = \"[::1]:0\"\nauthentication = \"both\"\nmax_outstanding = 1\n"
      "max_connections = 2\nmax_connections_per_peer = 3\nmessages_per_second = 4\n"
      "header_timeout_s = 5\nbody_timeout_s = 6\nmax_message_bytes = 4096\nt30_s = 7\nt120_s = "
      "8\n" +
      Base() +
      "bins = [\"4\", \"51\"]\nrequire_cardholder_certificate = false\n"
      "[[rule]]\npan = \"4000000000000010\"\nabove = \"1000.00\"\ncurrency = \"USD\"\n"
      "auth_code = \"callIssuer\"\ndelay_ms = 2500\n"
      "[[merchant]]\ntransport_id = \"n\"\nshared_secret = \"a text of 16 oct\"\n"
      "allowed_peers = [\"127.0.0.1\", \"::ffff:192.0.2.7\"]\n");
  ASSERT_TRUE(loaded.config) << ToText(loaded.problems.front());
  const Config& config = *loaded.config;
  EXPECT_EQ(config.diagnostic_listen->host, "::1");
  EXPECT_TRUE(config.check_address && config.challenge);
  EXPECT_EQ(config.max_outstanding, 1);
  EXPECT_EQ(config.max_connections, 2);
  EXPECT_EQ(config.max_connections_per_peer, 3);
  EXPECT_EQ(config.messages_per_second, 4);
  EXPECT_EQ(config.header_timeout_ms, 5000);
  EXPECT_EQ(config.body_timeout_ms, 6000);
  EXPECT_EQ(config.max_message_bytes, 4096U);
  EXPECT_EQ(config.t30_ms, 7000);
  EXPECT_EQ(config.t120_ms, 8000);
  EXPECT_EQ(config.brands.at(0).bins.size(), 2U);
  EXPECT_EQ(config.rules.at(0).auth_code, setcore::msg::AuthCode::kCallIssuer);
  EXPECT_EQ(config.rules.at(0).delay_ms, 2500);
  EXPECT_EQ(config.merchants.at(1).allowed_peers,
            (std::vector<std::string>{"127.0.0.1", "192.0.2.7"}));
}

TEST_F(GatewayConfigTest, EveryFaultNamesFileLineAndKey) {
  EXPECT_EQ(Problem("127.0.0.1:7001", "localhost:7001"),
            ":1: listen: \"localhost:7001\" is not ADDRESS:PORT, such as \"127.0.0.1:7001\" or "
            "\"[::1]:7001\"");
  EXPECT_TRUE(Problem("127.0.0.1:7001", "127.0.0.1:70010").starts_with(":1: listen: "));
  EXPECT_EQ(Problem("state = \"gateway.db\"", ""), ":1: state: is missing");
  EXPECT_TRUE(Problem("state = \"gateway.db\"", "state = 7").starts_with(":2: state: 7 is not"));
  EXPECT_TRUE(
      Problem("state", "authentication = \"odd\"\nstate").starts_with(":2: authentication: "));
  EXPECT_TRUE(
      Problem("state", "max_outstanding = 0\nstate").starts_with(":2: max_outstanding: 0 is not"));
  EXPECT_TRUE(Problem("state", "statistics = 1\nstate")
                  .starts_with(":2: statistics: is not a key that is known here"));
  EXPECT_TRUE(Problem("\"m\"", "\"m|n\"").starts_with(":4: merchant.transport_id: "));
  EXPECT_TRUE(Problem("hex:00", "hex:0").starts_with(":5: merchant.shared_secret: the value is"));
  EXPECT_EQ(Problem("\"root.pem\"", "\"none.pem\""),
            ":7: trust.certificate: \"none.pem\" cannot be opened: No such file or directory");
  EXPECT_TRUE(Problem("\"root.pem\"", "\"root.key\"").starts_with(":7: trust.certificate: is not"));
  EXPECT_TRUE(Problem("visa-gateway-sign.pem", "visa-merchant-sign.pem")
                  .starts_with(":10: brand.signing_certificate: and signing_key are not usable"));
  EXPECT_TRUE(Problem("visa-gateway-exchange.key", "none.key")
                  .starts_with(":13: brand.exchange_key: \"none.key\" cannot be opened"));
  EXPECT_TRUE(Problem("listen =", "listen").starts_with(":1: is not TOML"));
}

TEST_F(GatewayConfigTest, AMerchantsCertificateIsNoGatewaysCertificate) {
  std::string text = Base();
  for (std::size_t at = 0; (at = text.find("visa-gateway-sign", at)) != std::string::npos;) {
    text.replace(at, 17, "visa-merchant-sign");
  }
  const LoadedConfig loaded = Read(text);
  ASSERT_FALSE(loaded.config);
  EXPECT_NE(
      ToText(loaded.problems.front()).find(":10: brand.signing_certificate: does not verify: "),
      std::string::npos);
}

TEST_F(GatewayConfigTest, AnotherBrandsKeysAreRefused) {
  EXPECT_EQ(Problem("\"VISA\"", "\"OTHER\""),
            ":10: brand.signing_certificate: is of brand \"VISA\"");
}

TEST_F(GatewayConfigTest, TheExchangeCertificateDecidesWhetherCardsNeedACertificate) {
  const LoadedConfig loaded = Read(Base() + "require_cardholder_certificate = true\n");
  ASSERT_FALSE(loaded.config);
  EXPECT_NE(ToText(loaded.problems.front())
                .find(":14: brand.require_cardholder_certificate: must be false"),
            std::string::npos);
}

TEST_F(GatewayConfigTest, RulesAreJudgedToo) {
  for (const auto& [line, key] : {std::pair{"auth_code = \"maybe\"", "auth_code"},
                                  {"auth_code = \"declined\"\nabove = \"-1\"", "above"},
                                  {"auth_code = \"declined\"\ncurrency = \"usd\"", "currency"},
                                  {"auth_code = \"declined\"\npan = \"4x\"", "pan"},
                                  {"delay_ms = 1", "auth_code"}}) {
    const LoadedConfig loaded = Read(Base() + "[[rule]]\n" + line + "\n");
    ASSERT_FALSE(loaded.config) << line;
    EXPECT_EQ(loaded.problems.front().key, std::string("rule.") + key);
    EXPECT_EQ(ToText(loaded.problems.front()).find("4x"), std::string::npos) << "a secret";
  }
}

TEST_F(GatewayConfigTest, AChallengeNeedsASecretAndAMerchant) {
  EXPECT_EQ(Problem("shared_secret = \"hex:00112233445566778899aabbccddeeff\"", ""),
            ":3: merchant.shared_secret: is missing");
  std::string text = Base();
  text.erase(text.find("[[merchant]]"), text.find("[[trust]]") - text.find("[[merchant]]"));
  EXPECT_FALSE(Read(text).config);
  EXPECT_TRUE(Read("authentication = \"none\"\n" + text).config);
}

TEST_F(GatewayConfigTest, AWeakSecretIsAWarning) {
  std::string text = Base();
  text.replace(text.find("hex:00112233445566778899aabbccddeeff"), 36, "tanstaaf");
  const LoadedConfig loaded = Read(text);
  ASSERT_TRUE(loaded.config);
  ASSERT_EQ(loaded.warnings.size(), 1U);
  EXPECT_EQ(loaded.warnings[0].key, "shared_secret");
}

TEST_F(GatewayConfigTest, TheNextKeysOfABrandStandBesideItsKeys) {
  files_->MakeNextKeys("next", std::time(nullptr) - 60);
  std::string next = Base().substr(Base().find("[[brand]]"));
  for (std::size_t at = 0; (at = next.find("visa-gateway", at)) != std::string::npos;) {
    next.replace(at, 4, "next");
  }
  const LoadedConfig loaded = Read(Base() + next);
  ASSERT_TRUE(loaded.config) << ToText(loaded.problems.front());
  EXPECT_EQ(loaded.config->brands.size(), 2U);
  EXPECT_TRUE(loaded.warnings.empty());
}

TEST_F(GatewayConfigTest, TheSameKeysOfABrandTwiceAreAProblem) {
  const LoadedConfig loaded = Read(Base() + Base().substr(Base().find("[[brand]]")));
  ASSERT_FALSE(loaded.config);
  EXPECT_EQ(loaded.problems.front().key, "brand.brand_id");
}

TEST_F(GatewayConfigTest, TheProgramEndsWithOneLineAndTheRightStatus) {
  Read(Base() + "odd = 1\n");
  const Ended wrong = RunGateway(path_);
  EXPECT_EQ(wrong.status, 1);
  EXPECT_NE(wrong.errors.find(":14: brand.odd: is not a key"), std::string::npos) << wrong.errors;
  EXPECT_EQ(std::count(wrong.errors.begin(), wrong.errors.end(), '\n'), 1);
  EXPECT_EQ(RunGateway("--no-such-option").status, 2);
  EXPECT_EQ(RunGateway("--help").status, 0);
}

TEST(CanonicalAddress, GivesOneTextPerAddress) {
  EXPECT_EQ(CanonicalAddress("127.0.0.1"), "127.0.0.1");
  EXPECT_EQ(CanonicalAddress("0:0::1"), "::1");
  EXPECT_EQ(CanonicalAddress("::ffff:192.0.2.1"), "192.0.2.1");
  EXPECT_FALSE(CanonicalAddress("127.0.0.01"));
  EXPECT_FALSE(CanonicalAddress("localhost"));
  EXPECT_FALSE(CanonicalAddress(""));
}

TEST(Rules, TheFirstThatFitsAnswersAndNoneApproves) {
  using setcore::msg::AuthCode;
  std::vector<Rule> rules(3);
  rules[0].pan = setcore::SecretString("4000000000000010");
  rules[0].auth_code = AuthCode::kCallIssuer;
  rules[1].above = "1000.00";
  rules[1].currency = "USD";
  rules[1].auth_code = AuthCode::kDeclined;
  rules[1].delay_ms = 5;
  rules[2].above = "500";
  rules[2].auth_code = AuthCode::kNoReply;
  const auto code = [&](std::string_view pan, setcore::initiation::PurchAmt amount) {
    return Judge(rules, pan, amount).auth_code;
  };
  EXPECT_EQ(code("4000000000000010", {840, 1, -2}), AuthCode::kCallIssuer);
  EXPECT_EQ(code("4000000000000002", {840, 100001, -2}), AuthCode::kDeclined);
  EXPECT_EQ(code("4000000000000002", {840, 100000, -2}), AuthCode::kNoReply);
  EXPECT_EQ(code("4000000000000002", {978, 200000, -2}), AuthCode::kNoReply);
  EXPECT_EQ(code("4000000000000002", {392, 500, 0}), AuthCode::kApproved);
  EXPECT_EQ(code("4000000000000002", {392, 501, 0}), AuthCode::kNoReply);
  EXPECT_EQ(Judge(rules, "4", {840, 200000, -2}).delay_ms, 5);
}

}  // namespace
}  // namespace bridge::gateway
