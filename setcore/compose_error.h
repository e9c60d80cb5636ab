// SET Error messages (set-messages.asn, section 2; set-processing.md, 9).  Nothing here fails.
#ifndef SETCORE_COMPOSE_ERROR_H_
#define SETCORE_COMPOSE_ERROR_H_

#include <string_view>

#include "setcore/environment.h"
#include "setcore/error.h"
#include "setcore/octets.h"
#include "setcore/pki/certificate.h"

namespace setcore {

// SWIdent of Error messages.
inline constexpr std::string_view kErrorSwIdent = "SET Bridge 1.0";

// ComposeError answers `offending` with the Error message that reports `error`, signed by `signer`
// or, if that is null, unsigned.  What errorMsg holds: D-27, D-28; the header: D-44.  Draws from
// env.random: the ErrorNonce (20 octets).  `sw_ident` has 1 to 256 visible characters.
Octets ComposeError(const Environment& env, const pki::CertifiedKey* signer, OctetView offending,
                    const Error& error, std::string_view sw_ident = kErrorSwIdent);

}  // namespace setcore

#endif  // SETCORE_COMPOSE_ERROR_H_
