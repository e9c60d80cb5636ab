#include "schema/fault.h"

#include <array>

namespace schema {
namespace {

constexpr std::array<std::string_view, 28> kNames = {
    "Reserved",       "XmlNotWellFrmd", "XmlNotValid",   "ElNotValid",    "ElUnexpected",
    "ElNotSupp",      "ElMissing",      "ElContIllegal", "EncapProtErr",  "AttUnexpected",
    "AttNotValid",    "AttNotSupp",     "AttMissing",    "AttValIllegal", "AttValNotRecog",
    "MsgTooLarge",    "ElTooLarge",     "ValueTooSmall", "ValueTooLarge", "ElInconsistent",
    "TransportError", "MsgBeingProc",   "SystemBusy",    "UnknownError",  "SyntaxError",
    "ReqNotSupp",     "ReqRefused",     "BusError",
};

}  // namespace

std::string_view Name(FaultCode code) { return kNames[static_cast<std::size_t>(code)]; }

}  // namespace schema
