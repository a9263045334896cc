// Whatever the bytes, a snapshot opens or does not, and each of its classes reads or does not. The
// bytes are tried as they are, and with corrected checksums of the header, so that damage after the
// header is reached, too.
#include <algorithm>
#include <cstring>

#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "layout/snapshot.h"
#include "layout/snapshot_format.h"

using wcheck::fuzz::Require;

namespace {

void ReadAll(const wcheck::Snapshot& snapshot) {
  for (size_t i = 0; i < snapshot.size(); ++i) {
    snapshot.Find(snapshot.class_name(i));
    wcheck::Result<wcheck::Layout> layout = snapshot.Read(i);
    if (layout) {
      wcheck::fuzz::RequireFamilies(layout->families);
    } else {
      wcheck::fuzz::RequireError(layout.error());
    }
  }
}

void ReadAll(std::string_view bytes) {
  const int fd = ::memfd_create("snapshot", MFD_CLOEXEC);
  Require(fd >= 0 && ::write(fd, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  auto file = wcheck::SnapshotFile::Open("/proc/self/fd/" + std::to_string(fd));
  ::close(fd);
  if (!file) {
    wcheck::fuzz::RequireError(file.error());
    return;
  }
  // Damaged bytes may claim any number of releases; each is opened the same way.
  for (size_t r = 0; r < std::min<size_t>((*file)->size(), 3); ++r) {
    auto snapshot = (*file)->At(r);
    if (snapshot) {
      ReadAll(**snapshot);
    } else {
      wcheck::fuzz::RequireError(snapshot.error());
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
  const wcheck::snapshot::SectionPlace place = header.sections[wcheck::snapshot::kReleases];
  if (place.offset > size || place.size > size - place.offset) return 0;
  wcheck::snapshot::Checksum releases;
  releases.Add(std::string_view(bytes).substr(place.offset, place.size));
  header.release_checksum = releases.Get();
  header.header_checksum = 0;
  wcheck::snapshot::Checksum sum;
  sum.Add({reinterpret_cast<const char*>(&header), sizeof header});
  header.header_checksum = sum.Get();
  std::memcpy(bytes.data(), &header, sizeof header);
  ReadAll(bytes);
  return 0;
}
