#include "report/html_page.h"

#include <llvm/ADT/ArrayRef.h>
#include <llvm/Support/Base64.h>
#include <llvm/Support/SHA256.h>

#include "report/html.h"
#include "report/html_files.h"

namespace wcheck {
namespace {

// "sha256-…", the form in which a content security policy names a text that it allows.
std::string PolicyHash(std::string_view text) {
  const llvm::ArrayRef<uint8_t> bytes(reinterpret_cast<const uint8_t*>(text.data()), text.size());
  return "sha256-" + llvm::encodeBase64(llvm::SHA256::hash(bytes));
}

kainjow::mustache::partial File(std::string_view name) {
  return {[name] { return std::string(HtmlFile(name)); }};
}

}  // namespace

void SetText(HtmlData* data, const std::string& name, const std::string& text) {
  data->set(name, text);
  data->set("has_" + name, !text.empty());
}

std::string RenderPage(std::string_view body, const std::string& about, HtmlData data) {
  static const std::string kStyle(HtmlFile("page.css"));
  static const std::string kScript(HtmlFile("page.js"));
  static const std::string kStyleHash = PolicyHash(kStyle);
  static const std::string kScriptHash = PolicyHash(kScript);
  data.set("generator_mark", std::string(HtmlGeneratorMark()));
  data.set("about", about);
  data.set("style", kStyle);
  data.set("script", kScript);
  data.set("style_hash", kStyleHash);
  data.set("script_hash", kScriptHash);
  data.set("body", File(body));
  data.set("findings", File("findings.mustache"));
  kainjow::mustache::mustache frame{std::string(HtmlFile("page.mustache"))};
  return frame.render(data);
}

std::string_view HtmlGeneratorMark() { return "<meta name=\"generator\" content=\"wcheck\">"; }

}  // namespace wcheck
