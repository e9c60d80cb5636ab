// What this module calls itself in opb_entry and as ContentSoftwareID (RFC 3867, 3).
#ifndef BRIDGE_SOFTWARE_ID_H_
#define BRIDGE_SOFTWARE_ID_H_

namespace bridge {

// "maker, name, version, build"
inline constexpr char kSoftwareId[] = "The SET Bridge authors, set-bridge, 1.0.0, release";

// The same for people: what --version prints behind a program's name.
inline constexpr char kVersion[] = "1.0.0";

}  // namespace bridge

#endif  // BRIDGE_SOFTWARE_ID_H_
