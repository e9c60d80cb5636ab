#include "setcore/crypto/oaep.h"

#include <algorithm>
#include <span>

#include "setcore/crypto/constant_time.h"

namespace setcore::crypto {
namespace {

constexpr std::uint8_t kBlockType = 0x03;
constexpr std::size_t kVerification = 7;
constexpr std::size_t kHead = 2 + kVerification;  // BT, BC, V
constexpr std::size_t kOverhead = 1 + kOaepSaltSize;
constexpr std::uint8_t kDerSequence = 0x30;
constexpr std::uint32_t kShortForm = 0x80;
constexpr std::size_t kMinBlock = kOverhead + kHead + kDesBlock + kSha1Size;

// O-1a, D-2.  In the order of OaepUse.
constexpr OaepLayout kLayouts[] = {
    {0x00, false, false}, {0x80, true, false}, {0x01, false, true},
    {0x02, false, true},  {0x82, true, true},  {0x02, false, true},
};

// O-1b: SHA-1(seed | counter) one after another, xored over the whole of `out`.
void XorH1(OctetView seed, std::span<std::uint8_t> out) {
  SecretOctets input(seed.size() + 4);
  std::copy(seed.begin(), seed.end(), input.data());
  std::size_t done = 0;
  for (std::uint8_t counter = 0; done < out.size(); ++counter) {
    input.data()[input.size() - 1] = counter;
    Sha1Digest mask = Sha1(input.view());
    const std::size_t part = std::min(mask.size(), out.size() - done);
    for (std::size_t i = 0; i < part; ++i) out[done + i] ^= mask[i];
    Cleanse(mask);
    done += part;
  }
}

// H2: the trailing octets of SHA-1(A).
void XorH2(OctetView a, std::span<std::uint8_t> out) {
  const Sha1Digest hash = Sha1(a);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] ^= hash[hash.size() - out.size() + i];
}

}  // namespace

OaepLayout LayoutOf(OaepUse use) { return kLayouts[static_cast<std::size_t>(use)]; }

Result<SecretOctets> OaepEncode(std::size_t k, OaepUse use, const OaepContent& content,
                                const OaepRandoms& randoms) {
  const OaepLayout layout = LayoutOf(use);
  const std::size_t before_extra = kHead + kDesBlock + (layout.hash ? kSha1Size : 0);
  const OctetView x = content.extra.view();
  const bool x_ok = layout.extra ? x.size() >= 2 && x[0] == kDerSequence && x[1] < kShortForm &&
                                       x.size() == 2U + x[1]
                                 : x.empty();
  if (k < kMinBlock || !x_ok || x.size() > k - kOverhead - before_extra) {
    return Fail(ErrorCode::kUnspecifiedFailure, "OAEP block: extra data does not fit");
  }
  SecretOctets r(k);
  std::uint8_t* db = r.data() + 1;
  const std::size_t db_size = k - kOverhead;
  db[0] = kBlockType;
  db[1] = layout.bc;
  std::uint8_t* next = std::copy_n(content.des_key.octets.begin(), kDesBlock, db + kHead);
  if (layout.hash) next = std::copy(content.hash.begin(), content.hash.end(), next);
  std::copy(x.begin(), x.end(), next);  // O-1c: what follows stays zero
  r.data()[0] = randoms.i;
  XorH1(randoms.salt.view(), {db, db_size});
  std::uint8_t* b = db + db_size;
  std::copy(randoms.salt.octets.begin(), randoms.salt.octets.end(), b);
  XorH2({db, db_size}, {b, kOaepSaltSize});
  return r;
}

OaepOpened OaepDecode(OctetView r, OaepUse use, const DesKey& substitute) {
  OaepOpened opened;
  opened.content.des_key = substitute;
  const OaepLayout layout = LayoutOf(use);
  if (r.size() < kMinBlock) return opened;

  SecretOctets block(r);
  const std::size_t db_size = r.size() - kOverhead;
  std::uint8_t* db = block.data() + 1;
  std::uint8_t* salt = db + db_size;
  XorH2({db, db_size}, {salt, kOaepSaltSize});
  XorH1({salt, kOaepSaltSize}, {db, db_size});

  // The octet I and the parity of the key are not looked at.
  std::uint32_t good = MaskEqual(db[0], kBlockType) & MaskEqual(db[1], layout.bc);
  std::uint32_t verification = 0;
  for (std::size_t i = 2; i < kHead; ++i) verification |= db[i];
  good &= MaskZero(verification);

  const std::uint8_t* key = db + kHead;
  const std::uint8_t* next = key + kDesBlock;
  if (layout.hash) {
    std::copy_n(next, kSha1Size, opened.content.hash.begin());
    next += kSha1Size;
  }
  const auto rest = static_cast<std::uint32_t>(db + db_size - next);
  // D-3, O-1d: X ends where its own length says, and nothing but zeros follows.
  std::uint32_t x_size = 0;
  if (layout.extra) {
    x_size = 2U + next[1];
    good &=
        MaskEqual(next[0], kDerSequence) & MaskLess(next[1], kShortForm) & ~MaskLess(rest, x_size);
  }
  std::uint32_t filler = 0;
  for (std::uint32_t i = 0; i < rest; ++i) filler |= next[i] & ~MaskLess(i, x_size);
  good &= MaskZero(filler);

  for (std::size_t i = 0; i < kDesBlock; ++i) {
    opened.content.des_key.octets[i] =
        static_cast<std::uint8_t>(Choose(good, key[i], substitute.octets[i]));
  }
  opened.content.extra = SecretOctets(OctetView(next, rest));
  opened.content.extra.Truncate(Choose(good, x_size, 0));
  opened.good = good;
  return opened;
}

}  // namespace setcore::crypto
