#include "set/self_test.h"

#include <map>
#include <stdexcept>
#include <string_view>

#include "set/acquirer.h"
#include "set/cardholder.h"
#include "set/certificate.h"
#include "set/merchant.h"
#include "set/types.h"

extern "C" {
extern const char conform_vectors[];
extern const char conform_vectors_end[];
}

namespace conform::set {
namespace {

constexpr std::int64_t kNowMs = 1768478400000;  // 2026-01-15 12:00:00 UTC

// One file of the bundle: its values by name, or its text.
class File {
 public:
  explicit File(std::string_view text) : text_(text) {
    while (!text.empty()) {
      const std::string_view line = text.substr(0, text.find('\n'));
      text.remove_prefix(std::min(text.size(), line.size() + 1));
      const std::size_t equals = line.find(" =");
      if (line.empty() || line[0] == '#' || equals == std::string_view::npos || equals < 6)
        continue;
      const std::size_t name = line.find_first_not_of(' ', line.find(' '));
      const std::string_view value = line.size() > equals + 3 ? line.substr(equals + 3) : "";
      values_[std::string(line.substr(name, equals - name))].emplace_back(value);
    }
  }

  bool Has(const std::string& name) const { return values_.contains(name); }
  std::string Text(const std::string& name, std::size_t nth = 0) const {
    const auto found = values_.find(name);
    if (found == values_.end()) throw std::runtime_error("no vector " + name);
    return std::string(found->second.at(nth));
  }
  Octets Hex(const std::string& name, std::size_t nth = 0) const {
    return FromHex(Text(name, nth));
  }
  std::string_view text() const { return text_; }

 private:
  std::string_view text_;
  std::map<std::string, std::vector<std::string_view>> values_;
};

std::string_view FindText(const std::string& path) {
  const std::string_view bundle(conform_vectors,
                                static_cast<std::size_t>(conform_vectors_end - conform_vectors));
  const std::string head = "@@ " + path + "\n";
  const std::size_t at = bundle.find(head);
  if (at == std::string_view::npos) throw std::runtime_error("no vectors " + path);
  const std::string_view rest = bundle.substr(at + head.size());
  return rest.substr(0, rest.find("@@ "));
}

// The vector's own random values; what a vector does not draw is not to be drawn.
Dice Scripted(const File& file) {
  return [&file](std::string_view name, std::size_t size) {
    Octets octets = file.Hex("random." + std::string(name));
    if (octets.size() != size) throw std::runtime_error("random value of another size");
    return octets;
  };
}

class Tester {
 public:
  Tester(std::string directory, std::vector<std::string>& failures, int& checks)
      : directory_(std::move(directory)), failures_(failures), checks_(checks) {}

  void Check(const std::string& what, const std::function<bool()>& holds) {
    ++checks_;
    std::string why = "differs";
    try {
      if (holds()) return;
    } catch (const std::exception& thrown) {
      why = thrown.what();
    }
    failures_.push_back(directory_ + ": " + what + ": " + why);
  }

  // Every octet of `message` in steps, with one bit changed, must be refused.
  void CheckRefused(const std::string& what, const Octets& message, std::size_t step,
                    const std::function<void(const Octets&)>& take) {
    for (std::size_t at = 0; at < message.size(); at += step) {
      Octets spoiled = message;
      spoiled[at] ^= 1;
      Check(what + " with octet " + std::to_string(at) + " changed is accepted", [&] {
        try {
          take(spoiled);
        } catch (const std::runtime_error&) {
          return true;
        }
        return false;
      });
    }
  }

 private:
  std::string directory_;
  std::vector<std::string>& failures_;
  int& checks_;
};

std::vector<Octets> PemChain(const std::string& path) {
  static constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
  std::string_view text = FindText(path);
  std::vector<Octets> chain;
  for (std::size_t at = text.find(kBegin); at != std::string_view::npos; at = text.find(kBegin)) {
    text.remove_prefix(at + kBegin.size());
    chain.push_back(FromBase64(text.substr(0, text.find('-'))));
  }
  chain.pop_back();  // the root
  return chain;
}

class VectorSet {
 public:
  VectorSet(std::string directory, std::vector<std::string>& failures, int& checks)
      : directory_(std::move(directory)), test_(directory_, failures, checks) {
    market_.cardholder = IdentityOf("cardholder");
    market_.merchant_sign = IdentityOf("merchant-sign");
    market_.merchant_exchange = IdentityOf("merchant-exchange");
    market_.gateway_sign = IdentityOf("gateway-sign");
    market_.gateway_exchange = IdentityOf("gateway-exchange");
    market_.merchant_id = "00012345";
  }

  void Run() {
    Blocks();
    Signed();
    Unsigned();
    Reversal();
    Errors();
  }

 private:
  File Load(const std::string& name) { return File(FindText(directory_ + "/" + name + ".txt")); }

  Identity IdentityOf(const std::string& name) {
    Identity identity;
    identity.chain = PemChain(directory_ + "/pki/" + name + ".pem");
    identity.key = Key::FromPem(std::string(FindText(directory_ + "/pki/" + name + ".key")));
    return identity;
  }

  Party PartyWith(Dice dice) {
    Party party;
    party.dice = std::move(dice);
    party.now_ms = [] { return kNowMs; };
    party.sw_ident = "setpeer 1.0";
    return party;
  }

  Card TheCard(bool certified) {
    const File pki = Load("pki/pki");
    Card card;
    card.certified = certified;
    card.pan = pki.Text("pan");
    card.expiry = pki.Text("card-expiry");
    if (certified) {
      card.card_secret = pki.Hex("card-secret");
      card.pan_secret = pki.Hex("pan-secret");
    }
    return card;
  }

  Bargain TheBargain(Octets lid_m) {
    Bargain bargain;
    const std::string od = Load("03-hodinput-hod").Text("od");
    bargain.od.assign(od.begin(), od.end());
    bargain.purch_amt = PurchAmt("USD", "157.53");
    bargain.lid_m = std::move(lid_m);
    return bargain;
  }

  void Blocks() {
    const File file = Load("25-oaep-blocks");
    for (const std::string name : {"E", "EH", "EX.PANData", "EX.PANToken", "EXH.PANToken"}) {
      test_.Check("OAEP block of " + name, [&] {
        EnvelopeSecrets secrets;
        secrets.des_key = file.Hex(name + ".des-key");
        secrets.e_salt = file.Hex(name + ".e-salt");
        secrets.i = file.Hex(name + ".i").front();
        const std::uint8_t bc = file.Hex(name + ".bc").front();
        const Octets hd = file.Has(name + ".hd") ? file.Hex(name + ".hd") : Octets();
        const Octets x = file.Has(name + ".x") ? file.Hex(name + ".x") : Octets();
        const Key& key = market_.gateway_exchange.key;
        const Octets block = OaepBlock(secrets, bc, hd, x, key.size());
        const Opened opened = OpenBlock(key.RawPrivate(key.RawPublic(block)), bc);
        return block == file.Hex(name + ".r") &&
               key.RawPublic(block) == file.Hex(name + ".rsa-output") &&
               opened.des_key == secrets.des_key && opened.hd == hd && opened.x == x;
      });
    }
    const File pki = Load("pki/pki");
    test_.Check("unique cardholder ID", [&] {
      return UniqueCardholderId(pki.Text("pan"), pki.Text("card-expiry"), pki.Hex("pan-secret")) ==
             pki.Text("unique-cardholder-id");
    });
    test_.Check("thumb", [&] {
      return ThumbOf(market_.gateway_exchange.certificate()) == pki.Hex("thumb.serial-10");
    });
  }

  void Signed() {
    const File pinitreq = Load("01-pinitreq");
    const File pinitres = Load("02-pinitres");
    const File preq = Load("09-preq-dualsigned");
    const File authreq = Load("10-authreq");
    const File authres = Load("11-authres");
    const File pres = Load("12-pres");
    const File inqreq = Load("13-inqreq-signed");
    const File inqres = Load("14-inqres");
    const char* kWrapper = "MessageWrapper";

    Cardholder cardholder(PartyWith(Scripted(pinitreq)), market_, TheCard(true),
                          TheBargain(pinitreq.Hex("lid-m")));
    Merchant merchant(PartyWith(Scripted(pinitres)), market_, TheBargain(pinitreq.Hex("lid-m")));
    test_.Check("01 composed", [&] { return cardholder.PInitReq() == pinitreq.Hex(kWrapper); });
    test_.Check("02 composed", [&] {
      return merchant.PInitRes(pinitreq.Hex(kWrapper)) == pinitres.Hex(kWrapper);
    });
    test_.CheckRefused("02", pinitres.Hex(kWrapper), 53, [&](const Octets& octets) {
      Cardholder other = cardholder;
      // A certificate that came along is not part of what the signature covers.
      if (SameButCertificates(octets, pinitres.Hex(kWrapper))) throw Malformed("not judged");
      other.TakePInitRes(octets);
    });
    test_.Check("02 accepted",
                [&] { return cardholder.TakePInitRes(pinitres.Hex(kWrapper)), true; });
    cardholder.dice = Scripted(preq);
    test_.Check("09 composed", [&] { return cardholder.PReq() == preq.Hex(kWrapper); });
    test_.Check("09 accepted",
                [&] { return merchant.TakePReq(preq.Hex(kWrapper), TheCard(true)), true; });
    test_.CheckRefused("09", preq.Hex(kWrapper), 61, [&](const Octets& octets) {
      Merchant other = merchant;
      if (SameButCertificates(octets, preq.Hex(kWrapper))) throw Malformed("not judged");
      other.TakePReq(octets, TheCard(true));
    });

    Acquirer acquirer(PartyWith(Scripted(authres)), market_);
    test_.Check("10 accepted and 11 composed", [&] {
      AuthAnswer answer;
      answer.baggage = authres.Hex("AuthResBaggage");
      return acquirer.AuthRes(acquirer.Open(authreq.Hex(kWrapper)), answer) ==
             authres.Hex(kWrapper);
    });
    test_.CheckRefused("10", authreq.Hex(kWrapper), 97, [&](const Octets& octets) {
      if (SameButCertificates(octets, authreq.Hex(kWrapper))) throw Malformed("not judged");
      // Certificates inside the envelope are covered by nothing either.
      const Octets data = acquirer.Open(octets).data.der();
      if (data == acquirer.Open(authreq.Hex(kWrapper)).data.der()) throw Malformed("no effect");
    });
    const Octets message =
        Decode("AuthResBaggage", authres.Hex("AuthResBaggage")).at("acqCardMsg").der();
    merchant.spoil["PResData"] = [&](Value& data) {
      Value payload = data.at("pResPayloadSeq").at(0);
      payload["results.acqCardMsg"] = Value::Der(message);
      data.Remove("pResPayloadSeq");
      data["pResPayloadSeq"].Add(payload);
    };
    test_.Check("12 composed", [&] { return merchant.PRes(4, 0) == pres.Hex(kWrapper); });
    test_.Check("12 accepted", [&] {
      const Outcome outcome = cardholder.TakePRes(pres.Hex(kWrapper));
      return outcome.completion == 4 && outcome.auth_code == 0 &&
             outcome.auth_ratio == Octets{0x80, 0x00, 0x01};
    });
    test_.CheckRefused("12", pres.Hex(kWrapper), 71, [&](const Octets& octets) {
      Cardholder other = cardholder;
      if (SameButCertificates(octets, pres.Hex(kWrapper))) throw Malformed("not judged");
      other.TakePRes(octets);
    });
    cardholder.dice = Scripted(inqreq);
    test_.Check("13 composed", [&] { return cardholder.InqReq() == inqreq.Hex(kWrapper); });
    test_.Check("13 accepted", [&] { return merchant.TakeInqReq(inqreq.Hex(kWrapper)), true; });
    test_.Check("14 composed", [&] { return merchant.InqRes(4, 0) == inqres.Hex(kWrapper); });
    test_.Check("14 accepted",
                [&] { return cardholder.TakeInqRes(inqres.Hex(kWrapper)).auth_code == 0; });
  }

  void Unsigned() {
    const File pinit = Load("17-unsigned-pinit");
    const File preq = Load("18-preq-unsigned");
    const File declined = Load("19-declined");
    const File inqreq = Load("20-inqreq-unsigned");
    const Octets request = pinit.Hex("PInitReq.MessageWrapper");
    const Value fields = Read(request).body();
    Cardholder cardholder(PartyWith([&](std::string_view name, std::size_t) {
                            if (name == "pinit-rrpid") return fields.at("rrpid").octets();
                            return fields.at(name == "lid-c" ? "localID-C" : "chall-C").octets();
                          }),
                          market_, TheCard(false), TheBargain({}));
    test_.Check("17 composed", [&] { return cardholder.PInitReq() == request; });
    test_.Check("17 accepted", [&] {
      return cardholder.TakePInitRes(pinit.Hex("PInitRes.MessageWrapper")), true;
    });
    cardholder.dice = Scripted(preq);
    test_.Check("18 composed", [&] { return cardholder.PReq() == preq.Hex("MessageWrapper"); });
    const Acquirer acquirer(PartyWith({}), market_);
    test_.Check("19 AuthReq accepted", [&] {
      return !acquirer.Open(declined.Hex("AuthReq.MessageWrapper")).instruction.dual_signed;
    });
    test_.Check("19 PRes accepted", [&] {
      return cardholder.TakePRes(declined.Hex("PRes.MessageWrapper")).auth_code == 2;
    });
    cardholder.dice = Scripted(inqreq);
    test_.Check("20 composed", [&] { return cardholder.InqReq() == inqreq.Hex("MessageWrapper"); });
  }

  void Reversal() {
    const File request = Load("21-authrevreq");
    const File response = Load("22-authrevres");
    test_.Check("21 accepted and 22 composed", [&] {
      const Acquirer acquirer(PartyWith(Scripted(response)), market_);
      const Value tbs = Decode("AuthRevReqTBS", request.Hex("content-der"));
      Authorization first;
      first.data = tbs.at("t1.authReqData");
      first.rrpid = tbs.at("t1.authRevTags.authRRPID").octets();
      const auto reversal = acquirer.OpenReversal(request.Hex("MessageWrapper"), first);
      return acquirer.AuthRevRes(reversal, first, 0) == response.Hex("MessageWrapper");
    });
  }

  void Errors() {
    const File file = Load("23-error");
    const auto read = [&](const std::string& name) {
      return ReadError(file.Hex(name + ".MessageWrapper"),
                       {market_.merchant_sign.certificate(), market_.gateway_sign.certificate(),
                        market_.cardholder.certificate()},
                       kNowMs);
    };
    test_.Check("23 signed", [&] {
      const ErrorMessage error = read("signed-with-thumb");
      return error.is_signed && error.code == kExpiredCertificate && error.thumb.size() == 20;
    });
    test_.Check("23 unsigned", [&] { return read("unsigned-header").code == kUnknownRrpid; });
    test_.Check("23 with OID", [&] {
      const ErrorMessage error = read("unsigned-oid");
      return error.code == kUnrecognizedExtension && !error.oid.empty();
    });
    test_.Check("23 with wrapper", [&] {
      const ErrorMessage error = read("unsigned-badwrapper");
      return error.code == kDecodingFailure && error.bad_wrapper;
    });
    const File headers = Load("24-messagewrapper");
    for (const std::string name : {"bare", "rrpid", "all"}) {
      test_.Check("24 " + name, [&] {
        const Octets der = headers.Hex(name + ".MessageHeader");
        Value header = Decode("MessageHeader", der);
        header["swIdent"] = header.at("swIdent").octets();  // composed again
        return Encode("MessageHeader", header) == der;
      });
    }
  }

  // True if only certificates of the outer SignedData, or of PISignature, differ, which no
  // signature covers and which the judge does not read.
  static bool SameButCertificates(const Octets& a, const Octets& b) { return Core(a) == Core(b); }
  static Octets Core(const Octets& octets) {
    Value wrapper = Read(octets).wrapper;
    Value message = wrapper.at("message");
    const std::string alternative = message.alternative();
    Value* where = nullptr;
    if (alternative == "purchaseRequest") {
      where = &message["purchaseRequest.pReqDualSigned.piDualSigned.piSignature"];
    } else if (alternative == "authorizationRequest") {
      where = &message["authorizationRequest.baggage.piDualSigned.piSignature"];
    } else {
      where = &message[alternative];
    }
    where->Remove("certificates");
    wrapper["message"] = message;
    // The header's swIdent and date are covered by no signature (D-8).
    wrapper["messageHeader.swIdent"] = "x";
    wrapper["messageHeader.date"] = "20260115120000Z";
    return Encode("MessageWrapper", wrapper);
  }

  std::string directory_;
  Tester test_;
  Market market_;
};

void CommonVectors(std::vector<std::string>& failures, int& checks) {
  Tester test("common", failures, checks);
  const File orders(FindText("common/order-hash.txt"));
  for (const std::string name :
       {"none", "empty", "abc", "coat", "kanji", "astral", "line-end", "spaces-kept", "one-named",
        "two", "utf16-order", "prefix-order"}) {
    test.Check("order hash " + name, [&] {
      std::vector<std::pair<std::string, std::string>> contents;
      for (int i = 0; i < std::stoi(orders.Text(name + ".count")); ++i) {
        const std::string key = name + ".content." + std::to_string(i);
        const auto text = [&](const std::string& part) {
          const Octets octets = orders.Has(key + part) ? orders.Hex(key + part) : Octets();
          return std::string(octets.begin(), octets.end());
        };
        contents.emplace_back(text(".name"), text(".data"));
      }
      return OrderHash(contents) == orders.Text(name + ".od");
    });
  }
  const File der(FindText("common/der.txt"));
  for (int i = 0; der.Has("bad." + std::to_string(i) + ".type"); ++i) {
    const std::string name = "bad." + std::to_string(i);
    if (!Types().Has(der.Text(name + ".type"))) continue;
    test.Check(name + " (" + der.Text(name + ".type") + ") is accepted", [&] {
      try {
        Decode(der.Text(name + ".type"), der.Hex(name + ".der"));
      } catch (const Malformed&) {
        return true;
      }
      return false;
    });
  }
}

}  // namespace

std::vector<std::string> SelfTest(int& checks) {
  std::vector<std::string> failures;
  checks = 0;
  try {
    CommonVectors(failures, checks);
    for (const char* directory : {"set-1024", "set-2048"}) {
      VectorSet(directory, failures, checks).Run();
    }
  } catch (const std::exception& thrown) {
    failures.emplace_back(thrown.what());
  }
  return failures;
}

}  // namespace conform::set
