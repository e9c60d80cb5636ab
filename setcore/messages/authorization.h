// Authorization: AuthReq and AuthRes (set-messages.asn, section 8, with SaleDetail of section 7 and
// what AuthRes needs of sections 10 and 13).
#ifndef SETCORE_MESSAGES_AUTHORIZATION_H_
#define SETCORE_MESSAGES_AUTHORIZATION_H_

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "setcore/messages/codes.h"
#include "setcore/messages/common.h"
#include "setcore/messages/purchase_request.h"

namespace setcore::msg {

enum class PayRecurInd : std::uint8_t {
  kUnknown = 0,
  kSingleTransaction = 1,
  kRecurringTransaction = 2,
  kInstallmentPayment = 3,
  kOtherMailOrder = 4,
};

enum class AuthCharInd : std::uint8_t {
  kDirectMarketing = 0,
  kRecurringPayment = 1,
  kAddressVerification = 2,
  kPreferredCustomer = 3,
  kIncrementalAuth = 4,
};

enum class MarketSpecDataID : std::uint8_t {
  kFailedEdit = 0,
  kAuto = 1,
  kHotel = 2,
  kTransport = 3,
};

enum class SpecialProcessing : std::uint8_t { kDirectMarketing = 0, kPreferredCustomer = 1 };

enum class CardSuspect : std::uint8_t { kUnspecifiedReason = 0 };

enum class MerchGroup : std::uint8_t {
  kCommercialTravel = 1,
  kLodging = 2,
  kAutomobileRental = 3,
  kRestaurant = 4,
  kMedical = 5,
  kMailOrPhoneOrder = 6,
  kRiskyPurchase = 7,
  kOther = 8,
};

enum class Prestige : std::uint8_t { kUnknown = 0, kLevel1 = 1, kLevel2 = 2, kLevel3 = 3 };

enum class RespReason : std::uint8_t {
  kIssuer = 0,
  kStandInTimeOut = 1,
  kStandInFloorLimit = 2,
  kStandInSuppressInquiries = 3,
  kStandInIssuerUnavailable = 4,
  kStandInIssuerRequest = 5,
};

enum class CardType : std::uint8_t {
  kUnavailable = 0,
  kClassic = 1,
  kGold = 2,
  kPlatinum = 3,
  kPremier = 4,
  kDebit = 5,
  kPinBasedDebit = 6,
  kAtm = 7,
  kElectronicOnly = 8,
  kUnspecifiedConsumer = 9,
  kCorporateTravel = 10,
  kPurchasing = 11,
  kBusiness = 12,
  kUnspecifiedCommercial = 13,
  kPrivateLabel = 14,
  kProprietary = 15,
};

enum class AVSResult : std::uint8_t {
  kResultUnavailable = 0,
  kNoMatch = 1,
  kAddressMatchOnly = 2,
  kPostalCodeMatchOnly = 3,
  kFullMatch = 4,
};

enum class CloseStatus : std::uint8_t { kClosedbyMerchant = 0, kClosedbyAcquirer = 1 };

}  // namespace setcore::msg

namespace setcore::der {
template <>
struct EnumRange<msg::PayRecurInd> {
  static constexpr int kMin = 0, kMax = 4;
};
template <>
struct EnumRange<msg::AuthCharInd> {
  static constexpr int kMin = 0, kMax = 4;
};
template <>
struct EnumRange<msg::MarketSpecDataID> {
  static constexpr int kMin = 0, kMax = 3;
};
template <>
struct EnumRange<msg::SpecialProcessing> {
  static constexpr int kMin = 0, kMax = 1;
};
template <>
struct EnumRange<msg::CardSuspect> {
  static constexpr int kMin = 0, kMax = 0;
};
template <>
struct EnumRange<msg::MerchGroup> {
  static constexpr int kMin = 1, kMax = 8;
};
template <>
struct EnumRange<msg::Prestige> {
  static constexpr int kMin = 0, kMax = 3;
};
template <>
struct EnumRange<msg::RespReason> {
  static constexpr int kMin = 0, kMax = 5;
};
template <>
struct EnumRange<msg::CardType> {
  static constexpr int kMin = 0, kMax = 15;
};
template <>
struct EnumRange<msg::AVSResult> {
  static constexpr int kMin = 0, kMax = 4;
};
template <>
struct EnumRange<msg::CloseStatus> {
  static constexpr int kMin = 0, kMax = 1;
};
}  // namespace setcore::der

namespace setcore::msg {

using BatchID = Number;
using BatchSequenceNum = der::Integer<1, INT64_MAX>;
using AuthRetNum = Number;

// The contents of marketSpecSaleData and commercialCardData are not reconstructed (O-13): ours are
// absent, those of others are kept with their tags.
struct SaleDetail {
  std::optional<BatchID> batch_id;
  std::optional<BatchSequenceNum> batch_sequence_num;
  std::optional<PayRecurInd> pay_recur_ind;
  std::optional<der::VisibleTextUb<25>> mer_order_num;  // ub-merOrderNum
  std::optional<AuthCharInd> auth_char_ind;
  std::optional<Any> market_spec_sale_data;                   // with its tag [5]
  std::optional<Any> commercial_card_data;                    // with its tag [6]
  std::optional<der::SetText<35>> order_summary;              // ub-summary
  std::optional<der::SetText<17>> customer_reference_number;  // ub-reference
  std::optional<Phone> customer_service_phone;
  bool ok_to_print_phone_ind = true;
  std::optional<MsgExtensions> sale_extensions;
  friend bool operator==(const SaleDetail&, const SaleDetail&) = default;
};

// An OPTIONAL component of unknown type behind [number], kept with its tag.
template <class Ar>
void IoOptionalOpen(Ar& ar, std::uint32_t number, std::optional<Any>& any) {
  if constexpr (Ar::kReading) {
    any.reset();
    if (!ar.NextIs(der::Context(number, true)) && !ar.NextIs(der::Context(number, false))) return;
    any.emplace();
  }
  if (any) ar(*any);
}

template <class Ar>
void Io(Ar& ar, SaleDetail& s) {
  ar.Sequence([&] {
    ar.OptionalImplicit(0, s.batch_id);
    ar.OptionalImplicit(1, s.batch_sequence_num);
    ar.OptionalImplicit(2, s.pay_recur_ind);
    ar.OptionalImplicit(3, s.mer_order_num);
    ar.OptionalImplicit(4, s.auth_char_ind);
    IoOptionalOpen(ar, 5, s.market_spec_sale_data);
    IoOptionalOpen(ar, 6, s.commercial_card_data);
    ar.OptionalExplicit(7, s.order_summary);
    ar.OptionalExplicit(8, s.customer_reference_number);
    ar.OptionalExplicit(9, s.customer_service_phone);
    ar.DefaultImplicit(10, s.ok_to_print_phone_ind, true);
    ar.OptionalImplicit(11, s.sale_extensions);
  });
}

struct AuthTags {
  RRTags auth_rr_tags;
  Kept<TransIDs> trans_ids;
  std::optional<AuthRetNum> auth_ret_num;
  friend bool operator==(const AuthTags&, const AuthTags&) = default;
};

template <class Ar>
void Io(Ar& ar, AuthTags& a) {
  ar.Sequence([&] {
    ar(a.auth_rr_tags, a.trans_ids);
    ar.Optional(der::kInteger, a.auth_ret_num);
  });
}

struct CheckDigests {
  DigestedData h_oi_data;
  DigestedData hod2;
  friend bool operator==(const CheckDigests&, const CheckDigests&) = default;
};

template <class Ar>
void Io(Ar& ar, CheckDigests& c) {
  ar.Sequence([&] { ar(c.h_oi_data, c.hod2); });
}

struct AVSData {
  std::optional<der::SetText<128>> street_address;  // ub-AVSData
  Location location;
  friend bool operator==(const AVSData&, const AVSData&) = default;
};

template <class Ar>
void Io(Ar& ar, AVSData& a) {
  ar.Sequence([&] {
    IoOptional(ar, a.street_address);
    ar(a.location);
  });
}

struct MerchData {
  std::optional<der::NumericText<4, 4>> merch_cat_code;
  std::optional<MerchGroup> merch_group;
  friend bool operator==(const MerchData&, const MerchData&) = default;
};

template <class Ar>
void Io(Ar& ar, MerchData& m) {
  ar.Sequence([&] {
    ar.Optional(der::kNumericString, m.merch_cat_code);
    ar.Optional(der::kEnumerated, m.merch_group);
  });
}

using Duration = der::Integer<1, 99>;

struct MarketAutoAuth {
  Duration duration = 1;
  friend bool operator==(const MarketAutoAuth&, const MarketAutoAuth&) = default;
};

template <class Ar>
void Io(Ar& ar, MarketAutoAuth& m) {
  ar.Sequence([&] { ar(m.duration); });
}

struct MarketHotelAuth {
  Duration duration = 1;
  std::optional<Prestige> prestige;
  friend bool operator==(const MarketHotelAuth&, const MarketHotelAuth&) = default;
};

template <class Ar>
void Io(Ar& ar, MarketHotelAuth& m) {
  ar.Sequence([&] {
    ar(m.duration);
    ar.Optional(der::kEnumerated, m.prestige);
  });
}

// MarketSpecAuthData ::= CHOICE { auto-rental [0], hotel [1], transport [2] }.
struct MarketSpecAuthData {
  std::variant<MarketAutoAuth, MarketHotelAuth, der::Null> value;
  friend bool operator==(const MarketSpecAuthData&, const MarketSpecAuthData&) = default;
};

template <class Ar>
void Io(Ar& ar, MarketSpecAuthData& m) {
  ImplicitChoice(ar, m.value);
}

struct AuthReqPayload {
  bool subsequent_auth_ind = false;
  CurrencyAmount auth_req_amt;
  std::optional<AVSData> avs_data;
  std::optional<SpecialProcessing> special_processing;
  std::optional<CardSuspect> card_suspect;
  bool request_card_type_ind = false;
  std::optional<InstallRecurData> install_recur_data;
  std::optional<MarketSpecAuthData> market_spec_auth_data;
  MerchData merch_data;  // mandatory, its fields are not (D-60)
  std::optional<MsgExtensions> a_rq_extensions;
  friend bool operator==(const AuthReqPayload&, const AuthReqPayload&) = default;
};

template <class Ar>
void Io(Ar& ar, AuthReqPayload& a) {
  ar.Sequence([&] {
    ar.Default(der::kBoolean, a.subsequent_auth_ind, false);
    ar(a.auth_req_amt);
    ar.OptionalImplicit(0, a.avs_data);
    ar.OptionalImplicit(1, a.special_processing);
    ar.OptionalImplicit(2, a.card_suspect);
    ar.Default(der::kBoolean, a.request_card_type_ind, false);
    ar.OptionalImplicit(3, a.install_recur_data);
    ar.OptionalExplicit(4, a.market_spec_auth_data);
    ar(a.merch_data);
    ar.OptionalImplicit(5, a.a_rq_extensions);
  });
}

struct AuthReqItem {
  AuthTags auth_tags;
  std::optional<CheckDigests> check_digests;
  AuthReqPayload auth_req_payload;
  friend bool operator==(const AuthReqItem&, const AuthReqItem&) = default;
};

template <class Ar>
void Io(Ar& ar, AuthReqItem& a) {
  ar.Sequence([&] {
    ar(a.auth_tags);
    ar.OptionalImplicit(0, a.check_digests);
    ar(a.auth_req_payload);
  });
}

struct AuthReqData {
  AuthReqItem auth_req_item;
  std::optional<Thumbs> m_thumbs;
  bool capture_now = false;
  std::optional<SaleDetail> sale_detail;
  friend bool operator==(const AuthReqData&, const AuthReqData&) = default;
};

template <class Ar>
void Io(Ar& ar, AuthReqData& a) {
  ar.Sequence([&] {
    ar(a.auth_req_item);
    ar.OptionalExplicit(0, a.m_thumbs);
    ar.Default(der::kBoolean, a.capture_now, false);
    ar.OptionalImplicit(1, a.sale_detail);
  });
}

using AuthReqTBS = Linked<Kept<AuthReqData>>;  // t2 = DD(PI)
using AuthReq = EncB<Kept<PI>>;

// --- AuthRes ----------------------------------------------------------------------------------

// CapToken ::= CHOICE { encX [0], enc [1], null [2] }, all EXPLICIT.
struct CapToken {
  std::variant<EnvelopedData, EnvelopedData, der::Null> value;
  friend bool operator==(const CapToken&, const CapToken&) = default;
};

template <class Ar>
void Io(Ar& ar, CapToken& c) {
  ExplicitChoice(ar, c.value);
}

using AcqCardMsg = EncryptedData;

// What merchants relay is kept: they never look into it.
struct AuthResBaggage {
  std::optional<Kept<CapToken>> cap_token;
  std::optional<Kept<AcqCardMsg>> acq_card_msg;
  std::optional<Kept<AuthToken>> auth_token;
  friend bool operator==(const AuthResBaggage&, const AuthResBaggage&) = default;
};

template <class Ar>
void Io(Ar& ar, AuthResBaggage& a) {
  ar.Sequence([&] {
    ar.OptionalExplicit(0, a.cap_token);
    ar.OptionalExplicit(1, a.acq_card_msg);
    ar.OptionalExplicit(2, a.auth_token);
  });
}

struct BatchTotals {
  Number transaction_count_credit = 0;
  CurrencyAmount transaction_total_amt_credit;
  Number transaction_count_debit = 0;
  CurrencyAmount transaction_total_amt_debit;
  std::optional<MsgExtensions> batch_total_extensions;
  friend bool operator==(const BatchTotals&, const BatchTotals&) = default;
};

template <class Ar>
void Io(Ar& ar, BatchTotals& b) {
  ar.Sequence([&] {
    ar(b.transaction_count_credit, b.transaction_total_amt_credit, b.transaction_count_debit,
       b.transaction_total_amt_debit);
    ar.OptionalImplicit(0, b.batch_total_extensions);
  });
}

struct BrandBatchDetails {
  BrandID brand_id;
  BatchTotals batch_totals;
  friend bool operator==(const BrandBatchDetails&, const BrandBatchDetails&) = default;
};

template <class Ar>
void Io(Ar& ar, BrandBatchDetails& b) {
  ar.Sequence([&] { ar(b.brand_id, b.batch_totals); });
}

struct BatchDetails {
  BatchTotals batch_totals;
  std::optional<der::ListOf<BrandBatchDetails, 1>> brand_batch_details_seq;
  friend bool operator==(const BatchDetails&, const BatchDetails&) = default;
};

template <class Ar>
void Io(Ar& ar, BatchDetails& b) {
  ar.Sequence([&] {
    ar(b.batch_totals);
    ar.Optional(der::kSequence, b.brand_batch_details_seq);
  });
}

struct ClosedWhen {
  CloseStatus close_status = CloseStatus::kClosedbyMerchant;
  Date close_date_time;
  friend bool operator==(const ClosedWhen&, const ClosedWhen&) = default;
};

template <class Ar>
void Io(Ar& ar, ClosedWhen& c) {
  ar.Sequence([&] { ar(c.close_status, c.close_date_time); });
}

struct BatchStatus {
  Date open_date_time;
  std::optional<ClosedWhen> closed_when;
  BatchDetails batch_details;
  std::optional<MsgExtensions> batch_extensions;
  friend bool operator==(const BatchStatus&, const BatchStatus&) = default;
};

template <class Ar>
void Io(Ar& ar, BatchStatus& b) {
  ar.Sequence([&] {
    ar(b.open_date_time);
    ar.OptionalImplicit(0, b.closed_when);
    ar(b.batch_details);
    ar.OptionalImplicit(1, b.batch_extensions);
  });
}

using ApprovalCode = der::VisibleTextPadded<6>;
using ValidationCode = der::VisibleTextPadded<4>;
using LogRefID = der::NumericTextUb<32>;

struct AuthValCodes {
  std::optional<ApprovalCode> approval_code;
  std::optional<AuthCharInd> auth_char_ind;
  std::optional<ValidationCode> validation_code;
  std::optional<MarketSpecDataID> market_spec_data_id;
  friend bool operator==(const AuthValCodes&, const AuthValCodes&) = default;
};

template <class Ar>
void Io(Ar& ar, AuthValCodes& a) {
  ar.Sequence([&] {
    ar.OptionalImplicit(0, a.approval_code);
    ar.OptionalImplicit(1, a.auth_char_ind);
    ar.OptionalImplicit(2, a.validation_code);
    ar.Optional(der::kEnumerated, a.market_spec_data_id);
  });
}

struct ResponseData {
  std::optional<AuthValCodes> auth_val_codes;
  std::optional<RespReason> resp_reason;
  std::optional<CardType> card_type;
  std::optional<AVSResult> avs_result;
  std::optional<LogRefID> log_ref_id;
  friend bool operator==(const ResponseData&, const ResponseData&) = default;
};

template <class Ar>
void Io(Ar& ar, ResponseData& r) {
  ar.Sequence([&] {
    ar.OptionalImplicit(0, r.auth_val_codes);
    ar.OptionalImplicit(1, r.resp_reason);
    ar.Optional(der::kEnumerated, r.card_type);
    ar.OptionalImplicit(2, r.avs_result);
    ar.Optional(der::kNumericString, r.log_ref_id);
  });
}

struct AuthHeader {
  CurrencyAmount auth_amt;
  AuthCode auth_code = AuthCode::kUnspecifiedFailure;
  ResponseData response_data;
  std::optional<BatchStatus> batch_status;
  std::optional<CurrConv> curr_conv;
  friend bool operator==(const AuthHeader&, const AuthHeader&) = default;
};

template <class Ar>
void Io(Ar& ar, AuthHeader& a) {
  ar.Sequence([&] {
    ar(a.auth_amt, a.auth_code, a.response_data);
    ar.OptionalImplicit(0, a.batch_status);
    ar.OptionalImplicit(1, a.curr_conv);
  });
}

struct CapResPayload {
  CapCode cap_code = CapCode::kUnspecifiedFailure;
  CurrencyAmount cap_amt;
  std::optional<BatchID> batch_id;
  std::optional<BatchSequenceNum> batch_sequence_num;
  std::optional<MsgExtensions> c_rs_pay_extensions;
  friend bool operator==(const CapResPayload&, const CapResPayload&) = default;
};

template <class Ar>
void Io(Ar& ar, CapResPayload& c) {
  ar.Sequence([&] {
    ar(c.cap_code, c.cap_amt);
    ar.OptionalImplicit(0, c.batch_id);
    ar.OptionalImplicit(1, c.batch_sequence_num);
    ar.OptionalImplicit(2, c.c_rs_pay_extensions);
  });
}

struct AuthResPayload {
  AuthHeader auth_header;
  std::optional<CapResPayload> cap_res_payload;
  std::optional<MsgExtensions> a_rs_extensions;
  friend bool operator==(const AuthResPayload&, const AuthResPayload&) = default;
};

template <class Ar>
void Io(Ar& ar, AuthResPayload& a) {
  ar.Sequence([&] {
    ar(a.auth_header);
    ar.Optional(der::kSequence, a.cap_res_payload);
    ar.OptionalImplicit(0, a.a_rs_extensions);
  });
}

struct AuthResData {
  AuthTags auth_tags;
  std::optional<Any> brand_crl_identifier;
  std::optional<CertThumb> pe_thumb;
  AuthResPayload auth_res_payload;
  friend bool operator==(const AuthResData&, const AuthResData&) = default;
};

template <class Ar>
void Io(Ar& ar, AuthResData& a) {
  ar.Sequence([&] {
    ar(a.auth_tags);
    ar.OptionalExplicit(0, a.brand_crl_identifier);
    ar.OptionalExplicit(1, a.pe_thumb);
    ar(a.auth_res_payload);
  });
}

using AuthResTBS = Linked<Kept<AuthResData>>;  // t2 = DD(AuthResBaggage)

// Content of EncBX: the data beside a signature that also covers the PANToken (O-10).
struct AuthResTBEX {
  Kept<AuthResTBS> auth_res_tbs;
  SignedData s;
  friend bool operator==(const AuthResTBEX&, const AuthResTBEX&) = default;
};

template <class Ar>
void Io(Ar& ar, AuthResTBEX& a) {
  ar.Sequence([&] { ar(a.auth_res_tbs, a.s); });
}

struct AuthResTBSX {
  Kept<AuthResTBS> auth_res_tbs;
  PANToken pan_token;
  friend bool operator==(const AuthResTBSX&, const AuthResTBSX&) = default;
};

template <class Ar>
void Io(Ar& ar, AuthResTBSX& a) {
  ar.Sequence([&] { ar(a.auth_res_tbs, a.pan_token); });
}

using AuthResEncB = EncB<Kept<AuthResBaggage>>;

// AuthRes ::= CHOICE { encB [0], encBX [1] }, both EXPLICIT.
struct AuthRes {
  std::variant<AuthResEncB, AuthResEncB> value;
  friend bool operator==(const AuthRes&, const AuthRes&) = default;
};

template <class Ar>
void Io(Ar& ar, AuthRes& a) {
  ExplicitChoice(ar, a.value);
}

}  // namespace setcore::msg

#endif  // SETCORE_MESSAGES_AUTHORIZATION_H_
