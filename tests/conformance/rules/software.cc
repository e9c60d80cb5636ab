// CALL, ManagePaymentSoftware: instruments that a running consumer's host adds, changes and removes
// by the packaged content of docs/provisioning.md.
#include <fmt/format.h>

#include "stages.h"

namespace conform {
namespace {

std::string Section(std::string_view id, std::string_view name) {
  return fmt::format(
      "[[instrument]]\nid = \"{}\"\nname = \"{}\"\nbrand_id = \"VISA\"\n"
      "protocol_brand_id = \"VISA\"\npan = \"4000000000000028\"\nexpiry = \"203812\"\n",
      id, name);
}

Node Manage(std::string_view action, std::string_view text) {
  Node call = ManagePaymentSoftware(action);
  call.Set("BrandId", "VISA").Set("ProtocolId", "SETv1.0");
  return call.Add(
      SetContent("BrandPackagedContent", "SET:Instrument", Octets(text.begin(), text.end())));
}

// The name of the instrument as FindPaymentInstrument lists it; empty: it does not.
std::string Listed(Context& c, opb_wallet wallet, std::string_view id) {
  const Answer answer = c.Expect(wallet, FindPaymentInstrument(Deal()));
  for (const Node* instrument : answer.call().Children("PayInstrument")) {
    if (instrument->Get("Id") == id) return instrument->Get("PayInstName");
  }
  return "";
}

void New(Context& c) {
  const opb_wallet wallet = c.Open(kConsumer);
  c.Expect(wallet, Manage("New", Section("added", "A new card")));
  Require(Listed(c, wallet, "added") == "A new card", "the new instrument is not listed");
}

void NewStays(Context& c) {
  opb_wallet wallet = c.Open(kConsumer);
  c.Expect(wallet, Manage("New", Section("added", "A new card")));
  c.Close(wallet);
  wallet = c.Open(kConsumer);
  Require(Listed(c, wallet, "added") == "A new card", "the new instrument is gone");
}

void NewPays(Context& c) {
  ConsumerStage payment(c);
  c.Expect(payment.wallet, Manage("New", Section("added", "A new card")));
  payment.deal.instrument = "added";
  payment.PInitRes();
  Require(!payment.preq.empty(), "the new instrument makes no PReq");
}

void NewTaken(Context& c) {
  const opb_wallet wallet = c.Open(kConsumer);
  const std::string before = Listed(c, wallet, kInstrument);
  c.ExpectError(wallet, Manage("New", Section(kInstrument, "Another")), "ElContIllegal");
  Require(Listed(c, wallet, kInstrument) == before, "the instrument is another");
}

void Update(Context& c) {
  const opb_wallet wallet = c.Open(kConsumer);
  c.Expect(wallet, Manage("New", Section("added", "A new card")));
  c.Expect(wallet, Manage("Update", Section("added", "A better card")));
  Require(Listed(c, wallet, "added") == "A better card", "the instrument has its old name");
}

void UpdateUnknown(Context& c) {
  const opb_wallet wallet = c.Open(kConsumer);
  c.ExpectError(wallet, Manage("Update", Section("nobody", "A card")), "ElContIllegal");
  Require(Listed(c, wallet, "nobody").empty(), "an Update has added an instrument");
}

void Delete(Context& c) {
  const opb_wallet wallet = c.Open(kConsumer);
  c.Expect(wallet, Manage("New", Section("added", "A new card")));
  Require(Listed(c, wallet, "added") == "A new card", "the new instrument is not listed");
  c.Expect(wallet, Manage("Delete", "[[instrument]]\nid = \"added\"\n"));
  Require(Listed(c, wallet, "added").empty(), "the removed instrument is still listed");
}

void OtherBrand(Context& c) {
  const opb_wallet wallet = c.Open(kConsumer);
  Node call = Manage("New", Section("added", "A new card"));
  call.Set("BrandId", "JCB");
  c.ExpectError(wallet, call, "AttValIllegal");
}

void NoContent(Context& c) {
  Node call = Manage("New", "");
  call.RemoveChild("BrandPackagedContent");
  c.ExpectError(c.Open(kConsumer), call, "ElMissing");
}

}  // namespace

void AddSoftwareRules(Rules& rules) {
  const auto add = [&](const char* id, const char* sentence, void (*check)(Context&)) {
    rules.push_back({id, "RFC 3867, 4.6.1; docs/provisioning.md", sentence, Level::kMust, check});
  };
  add("CALL-4.6.1-new", "an instrument that New adds is found at once", New);
  add("CALL-4.6.1-new-stays", "it is there after close and open", NewStays);
  add("CALL-4.6.1-new-pays", "it makes a PReq", NewPays);
  add("CALL-4.6.1-new-taken", "New with the id of another instrument is ElContIllegal", NewTaken);
  add("CALL-4.6.1-update", "Update replaces what is known of an instrument", Update);
  add("CALL-4.6.1-update-unknown", "Update of an unknown instrument is ElContIllegal",
      UpdateUnknown);
  add("CALL-4.6.1-delete", "an instrument that Delete removes is not found any more", Delete);
  add("CALL-4.6.1-other-brand", "a BrandId that is not the instrument's is AttValIllegal",
      OtherBrand);
  add("CALL-4.6.1-no-content", "New without content is ElMissing", NoContent);
}

}  // namespace conform
