#include "setcore/receipt.h"

#include <algorithm>
#include <utility>

#include "setcore/messages/pkcs7.h"
#include "setcore/messages/receive.h"

namespace setcore {
namespace {

// The code of one result that decides about success, and whether it does (E-87).
struct Verdict {
  bool success = false;
  std::string_view field = "CompletionCode";
  std::string_view name;
  int value = 0;
};

Verdict Judge(const msg::PResPayload& payload) {
  Verdict verdict;
  verdict.name = msg::Name(payload.completion_code);
  verdict.value = static_cast<int>(payload.completion_code);
  if (!payload.results) return verdict;
  const auto& authorized = payload.results->auth_status;
  const auto& captured = payload.results->cap_status;
  if (payload.completion_code == msg::CompletionCode::kAuthorizationPerformed && authorized) {
    verdict.field = "AuthCode";
    verdict.name = msg::Name(authorized->auth_code);
    verdict.value = static_cast<int>(authorized->auth_code);
    verdict.success = authorized->auth_code == msg::AuthCode::kApproved;
  } else if (payload.completion_code == msg::CompletionCode::kCapturePerformed && captured) {
    verdict.field = "CapCode";
    verdict.name = msg::Name(captured->cap_code);
    verdict.value = static_cast<int>(captured->cap_code);
    verdict.success = captured->cap_code == msg::CapCode::kSuccess;
  }
  return verdict;
}

}  // namespace

bool IsSuccess(const msg::PResData& data) {
  const auto& payloads = data.p_res_payload_seq.items;
  return !payloads.empty() &&
         std::all_of(payloads.begin(), payloads.end(),
                     [](const auto& payload) { return Judge(payload).success; });  // E-90
}

PResFacts FactsOf(const msg::PResData& data, Time date) {
  PResFacts facts;
  facts.date = date;
  const msg::TransIDs& ids = data.trans_ids.value;
  facts.xid.assign(ids.xid.begin(), ids.xid.end());
  if (ids.lid_m) facts.lid_m = ids.lid_m->value;
  facts.success = IsSuccess(data);
  const auto& payloads = data.p_res_payload_seq.items;
  if (payloads.empty()) return facts;
  // The first result that is no success decides, else the first one.
  auto deciding = std::find_if(payloads.begin(), payloads.end(),
                               [](const auto& payload) { return !Judge(payload).success; });
  if (deciding == payloads.end()) deciding = payloads.begin();
  const Verdict verdict = Judge(*deciding);
  facts.field = verdict.field;
  facts.name = verdict.name;
  facts.value = verdict.value;
  if (const auto& results = deciding->results) {
    if (results->cap_status) {
      facts.ratio = results->cap_status->cap_ratio.contents;
    } else if (results->auth_status) {
      facts.ratio = results->auth_status->auth_ratio.contents;
    }
  }
  return facts;
}

namespace {

// The header and content of a PRes or InqRes.
Result<Received<msg::PResData>> ReadAnswer(OctetView answer) {
  const auto skeleton = ReadSkeleton(answer);
  const bool inquired =
      skeleton && skeleton->alternative == static_cast<std::uint32_t>(msg::MessageType::kInqRes);
  auto received = Receive<msg::SignedData>(
      answer, inquired ? msg::MessageType::kInqRes : msg::MessageType::kPRes, std::nullopt);
  if (!received) return Fail(ErrorCode::kDecodingFailure, received.error().detail);
  const auto& content = received->message.content_info.content;
  if (!content) return Fail(ErrorCode::kDecodingFailure, "PRes without content");
  auto data = der::Decode<msg::PResData>(content->der);
  if (!data) return tl::unexpected<Error>(std::move(data).error());
  return Received<msg::PResData>{std::move(received->header), *std::move(data)};
}

}  // namespace

Result<PResFacts> ReadPRes(OctetView pres) {
  const auto read = ReadAnswer(pres);
  if (!read) return tl::unexpected<Error>(read.error());
  return FactsOf(read->message, read->header.date.value);
}

Result<msg::PResData> ReadPResData(OctetView answer) {
  auto read = ReadAnswer(answer);
  if (!read) return tl::unexpected<Error>(std::move(read).error());
  return std::move(read->message);
}

}  // namespace setcore
