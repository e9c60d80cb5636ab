// Sequences of calls on several wallets, with clock jumps, reopened and crashed wallets and moody
// acquirers (call_sequence/play.h).
#include "fuzz/call_sequence/play.h"
#include "fuzz/target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static call_sequence::Wallets wallets;
  call_sequence::Play(wallets).Run(fuzz::Text({data, size}));
  wallets.Reset();
  return 0;
}
