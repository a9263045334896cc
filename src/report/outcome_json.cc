#include "report/outcome_json.h"

#include "report/json_text.h"

namespace wcheck {

void WriteScope(llvm::StringRef name, const Scope& scope, llvm::json::OStream* out) {
  if (scope.mapping.empty()) return;
  out->attributeObject(name, [&] {
    out->attribute("mapping", JsonText(scope.mapping));
    if (!scope.release.empty()) out->attribute("release", JsonText(scope.release));
    out->attribute("engine", JsonText(scope.engine));
    if (!scope.engine_reason.empty()) {
      out->attribute("engine_reason", JsonText(scope.engine_reason));
    }
    out->attribute("layouts", JsonText(scope.layouts));
    if (scope.built.empty()) return;
    out->attributeArray("built", [&] {
      for (const BuiltLayout& one : scope.built) {
        out->object([&] {
          out->attribute("class", JsonText(one.class_name));
          out->attribute("quality", one.guessed ? "guessed" : "exact");
        });
      }
    });
  });
}

void WriteNotJudged(const std::vector<NotJudged>& list, llvm::json::OStream* out) {
  out->attributeArray("not_judged", [&] {
    for (const NotJudged& one : list) {
      out->object([&] {
        out->attribute("what", JsonText(one.what));
        out->attribute("reason", JsonText(one.reason));
        if (!one.advice.empty()) out->attribute("advice", JsonText(one.advice));
        if (one.known) out->attribute("known", true);
      });
    }
  });
}

}  // namespace wcheck
