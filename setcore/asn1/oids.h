// The object identifiers of SET (set-messages.asn, sections 14 to 16).
#ifndef SETCORE_ASN1_OIDS_H_
#define SETCORE_ASN1_OIDS_H_

#include <cstdint>

#include "setcore/asn1/oid.h"

namespace setcore::oid {

using der::Oid;

// set-messages.asn, section 14, algorithms and attributes.
inline constexpr Oid kSha1{1, 3, 14, 3, 2, 26};
inline constexpr Oid kDesCbc{1, 3, 14, 3, 2, 7};
inline constexpr Oid kDesCdmf{1, 2, 840, 113549, 3, 10};
inline constexpr Oid kRsaEncryption{1, 2, 840, 113549, 1, 1, 1};
inline constexpr Oid kSha1WithRsaSignature{1, 2, 840, 113549, 1, 1, 5};
inline constexpr Oid kRsaOaepEncryptionSet{1, 2, 840, 113549, 1, 1, 6};
inline constexpr Oid kContentTypeAttribute{1, 2, 840, 113549, 1, 9, 3};
inline constexpr Oid kMessageDigestAttribute{1, 2, 840, 113549, 1, 9, 4};

// set-messages.asn, section 15: { 2 23 42 0 n }.
constexpr Oid ContentType(std::uint32_t n) { return Oid{2, 23, 42, 0, n}; }

inline constexpr Oid kPanData = ContentType(0);
inline constexpr Oid kPanToken = ContentType(1);
inline constexpr Oid kOiData = ContentType(3);
inline constexpr Oid kPi = ContentType(4);
inline constexpr Oid kPiData = ContentType(5);
inline constexpr Oid kPiDataUnsigned = ContentType(6);
inline constexpr Oid kHodInput = ContentType(7);
inline constexpr Oid kAuthResBaggage = ContentType(8);
inline constexpr Oid kAuthRevReqBaggage = ContentType(9);
inline constexpr Oid kAuthRevResBaggage = ContentType(10);
inline constexpr Oid kCapTokenSeq = ContentType(11);
inline constexpr Oid kPInitResData = ContentType(12);
inline constexpr Oid kPiTbs = ContentType(13);
inline constexpr Oid kPResData = ContentType(14);
inline constexpr Oid kInqReqData = ContentType(15);
inline constexpr Oid kAuthReqTbs = ContentType(16);
inline constexpr Oid kAuthResTbs = ContentType(17);
inline constexpr Oid kAuthResTbsx = ContentType(18);
inline constexpr Oid kAuthTokenTbs = ContentType(19);
inline constexpr Oid kCapTokenData = ContentType(20);
inline constexpr Oid kCapTokenTbs = ContentType(21);
inline constexpr Oid kAcqCardCodeMsg = ContentType(22);
inline constexpr Oid kAuthRevReqTbs = ContentType(23);
inline constexpr Oid kAuthRevResData = ContentType(24);
inline constexpr Oid kAuthRevResTbs = ContentType(25);
inline constexpr Oid kCapReqTbs = ContentType(26);
inline constexpr Oid kCapReqTbsx = ContentType(27);
inline constexpr Oid kCapResData = ContentType(28);
inline constexpr Oid kErrorTbs = ContentType(49);
inline constexpr Oid kPiDualSignedTbe = ContentType(50);
inline constexpr Oid kPiUnsignedTbe = ContentType(51);
inline constexpr Oid kAuthReqTbe = ContentType(52);
inline constexpr Oid kAuthResTbe = ContentType(53);
inline constexpr Oid kAuthResTbex = ContentType(54);
inline constexpr Oid kAuthTokenTbe = ContentType(55);
inline constexpr Oid kCapTokenTbe = ContentType(56);
inline constexpr Oid kCapTokenTbex = ContentType(57);
inline constexpr Oid kAcqCardCodeMsgTbe = ContentType(58);
inline constexpr Oid kAuthRevReqTbe = ContentType(59);
inline constexpr Oid kAuthRevResTbe = ContentType(60);
inline constexpr Oid kAuthRevResTbeb = ContentType(61);
inline constexpr Oid kCapReqTbe = ContentType(62);
inline constexpr Oid kCapReqTbex = ContentType(63);
inline constexpr Oid kCapResTbe = ContentType(64);

// Content type of the digest in hashedRootKey, set-rootKeyThumb.
inline constexpr Oid kRootKeyThumb{2, 23, 42, 3, 0, 0};  // D-22

// set-messages.asn, section 16.
inline constexpr Oid kPolicyRoot{2, 23, 42, 5, 0};
inline constexpr Oid kHashedRootKey{2, 23, 42, 7, 0};
inline constexpr Oid kCertificateType{2, 23, 42, 7, 1};
inline constexpr Oid kMerchantData{2, 23, 42, 7, 2};
inline constexpr Oid kCardCertRequired{2, 23, 42, 7, 3};
inline constexpr Oid kTunneling{2, 23, 42, 7, 4};
inline constexpr Oid kSetExtensions{2, 23, 42, 7, 5};
inline constexpr Oid kSetQualifier{2, 23, 42, 7, 6};

// X.509 v3 extensions and distinguished name attributes.
inline constexpr Oid kPrivateKeyUsagePeriod{2, 5, 29, 16};
inline constexpr Oid kKeyUsage{2, 5, 29, 15};
inline constexpr Oid kSubjectAltName{2, 5, 29, 17};
inline constexpr Oid kIssuerAltName{2, 5, 29, 18};
inline constexpr Oid kBasicConstraints{2, 5, 29, 19};
inline constexpr Oid kCrlNumber{2, 5, 29, 20};
inline constexpr Oid kCertificatePolicies{2, 5, 29, 32};
inline constexpr Oid kAuthorityKeyIdentifier{2, 5, 29, 35};
inline constexpr Oid kCommonName{2, 5, 4, 3};
inline constexpr Oid kCountryName{2, 5, 4, 6};
inline constexpr Oid kOrganizationName{2, 5, 4, 10};
inline constexpr Oid kOrganizationalUnitName{2, 5, 4, 11};

}  // namespace setcore::oid

#endif  // SETCORE_ASN1_OIDS_H_
