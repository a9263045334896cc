// SVG through Graphviz's gvc library, which is loaded when the first picture is drawn: linking it
// would add a millisecond to the start of every command. The portable program has it linked in, and
// looks for nothing when it runs.
#include <optional>

#ifndef WCHECK_GRAPHVIZ_LINKED
#include <dlfcn.h>
#endif
#include <graphviz/gvc.h>

#include "report/graph_cgraph.h"
#include "report/graph_text.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#endif

#ifdef WCHECK_GRAPHVIZ_LINKED
// NOLINTBEGIN(readability-identifier-naming): Graphviz's names.
extern "C" gvplugin_library_t gvplugin_core_LTX_library;
extern "C" gvplugin_library_t gvplugin_dot_layout_LTX_library;
// NOLINTEND(readability-identifier-naming)
#endif

namespace wcheck {
namespace {

// Graphviz's layout leaks some memory of its own with every picture; exclude it from the leak
// checker.
#ifdef __SANITIZE_ADDRESS__
using ForeignAllocations = __lsan::ScopedDisabler;
#else
struct ForeignAllocations {};
#endif

// The functions of gvc, and the two plugins that are needed: the layout and the SVG writer. No
// other plugin is loaded, and so no font: gvc's built-in tables measure text.
struct Gvc {
  decltype(&gvContextPlugins) context = nullptr;
  decltype(&gvLayout) layout = nullptr;
  decltype(&gvRenderData) render = nullptr;
  decltype(&gvFreeRenderData) free_data = nullptr;
  decltype(&gvFreeLayout) free_layout = nullptr;
  decltype(&gvFreeContext) free_context = nullptr;
  void* core = nullptr;
  void* dot_layout = nullptr;
};

#ifdef WCHECK_GRAPHVIZ_LINKED

Result<Gvc> LoadGvc() {
  return Gvc{&gvContextPlugins, &gvLayout,      &gvRenderData,
             &gvFreeRenderData, &gvFreeLayout,  &gvFreeContext,
             &gvplugin_core_LTX_library, &gvplugin_dot_layout_LTX_library};
}

#else

template <typename T>
bool Load(void* library, const char* name, T* symbol) {
  *symbol = reinterpret_cast<T>(dlsym(library, name));
  return *symbol != nullptr;
}

Error LoadError() {
  const char* reason = dlerror();
  return Error{{},
               std::string("SVG needs Graphviz, which cannot be loaded: ") +
                   (reason == nullptr ? "unknown reason" : reason),
               "install the Debian package libgvc6, or write DOT and render it elsewhere"};
}

Result<Gvc> LoadGvc() {
  Gvc gvc;
  constexpr const char* kFolder = WCHECK_GRAPHVIZ_PLUGINS;
  auto open = [&](const char* name) {
    std::string path = std::string(kFolder) + "/libgvplugin_" + name + ".so." WCHECK_GRAPHVIZ_ABI;
    return dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  };
  void* core = open("core");
  if (core == nullptr) return LoadError();
  void* dot = open("dot_layout");
  if (dot == nullptr) return LoadError();
  // The plugins load gvc itself.
  bool found = Load(core, "gvplugin_core_LTX_library", &gvc.core) &&
               Load(dot, "gvplugin_dot_layout_LTX_library", &gvc.dot_layout) &&
               Load(core, "gvContextPlugins", &gvc.context) &&
               Load(core, "gvLayout", &gvc.layout) && Load(core, "gvRenderData", &gvc.render) &&
               Load(core, "gvFreeRenderData", &gvc.free_data) &&
               Load(core, "gvFreeLayout", &gvc.free_layout) &&
               Load(core, "gvFreeContext", &gvc.free_context);
  if (!found) return LoadError();
  return gvc;
}

#endif

}  // namespace

Result<std::string> SvgText(const TransformGraph& graph) {
  std::lock_guard lock(GraphvizMutex());
  static const Result<Gvc> kLoaded = LoadGvc();
  if (!kLoaded) return kLoaded.error();
  const Gvc& gvc = *kLoaded;
  lt_symlist_t plugins[] = {{"gvplugin_core_LTX_library", gvc.core},
                            {"gvplugin_dot_layout_LTX_library", gvc.dot_layout},
                            {nullptr, nullptr}};
  [[maybe_unused]] ForeignAllocations foreign;
  GVC_t* context = gvc.context(plugins, /*demand_loading=*/0);
  CGraph cgraph = MakeCGraph(graph);
  std::optional<std::string> svg;
  if (gvc.layout(context, cgraph.get(), "dot") == 0) {
    char* data = nullptr;
    unsigned length = 0;
    if (gvc.render(context, cgraph.get(), "svg", &data, &length) == 0) {
      svg.emplace(data, length);
      gvc.free_data(data);
    }
    gvc.free_layout(context, cgraph.get());
  }
  cgraph.reset();
  gvc.free_context(context);
  if (!svg) {
    return Error{{},
                 "Graphviz could not lay out the graph of " + graph.title,
                 "write DOT instead, or fewer nodes (--max-nodes, --only)"};
  }
  return std::move(*svg);
}

}  // namespace wcheck
