// The modules of PyTorch: native classes, and stand-ins in stubs/ over them.
#include "torch/stubs.h"
#include "torch/tensor.h"

namespace wcheck::torch {
namespace {

// Which machine has which Torch: a machine has one, and lives on one thread.
thread_local Torch* t_torch = nullptr;

}  // namespace

Torch& TorchOf(machine::Machine&) { return *t_torch; }

void SetUpTorch(machine::Machine& m, Torch* torch) {
  t_torch = torch;
  m.AddNativeInit("_torch", [torch](machine::Machine& machine, machine::Module* module) {
    SetUpTensors(machine, torch, module);
    SetUpNativeModule(machine, torch, module);
  });
  for (std::string_view name : kStubModules) {
    m.AddStandIn(std::string(name), TorchStub(std::string(name) + ".py"));
  }
  m.Import("_torch");
}

}  // namespace wcheck::torch
