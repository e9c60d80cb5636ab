// Every value of the vectors that has a type here is decoded, encoded again bit for bit, and its
// fields are those that the vectors name.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <string>

#include "setcore/asn1/codec.h"
#include "setcore/asn1/time_text.h"
#include "setcore/messages/authorization.h"
#include "setcore/messages/error_message.h"
#include "setcore/messages/purchase_init.h"
#include "setcore/messages/purchase_request.h"
#include "setcore/messages/purchase_response.h"
#include "setcore/messages/wrapper.h"
#include "unit/setcore/messages_corpus.h"
#include "vectors/vector_file.h"

namespace setcore {
namespace {

class Messages : public testing::TestWithParam<const char*> {
 protected:
  vectors::File Load(const std::string& name) const {
    return vectors::Load(std::string(GetParam()) + "/" + name + ".txt");
  }
};
INSTANTIATE_TEST_SUITE_P(Sets, Messages, testing::ValuesIn(vectors::kSets),
                         [](const auto& set) { return std::string(set.param).substr(4); });

template <std::size_t N>
Octets Copy(const std::array<std::uint8_t, N>& array) {
  return Octets(array.begin(), array.end());
}

template <class T>
T DecodeOrFail(OctetView octets) {
  Result<T> value = der::Decode<T>(octets);
  EXPECT_TRUE(value) << value.error().detail;
  return value.value_or(T{});
}

TEST(MessageCorpus, EveryValueIsEncodedAgainBitForBit) {
  std::map<std::string, int> count;
  for (const Sample& sample : MessageCorpus()) {
    const auto again = sample.codec(sample.octets);
    ASSERT_TRUE(again) << sample.where << ": " << again.error().detail;
    EXPECT_EQ(vectors::ToHex(*again), vectors::ToHex(sample.octets)) << sample.where;
    ++count[sample.type];
  }
  for (const auto& [type, number] : count) {
    std::printf("%s: %d\n", type.c_str(), number);
    EXPECT_GE(number, 2) << type;
  }
  EXPECT_EQ(count.size(), 48U);
}

TEST_P(Messages, PInitReqHoldsTheValuesOfTheVector) {
  const auto file = Load("01-pinitreq");
  const auto wrapper = DecodeOrFail<msg::MessageWrapper>(file.Hex("MessageWrapper"));
  EXPECT_EQ(wrapper.type, msg::MessageType::kPInitReq);
  EXPECT_EQ(wrapper.message.der, file.Hex("PInitReq"));
  EXPECT_EQ(der::FormatGeneralizedTime(wrapper.header.date.value), file.Text("date"));
  EXPECT_EQ(wrapper.header.sw_ident.value, file.Text("sw-ident"));
  EXPECT_EQ(Copy(*wrapper.header.rrpid), file.Hex("random.pinit-rrpid"));
  EXPECT_EQ(wrapper.header.message_ids->lid_c->value, file.Hex("random.lid-c"));
  EXPECT_EQ(wrapper.header.message_ids->lid_m->value, file.Hex("lid-m"));
  EXPECT_FALSE(wrapper.header.message_ids->xid);
  const auto request = DecodeOrFail<msg::PInitReq>(wrapper.message.der);
  EXPECT_EQ(Copy(request.rrpid), file.Hex("random.pinit-rrpid"));
  EXPECT_EQ(request.language.value, file.Text("language"));
  EXPECT_EQ(request.local_id_c.value, file.Hex("random.lid-c"));
  EXPECT_EQ(request.local_id_m->value, file.Hex("lid-m"));
  EXPECT_EQ(Copy(request.chall_c), file.Hex("random.chall-c"));
  EXPECT_EQ(request.brand_id.Utf8(), file.Text("brand-id"));
  EXPECT_EQ(request.bin.value, file.Text("bin"));
  EXPECT_FALSE(request.thumbs);
}

TEST_P(Messages, PInitResHoldsTheValuesOfTheVector) {
  const auto file = Load("02-pinitres");
  const auto data = DecodeOrFail<msg::PInitResData>(file.Hex("PInitResData"));
  EXPECT_EQ(Copy(data.trans_ids.value.xid), file.Hex("random.xid"));
  EXPECT_EQ(Copy(data.chall_m), file.Hex("random.chall-m"));
  EXPECT_EQ(data.pe_thumb.thumbprint.value, file.Hex("pe-thumb"));
  EXPECT_EQ(data.pe_thumb.digest_algorithm, msg::WithNull(oid::kSha1));
  const auto wrapper = DecodeOrFail<msg::MessageWrapper>(file.Hex("MessageWrapper"));
  EXPECT_EQ(wrapper.type, msg::MessageType::kPInitRes);
  EXPECT_EQ(wrapper.message.der, file.Hex("signed-data-der"));
  const auto signed_data = DecodeOrFail<msg::SignedData>(wrapper.message.der);
  EXPECT_EQ(signed_data.content_info.content->der, file.Hex("content-der"));
  EXPECT_EQ(signed_data.content_info.content_type.Text(), file.Text("content-type-oid"));
  ASSERT_EQ(signed_data.signer_infos.items.size(), 1U);
  const msg::SignerInfo& signer = signed_data.signer_infos.items[0];
  EXPECT_EQ(signer.authenticated_attributes->der, file.Hex("authenticated-attributes-der"));
  EXPECT_EQ(signer.encrypted_digest, file.Hex("signature"));
}

TEST_P(Messages, OIDataAndPIHeadHoldTheValuesOfTheVectors) {
  const auto oi_file = Load("04-oidata");
  const auto oi = DecodeOrFail<msg::OIData>(oi_file.Hex("OIData.der"));
  EXPECT_EQ(Copy(oi.rrpid), oi_file.Hex("rrpid"));
  EXPECT_EQ(Copy(oi.chall_c), oi_file.Hex("chall-C"));
  EXPECT_EQ(Copy(*oi.chall_m), oi_file.Hex("chall-M"));
  EXPECT_EQ(oi.brand_id.Utf8(), oi_file.Text("brand-id"));
  EXPECT_EQ(oi.bin.value, oi_file.Text("bin"));
  EXPECT_EQ(oi.hod.digest.value, Load("03-hodinput-hod").Hex("HODInput.sha1"));
  const auto pi_file = Load("05-pihead");
  const auto pi = DecodeOrFail<msg::PIHead>(pi_file.Hex("PIHead"));
  EXPECT_EQ(pi.merchant_id.Utf8(), pi_file.Text("merchant-id"));
  EXPECT_EQ(pi.trans_stain.value, pi_file.Hex("trans-stain"));
  EXPECT_EQ(pi.acq_back_key_data->back_key.value, pi_file.Hex("back-key"));
  EXPECT_EQ(pi.trans_ids.der, oi.trans_ids.der);
  EXPECT_EQ(Copy(pi.trans_ids.value.xid), pi_file.Hex("xid"));
}

TEST_P(Messages, HODInputAndPANDataHoldTheValuesOfTheVectors) {
  const auto hod_file = Load("03-hodinput-hod");
  const auto hod = DecodeOrFail<msg::HODInput>(hod_file.Hex("HODInput.der"));
  EXPECT_EQ(std::string(hod.od.begin(), hod.od.end()), hod_file.Text("od"));
  EXPECT_EQ(hod.purch_amt.currency, hod_file.Int("purchAmt.currency"));
  EXPECT_EQ(hod.purch_amt.amount, hod_file.Int("purchAmt.amount"));
  EXPECT_EQ(hod.purch_amt.amt_exp10, hod_file.Int("purchAmt.amtExp10"));
  EXPECT_EQ(Copy(hod.od_salt), hod_file.Hex("odSalt"));
  const auto pan_file = Load("06-pandata-pidata");
  const auto pan = DecodeOrFail<msg::PANData>(pan_file.Hex("PANData.der"));
  EXPECT_EQ(pan.pan.value, pan_file.Text("pan"));
  EXPECT_EQ(pan.card_expiry.value, pan_file.Text("card-expiry"));
  EXPECT_EQ(Copy(pan.pan_secret), pan_file.Hex("pan-secret"));
  EXPECT_EQ(Copy(pan.ex_nonce), pan_file.Hex("ex-nonce"));
}

TEST_P(Messages, PReqKeepsThePartsThatTravelOn) {
  const auto file = Load("09-preq-dualsigned");
  const auto preq = DecodeOrFail<msg::PReq>(file.Hex("PReq"));
  const auto& dual = std::get<msg::PReqDualSigned>(preq.value);
  EXPECT_EQ(dual.pi_dual_signed.der, file.Hex("PIDualSigned"));
  EXPECT_EQ(dual.oi_dual_signed.t1.der, Load("04-oidata").Hex("OIData.der"));
  EXPECT_EQ(der::MustEncode(dual.oi_dual_signed.t2), Load("06-pandata-pidata").Hex("PIData.DD"));
  msg::PI pi;
  pi.value.emplace<1>().der = dual.pi_dual_signed.der;
  EXPECT_EQ(der::MustEncode(pi), Load("10-authreq").Hex("PI"));
  const auto wrapper =
      DecodeOrFail<msg::MessageWrapper>(Load("18-preq-unsigned").Hex("MessageWrapper"));
  const auto other = DecodeOrFail<msg::PReq>(wrapper.message.der);
  EXPECT_EQ(der::MustEncode(std::get<msg::PReqUnsigned>(other.value)),
            Load("18-preq-unsigned").Hex("PReqUnsigned"));
}

TEST_P(Messages, EnvelopesHoldTheValuesOfTheVector) {
  const auto file = Load("07-ex-envelope");
  const auto envelope = DecodeOrFail<msg::EnvelopedData>(file.Hex("enveloped-data-der"));
  ASSERT_EQ(envelope.recipient_infos.items.size(), 1U);
  EXPECT_EQ(envelope.recipient_infos.items[0].encrypted_key, file.Hex("encrypted-key"));
  EXPECT_EQ(*envelope.encrypted_content_info.encrypted_content, file.Hex("ciphertext"));
  EXPECT_EQ(envelope.encrypted_content_info.content_type, oid::kPiDualSignedTbe);
}

TEST_P(Messages, AuthResKeepsTheBaggage) {
  const auto file = Load("11-authres");
  const auto authres = DecodeOrFail<msg::AuthRes>(file.Hex("AuthRes"));
  ASSERT_EQ(authres.value.index(), 0U);
  const auto& encb = std::get<0>(authres.value);
  EXPECT_EQ(encb.baggage.der, file.Hex("AuthResBaggage"));
  EXPECT_EQ(encb.baggage.value.acq_card_msg->der, file.Hex("acq.EncryptedData"));
  const auto tbs = DecodeOrFail<msg::AuthResTBS>(file.Hex("content-der"));
  EXPECT_EQ(tbs.t1.value.auth_res_payload.auth_header.auth_code, msg::AuthCode::kApproved);
  const auto pres = DecodeOrFail<msg::PResData>(Load("12-pres").Hex("PResData"));
  ASSERT_EQ(pres.p_res_payload_seq.items.size(), 1U);
  EXPECT_EQ(pres.p_res_payload_seq.items[0].results->acq_card_msg->der,
            file.Hex("acq.EncryptedData"));
}

TEST_P(Messages, ErrorsHoldTheNonceOfTheVector) {
  const auto file = Load("23-error");
  const char* const names[] = {"unsigned-header.Error", "unsigned-oid.Error",
                               "unsigned-badwrapper.Error"};
  for (std::size_t i = 0; i < std::size(names); ++i) {
    const auto error = DecodeOrFail<msg::ErrorMessage>(file.Hex(names[i]));
    const auto& tbs = std::get<msg::ErrorTBS>(error.value);
    EXPECT_EQ(Copy(tbs.error_nonce), file.Hex("random.error-nonce", i + 1)) << names[i];
  }
  const auto tbs = DecodeOrFail<msg::ErrorTBS>(file.Hex("signed-with-thumb.ErrorTBS"));
  EXPECT_EQ(Copy(tbs.error_nonce), file.Hex("random.error-nonce"));
  EXPECT_TRUE(tbs.error_thumb);
}

}  // namespace
}  // namespace setcore
