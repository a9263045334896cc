// Whatever the bytes, the reader of a lock ends, and what it has read is read again from what is written
// of it.
#include "compare/lock.h"

#include "fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto file = wcheck::fuzz::File("wcheck.lock", data, size);
  const wcheck::Result<wcheck::Lock> lock = wcheck::ReadLock(*file);
  if (!lock) {
    wcheck::fuzz::RequireError(lock.error());
    return 0;
  }
  const std::string text = wcheck::WriteLock(*lock);
  const wcheck::Result<wcheck::Lock> again = wcheck::ReadLock(wcheck::SourceFile("again", text));
  wcheck::fuzz::Require(again.ok());
  wcheck::fuzz::Require(again->engine == lock->engine && again->models == lock->models);
  wcheck::fuzz::Require(wcheck::WriteLock(*again) == text);
  return 0;
}
