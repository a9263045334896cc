// Unpacks .xz files with liblzma, within a limit on the output and on the decoder's memory: a small
// file can unpack to terabytes.
#include <algorithm>
#include <new>

#include <lzma.h>

#include "support/file.h"

namespace wcheck {
namespace {

// Memory limit of the decoder; the largest preset of xz needs 65 MiB.
constexpr uint64_t kDecoderMemory = uint64_t{256} << 20;

std::string Explain(lzma_ret code) {
  switch (code) {
    case LZMA_FORMAT_ERROR:
      return "not an .xz file";
    case LZMA_OPTIONS_ERROR:
      return "uses .xz features that are not supported";
    case LZMA_DATA_ERROR:
      return "the .xz data is damaged";
    case LZMA_BUF_ERROR:
      return "the .xz data ends too early";
    case LZMA_MEMLIMIT_ERROR:
      return "needs more than " + std::to_string(kDecoderMemory >> 20) + " MiB to unpack";
    case LZMA_MEM_ERROR:
      return "not enough memory to unpack";
    default:
      return "cannot be unpacked (liblzma error " + std::to_string(code) + ")";
  }
}

}  // namespace

Result<std::string> UnpackXz(const std::string& path, std::string_view packed, uint64_t limit) {
  auto fail = [&](std::string message, uint64_t offset, std::string advice) {
    return Error{
        {path, 0, 0, "offset " + std::to_string(offset)}, std::move(message), std::move(advice)};
  };
  lzma_stream stream = LZMA_STREAM_INIT;
  lzma_ret code = lzma_stream_decoder(&stream, kDecoderMemory, LZMA_CONCATENATED);
  if (code != LZMA_OK) return fail(Explain(code), 0, "");
  stream.next_in = reinterpret_cast<const uint8_t*>(packed.data());
  stream.avail_in = packed.size();

  std::string out;
  while (code == LZMA_OK) {
    const size_t used = out.size();
    // Allow one byte more than the limit, to detect that the text is too long.
    const uint64_t room =
        std::min<uint64_t>(std::max<uint64_t>(used, packed.size() * 8 + 4096), limit - used + 1);
    out.resize(used + static_cast<size_t>(room));
    stream.next_out = reinterpret_cast<uint8_t*>(out.data()) + used;
    stream.avail_out = static_cast<size_t>(room);
    while (code == LZMA_OK && stream.avail_out > 0) code = lzma_code(&stream, LZMA_FINISH);
    out.resize(out.size() - stream.avail_out);
    if (out.size() > limit) break;
  }
  const uint64_t consumed = stream.total_in;
  lzma_end(&stream);
  if (out.size() > limit) {
    return fail("unpacks to more than the limit of " + std::to_string(limit) + " bytes", consumed,
                "unpack it, or use a smaller file; docs/limits.md lists the limits");
  }
  if (code != LZMA_STREAM_END) {
    return fail(Explain(code), consumed,
                "download or create the file again, and test it with xz -t");
  }
  return out;
}

std::string PackXz(std::string_view text) {
  std::string out(lzma_stream_buffer_bound(text.size()), '\0');
  size_t size = 0;
  const lzma_ret code =
      lzma_easy_buffer_encode(LZMA_PRESET_DEFAULT | LZMA_PRESET_EXTREME, LZMA_CHECK_CRC64, nullptr,
                              reinterpret_cast<const uint8_t*>(text.data()), text.size(),
                              reinterpret_cast<uint8_t*>(out.data()), &size, out.size());
  if (code != LZMA_OK) throw std::bad_alloc();  // the only way in which a large enough buffer fails
  out.resize(size);
  return out;
}

Result<std::string> ReadMaybeCompressed(const std::string& path, uint64_t limit,
                                        uint64_t unpacked_limit) {
  if (!path.ends_with(".xz")) return ReadFile(path, limit);
  const Result<std::string> bytes = ReadFile(path, std::min(limit, unpacked_limit));
  if (!bytes) return bytes.error();
  return UnpackXz(path, *bytes, unpacked_limit);
}

}  // namespace wcheck
