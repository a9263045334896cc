// Whatever the bytes, a snapshot opens or does not, and each of its classes reads or does not. The
// bytes are tried as they are, and with corrected checksums of the header, so that damage after the
// header is reached, too.
#include <cstring>

#include <sys/mman.h>
#include <unistd.h>

#include "layout/snapshot.h"

#include "fuzz.h"
#include "layout/snapshot_format.h"

using wcheck::fuzz::Require;

namespace {

void ReadAll(std::string_view bytes) {
  const int fd = ::memfd_create("snapshot", MFD_CLOEXEC);
  Require(fd >= 0 && ::write(fd, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  auto snapshot = wcheck::Snapshot::Open("/proc/self/fd/" + std::to_string(fd));
  ::close(fd);
  if (!snapshot) {
    wcheck::fuzz::RequireError(snapshot.error());
    return;
  }
  for (size_t i = 0; i < (*snapshot)->size(); ++i) {
    (*snapshot)->Find((*snapshot)->class_name(i));
    wcheck::Result<wcheck::Layout> layout = (*snapshot)->Read(i);
    if (layout) {
      wcheck::fuzz::RequireFamilies(layout->families);
    } else {
      wcheck::fuzz::RequireError(layout.error());
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string bytes(wcheck::fuzz::Bytes(data, size));
  ReadAll(bytes);
  wcheck::snapshot::Header header;
  if (size < sizeof header) return 0;
  std::memcpy(&header, bytes.data(), sizeof header);
  header.magic = wcheck::snapshot::kMagic;
  header.version = wcheck::snapshot::kVersion;
  header.file_size = static_cast<uint32_t>(size);
  wcheck::snapshot::Checksum registry;
  for (uint32_t section : {wcheck::snapshot::kRelease, wcheck::snapshot::kRegistry,
                           wcheck::snapshot::kRegistryBinary}) {
    const wcheck::snapshot::SectionPlace place = header.sections[section];
    if (place.offset > size || place.size > size - place.offset) return 0;
    registry.Add(std::string_view(bytes).substr(place.offset, place.size));
  }
  header.registry_checksum = registry.Get();
  header.header_checksum = 0;
  wcheck::snapshot::Checksum sum;
  sum.Add({reinterpret_cast<const char*>(&header), sizeof header});
  header.header_checksum = sum.Get();
  std::memcpy(bytes.data(), &header, sizeof header);
  ReadAll(bytes);
  return 0;
}
