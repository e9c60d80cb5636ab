// The hierarchy that `set-bridge pki` writes, asked with our own verification and with OpenSSL's
// command line, and the program's exit statuses.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "bridge/programs/set_bridge/passphrase.h"
#include "bridge/programs/set_bridge/pki_files.h"
#include "bridge/wallet/profile.h"
#include "bridge/wallet/provision.h"
#include "setcore/pki/certificate.h"
#include "setcore/pki/trust_store.h"
#include "unit/bridge/wallet/wallet_fixture.h"

namespace bridge::programs {
namespace {

using ::testing::HasSubstr;
using namespace bridge::testing;  // NOLINT
namespace pki = setcore::pki;
namespace fs = std::filesystem;

constexpr setcore::Time kNow = 1768478400;

struct Ran {
  int status = -1;
  std::string output;  // both streams
};

Ran Shell(const std::string& command) {
  Ran out;
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return out;
  char buffer[4096];
  for (std::size_t got = 0; (got = fread(buffer, 1, sizeof buffer, pipe)) > 0;) {
    out.output.append(buffer, got);
  }
  const int status = pclose(pipe);
  out.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return out;
}

Ran Bridge(const std::string& arguments) {
  return Shell(std::string(SET_BRIDGE) + " " + arguments);
}

pki::Chain ChainOf(const std::string& path) {
  auto chain = pki::ReadPemChain(View(ReadText(path)));
  return chain ? std::move(*chain) : pki::Chain{};
}

class PkiTest : public ::testing::Test {
 protected:
  PkiOptions Options() const {
    PkiOptions options;
    options.key_bits = 1024;
    options.now = kNow;
    return options;
  }

  TemporaryDirectory base_;
  std::string directory_ = base_ / "pki";
};

TEST_F(PkiTest, EveryEndEntityVerifiesInItsRole) {
  PkiOptions options = Options();
  options.brands = {"VISA", "MasterCard"};
  const auto made = WritePki(directory_, options);
  ASSERT_TRUE(made) << made.error();
  pki::TrustStore trust;
  ASSERT_TRUE(trust.AddRoot(View(ReadText(directory_ + "/root.pem"))));
  const struct {
    const char* file;
    pki::Role role;
  } leaves[] = {
      {"cardholder", pki::Role::kCardholderSignature},
      {"merchant-sign", pki::Role::kMerchantSignature},
      {"merchant-exchange", pki::Role::kMerchantExchange},
      {"gateway-sign", pki::Role::kGatewaySignature},
      {"gateway-exchange", pki::Role::kGatewayExchange},
  };
  for (const PkiBrand& brand : made->brands) {
    for (const auto& leaf : leaves) {
      const std::string path = fmt::format("{}/{}-{}", directory_, brand.stem, leaf.file);
      const pki::Chain chain = ChainOf(path + ".pem");
      ASSERT_EQ(chain.size(), 4U) << path;
      const auto verified =
          trust.Verify(chain[0], std::span(chain).subspan(1), {}, leaf.role, kNow);
      EXPECT_TRUE(verified) << path << ": " << verified.error().detail;
      EXPECT_EQ(chain[0]->subject_parts().organization, brand.protocol_brand_id);
      EXPECT_EQ(chain[0]->key()->size(), 128U);
      EXPECT_TRUE(
          pki::CertifiedKey::FromPem(View(ReadText(path + ".pem")), View(ReadText(path + ".key"))))
          << path;
    }
    const pki::Chain card = ChainOf(fmt::format("{}/{}-cardholder.pem", directory_, brand.stem));
    EXPECT_EQ(card[0]->subject_parts().common_name,
              pki::UniqueCardholderId(brand.pan.view(), brand.expiry, brand.pan_secret.view()));
  }
  EXPECT_EQ(made->brands[0].pan.view(), "4000000000000002");
  EXPECT_EQ(made->brands[1].pan.view().substr(0, 2), "51");
}

TEST_F(PkiTest, OpenSslReadsEveryFileAndFollowsEverySignature) {
  ASSERT_TRUE(WritePki(directory_, Options()));
  int certificates = 0;
  for (const auto& entry : fs::directory_iterator(directory_)) {
    const std::string path = entry.path().string();
    EXPECT_EQ(fs::status(path).permissions(), fs::perms(0600)) << path;
    if (path.ends_with(".key")) {
      EXPECT_EQ(Shell("openssl pkey -noout -check -in " + path).status, 0) << path;
      const std::string chain = path.substr(0, path.size() - 4) + ".pem";
      EXPECT_EQ(Shell("openssl pkey -pubout -in " + path).output,
                Shell("openssl x509 -noout -pubkey -in " + chain).output);
      continue;
    }
    ++certificates;
    const Ran verified = Shell(
        fmt::format("openssl verify -ignore_critical -auth_level 0 -attime {} -CAfile {}/root.pem "
                    "-untrusted {} {}",
                    kNow, directory_, path, path));
    EXPECT_EQ(verified.status, 0) << path << ": " << verified.output;
  }
  EXPECT_EQ(certificates, 10);
}

TEST_F(PkiTest, TheReadyProfilesProvisionAWalletEach) {
  PkiOptions options = Options();
  options.brands = {"VISA", "MasterCard", "JCB"};
  const auto made = WritePki(directory_, options);
  ASSERT_TRUE(made);
  ASSERT_TRUE(WriteProfiles(directory_, *made, {"127.0.0.1", 4711, 4712}));
  for (const char* role : {"consumer", "merchant", "payment-handler"}) {
    const auto profile = ReadProfile(fmt::format("{}/{}.toml", directory_, role));
    ASSERT_TRUE(profile) << ToText(profile.error().front());
    EXPECT_TRUE(profile->warnings.empty()) << ToText(profile->warnings.front());
    const auto done = Provision(base_ / role, *profile, {"", kScryptTestN, kNow * 1000});
    EXPECT_TRUE(done) << done.error().detail;
  }
  const auto handler = ReadProfile(directory_ + "/payment-handler.toml");
  EXPECT_EQ(handler->config.gateways[0].port, 4711);
  EXPECT_EQ(handler->config.gateways[0].diagnostic_port, 4712);
  EXPECT_EQ(ReadProfile(directory_ + "/consumer.toml")->config.instruments.size(), 6U);
}

TEST_F(PkiTest, CardCertRequiredStandsInTheGatewaysCertificateAndEveryProfile) {
  for (const bool required : {false, true}) {
    const std::string directory = directory_ + (required ? "1" : "0");
    PkiOptions options = Options();
    options.card_cert_required = required;
    const auto made = WritePki(directory, options);
    ASSERT_TRUE(made);
    EXPECT_EQ(ChainOf(directory + "/visa-gateway-exchange.pem")[0]->card_cert_required(), required);
    ASSERT_TRUE(WriteProfiles(directory, *made, {}));
    const auto handler = ReadProfile(directory + "/payment-handler.toml");
    EXPECT_EQ(handler->config.policy.require_cardholder_certificate, required);
    EXPECT_EQ(ReadProfile(directory + "/consumer.toml")->config.instruments.size(),
              required ? 1U : 2U);
    EXPECT_THAT(ReadText(directory + "/gateway.toml"),
                HasSubstr(fmt::format("require_cardholder_certificate = {}", required)));
  }
}

TEST_F(PkiTest, NothingThatExistsIsOverwritten) {
  ASSERT_TRUE(WritePki(directory_, Options()));
  const std::string before = ReadText(directory_ + "/root.key");
  const auto again = WritePki(directory_, Options());
  ASSERT_FALSE(again);
  EXPECT_THAT(again.error(), HasSubstr("exists already"));
  EXPECT_EQ(ReadText(directory_ + "/root.key"), before);
}

TEST_F(PkiTest, BrandsThatSetCannotPayWithAreRefused) {
  PkiOptions options = Options();
  options.brands = {"Mondex"};
  EXPECT_THAT(WritePki(directory_, options).error(), HasSubstr("\"Mondex\""));
  options.brands = {"VISA", "Visa"};
  EXPECT_THAT(WritePki(directory_, options).error(), HasSubstr("twice"));
  EXPECT_FALSE(fs::exists(directory_));
}

TEST_F(PkiTest, TheProgramSaysHowItWentByItsExitStatus) {
  EXPECT_EQ(Bridge("--help").status, 0);
  EXPECT_EQ(Bridge("pki --help").status, 0);
  EXPECT_EQ(Bridge("").status, 2);
  EXPECT_EQ(Bridge("nonsense").status, 2);
  EXPECT_EQ(Bridge("pki").status, 2);
  EXPECT_EQ(Bridge("pki --key-bits 512 " + directory_).status, 2);
  EXPECT_EQ(Bridge("pki /proc/no/where").status, 1);
  const Ran made = Bridge("pki --key-bits 1024 " + directory_);
  EXPECT_EQ(made.status, 0) << made.output;
  EXPECT_EQ(Bridge("provision").status, 2);
  const std::string wallet = base_ / "w";
  const Ran done = Bridge(fmt::format("provision {} {}/consumer.toml", wallet, directory_));
  EXPECT_EQ(done.status, 0) << done.output;
  EXPECT_THAT(done.output, HasSubstr("made as wallet \"alice-1\""));
  EXPECT_THAT(Bridge(fmt::format("provision {} {}/consumer.toml", wallet, directory_)).output,
              HasSubstr("brought up to date"));
}

TEST_F(PkiTest, OutputThatCannotBeWrittenIsAFailure) {
  ASSERT_EQ(Bridge("pki --key-bits 1024 " + directory_).status, 0);
  const std::string wallet = base_ / "w";
  ASSERT_EQ(Bridge("provision " + wallet + " " + directory_ + "/merchant.toml").status, 0);
  for (const std::string& command :
       {"payments " + wallet, "payments --json " + wallet, std::string("--help"),
        std::string("--version"), "provision " + wallet + " " + directory_ + "/merchant.toml"}) {
    EXPECT_EQ(Bridge(command).status, 0) << command;
    const Ran full = Shell(fmt::format("( {} {} >/dev/full )", SET_BRIDGE, command));
    EXPECT_EQ(full.status, 1) << command;
    EXPECT_THAT(full.output, HasSubstr("set-bridge: the output cannot be written")) << command;
    // Nor does a file of the wallet take the place of a closed standard output.
    const Ran closed = Shell(fmt::format("( {} {} >&- )", SET_BRIDGE, command));
    EXPECT_EQ(closed.status, 1) << command;
  }
  EXPECT_EQ(ReadText(wallet + "/lease").find("PayId"), std::string::npos);
}

TEST_F(PkiTest, ACommandThatThereIsNotIsNamed) {
  const Ran wrong = Bridge("captures");
  EXPECT_EQ(wrong.status, 2);
  EXPECT_THAT(wrong.output, HasSubstr("captures: no such command"));
  EXPECT_EQ(Bridge("").status, 2);
  EXPECT_EQ(Bridge("demo --currency CHF").status, 2);
  EXPECT_EQ(Bridge("demo --amount 1.234").status, 2);
}

TEST_F(PkiTest, ProvisionSaysWhatIsWrongWithAProfile) {
  ASSERT_EQ(Bridge("pki --key-bits 1024 " + directory_).status, 0);
  const std::string profile = directory_ + "/payment-handler.toml";
  const std::string text =
      With(ReadText(profile), "port            = 7001", "port            = \"7001\"");
  WriteText(profile, text);
  const Ran refused = Bridge(fmt::format("provision {} {}", base_ / "w", profile));
  EXPECT_EQ(refused.status, 1);
  EXPECT_EQ(refused.output,
            fmt::format("set-bridge provision: payment-handler.toml:{}: gateway.port: \"7001\" is "
                        "not a port (1..65535)\n",
                        LineOf(text, "port            = \"7001\"")));
  EXPECT_FALSE(fs::exists(base_ / "w"));
}

TEST_F(PkiTest, ThePassphraseIsTheFirstLineOfItsFile) {
  ASSERT_EQ(Bridge("pki --key-bits 1024 " + directory_).status, 0);
  const std::string file = base_ / "passphrase";
  const std::string command =
      fmt::format("provision --fast-scrypt --passphrase-file {} {} {}/consumer.toml", file,
                  base_ / "w", directory_);
  WriteText(file, "open sesame\nanother line\n");
  EXPECT_EQ(Bridge(command).status, 0);
  EXPECT_FALSE(fs::exists(base_ / "w/key"));
  WriteText(file, "open sesame");
  EXPECT_EQ(Bridge(command).status, 0);
  WriteText(file, "open sesame\r\n");
  EXPECT_EQ(Bridge(command).status, 0);
  WriteText(file, "wrong\n");
  EXPECT_EQ(Bridge(command).status, 1);
  WriteText(file, "\n");
  EXPECT_EQ(Bridge(command).status, 1);
  WriteText(file, "open sesame\n");
  chmod(file.c_str(), 0644);
  const Ran open = Bridge(command);
  EXPECT_EQ(open.status, 1);
  EXPECT_THAT(open.output, HasSubstr("chmod 600"));
}

TEST(Passphrase, HasALongest) {
  const TemporaryDirectory directory;
  const std::string file = directory / "p";
  for (const std::size_t size : {kMaxPassphrase - 1, kMaxPassphrase, kMaxPassphrase + 1}) {
    WriteText(file, std::string(size, 'p') + "\n");
    const auto read = ReadPassphrase(file);
    EXPECT_EQ(read.has_value(), size <= kMaxPassphrase);
    if (read) {
      EXPECT_EQ(read->size(), size);
    }
  }
}

}  // namespace
}  // namespace bridge::programs
