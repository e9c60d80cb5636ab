// Documents that are no requests: each is refused with the code that names its fault (RFC 3867,
// Table 2; interfaces: a document that cannot be read is located at IotpPaymentApiRequest), and the
// ledger stays as it was.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "end_to_end/market.h"
#include "end_to_end/verdict.h"

namespace market {
namespace {

constexpr std::size_t kLimit = 1048576;  // policy.max_message_bytes

struct Row {
  std::string what;
  std::string document;
  std::string verdict;
};

std::string Query(const std::string& pay_id) {
  return "<IotpPaymentApiRequest xmlns=\"http://www.iotp.org/2000/08/PaymentAPI\" "
         "ContentSoftwareID=\"tests\"><InquireProcessState PayId=\"" +
         pay_id + "\"/></IotpPaymentApiRequest>";
}

std::string Padded(std::size_t size) {
  std::string text = Query("P-1");
  const std::string head = "<!--";
  return text.insert(text.size(), head + std::string(size - text.size() - 7, 'x') + "-->");
}

std::string Nested(int levels) {
  std::string text = "<IotpPaymentApiRequest>";
  for (int i = 0; i < levels; ++i) text += "<a>";
  for (int i = 0; i < levels; ++i) text += "</a>";
  return text + "</IotpPaymentApiRequest>";
}

std::string EntityBomb() {
  std::string text = "<!DOCTYPE IotpPaymentApiRequest [<!ENTITY a0 \"aaaaaaaaaa\">";
  for (int i = 1; i < 12; ++i) {
    text += "<!ENTITY a" + std::to_string(i) + " \"";
    for (int n = 0; n < 10; ++n) text += "&a" + std::to_string(i - 1) + ";";
    text += "\">";
  }
  return text + "]>" + Replaced(Query("P-1"), "P-1", "&a11;");
}

std::string Utf16(const std::string& ascii) {
  std::string out = "\xfe\xff";
  for (const char c : ascii) {
    out += '\0';
    out += c;
  }
  return out;
}

std::string ManyAttributes(int count) {
  std::string attributes;
  for (int i = 0; i < count; ++i) attributes += " a" + std::to_string(i) + "=\"1\"";
  return Replaced(Query("P-1"), " PayId=\"P-1\"", " PayId=\"P-1\"" + attributes);
}

std::vector<Row> Rows() {
  const std::string good = Query("P-1");
  const std::string open = "<InquireProcessState PayId=\"P-1\"/>";
  const std::string bad_form = "XmlNotWellFrmd IotpPaymentApiRequest";
  const std::string invalid = "XmlNotValid IotpPaymentApiRequest";
  return {
      {"nothing", "", bad_form},
      {"no markup", "PayId=P-1", bad_form},
      {"cut off", good.substr(0, good.size() / 2), bad_form},
      {"a second root", good + good, bad_form},
      {"an attribute twice", Replaced(good, "PayId=", "PayId=\"P-2\" PayId="), bad_form},
      {"an unknown entity", Replaced(good, "\"P-1\"", "\"&amount;\""), bad_form},
      {"a forbidden character", Replaced(good, "\"P-1\"", "\"&#1;\""), bad_form},
      {"a NUL", Replaced(good, "P-1", std::string(1, '\0')), bad_form},
      {"no UTF-8", Replaced(good, "P-1", "P\xff"), bad_form},
      {"an overlong form", Replaced(good, "P-1", "P\xc0\xaf"), bad_form},
      {"another encoding declared", "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>" + good,
       bad_form},
      {"UTF-16", Utf16(good), bad_form},
      {"a DOCTYPE", "<!DOCTYPE IotpPaymentApiRequest>" + good, invalid},
      {"an entity bomb", EntityBomb(), invalid},
      {"a file as entity",
       "<!DOCTYPE r [<!ENTITY f SYSTEM \"file:///etc/passwd\">]>" + Replaced(good, "P-1", "&f;"),
       invalid},
      {"another root", "<Payment/>", invalid},
      {"a response", "<IotpPaymentApiResponse/>", invalid},
      {"no call", Replaced(good, open, ""), invalid},
      {"two calls", Replaced(good, open, open + open), invalid},
      {"text instead of a call", Replaced(good, open, "pay"), invalid},
      {"an unknown call", Replaced(good, "<InquireProcessState", "<InquireEverything"), invalid},
      {"another namespace", Replaced(good, "2000/08/PaymentAPI", "2001/08/PaymentAPI"), invalid},
      {"a child that has no place here",
       Replaced(good, open,
                "<InquireProcessState PayId=\"P-1\"><ProtocolBrand/></InquireProcessState>"),
       "XmlNotValid InquireProcessState"},
      {"xsi:schemaLocation",
       Replaced(good, " ContentSoftwareID",
                " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
                "xsi:schemaLocation=\"a b\" ContentSoftwareID"),
       "AttUnexpected IotpPaymentApiRequest@xsi:schemaLocation"},
      {"100,000 levels", Nested(100000), invalid},
      {"65 attributes", ManyAttributes(65), "ElTooLarge InquireProcessState"},
      {"10 MiB", Padded(10 * kLimit), "MsgTooLarge IotpPaymentApiRequest"},
      {"one octet too many", Padded(kLimit + 1), "MsgTooLarge IotpPaymentApiRequest"},
  };
}

TEST(BadXml, IsRefusedByNameAndChangesNothing) {
  Market market;
  Purchase purchase = market.NewPurchase("1");
  WalkToPReq(purchase);
  const std::string before = Ledger(market, Role::kPaymentHandler);
  for (const Row& row : Rows()) {
    EXPECT_EQ(Verdict(market, market.Ask(Role::kPaymentHandler, row.document)), row.verdict)
        << row.what;
  }
  EXPECT_EQ(Ledger(market, Role::kPaymentHandler), before);
}

TEST(BadXml, WhatIsUnusualButGoodIsAnswered) {
  Market market;
  Purchase purchase = market.NewPurchase("1");
  WalkToPReq(purchase);
  const std::string good = Query("P-1");
  for (const std::string& document :
       {good, "\xef\xbb\xbf" + good, "<?xml version=\"1.0\" encoding=\"US-ASCII\"?>" + good,
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>" + good,
        Replaced(good, " xmlns=\"http://www.iotp.org/2000/08/PaymentAPI\"", ""), Padded(kLimit - 1),
        Padded(kLimit)}) {
    EXPECT_EQ(Verdict(market, market.Ask(Role::kPaymentHandler, document)),
              "InquireProcessStateResponse")
        << document.substr(0, 200);
  }
}

}  // namespace
}  // namespace market
