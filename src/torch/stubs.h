// Stand-ins for PyTorch, NumPy and huggingface_hub: stubs/*.py.
#pragma once

#include <string_view>

namespace wcheck {

// The text of a file of stubs/.
std::string_view TorchStub(std::string_view name);

namespace torch {

inline constexpr std::string_view kStubModules[] = {
    "torch",
    "torch.nn",
    "torch.nn.functional",
    "torch.nn.init",
    "torch.nn.parameter",
    "torch.nn.modules",
    "torch.nn.modules.utils",
    "torch.nn.utils",
    "torch.nn.utils.parametrizations",
    "torch.nn.utils.parametrize",
    "torch.autograd",
    "torch.utils",
    "torch.utils.checkpoint",
    "torch.utils.data",
    "torch.utils._pytree",
    "torch.distributions",
    "torch.distributed",
    "torch.compiler",
    "torch.jit",
    "torch.backends",
    "torch.overrides",
    "torch.fft",
    "torch.linalg",
    "torch.special",
    "torch.onnx",
    "torch.version",
    "torch.cuda",
    "torch._dynamo",
    "torch.library",
    "numpy",
    "huggingface_hub",
    "huggingface_hub.constants",
    "huggingface_hub.dataclasses",
    "huggingface_hub.errors",
    "huggingface_hub.utils",
};

}  // namespace torch
}  // namespace wcheck
