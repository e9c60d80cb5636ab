#include "set/party.h"

#include <algorithm>
#include <ctime>
#include <stdexcept>

namespace conform::set {
namespace {

constexpr std::pair<std::string_view, int> kCurrencies[] = {
    {"USD", 840}, {"EUR", 978}, {"JPY", 392}, {"GBP", 826}, {"KWD", 414}, {"CHF", 756},
};

// UTF-16 in network byte order (E-25).
Octets Utf16(std::string_view text) {
  Octets out;
  const auto put = [&](unsigned unit) {
    out.push_back(static_cast<std::uint8_t>(unit >> 8));
    out.push_back(static_cast<std::uint8_t>(unit));
  };
  for (std::size_t i = 0; i < text.size();) {
    const auto first = static_cast<unsigned char>(text[i++]);
    const int more = first < 0x80 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
    unsigned point = first & (more == 0 ? 0x7FU : 0x3FU >> more);
    for (int k = 0; k < more; ++k)
      point = point << 6 | (static_cast<unsigned char>(text[i++]) & 0x3F);
    if (point < 0x10000) {
      put(point);
    } else {
      put(0xD800 + ((point - 0x10000) >> 10));
      put(0xDC00 + ((point - 0x10000) & 0x3FF));
    }
  }
  return out;
}

std::int64_t SecondsOf(const std::string& date) {
  std::tm tm = {};
  if (strptime(date.c_str(), "%Y%m%d%H%M%SZ", &tm) == nullptr) throw Malformed("date");
  return timegm(&tm);
}

}  // namespace

Value PurchAmt(std::string_view curr_code, std::string_view amount) {
  const auto known = std::find_if(std::begin(kCurrencies), std::end(kCurrencies),
                                  [&](const auto& entry) { return entry.first == curr_code; });
  if (known == std::end(kCurrencies)) throw std::logic_error("currency unknown to the judge");
  const std::size_t point = amount.find('.');
  std::string digits(amount.substr(0, point));
  std::size_t decimals = 0;
  if (point != std::string_view::npos) {
    digits += amount.substr(point + 1);
    decimals = amount.size() - point - 1;
  }
  Value out;
  out["currency"] = known->second;
  out["amount"] = static_cast<std::int64_t>(std::stoll(digits));
  out["amtExp10"] = -static_cast<std::int64_t>(decimals);
  return out;
}

std::string OrderHash(const std::vector<std::pair<std::string, std::string>>& contents) {
  if (contents.empty()) return ToBase64(Sha1({}));
  if (contents.size() == 1 && contents[0].first.empty()) {
    return ToBase64(Sha1(Utf16(contents[0].second)));
  }
  std::vector<std::pair<Octets, Octets>> sorted;
  for (const auto& [name, content] : contents) {
    sorted.emplace_back(Utf16(name), Sha1(Utf16(content)));
  }
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  Octets all;
  for (const auto& [name, digest] : sorted) all = Concat({all, digest});
  return ToBase64(Sha1(all));
}

std::string Party::Date() const {
  const std::time_t seconds = static_cast<std::time_t>(now_ms() / 1000);
  std::tm tm = {};
  gmtime_r(&seconds, &tm);
  char text[16];
  std::strftime(text, sizeof(text), "%Y%m%d%H%M%SZ", &tm);
  return text;
}

Octets Party::Make(std::string_view type, Value value) const {
  if (const auto lie = spoil.find(std::string(type)); lie != spoil.end()) lie->second(value);
  return Encode(type, value);
}

Octets Party::Wrap(const Value& message_ids, const Octets& rrpid, std::string_view alternative,
                   const Octets& message) const {
  Value header;
  header["version"] = 1;
  header["date"] = Date();
  header["messageIDs"] = message_ids;
  header["rrpid"] = rrpid;
  header["swIdent"] = sw_ident;
  if (message_ids.size() == 0) header.Remove("messageIDs");
  if (rrpid.empty()) header.Remove("rrpid");
  Value wrapper;
  wrapper["messageHeader"] = Value::Der(Make("MessageHeader", std::move(header)));
  wrapper["message"][alternative] = Value::Der(message);
  return Make("MessageWrapper", std::move(wrapper));
}

Message Read(const Octets& octets) {
  Message message;
  message.wrapper = Decode("MessageWrapper", octets);
  message.alternative = message.wrapper.at("message").alternative();
  if (message.header().at("version").number() != 1) throw Malformed("header: version");
  if (message.header().Has("revision")) throw Malformed("header: revision");
  if (message.header().at("swIdent").text().empty()) throw Malformed("header: swIdent");
  return message;
}

Message Expect(const Octets& octets, std::string_view alternative, std::int64_t now_ms) {
  Message message = Read(octets);
  if (message.alternative != alternative) {
    throw Malformed(message.alternative + " instead of " + std::string(alternative));
  }
  const std::int64_t age = now_ms / 1000 - SecondsOf(message.header().at("date").text());
  if (age > 86400 || age < -86400) throw Malformed("header: date");
  return message;
}

void CheckHeader(const Message& message, const Value& trans_ids, const Octets& rrpid) {
  const Value& header = message.header();
  if (header.at("rrpid").octets() != rrpid) throw Malformed("header: rrpid");
  const Value ids = MessageIds(trans_ids);
  for (const char* name : {"lid-C", "lid-M", "xID"}) {
    if (!ids.Has(name)) continue;
    if (header.at("messageIDs").at(name).octets() != ids.at(name).octets()) {
      throw Malformed("header: " + std::string(name));
    }
  }
}

Value MessageIds(const Value& trans_ids) {
  Value ids;
  ids["lid-C"] = trans_ids.at("lid-C").octets();
  if (trans_ids.Has("lid-M")) ids["lid-M"] = trans_ids.at("lid-M").octets();
  ids["xID"] = trans_ids.at("xid").octets();
  return ids;
}

ErrorMessage ReadError(const Octets& octets, const std::vector<Octets>& signers,
                       std::int64_t now_ms) {
  const Message message = Expect(octets, "error", now_ms);
  ErrorMessage out;
  Value tbs;
  if (message.body().alternative() == "signedError") {
    out.is_signed = true;
    tbs =
        Decode("ErrorTBS", Verified(message.body().at("signedError"), Content::kErrorTbs, signers));
  } else {
    tbs = message.body().at("unsignedError");
  }
  out.code = static_cast<int>(tbs.at("errorCode").number());
  out.bad_wrapper = tbs.at("errorMsg").alternative() == "badWrapper";
  if (tbs.Has("errorThumb")) out.thumb = tbs.at("errorThumb.thumbprint").octets();
  if (tbs.Has("errorOID")) out.oid = tbs.at("errorOID").octets();
  return out;
}

}  // namespace conform::set
