// What an IotpPaymentApiResponse may hold, as a DTD for libxml2: RFC 3867, 3 to 5, with the
// corrections that docs/conformance.md names.  Nothing here comes from a module under judgement.
#ifndef TESTS_CONFORMANCE_RESPONSE_DTD_H_
#define TESTS_CONFORMANCE_RESPONSE_DTD_H_

namespace conform {

inline constexpr char kResponseDtd[] = R"dtd(
<!ENTITY % state "(NotYetStarted|InProgress|Suspended|CompletedOk|Failed|ProcessError)">
<!ENTITY % packaged "Name NMTOKEN #IMPLIED Content CDATA #IMPLIED Transform (NONE|BASE64) #IMPLIED">
<!ELEMENT IotpPaymentApiResponse (ErrorResponse|FindAcceptedPaymentBrandResponse|
  FindAcceptedPaymentProtocolResponse|GetPaymentInitializationDataResponse|
  FindPaymentInstrumentResponse|CheckPaymentPossibilityResponse|CheckPaymentPossiblityResponse|
  StartPaymentConsumerResponse|StartPaymentPaymentHandlerResponse|ResumePaymentConsumerResponse|
  ResumePaymentPaymentHandlerResponse|ContinueProcessResponse|InquireProcessStateResponse|
  ChangeProcessStateResponse|CheckPaymentReceiptResponse|ExpandPaymentReceiptResponse|
  RemovePaymentLogResponse|PaymentInstrumentInquiryResponse|InquirePendingPaymentResponse|
  ManagePaymentSoftwareResponse|StartPaymentInquiryResponse|InquirePaymentStatusResponse)>
<!ATTLIST IotpPaymentApiResponse xmlns CDATA #IMPLIED xml:lang NMTOKEN #IMPLIED
  ContentSoftwareID CDATA #IMPLIED>
<!ELEMENT ErrorResponse (ErrorLocation+, PaySchemePackagedContent*)>
<!ATTLIST ErrorResponse xml:lang NMTOKEN #IMPLIED ErrorCode NMTOKEN #REQUIRED
  ErrorDesc CDATA #REQUIRED Severity (Warning|TransientError|HardError) #REQUIRED
  MinRetrySecs CDATA #IMPLIED SwVendorErrorRef CDATA #IMPLIED>
<!ELEMENT ErrorLocation EMPTY>
<!ATTLIST ErrorLocation ElementType NMTOKEN #REQUIRED IotpMsgRef NMTOKEN #IMPLIED
  BlkRef NMTOKEN #IMPLIED CompRef NMTOKEN #IMPLIED ElementRef NMTOKEN #IMPLIED
  AttName NMTOKEN #IMPLIED>
<!ELEMENT PackagedContent (#PCDATA)>
<!ATTLIST PackagedContent %packaged;>
<!ELEMENT BrandPackagedContent (#PCDATA)>
<!ATTLIST BrandPackagedContent %packaged;>
<!ELEMENT BrandSelBrandInfoPackagedContent (#PCDATA)>
<!ATTLIST BrandSelBrandInfoPackagedContent %packaged;>
<!ELEMENT BrandSelProtocolAmountInfoPackagedContent (#PCDATA)>
<!ATTLIST BrandSelProtocolAmountInfoPackagedContent %packaged;>
<!ELEMENT BrandSelCurrencyAmountInfoPackagedContent (#PCDATA)>
<!ATTLIST BrandSelCurrencyAmountInfoPackagedContent %packaged;>
<!ELEMENT OrderPackagedContent (#PCDATA)>
<!ATTLIST OrderPackagedContent %packaged;>
<!ELEMENT PayProtocolPackagedContent (#PCDATA)>
<!ATTLIST PayProtocolPackagedContent %packaged;>
<!ELEMENT PaySchemePackagedContent (#PCDATA)>
<!ATTLIST PaySchemePackagedContent %packaged;>
<!ELEMENT ProtocolAmountPackagedContent (#PCDATA)>
<!ATTLIST ProtocolAmountPackagedContent %packaged;>
<!ELEMENT ProtocolBrandPackagedContent (#PCDATA)>
<!ATTLIST ProtocolBrandPackagedContent %packaged;>
<!ELEMENT TradingRoleDataPackagedContent (#PCDATA)>
<!ATTLIST TradingRoleDataPackagedContent Name NMTOKEN #REQUIRED Content CDATA #IMPLIED
  Transform (NONE|BASE64) #IMPLIED>
<!ELEMENT FindAcceptedPaymentBrandResponse (BrandItem*)>
<!ELEMENT BrandItem (BrandPackagedContent*)>
<!ATTLIST BrandItem BrandId CDATA #REQUIRED xml:lang NMTOKEN #IMPLIED BrandName CDATA #REQUIRED
  BrandLogoNetLocn CDATA #REQUIRED BrandNarrative CDATA #IMPLIED>
<!ELEMENT FindAcceptedPaymentProtocolResponse (ProtocolItem+, BrandItem*)>
<!ELEMENT ProtocolItem (ProtocolAmountPackagedContent*, PayProtocolPackagedContent*,
  CurrencyAmount+, Brand*, ProtocolBrand*)>
<!ATTLIST ProtocolItem ProtocolId CDATA #REQUIRED ProtocolBrandId CDATA #IMPLIED
  xml:lang NMTOKEN #IMPLIED ProtocolName CDATA #REQUIRED PayReqNetLocn CDATA #IMPLIED
  SecPayReqNetLocn CDATA #IMPLIED>
<!ELEMENT Brand EMPTY>
<!ATTLIST Brand BrandId CDATA #REQUIRED>
<!ELEMENT CurrencyAmount EMPTY>
<!ATTLIST CurrencyAmount CurrCodeType NMTOKEN #IMPLIED CurrCode CDATA #IMPLIED
  Amount CDATA #IMPLIED>
<!ELEMENT ProtocolBrand (ProtocolBrandPackagedContent*)>
<!ATTLIST ProtocolBrand ProtocolId CDATA #REQUIRED ProtocolBrandId CDATA #REQUIRED>
<!ELEMENT GetPaymentInitializationDataResponse (OrderPackagedContent*,
  TradingRoleDataPackagedContent*)>
<!ATTLIST GetPaymentInitializationDataResponse OkFrom CDATA #IMPLIED OkTo CDATA #IMPLIED>
<!ELEMENT FindPaymentInstrumentResponse (PayInstrument*)>
<!ELEMENT PayInstrument EMPTY>
<!ATTLIST PayInstrument Id CDATA #REQUIRED xml:lang NMTOKEN #IMPLIED PayInstName CDATA #REQUIRED>
<!ELEMENT CheckPaymentPossibilityResponse (BrandSelBrandInfoPackagedContent*,
  BrandSelProtocolAmountInfoPackagedContent*, BrandSelCurrencyAmountInfoPackagedContent*)>
<!ELEMENT CheckPaymentPossiblityResponse (BrandSelBrandInfoPackagedContent*,
  BrandSelProtocolAmountInfoPackagedContent*, BrandSelCurrencyAmountInfoPackagedContent*)>
<!ELEMENT StartPaymentConsumerResponse (PaySchemePackagedContent*)>
<!ATTLIST StartPaymentConsumerResponse ContStatus (End|Continue) #REQUIRED>
<!ELEMENT StartPaymentPaymentHandlerResponse (PaySchemePackagedContent*)>
<!ATTLIST StartPaymentPaymentHandlerResponse ContStatus (End|Continue) #REQUIRED>
<!ELEMENT ResumePaymentConsumerResponse (PaySchemePackagedContent*)>
<!ATTLIST ResumePaymentConsumerResponse ContStatus (End|Continue) #REQUIRED>
<!ELEMENT ResumePaymentPaymentHandlerResponse (PaySchemePackagedContent*)>
<!ATTLIST ResumePaymentPaymentHandlerResponse ContStatus (End|Continue) #REQUIRED>
<!ELEMENT ContinueProcessResponse (PaySchemePackagedContent*)>
<!ATTLIST ContinueProcessResponse ContStatus (End|Continue) #REQUIRED>
<!ELEMENT ChangeProcessStateResponse EMPTY>
<!ATTLIST ChangeProcessStateResponse ProcessState %state; #REQUIRED PercentComplete CDATA #IMPLIED
  CompletionCode NMTOKEN #IMPLIED xml:lang NMTOKEN #IMPLIED StatusDesc CDATA #IMPLIED>
<!ELEMENT RemovePaymentLogResponse EMPTY>
<!ELEMENT PaymentInstrumentInquiryResponse (PaymentInstrumentProperty*)>
<!ATTLIST PaymentInstrumentInquiryResponse xml:lang NMTOKEN #REQUIRED
  UnavailablePropertyList NMTOKENS #IMPLIED>
<!ELEMENT PaymentInstrumentProperty EMPTY>
<!ATTLIST PaymentInstrumentProperty PropertyType NMTOKEN #REQUIRED PropertyValue CDATA #REQUIRED
  PropertyDesc CDATA #REQUIRED>
<!ELEMENT InquirePendingPaymentResponse (PaymentId*)>
<!ELEMENT PaymentId EMPTY>
<!ATTLIST PaymentId PayId CDATA #REQUIRED>
<!ELEMENT CheckPaymentReceiptResponse EMPTY>
<!ELEMENT ExpandPaymentReceiptResponse (PaymentProperty*)>
<!ATTLIST ExpandPaymentReceiptResponse BrandId CDATA #IMPLIED PaymentInstrumentId CDATA #IMPLIED
  Amount CDATA #IMPLIED CurrCodeType NMTOKEN #IMPLIED CurrCode CDATA #IMPLIED
  PayDirection (Debit|Credit) #IMPLIED TimeStamp CDATA #IMPLIED ProtocolId CDATA #IMPLIED
  ProtocolBrandId CDATA #IMPLIED ProtocolTransId CDATA #IMPLIED xml:lang NMTOKEN #IMPLIED
  ConsumerDesc CDATA #IMPLIED PaymentHandlerDesc CDATA #IMPLIED StyleSheetNetLocn CDATA #IMPLIED>
<!ELEMENT PaymentProperty EMPTY>
<!ATTLIST PaymentProperty PropertyType NMTOKEN #REQUIRED PropertyValue CDATA #REQUIRED
  PropertyDesc CDATA #REQUIRED>
<!ELEMENT InquireProcessStateResponse (PackagedContent*)>
<!ATTLIST InquireProcessStateResponse ProcessState %state; #REQUIRED PercentComplete CDATA #IMPLIED
  CompletionCode NMTOKEN #IMPLIED xml:lang NMTOKEN #IMPLIED StatusDesc CDATA #IMPLIED
  PayReceiptNameRefs NMTOKENS #IMPLIED>
<!ELEMENT ManagePaymentSoftwareResponse EMPTY>
<!ATTLIST ManagePaymentSoftwareResponse Action (New|Update|Delete) #IMPLIED WalletID CDATA #IMPLIED
  Passphrase CDATA #IMPLIED AuthNames NMTOKENS #IMPLIED>
<!ELEMENT StartPaymentInquiryResponse (PaySchemePackagedContent*)>
<!ELEMENT InquirePaymentStatusResponse (PaySchemePackagedContent*)>
<!ATTLIST InquirePaymentStatusResponse PaymentHandlerPayId CDATA #REQUIRED
  ProcessState %state; #REQUIRED CompletionCode NMTOKEN #IMPLIED xml:lang NMTOKEN #IMPLIED
  StatusDesc CDATA #IMPLIED>
)dtd";

}  // namespace conform

#endif  // TESTS_CONFORMANCE_RESPONSE_DTD_H_
