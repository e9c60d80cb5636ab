// The wallet profile: what is read, what is refused, and in which words.
#include "bridge/wallet/profile.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opb.h>

#include <filesystem>
#include <string>
#include <vector>

#include "bridge/wallet/profile_values.h"
#include "unit/bridge/wallet/wallet_fixture.h"

namespace bridge {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using namespace bridge::testing;  // NOLINT

class ProfileTest : public ::testing::Test {
 protected:
  ProfileTest() { CopyPki(directory_.path()); }

  std::vector<std::string> ProblemsOf(const std::string& text) const {
    const auto profile = ParseProfile(text, directory_ / "wallet.toml");
    std::vector<std::string> out;
    if (profile) return out;
    for (const TomlProblem& problem : profile.error()) out.push_back(ToText(problem));
    return out;
  }

  std::vector<std::string> WarningsOf(const std::string& text) const {
    const auto profile = ParseProfile(text, directory_ / "wallet.toml");
    std::vector<std::string> out;
    EXPECT_TRUE(profile) << (profile ? "" : ToText(profile.error().front()));
    if (!profile) return out;
    for (const TomlProblem& warning : profile->warnings) out.push_back(ToText(warning));
    return out;
  }

  TemporaryDirectory directory_;
};

std::string Text(const setcore::SecretOctets& octets) {
  return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}

TEST_F(ProfileTest, EveryKeyOfACompleteProfileArrives) {
  const auto profile = ParseProfile(kProfile, directory_ / "wallet.toml");
  ASSERT_TRUE(profile) << ToText(profile.error().front());
  EXPECT_THAT(profile->warnings, IsEmpty());
  const WalletConfig& config = profile->config;
  EXPECT_EQ(config.wallet_id, "all-1");
  EXPECT_EQ(config.roles, OPB_ROLE_CONSUMER | OPB_ROLE_MERCHANT | OPB_ROLE_PAYMENT_HANDLER);
  EXPECT_EQ(config.language, "en");
  ASSERT_EQ(config.trust.size(), 1U);
  EXPECT_THAT(config.trust[0].brands, ElementsAre("VISA"));
  EXPECT_EQ(config.revocations.size(), 1U);

  ASSERT_EQ(config.instruments.size(), 2U);
  const InstrumentConfig& gold = config.instruments[0];
  EXPECT_EQ(gold.id, "visa-gold");
  EXPECT_EQ(gold.name, "Alice's Visa Gold");
  EXPECT_EQ(gold.brand_id, "VISA");
  EXPECT_EQ(gold.protocol_brand_id, "VISA:Gold");
  EXPECT_THAT(gold.currencies, ElementsAre("USD", "EUR"));
  ASSERT_EQ(gold.limits.size(), 1U);
  EXPECT_EQ(gold.limits[0].currency, "USD");
  EXPECT_EQ(gold.limits[0].lowest, "0.01");
  EXPECT_EQ(gold.limits[0].highest, "2000");
  EXPECT_EQ(gold.chain.size(), 4U);
  EXPECT_FALSE(gold.hidden);
  const InstrumentSecrets& secrets = profile->instrument_secrets[0];
  EXPECT_EQ(secrets.pan.view(), kPan);
  EXPECT_EQ(secrets.expiry.view(), "203012");
  EXPECT_EQ(secrets.card_secret.data()[0], 0x8d);
  EXPECT_EQ(secrets.pan_secret.data()[19], 0xdc);
  EXPECT_FALSE(secrets.private_key.empty());

  // set-processing.md, 1.1.
  const InstrumentSecrets& plain = profile->instrument_secrets[1];
  EXPECT_TRUE(config.instruments[1].chain.empty());
  EXPECT_EQ(Text(plain.card_secret), std::string(20, '\0'));
  EXPECT_EQ(Text(plain.pan_secret), std::string(20, '\0'));
  EXPECT_TRUE(plain.private_key.empty());

  EXPECT_EQ(config.organisation.org_id, "shop.example");
  EXPECT_EQ(config.organisation.merchant_id, "00012345");
  ASSERT_EQ(config.brands.size(), 1U);
  const BrandConfig& brand = config.brands[0];
  EXPECT_EQ(brand.name, "Visa");
  EXPECT_EQ(brand.logo_url, "https://shop.example/visa.gif");
  EXPECT_EQ(brand.narrative, "Double points this week");
  EXPECT_THAT(brand.currencies, ElementsAre("USD", "EUR", "JPY"));
  EXPECT_EQ(brand.limits.size(), 2U);
  EXPECT_THAT(brand.bins, ElementsAre("4"));
  EXPECT_EQ(brand.payment_handler_org_id, "pay.example");
  EXPECT_EQ(brand.pay_req_url, "http://pay.example/iotp");
  EXPECT_EQ(brand.sec_pay_req_url, "https://pay.example/iotp");
  EXPECT_EQ(brand.signing_chain.size(), 4U);
  EXPECT_EQ(brand.exchange_chain.size(), 4U);
  EXPECT_EQ(brand.gateway_chain.size(), 4U);
  EXPECT_EQ(brand.gateway, "acquirer");
  EXPECT_FALSE(profile->brand_keys[0].signing.empty());
  EXPECT_FALSE(profile->brand_keys[0].exchange.empty());

  ASSERT_EQ(config.gateways.size(), 1U);
  const GatewayConfig& gateway = config.gateways[0];
  EXPECT_EQ(gateway.host, "127.0.0.1");
  EXPECT_EQ(gateway.port, 7001);
  EXPECT_EQ(gateway.diagnostic_port, 7002);
  EXPECT_EQ(gateway.transport_id, "merchant.example.com");
  EXPECT_TRUE(gateway.has_secret);
  EXPECT_EQ(Text(profile->gateway_secrets[0]), kSharedSecret);
  EXPECT_EQ(gateway.max_outstanding, 8U);
  EXPECT_EQ(gateway.max_connections, 2U);
  EXPECT_EQ(gateway.max_retries, 5U);
  EXPECT_EQ(gateway.min_resubmit_s, 61U);
  EXPECT_EQ(gateway.answer_timeout_s, 21U);
  EXPECT_EQ(gateway.t30_s, 31U);
  EXPECT_EQ(gateway.t120_s, 121U);
  EXPECT_EQ(gateway.echo_s, 0U);
  EXPECT_EQ(gateway.idle_close_s, 300U);
  EXPECT_TRUE(config.policy.capture_now);
  EXPECT_FALSE(config.policy.require_cardholder_certificate);
  EXPECT_EQ(config.policy.max_message_bytes, 65536U);
  EXPECT_EQ(config.policy.max_pending, 77U);
  EXPECT_EQ(config.policy.keep_days, 400U);
}

// Replaces `from` by `to` in the complete profile: the one problem stands in the line of `at`, at
// `key`, and says `text`.
struct Wrong {
  std::string from;
  std::string to;
  std::string at;
  std::string key;
  std::string text;
};

const std::vector<Wrong>& Wrongs() {
  static const auto& rows = *new std::vector<Wrong>{
      // the file as TOML
      {"port            = 7001", "port            = 70 01", "70 01", "",
       "is not TOML from here on (https://toml.io/en/v1.0.0)"},
      {"[organisation]", "[\u041D]", "[\u041D]", "",
       "is not TOML from here on (https://toml.io/en/v1.0.0)"},
      {"[organisation]", "[.organisation]", "[.organisation]", "",
       "is not TOML from here on (https://toml.io/en/v1.0.0)"},
      {"language  = \"en\"", "language  = \"en\"\nlanguage  = \"de\"", "language  = \"de\"", "",
       "gives a key or a table a second time"},
      {"language  = \"en\"", "language  = \"en\"\nx = \"" + std::string(65, '.') + "\"", "x = ", "",
       "more than 64 dots in one line"},
      // unknown keys, wrong types
      {"language  = \"en\"", "language  = \"en\"\ncolour = 1", "colour", "colour",
       "is not a key that is known here (brand, crl, gateway, instrument, language, organisation, "
       "policy, roles, trust, wallet_id)"},
      {"file = \"merchant-ca.crl.pem\"", "file = \"merchant-ca.crl.pem\"\nname = \"x\"",
       "name = \"x\"", "crl.name", "is not a key that is known here (file)"},
      {"t30_s           = 31", "t30_s           = \"5 minutes\"", "t30_s", "gateway.t30_s",
       "\"5 minutes\" is not a number of seconds (1..600)"},
      {"t30_s           = 31", "t30_s           = 31.5", "t30_s", "gateway.t30_s",
       "31.5 is not a number of seconds (1..600)"},
      {"t30_s           = 31", "t30_s           = 2026-01-15", "t30_s", "gateway.t30_s",
       "a date or time is not a number of seconds (1..600)"},
      {"capture_now                    = true", "capture_now                    = \"yes\"",
       "capture_now", "policy.capture_now", "\"yes\" is not true or false"},
      {"\"consumer\", \"merchant\", \"payment-handler\"]", "\"consumer\", 7, \"merchant\"]",
       "roles", "roles", "7 is not a text in quotes"},
      {"wallet_id = \"all-1\"", "wallet_id = 1", "wallet_id", "wallet_id",
       "1 is not a text in quotes"},
      {"pan               = \"4000000000000002\"", "pan               = 4000000000000002", "pan  ",
       "instrument.pan", "the value is not a text in quotes"},
      {"[policy]", "[[policy]]", "[[policy]]", "policy", "an array is not a table: [policy]"},
      // the wallet
      {"wallet_id = \"all-1\"", "", "", "wallet_id", "is missing"},
      {"wallet_id = \"all-1\"", "wallet_id = \"\"", "wallet_id", "wallet_id",
       "\"\" is not a wallet id (1..32 characters)"},
      {"\"consumer\", \"merchant\"", "\"buyer\", \"merchant\"", "roles", "roles",
       "\"buyer\" is not a role (\"consumer\", \"merchant\" or \"payment-handler\")"},
      {"\"consumer\", \"merchant\"", "\"merchant\", \"merchant\"", "roles", "roles",
       "\"merchant\" is named twice"},
      {"language  = \"en\"", "language  = \"english language\"", "language", "language",
       "\"english language\" is not a language tag of RFC 1766, such as \"en\" or \"de-CH\""},
      // trust and revocation
      {"certificate = \"root.pem\"", "certificate = \"absent.pem\"", "absent.pem",
       "trust.certificate", "the file \"absent.pem\" cannot be opened: No such file or directory"},
      {"certificate = \"root.pem\"", "certificate = \".\"", "certificate = ", "trust.certificate",
       "the file \".\" is not a file"},
      {"certificate = \"root.pem\"", "certificate = \"\"", "certificate = ", "trust.certificate",
       "\"\" is not a file name (1..1024 octets)"},
      {"certificate = \"root.pem\"", "certificate = \"merchant-sign.pem\"", "certificate = ",
       "trust.certificate", "the file does not hold exactly one certificate in PEM"},
      {"file = \"merchant-ca.crl.pem\"", "file = \"root.pem\"", "file = ", "crl.file",
       "the file holds neither a CRL nor a BrandCRLIdentifier, in DER or PEM"},
      {"file = \"merchant-ca.crl.pem\"", "", "[[crl]]", "crl.file", "is missing"},
      // instruments
      {"id                = \"visa-gold\"", "", "[[instrument]]", "instrument.id", "is missing"},
      {"id                = \"visa-plain\"", "id                = \"visa-gold\"",
       "id                = \"visa-gold\"\nname              = \"Alice's plain", "instrument.id",
       "\"visa-gold\" is the id of another [[instrument]] already"},
      {"protocol_brand_id = \"VISA:Gold\"", "protocol_brand_id = \"VISA:Platinum\"",
       "protocol_brand_id = \"VISA:Platinum\"", "instrument.protocol_brand_id",
       "\"VISA:Platinum\" does not agree with the certificate, which says \"VISA:Gold\""},
      {"protocol_brand_id = \"VISA:Gold\"", "protocol_brand_id = \"VISA:Gold:Shop\"",
       "protocol_brand_id = \"VISA:Gold:Shop\"", "instrument.protocol_brand_id",
       "\"VISA:Gold:Shop\" does not agree with the certificate, which says \"VISA:Gold\""},
      {"protocol_brand_id = \"VISA:Gold\"", "protocol_brand_id = \":Gold\"",
       "protocol_brand_id = \":Gold\"", "instrument.protocol_brand_id",
       "\":Gold\" is not brand[:Product][:PCN] (1..64 characters, brand:Product at most 40)"},
      {"pan               = \"4000000000000002\"", "pan               = \"4000 0000\"", "pan  ",
       "instrument.pan", "the value is not an account number (1..19 digits)"},
      {"expiry            = \"203012\"", "expiry            = \"203013\"", "expiry",
       "instrument.expiry", "the value is not an expiry month (YYYYMM)"},
      {"currencies        = [\"USD\", \"EUR\"]", "currencies        = [\"USD\", \"XXQ\"]",
       "currencies", "instrument.currencies",
       "\"XXQ\" is not a currency of ISO 4217 (three capital letters)"},
      {"currencies        = [\"USD\", \"EUR\"]", "currencies        = [\"usd\", \"USD\"]",
       "currencies", "instrument.currencies",
       "\"usd\" is not a currency of ISO 4217 (three capital letters)"},
      {"currencies        = [\"USD\", \"EUR\"]", "currencies        = [\"USD\", \"USD\"]",
       "currencies", "instrument.currencies", "\"USD\" is named twice"},
      {"currencies        = [\"USD\", \"EUR\"]", "currencies        = []", "currencies",
       "instrument.currencies", "has 0 items (1..300)"},
      {"USD = [\"0.01\", \"2000\"]", "USD = [\"0.001\", \"2000\"]", "limits",
       "instrument.limits.USD",
       "is not [\"lowest\", \"highest\"], two amounts with no more decimals than the currency "
       "has"},
      {"USD = [\"0.01\", \"2000\"]", "USD = [\"2000\", \"0.01\"]", "limits",
       "instrument.limits.USD",
       "is not [\"lowest\", \"highest\"], two amounts with no more decimals than the currency "
       "has"},
      {"USD = [\"0.01\", \"2000\"]", "USD = [\"2000\"]", "limits", "instrument.limits.USD",
       "is not [\"lowest\", \"highest\"], two amounts with no more decimals than the currency "
       "has"},
      {"JPY = [\"1\", \"500000\"]", "JPY = [\"1.0\", \"500000\"]",
       "limits            = { USD = "
       "[\"0.01\", \"5000\"]",
       "brand.limits.JPY",
       "is not [\"lowest\", \"highest\"], two amounts with no more decimals than the currency "
       "has"},
      {"USD = [\"0.01\", \"2000\"]", "CHF = [\"0.01\", \"2000\"]", "limits",
       "instrument.limits.CHF", "is not one of the currencies of this section"},
      {"certificate       = \"cardholder.pem\"", "certificate       = \"merchant-ca.crl.pem\"",
       "certificate       = ", "instrument.certificate", "the file holds no certificates in PEM"},
      {"private_key       = \"cardholder.key\"", "private_key       = \"gateway-sign.key\"",
       "private_key", "instrument.private_key",
       "the key is not the one of the certificate beside it"},
      {"private_key       = \"cardholder.key\"", "private_key       = \"cardholder.pem\"",
       "private_key", "instrument.private_key", "the file holds no usable key"},
      {"private_key       = \"cardholder.key\"", "", "[[instrument]]", "instrument.private_key",
       "is missing: a card has all or none of certificate, private_key, card_secret and "
       "pan_secret"},
      {"card_secret       = \"8dc9", "card_secret       = \"8d", "card_secret",
       "instrument.card_secret", "the value is not 20 octets in hexadecimal digits"},
      {"pan_secret        = \"130d", "pan_secret        = \"13zd", "pan_secret",
       "instrument.pan_secret", "the value is not 20 octets in hexadecimal digits"},
      // the organisation
      {"[organisation]\norg_id      = \"shop.example\"\nmerchant_id = \"00012345\"", "", "",
       "organisation", "is missing"},
      {"org_id      = \"shop.example\"", "", "[organisation]", "organisation.org_id", "is missing"},
      {"merchant_id = \"00012345\"", "", "[organisation]", "organisation.merchant_id",
       "is missing"},
      // brands
      {"brand_id          = \"VISA\"\nprotocol_brand_id = \"VISA\"\nname",
       "protocol_brand_id = \"VISA\"\nname", "[[brand]]", "brand.brand_id", "is missing"},
      {"name              = \"Visa\"", "", "[[brand]]", "brand.name", "is missing"},
      {"logo_url          = \"https://shop.example/visa.gif\"", "logo_url = \"visa.gif\"",
       "logo_url", "brand.logo_url",
       "\"visa.gif\" is not a URL (http:// or https://, 512 characters at most)"},
      {"sec_pay_req_url   = \"https://pay", "sec_pay_req_url   = \"http://pay", "sec_pay_req_url",
       "brand.sec_pay_req_url",
       "\"http://pay.example/iotp\" is not a URL (https://, 512 characters at most)"},
      {"currencies        = [\"USD\", \"EUR\", \"JPY\"]\nlimits            = { USD = [\"0.01\", "
       "\"5000\"], JPY = [\"1\", \"500000\"] }",
       "", "[[brand]]", "brand.currencies", "is missing"},
      {"bins              = [\"4\"]", "bins              = [\"4\", \"4x\"]", "bins", "brand.bins",
       "\"4x\" is not an account number prefix (1..12 digits)"},
      {"payment_handler_org_id = \"pay.example\"", "", "[[brand]]", "brand.payment_handler_org_id",
       "is missing"},
      {"gateway              = \"acquirer\"", "gateway              = \"other\"",
       "gateway              = ", "brand.gateway", "\"other\" is not the name of a [[gateway]]"},
      {"signing_key          = \"merchant-sign.key\"", "", "[[brand]]", "brand.signing_key",
       "is missing"},
      {"signing_key          = \"merchant-sign.key\"",
       "signing_key          = \"merchant-exchange.key\"", "signing_key", "brand.signing_key",
       "the key is not the one of the certificate beside it"},
      // gateways
      {"name            = \"acquirer\"\nhost            = \"127.0.0.1\"",
       "name            = \"acquirer\"\nhost            = \"a b\"", "host", "gateway.host",
       "\"a b\" is not a host name or address (1..253 characters)"},
      {"port            = 7001", "", "[[gateway]]", "gateway.port", "is missing"},
      {"transport_id    = \"merchant.example.com\"", "transport_id    = \"a|b\"", "transport_id",
       "gateway.transport_id",
       "\"a|b\" is not a transport id (1..255 printable characters without '|')"},
      {"shared_secret   = \"a shared secret of some length\"", "shared_secret   = \"hex:0\"",
       "shared_secret", "gateway.shared_secret",
       "the value is not a text or \"hex:…\" of 1..1024 octets"},
      {"shared_secret   = \"a shared secret of some length\"", "shared_secret   = \"\"",
       "shared_secret", "gateway.shared_secret",
       "the value is not a text or \"hex:…\" of 1..1024 octets"},
      {"shared_secret   = \"a shared secret of some length\"", "shared_secret   = 12345678",
       "shared_secret", "gateway.shared_secret", "the value is not a text in quotes"},
  };
  return rows;
}

TEST_F(ProfileTest, EachThingWrongIsNamedWithFileLineAndKey) {
  for (const Wrong& wrong : Wrongs()) {
    const std::string text = With(kProfile, wrong.from, wrong.to);
    const unsigned line = wrong.at.empty() ? 1 : LineOf(text, wrong.at);
    const std::string place = fmt::format("wallet.toml:{}: {}{}{}", line, wrong.key,
                                          wrong.key.empty() ? "" : ": ", wrong.text);
    EXPECT_THAT(ProblemsOf(text), ElementsAre(::testing::StartsWith(place)))
        << wrong.from << " -> " << wrong.to;
  }
}

// These leave more than one thing wrong, or the words are those of the certificate checks.
TEST_F(ProfileTest, ACertificateOfAnotherUseIsRefused) {
  const struct {
    std::string from, to, at, key, what;
  } rows[] = {
      {"\"cardholder.pem\"", "\"merchant-sign.pem\"",
       "certificate       = ", "instrument.certificate", "a cardholder's signature certificate"},
      {"\"merchant-sign.pem\"", "\"merchant-exchange.pem\"", "signing_certificate",
       "brand.signing_certificate", "a merchant's signature certificate"},
      {"\"merchant-exchange.pem\"", "\"merchant-sign.pem\"", "exchange_certificate",
       "brand.exchange_certificate", "a merchant's key-exchange certificate"},
      {"\"gateway-exchange.pem\"", "\"gateway-sign.pem\"", "gateway_certificate",
       "brand.gateway_certificate", "a gateway's key-exchange certificate"},
  };
  for (const auto& row : rows) {
    const std::string text = With(kProfile, row.from, row.to);
    EXPECT_THAT(ProblemsOf(text),
                ElementsAre(::testing::StartsWith(fmt::format(
                    "wallet.toml:{}: {}: the first certificate is not {} under a root of [[trust]]",
                    LineOf(text, row.at), row.key, row.what))));
  }
}

TEST_F(ProfileTest, AChainUnderAnotherRootIsRefused) {
  std::filesystem::copy_file(OPB_VECTORS "/set-2048/pki/root.pem", directory_ / "other-root.pem");
  const auto problems = ProblemsOf(With(kProfile, "\"root.pem\"", "\"other-root.pem\""));
  ASSERT_EQ(problems.size(), 4U);
  for (const auto& problem : problems) EXPECT_THAT(problem, HasSubstr("under a root of [[trust]]"));
}

TEST_F(ProfileTest, ARootVouchesForItsBrandsOnly) {
  const auto problems =
      ProblemsOf(With(kProfile, "brands      = [\"VISA\"]", "brands = [\"JCB\"]"));
  EXPECT_EQ(problems.size(), 4U);
}

TEST_F(ProfileTest, AMerchantIdThatTheCertificatesDoNotHaveIsRefused) {
  EXPECT_THAT(ProblemsOf(With(kProfile, "\"00012345\"", "\"00012346\"")),
              ElementsAre(HasSubstr("brand.signing_certificate: was not made for "
                                    "organisation.merchant_id \"00012346\""),
                          HasSubstr("brand.exchange_certificate: was not made for")));
}

TEST_F(ProfileTest, ABrandThatTheCertificatesDoNotHaveIsRefused) {
  const std::string text =
      With(kProfile, "protocol_brand_id = \"VISA\"\nname              = \"Visa\"",
           "protocol_brand_id = \"JCB\"\nname              = \"Visa\"");
  EXPECT_THAT(
      ProblemsOf(text),
      ElementsAre(HasSubstr("brand.signing_certificate: is a certificate of brand \"VISA\", "
                            "not of protocol_brand_id \"JCB\""),
                  HasSubstr("brand.exchange_certificate"), HasSubstr("brand.gateway_certificate")));
}

TEST_F(ProfileTest, TwoBrandsWithTheSameIdsAreRefused) {
  const std::string all(kProfile);
  const std::size_t begin = all.find("[[brand]]");
  const std::string brand = all.substr(begin, all.find("[[gateway]]") - begin);
  EXPECT_THAT(ProblemsOf(With(kProfile, "[[gateway]]", brand + "[[gateway]]")),
              ElementsAre(HasSubstr("brand.brand_id: \"VISA\" is the id of another [[brand]]"),
                          HasSubstr("brand.protocol_brand_id: \"VISA\" is that of another")));
  // ASCII case does not tell protocol brands apart (E-38).
  const std::string other =
      With(With(brand, "brand_id          = \"VISA\"", "brand_id          = \"Other\""),
           "protocol_brand_id = \"VISA\"", "protocol_brand_id = \"Visa\"");
  EXPECT_THAT(ProblemsOf(With(kProfile, "[[gateway]]", other + "[[gateway]]")),
              ElementsAre(HasSubstr("brand.protocol_brand_id: \"Visa\" is that of another")));
}

TEST_F(ProfileTest, AnEncryptedKeyIsRefusedWithItsRemedy) {
  const std::string command = "openssl pkcs8 -topk8 -passout pass:secret -in " +
                              (directory_ / "cardholder.key") + " -out " +
                              (directory_ / "locked.key");
  ASSERT_EQ(std::system(command.c_str()), 0);
  EXPECT_THAT(ProblemsOf(With(kProfile, "\"cardholder.key\"", "\"locked.key\"")),
              ElementsAre(AllOf(HasSubstr("instrument.private_key"), HasSubstr("encrypted"),
                                HasSubstr("openssl pkcs8"))));
}

TEST_F(ProfileTest, EverythingWrongIsReportedInTheOrderOfLines) {
  const std::string text = With(With(kProfile, "port            = 7001", "port            = 0"),
                                "expiry            = \"203012\"", "expiry            = \"x\"");
  EXPECT_THAT(ProblemsOf(text), ElementsAre(HasSubstr("instrument.expiry"),
                                            HasSubstr("gateway.port: 0 is not a port (1..65535)")));
}

TEST_F(ProfileTest, NoProblemRepeatsASecret) {
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"pan               = \"4000000000000002\"", "pan = \"SECRET4000\""},
           {"pan               = \"4000000000000002\"", "pan = \"SECRET4000"},
           {"expiry            = \"203012\"", "expiry = \"SECRET\""},
           {"card_secret       = \"8dc9", "card_secret = \"SECRET"},
           {"pan_secret        = \"130d", "pan_secret = \"SECRET"},
           {"shared_secret   = \"a shared", "shared_secret = \"hex:SECRET"}}) {
    const auto problems = ProblemsOf(With(kProfile, from, to));
    ASSERT_EQ(problems.size(), 1U) << to;
    EXPECT_THAT(problems[0], ::testing::Not(HasSubstr("SECRET"))) << to;
  }
}

TEST_F(ProfileTest, EveryNumberIsTakenInsideItsBoundsOnly) {
  const struct {
    std::string section, key;
    TomlBounds bounds;
  } rows[] = {
      {"gateway", "port", rules::kPort},
      {"gateway", "diagnostic_port", rules::kPort},
      {"gateway", "max_outstanding", rules::kMaxOutstanding},
      {"gateway", "max_connections", rules::kMaxConnections},
      {"gateway", "max_retries", rules::kMaxRetries},
      {"gateway", "min_resubmit_s", rules::kMinResubmit},
      {"gateway", "answer_timeout_s", rules::kAnswerTimeout},
      {"gateway", "echo_s", rules::kEcho},
      {"gateway", "idle_close_s", rules::kIdleClose},
      {"gateway", "t30_s", rules::kT30},
      {"gateway", "t120_s", rules::kT120},
      {"policy", "max_message_bytes", rules::kMaxMessage},
      {"policy", "max_pending", rules::kMaxPending},
      {"policy", "keep_days", rules::kKeepDays},
  };
  const std::string head =
      "wallet_id = \"a\"\nroles = [\"consumer\"]\nlanguage = \"en\"\n[[trust]]\n"
      "certificate = \"root.pem\"\n";
  for (const auto& row : rows) {
    const auto problems = [&](std::int64_t value) {
      std::string text = head;
      if (row.section == "policy") {
        text += fmt::format("[policy]\n{} = {}\n", row.key, value);
      } else {
        text += "[[gateway]]\nname = \"g\"\nhost = \"h\"\ntransport_id = \"t\"\n";
        if (row.key != "port") text += "port = 7\n";
        text += fmt::format("{} = {}\n", row.key, value);
      }
      return ProblemsOf(text);
    };
    const auto& [lowest, highest, what] = row.bounds;
    for (const std::int64_t good : {lowest, lowest + 1, highest - 1, highest}) {
      EXPECT_THAT(problems(good), IsEmpty()) << row.key << " = " << good;
    }
    for (const std::int64_t bad : {lowest - 1, highest + 1}) {
      EXPECT_THAT(problems(bad),
                  ElementsAre(HasSubstr(fmt::format("{}.{}: {} is not {} ({}..{})", row.section,
                                                    row.key, bad, what, lowest, highest))));
    }
  }
}

TEST_F(ProfileTest, ListsSectionsAndChainsHaveTheirLimits) {
  const auto bins = [&](std::size_t count) {
    std::string list;
    for (std::size_t i = 0; i < count; ++i) list += fmt::format("\"{}\",", 1000 + i);
    return ProblemsOf(With(kProfile, "bins              = [\"4\"]", "bins = [" + list + "]"));
  };
  EXPECT_THAT(bins(kMaxListed - 1), IsEmpty());
  EXPECT_THAT(bins(kMaxListed), IsEmpty());
  EXPECT_THAT(bins(kMaxListed + 1), ElementsAre(HasSubstr("has 301 items (1..300)")));

  const auto cards = [&](std::size_t count) {
    std::string text =
        "wallet_id = \"a\"\nroles = [\"consumer\"]\nlanguage = \"en\"\n[[trust]]\n"
        "certificate = \"root.pem\"\n";
    for (std::size_t i = 0; i < count; ++i) {
      text += fmt::format(
          "[[instrument]]\nid = \"c{}\"\nname = \"n\"\nbrand_id = \"V\"\n"
          "protocol_brand_id = \"V\"\npan = \"1\"\nexpiry = \"203001\"\n",
          i);
    }
    return ProblemsOf(text);
  };
  EXPECT_THAT(cards(kMaxSections - 1), IsEmpty());
  EXPECT_THAT(cards(kMaxSections), IsEmpty());
  EXPECT_THAT(cards(kMaxSections + 1),
              ElementsAre(HasSubstr("instrument: stands here 1001 times")));

  const std::string chain = ReadText(directory_ / "merchant-sign.pem");
  const std::string root = ReadText(directory_ / "root.pem");
  const auto chained = [&](std::size_t count) {
    std::string pem = chain;
    for (std::size_t i = 4; i < count; ++i) pem += root;
    WriteText(directory_ / "long.pem", pem);
    return ProblemsOf(With(kProfile, "\"merchant-sign.pem\"", "\"long.pem\""));
  };
  EXPECT_THAT(chained(kMaxChain - 1), IsEmpty());
  EXPECT_THAT(chained(kMaxChain), IsEmpty());
  EXPECT_THAT(chained(kMaxChain + 1), ElementsAre(HasSubstr("holds 11 certificates (at most 10)")));
}

TEST_F(ProfileTest, FilesHaveALargestSize) {
  const std::string root = ReadText(directory_ / "root.pem");
  const auto sized = [&](std::size_t size) {
    WriteText(directory_ / "large.pem", root + std::string(size - root.size(), '\n'));
    return ProblemsOf(With(kProfile, "\"root.pem\"", "\"large.pem\""));
  };
  EXPECT_THAT(sized(kMaxProfileFile - 1), IsEmpty());
  EXPECT_THAT(sized(kMaxProfileFile), IsEmpty());
  EXPECT_FALSE(sized(kMaxProfileFile + 1).empty());

  const auto profile_of = [&](std::size_t size) {
    WriteText(directory_ / "p.toml",
              std::string(kProfile) + std::string(size - kProfile.size(), '\n'));
    return ReadProfile(directory_ / "p.toml").has_value();
  };
  EXPECT_TRUE(profile_of(kMaxProfileSize - 1));
  EXPECT_TRUE(profile_of(kMaxProfileSize));
  EXPECT_FALSE(profile_of(kMaxProfileSize + 1));
}

TEST_F(ProfileTest, FilesThatOthersMayReadAreWarnedOf) {
  WriteText(directory_ / "wallet.toml", kProfile);
  namespace fs = std::filesystem;
  fs::permissions(directory_ / "wallet.toml", fs::perms(0640));
  fs::permissions(directory_ / "cardholder.key", fs::perms(0604));
  fs::permissions(directory_ / "cardholder.pem", fs::perms(0644));  // a certificate is public
  const auto profile = ReadProfile(directory_ / "wallet.toml");
  ASSERT_TRUE(profile);
  std::vector<std::string> warnings;
  for (const auto& warning : profile->warnings) warnings.push_back(ToText(warning));
  EXPECT_THAT(
      warnings,
      ElementsAre(HasSubstr("instrument.private_key: the file \"cardholder.key\" is open to "
                            "other users"),
                  "wallet.toml: is open to other users: chmod 600"));
}

TEST_F(ProfileTest, WhatTheRolesDoNotUseIsWarnedOf) {
  EXPECT_THAT(WarningsOf(With(kProfile, "\"consumer\", \"merchant\", \"payment-handler\"",
                              "\"merchant\", \"payment-handler\"")),
              ElementsAre(HasSubstr("instrument: is used by role consumer only")));
}

TEST_F(ProfileTest, AShortSharedSecretIsWarnedOf) {
  const auto with = [&](std::size_t size) {
    return WarningsOf(With(kProfile, "a shared secret of some length", std::string(size, 's')));
  };
  EXPECT_THAT(with(rules::kGoodSharedSecret - 1), ElementsAre(HasSubstr("may be guessed")));
  EXPECT_THAT(with(rules::kGoodSharedSecret), IsEmpty());
  EXPECT_THAT(with(rules::kGoodSharedSecret + 1), IsEmpty());
}

TEST_F(ProfileTest, ACertificateOfAnotherAccountIsWarnedOf) {
  EXPECT_THAT(WarningsOf(With(kProfile, "4000000000000002", "4000000000000010")),
              ElementsAre(HasSubstr("was not made for this pan")));
}

TEST_F(ProfileTest, TrailingColonsAreDroppedWithAWarning) {
  // E-36.
  const std::string text = With(kProfile, "\"VISA:Gold\"", "\"VISA:Gold:\"");
  EXPECT_THAT(WarningsOf(text), ElementsAre(HasSubstr("ends in a colon")));
  EXPECT_EQ(ParseProfile(text, directory_ / "w.toml")->config.instruments[0].protocol_brand_id,
            "VISA:Gold");
}

TEST_F(ProfileTest, ABrandThatDoesNotPayBySetIsRefusedUnlessItIsMapped) {
  // E-34, E-35.
  const auto unmapped = HasSubstr("instrument.brand_id: \"Mondex\" has no ProtocolBrandId");
  const std::string mapped =
      With(kProfile, "brand_id          = \"VISA\"\nprotocol_brand_id = \"VISA:Gold\"",
           "brand_id          = \"Mondex\"\nprotocol_brand_id = \"VISA:Gold\"");
  EXPECT_THAT(WarningsOf(mapped), ElementsAre(unmapped));
  EXPECT_THAT(ProblemsOf(With(mapped, "protocol_brand_id = \"VISA:Gold\"", "")),
              ElementsAre(HasSubstr("instrument.protocol_brand_id: is missing"), unmapped));
}

TEST_F(ProfileTest, ASharedSecretIsHexOrText) {
  const auto of = [&](std::string_view written) {
    const auto profile = ParseProfile(With(kProfile, "a shared secret of some length", written),
                                      directory_ / "w.toml");
    return Text(profile->gateway_secrets[0]);
  };
  EXPECT_EQ(of("hex:4142434445464748494a4b4c4d4e4f50"), "ABCDEFGHIJKLMNOP");
  EXPECT_EQ(of("Grüße, Grüße, Grüße"), "Grüße, Grüße, Grüße");
  EXPECT_EQ(of(std::string(rules::kMaxSharedSecret, 'x')).size(), rules::kMaxSharedSecret);
}

TEST_F(ProfileTest, DeeplyNestedTextIsRefusedWithoutHarm) {
  std::string deep = "a = ";
  for (int i = 0; i < 5000; ++i) deep += "{a=\n[";
  EXPECT_EQ(ProblemsOf(deep).size(), 1U);
  std::string dotted = "a";
  for (int i = 0; i < 100000; ++i) dotted += ".a";
  EXPECT_EQ(ProblemsOf(dotted + " = 1").size(), 1U);
}

TEST_F(ProfileTest, AnEmptyProfileNamesWhatEveryWalletNeeds) {
  EXPECT_THAT(ProblemsOf(""), ElementsAre("wallet.toml:1: roles: is missing"));
  EXPECT_THAT(
      ProblemsOf("roles = [\"payment-handler\"]"),
      ElementsAre("wallet.toml:1: wallet_id: is missing", "wallet.toml:1: language: is missing",
                  "wallet.toml:1: trust: is missing", "wallet.toml:1: organisation: is missing",
                  "wallet.toml:1: gateway: is missing", "wallet.toml:1: brand: is missing"));
}

TEST_F(ProfileTest, AProfileThatIsNotThereIsNamed) {
  const auto profile = ReadProfile(directory_ / "absent.toml");
  ASSERT_FALSE(profile);
  EXPECT_THAT(ToText(profile.error().front()), HasSubstr("absent.toml: cannot be opened"));
}

}  // namespace
}  // namespace bridge
