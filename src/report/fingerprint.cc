#include "report/fingerprint.h"

#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/SHA256.h>

namespace wcheck {

std::string Fingerprint(std::string_view identity) {
  llvm::SHA256 hash;
  hash.update(llvm::StringRef(identity.data(), identity.size()));
  return llvm::toHex(hash.final(), /*LowerCase=*/true);
}

}  // namespace wcheck
