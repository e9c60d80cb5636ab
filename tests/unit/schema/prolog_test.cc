#include "schema/prolog.h"

#include <gtest/gtest.h>

namespace schema {
namespace {

TEST(Prolog, ADocumentTypeIsFoundWhereverItMayStand) {
  for (const std::string_view document :
       {"<!DOCTYPE a>", " \t\r\n<!DOCTYPE a>", "<?xml version='1.0'?><!DOCTYPE a>",
        "<!-- > --><!DOCTYPE a>", "<?a > ?><?b?><!---->\n<!DOCTYPE a>", "<!DOCTYPE"}) {
    const auto fault = JudgeProlog(document);
    ASSERT_TRUE(fault) << document;
    EXPECT_EQ(fault->code, FaultCode::kXmlNotValid) << document;
  }
  for (const std::string_view document :
       {"", "<a/>", "<a><!DOCTYPE b></a>", "<!-- <!DOCTYPE a> --><a/>", "<?p <!DOCTYPE a>?><a/>",
        "<!-- <!DOCTYPE a>", "<?p <!DOCTYPE a>", "<!doctype a>", "x<!DOCTYPE a>", "<", "<!",
        "<?"}) {
    EXPECT_FALSE(JudgeProlog(document)) << document;
  }
}

TEST(Prolog, OnlyUtf8AndXml10Pass) {
  for (const std::string_view bad :
       {"<?xml version='1.0' encoding='UTF-16'?>", "<?xml version='1.0' encoding=\"utf8\"?>",
        "<?xml version='1.0' encoding=''?>", "<?xml version='1.1'?>", "<?xml encoding='x'?>",
        "<?xml\tversion = '1.0'\nencoding = 'latin1'?>", "<?xml version='1.0' encoding='UTF-16'"}) {
    const auto fault = JudgeProlog(bad);
    ASSERT_TRUE(fault) << bad;
    EXPECT_EQ(fault->code, FaultCode::kXmlNotWellFrmd) << bad;
  }
  for (const std::string_view good :
       {"<?xml version='1.0' encoding='UTF-8'?>", "<?xml version='1.0' encoding='uTf-8'?>",
        "<?xml version='1.0' encoding=\"US-ASCII\" standalone='no'?>", "<?xml?>", "<?xml ?>",
        "<?xml-stylesheet encoding='UTF-16'?>"}) {
    EXPECT_FALSE(JudgeProlog(good)) << good;
  }
}

TEST(Prolog, AByteOrderMarkIsSkippedOnce) {
  EXPECT_EQ(SkipByteOrderMark("\xEF\xBB\xBF<a/>"), "<a/>");
  EXPECT_EQ(SkipByteOrderMark("\xEF\xBB\xBF\xEF\xBB\xBF<a/>"), "\xEF\xBB\xBF<a/>");
  EXPECT_EQ(SkipByteOrderMark("<a/>"), "<a/>");
  EXPECT_EQ(SkipByteOrderMark("\xEF\xBB"), "\xEF\xBB");
}

TEST(Prolog, OneDeclarationOfOurNamespaceNeedsNoSecondLook) {
  const std::string ours = "http://www.iotp.org/2000/08/PaymentAPI";
  EXPECT_TRUE(HasOnlyOurNamespace("<a/>"));
  EXPECT_TRUE(HasOnlyOurNamespace("<a xmlns='" + ours + "'/>"));
  EXPECT_TRUE(HasOnlyOurNamespace("<a xmlns = \"" + ours + "\"/>"));
  EXPECT_FALSE(HasOnlyOurNamespace("<a xmlns=''/>"));
  EXPECT_FALSE(HasOnlyOurNamespace("<a xmlns='" + ours + "/'/>"));
  EXPECT_FALSE(HasOnlyOurNamespace("<a xmlns:b='" + ours + "'/>"));
  EXPECT_FALSE(HasOnlyOurNamespace("<a xmlns='" + ours + "'><b xmlns='c'/></a>"));
  EXPECT_FALSE(HasOnlyOurNamespace("<a xmlns"));
  EXPECT_FALSE(HasOnlyOurNamespace("<a xmlns='"));
}

}  // namespace
}  // namespace schema
