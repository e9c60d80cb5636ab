#include "bridge/programs/set_gateway/processor.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <system_error>
#include <utility>

#include "bridge/files.h"
#include "bridge/programs/set_gateway/limits.h"
#include "bridge/programs/set_gateway/log.h"
#include "bridge/programs/set_gateway/rules.h"
#include "bridge/software_id.h"
#include "bridge/translate/money.h"
#include "setcore/compose_error.h"
#include "setcore/crypto/digest.h"
#include "setcore/messages/glance.h"
#include "setcore/messages/receive.h"
#include "setcore/order.h"

namespace bridge::gateway {
namespace {

constexpr std::size_t kPanKeySize = 32;
constexpr std::uint32_t kFullDelay_s = 30;

using setcore::msg::AuthCode;
using setcore::msg::AuthRevCode;
using setcore::msg::CapCode;

// Of db::Instruction::state.
constexpr std::string_view kAuthorized = "authorized";
constexpr std::string_view kReversed = "reversed";

db::Millis NowMs() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

// Six digits, as an issuer would give them.
std::string ApprovalCode(setcore::Random& random) {
  std::array<std::uint8_t, 4> octets{};
  random.Fill(octets);
  std::uint32_t number = 0;
  for (const std::uint8_t octet : octets) number = number << 8 | octet;
  return fmt::format("{:06}", number % 1000000);
}

// `from` in units of 10^exponent, rounded up; nothing beyond 18 digits.
std::optional<std::int64_t> InExponent(const setcore::msg::CurrencyAmount& from,
                                       std::int64_t exponent) {
  std::int64_t amount = from.amount;
  std::int64_t steps = from.amt_exp10 - exponent;
  for (; steps > 0 && amount != 0; --steps) {
    if (amount > INT64_MAX / 10) return std::nullopt;
    amount *= 10;
  }
  for (; steps < 0 && amount > 1; ++steps) amount = amount / 10 + (amount % 10 != 0 ? 1 : 0);
  return amount;
}

std::string Text(const db::Error& error) {
  return fmt::format("{}: {}", db::Name(error.kind), error.detail);
}

// What the merchant is told when nothing can be recorded: nothing was decided.
Served Busy(const std::string& why) {
  Served out;
  out.note = "not recorded: " + why;
  out.refusal = {setcore::transport::StatusClass::kRetry, kFullDelay_s, "Busy"};
  return out;
}

Served Unrecorded(const db::Error& error) {
  Served out = Busy(Text(error));
  if (error.kind == db::ErrorKind::kFull) return out;
  out.refusal = {setcore::transport::StatusClass::kFailed, 0, "Service unavailable"};
  return out;
}

// None: the header cannot be read.
std::optional<setcore::msg::MessageHeader> HeaderOf(setcore::OctetView request) {
  const auto skeleton = setcore::ReadSkeleton(request, request.size());
  if (!skeleton) return std::nullopt;
  auto header = setcore::ReadHeader(*skeleton);
  return header ? std::optional(std::move(*header)) : std::nullopt;
}

// The key lies beside the database, in a file of its own: a copy of the database alone tells no
// account number.
tl::expected<setcore::SecretOctets, std::string> PanKey(const std::string& state,
                                                        setcore::Random& random) {
  const std::string path = state + ".key";
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    setcore::SecretOctets key(kPanKeySize);
    random.Fill(key.mutable_view());
    if (auto saved = SaveFile(path, key.view()); !saved) {
      return tl::unexpected(path + ": " + saved.error());
    }
    return key;
  }
  auto file = LoadFile(path, kPanKeySize);
  if (!file) return tl::unexpected(path + ": " + file.error());
  if (file->octets.size() != kPanKeySize) {
    return tl::unexpected(path + ": is not the key of this gateway");
  }
  return std::move(file->octets);
}

// An authorization in the ledger, with the instruction that it is of.
struct Known {
  db::Authorization row;
  db::Instruction instruction;
  setcore::AuthorizationFacts facts;
};

db::Result<std::optional<Known>> FindKnown(const db::Reader& reader, std::string_view merchant_id,
                                           setcore::OctetView auth_rrpid) {
  auto row = db::FindAuthorization(reader, merchant_id, auth_rrpid);
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::nullopt;
  auto instruction = db::FindInstruction(reader, merchant_id, (*row)->xid);
  if (!instruction) return tl::unexpected(instruction.error());
  if (!*instruction) return std::nullopt;
  Known known{std::move(**row), std::move(**instruction), {}};
  setcore::AuthorizationFacts& facts = known.facts;
  std::copy_n(known.row.xid.begin(), std::min(known.row.xid.size(), facts.xid.size()),
              facts.xid.begin());
  facts.lid_c = known.row.lid_c;
  facts.approved = known.row.auth_code == setcore::msg::Name(AuthCode::kApproved);
  facts.captured = known.row.captured;
  facts.reversed = known.row.reversed;
  facts.amount = {known.instruction.currency, known.instruction.authorized,
                  known.instruction.amt_exp10};
  return known;
}

// Of the batch that SaleDetail names; without one the gateway chooses.
db::Result<setcore::BatchState> StateOfBatch(const db::Reader& reader, std::string_view merchant_id,
                                             const setcore::CaptureItem& item) {
  using setcore::BatchState;
  if (!item.batch_id) return BatchState::kOpen;
  const auto number = static_cast<std::uint16_t>(item.amount.currency.value);
  const auto closed = db::BatchClosed(
      reader, merchant_id, CurrencyCode(number).value_or(std::to_string(number)), *item.batch_id);
  if (!closed) return tl::unexpected(closed.error());
  if (!*closed) return BatchState::kUnknown;
  return **closed ? BatchState::kClosed : BatchState::kOpen;
}

}  // namespace

setcore::Time SystemTime() { return std::time(nullptr); }

tl::expected<std::unique_ptr<Processor>, std::string> Processor::Open(
    std::shared_ptr<const Config> config, setcore::Random& random, setcore::Time (*now)()) {
  std::unique_ptr<Processor> out(new Processor(random, now));
  out->policy_.max_message = config->max_message_bytes;
  out->policy_.sw_ident = kSoftwareId;
  auto store = db::GatewayStore::Open(config->state);
  if (!store) return tl::unexpected(config->state + ": " + Text(store.error()));
  out->store_ = std::move(*store);
  auto key = PanKey(config->state, random);
  if (!key) return tl::unexpected(std::move(key.error()));
  out->pan_key_ = std::move(*key);
  out->Renew(std::move(config));
  return out;
}

void Processor::Renew(std::shared_ptr<const Config> config) {
  auto acting = std::make_shared<Acting>();
  for (const BrandKeys& brand : config->brands) {
    acting->keys.push_back({&*brand.signing, &*brand.exchange, brand.bins});
  }
  acting->config = std::move(config);
  const std::lock_guard lock(mutex_);
  acting_ = std::move(acting);
}

std::shared_ptr<const Processor::Acting> Processor::acting() const {
  const std::lock_guard lock(mutex_);
  return acting_;
}

Served Processor::Process(setcore::OctetView request) {
  const setcore::crypto::Sha256Digest digest = setcore::crypto::Sha256(request);
  // set-processing.md, 2.3: the same octets, the same answer, whatever they are.
  auto known =
      store_->Read([&](db::Reader& reader) { return db::FindRequestAnswer(reader, digest); });
  if (!known) return Unrecorded(known.error());
  Served out;
  if (*known) {
    out.answer = std::move(**known);
    out.note = "answered again";
    return out;
  }
  setcore::Environment env;
  env.now = now_();
  env.random = &random_;
  const auto glimpse = setcore::Glance(request);
  if (glimpse && glimpse->name == "Error") {
    out.note = "an Error, which nobody answers";
    out.refusal = {setcore::transport::StatusClass::kFailed, 0, "Error messages are not answered"};
    return out;
  }
  const auto now_acting = acting();
  const std::string_view name = glimpse ? glimpse->name : std::string_view();
  if (name == "AuthRevReq") return Reverse(env, *now_acting, request, digest);
  if (name == "CapReq") return Capture(env, *now_acting, request, digest);
  return Authorize(env, *now_acting, request, digest);
}

Served Processor::AnswerError(const setcore::Environment& env, const Acting& acting,
                              setcore::OctetView request,
                              const setcore::crypto::Sha256Digest& digest,
                              const setcore::Error& error) {
  Served out;
  // The brand of a request that cannot be used is not known: any brand signs.
  out.answer = setcore::ComposeError(env, &*acting.config->brands.front().signing, request, error);
  out.note = fmt::format("Error {}: {}", setcore::Name(error.code), error.detail);
  // set-processing.md, 7.6: only an Error about an RRPID is an outcome.
  const auto header = HeaderOf(request);
  if (!header || !header->rrpid) return out;
  if (header->date.value > env.now + kErrorAhead_s) return Busy("too far ahead; " + out.note);
  bool room = true;
  std::optional<setcore::Octets> stored;  // the same octets were answered meanwhile
  const auto written = store_->Write([&](db::Transaction& tx) -> db::Result<void> {
    auto known = db::FindRequestAnswer(tx, digest);
    if (!known) return tl::unexpected(known.error());
    stored = std::move(*known);
    if (stored) return {};
    const auto kept = db::RecordError(
        tx, {.digest = {digest.begin(), digest.end()}, .answer = out.answer, .at = env.now * 1000},
        (env.now - kErrorKept_s) * 1000, kMaxErrors);
    if (!kept) return tl::unexpected(kept.error());
    room = *kept;
    return {};
  });
  if (!written) return Unrecorded(written.error());
  if (!room) return Busy("too many Errors are kept; " + out.note);
  if (stored) {
    out.answer = std::move(*stored);
    out.note = "answered again";
  }
  return out;
}

struct Processor::Settled {
  bool rrpid_used = false;  // by the same signer, with other octets
  std::int64_t delay_ms = 0;
  std::string note;
  db::Millis at = 0;
  setcore::Result<setcore::Octets> answer;
};

template <class Settle>
Served Processor::Once(const setcore::Environment& env, const Acting& acting,
                       setcore::OctetView request, const setcore::crypto::Sha256Digest& digest,
                       const setcore::crypto::Sha1Digest& signer_thumb,
                       const setcore::msg::RRPID& rrpid, const Settle& settle) {
  Settled settled;
  std::optional<setcore::Octets> stored;  // the same octets were answered meanwhile
  const auto written = store_->Write([&](db::Transaction& tx) -> db::Result<void> {
    auto known = db::FindRequestAnswer(tx, digest);
    if (!known) return tl::unexpected(known.error());
    stored = std::move(*known);
    if (stored) return {};
    const auto used = db::RrpidAnswered(tx, signer_thumb, rrpid);
    if (!used) return tl::unexpected(used.error());
    settled.rrpid_used = *used;
    if (settled.rrpid_used) return {};
    settled.at = NowMs();
    if (auto done = settle(tx, settled); !done) return done;
    if (!settled.answer) return db::Fail(db::ErrorKind::kInternal, settled.answer.error().detail);
    return db::RecordRequest(tx, {.digest = {digest.begin(), digest.end()},
                                  .signer_thumb = {signer_thumb.begin(), signer_thumb.end()},
                                  .rrpid = {rrpid.begin(), rrpid.end()},
                                  .answer = *settled.answer,
                                  .at = settled.at});
  });
  Served out;
  if (stored) {
    out.answer = std::move(*stored);
    out.note = "answered again";
    return out;
  }
  if (settled.rrpid_used) {
    // set-processing.md, 2.3: nothing is processed, the stored answer is not shown.
    return AnswerError(env, acting, request, digest,
                       setcore::Fail(setcore::ErrorCode::kUnspecifiedFailure,
                                     "this RRPID came with other octets before")
                           .value());
  }
  if (!settled.answer) return AnswerError(env, acting, request, digest, settled.answer.error());
  if (!written) return Unrecorded(written.error());
  out.answer = std::move(*settled.answer);
  out.delay_ms = settled.delay_ms;
  out.note = std::move(settled.note);
  return out;
}

Served Processor::Authorize(const setcore::Environment& env, const Acting& acting,
                            setcore::OctetView request,
                            const setcore::crypto::Sha256Digest& digest) {
  const auto opened =
      setcore::OpenAuthReq(env, acting.keys, *acting.config->trust, policy_, request);
  if (!opened) return AnswerError(env, acting, request, digest, opened.error());
  return Once(env, acting, request, digest, opened->signer_thumb, opened->rrpid(),
              [&](db::Transaction& tx, Settled& settled) {
                return SettleAuthorization(tx, env, acting, *opened, settled);
              });
}

Served Processor::Reverse(const setcore::Environment& env, const Acting& acting,
                          setcore::OctetView request, const setcore::crypto::Sha256Digest& digest) {
  const auto opened =
      setcore::OpenAuthRevReq(env, acting.keys, *acting.config->trust, policy_, request);
  if (!opened) return AnswerError(env, acting, request, digest, opened.error());
  return Once(env, acting, request, digest, opened->signer_thumb, opened->rrpid(),
              [&](db::Transaction& tx, Settled& settled) {
                return SettleReversal(tx, env, acting, *opened, settled);
              });
}

Served Processor::Capture(const setcore::Environment& env, const Acting& acting,
                          setcore::OctetView request, const setcore::crypto::Sha256Digest& digest) {
  const auto opened =
      setcore::OpenCapReq(env, acting.keys, *acting.config->trust, policy_, request);
  if (!opened) return AnswerError(env, acting, request, digest, opened.error());
  return Once(env, acting, request, digest, opened->signer_thumb, opened->rrpid(),
              [&](db::Transaction& tx, Settled& settled) {
                return SettleCapture(tx, env, acting, *opened, settled);
              });
}

// The ledger's part of 7.2.
db::Result<void> Processor::SettleAuthorization(db::Transaction& tx,
                                                const setcore::Environment& env,
                                                const Acting& acting,
                                                const setcore::AuthRequest& request,
                                                Settled& out) const {
  auto found = db::FindInstruction(tx, request.merchant_id, request.xid());
  if (!found) return tl::unexpected(found.error());
  setcore::LedgerFacts facts;
  if (*found) {
    facts.previously_used = (*found)->state == kAuthorized;
    facts.authorized = (*found)->state == kAuthorized ? (*found)->authorized : 0;
  }
  AuthCode code = setcore::JudgeAuthReq(env, request, facts);
  const auto amount = setcore::PurchAmtOf(request.amount);
  const auto total =
      request.purch_amt ? InExponent(request.amount, request.purch_amt->amt_exp10) : std::nullopt;
  if (code == AuthCode::kApproved && (!amount || !total)) code = AuthCode::kAmountError;
  if (code == AuthCode::kApproved) {
    const Verdict verdict = Judge(acting.config->rules, request.pan.view(), *amount);
    code = verdict.auth_code;
    out.delay_ms = verdict.delay_ms;
  }
  const bool approved = code == AuthCode::kApproved;

  setcore::AuthDecision decision;
  decision.code = code;
  db::Authorization row;
  row.xid.assign(request.xid().begin(), request.xid().end());
  row.lid_c = request.tags.trans_ids.value.lid_c.value;
  if (const auto& lid_m = request.tags.trans_ids.value.lid_m) row.lid_m = lid_m->value;
  row.merchant_id = request.merchant_id;
  row.auth_rrpid.assign(request.rrpid().begin(), request.rrpid().end());
  row.brand = request.brand;
  const auto currency = static_cast<std::uint16_t>(request.amount.currency.value);
  row.amount = amount ? AmountText(*amount) : std::to_string(request.amount.amount.value);
  row.curr_code = CurrencyCode(currency).value_or(std::to_string(currency));
  row.auth_code = setcore::msg::Name(code);
  row.at = out.at;
  if (approved) {
    decision.approval_code = ApprovalCode(random_);
    if (request.capture_now) {
      const auto place = db::NextInBatch(tx, request.merchant_id, row.curr_code, row.at);
      if (!place) return tl::unexpected(place.error());
      decision.capture = {place->batch, place->sequence};
      row.captured = true;
      row.batch = place->batch;
    }
  }
  if (request.purch_amt && (approved || !*found)) {
    db::Instruction instruction;
    instruction.merchant_id = request.merchant_id;
    instruction.xid = row.xid;
    if (approved) {
      instruction.state = kAuthorized;
      instruction.authorized = *total;
    }
    instruction.brand = request.brand;
    instruction.currency = static_cast<int>(request.purch_amt->currency.value);
    instruction.amt_exp10 = static_cast<int>(
        std::clamp<std::int64_t>(request.purch_amt->amt_exp10.value, INT32_MIN, INT32_MAX));
    instruction.purch_amount = request.purch_amt->amount.value;
    const auto mac = setcore::crypto::HmacSha256(pan_key_.view(), request.pan.octets());
    instruction.pan_hmac.assign(mac.begin(), mac.end());
    instruction.at = row.at;
    if (auto kept = db::StoreInstruction(tx, instruction); !kept) return kept;
  }
  if (auto kept = db::RecordAuthorization(tx, row); !kept) {
    out.rrpid_used = kept.error().kind == db::ErrorKind::kConflict;
    return kept;
  }
  out.answer =
      setcore::ComposeAuthRes(env, acting.keys, *acting.config->trust, policy_, request, decision);
  out.note = fmt::format("xid={} {}", Hex(row.xid), row.auth_code);
  return {};
}

// The ledger's part of a reversal (D-57); a full one sets the payment instruction free (D-46).
db::Result<void> Processor::SettleReversal(db::Transaction& tx, const setcore::Environment& env,
                                           const Acting& acting,
                                           const setcore::ReversalRequest& request,
                                           Settled& out) const {
  std::optional<Known> known;
  if (request.auth_rrpid) {
    auto found = FindKnown(tx, request.merchant_id, *request.auth_rrpid);
    if (!found) return tl::unexpected(found.error());
    known = std::move(*found);
  }
  AuthRevCode code = setcore::JudgeAuthRevReq(request, known ? &known->facts : nullptr);
  if (code == AuthRevCode::kApproved) {
    const auto left = setcore::PurchAmtOf(request.new_amount);
    db::Instruction& instruction = known->instruction;
    const auto units = InExponent(request.new_amount, instruction.amt_exp10);
    if (!left || !units) {
      code = AuthRevCode::kInvalidAmount;
    } else {
      const bool all = *units == 0;
      instruction.authorized = *units;
      if (all) instruction.state = kReversed;
      if (auto kept = db::StoreInstruction(tx, instruction); !kept) return kept;
      if (auto kept = db::ReduceAuthorization(tx, request.merchant_id, *request.auth_rrpid,
                                              all ? known->row.amount : AmountText(*left), all);
          !kept) {
        return kept;
      }
    }
  }
  out.answer =
      setcore::ComposeAuthRevRes(env, acting.keys, *acting.config->trust, policy_, request, code);
  out.note = fmt::format("xid={} reversal {}", Hex(request.xid()), setcore::msg::Name(code));
  return {};
}

// The ledger's part of a capture (D-59), item by item: the second one for an authorization finds it
// captured.
db::Result<void> Processor::SettleCapture(db::Transaction& tx, const setcore::Environment& env,
                                          const Acting& acting,
                                          const setcore::CaptureRequest& request,
                                          Settled& out) const {
  std::vector<setcore::CaptureDecision> decisions;
  for (const setcore::CaptureItem& item : request.items) {
    auto known = FindKnown(tx, request.merchant_id, item.auth_rrpid);
    if (!known) return tl::unexpected(known.error());
    const auto batch = StateOfBatch(tx, request.merchant_id, item);
    if (!batch) return tl::unexpected(batch.error());
    setcore::CaptureDecision& decision = decisions.emplace_back();
    decision.code = setcore::JudgeCapItem(item, *known ? &(*known)->facts : nullptr, *batch);
    out.note += fmt::format("{}xid={} capture {}", out.note.empty() ? "" : ", ",
                            Hex(item.trans_ids.value.xid), setcore::msg::Name(decision.code));
    if (decision.code != CapCode::kSuccess) continue;
    // A batch that was named and is open is this one: a merchant has one for each currency.
    const auto place = db::NextInBatch(tx, request.merchant_id, (*known)->row.curr_code, out.at);
    if (!place) return tl::unexpected(place.error());
    decision.batch_id = place->batch;
    decision.batch_sequence = item.batch_sequence.value_or(place->sequence);
    auto kept = db::MarkCaptured(tx, request.merchant_id, item.auth_rrpid, place->batch);
    if (!kept) return kept;
  }
  out.answer =
      setcore::ComposeCapRes(env, acting.keys, *acting.config->trust, policy_, request, decisions);
  return {};
}

tl::expected<void, std::string> Processor::Journal(std::string_view peer,
                                                   setcore::OctetView message) {
  auto written = store_->Write([&](db::Transaction& tx) {
    return db::RecordDiagnostic(tx, peer, message, NowMs(),
                                {kMaxDiagnostics, kMaxDiagnosticOctets});
  });
  if (!written) return tl::unexpected(Text(written.error()));
  return {};
}

}  // namespace bridge::gateway
