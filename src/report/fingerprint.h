// A name of a finding for machines: short, and without whatever names its identity holds.
#pragma once

#include <string>
#include <string_view>

namespace wcheck {

// The SHA-256 of a finding's identity, in hexadecimal.
std::string Fingerprint(std::string_view identity);

}  // namespace wcheck
