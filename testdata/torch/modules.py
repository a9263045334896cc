"""What the modules of PyTorch have: each case is a list of (what is there, what PyTorch has)."""

from collections import OrderedDict

import torch
from torch import nn


def keys(module):
    return [(name, tuple(value.shape)) for name, value in module.state_dict().items()]


def dense(*names, bias=None):
    """Names in the order of PyTorch, with shapes: ("weight", 3, 4)."""
    return [(name[0], tuple(name[1:])) for name in names]


def case_dense():
    return [
        (keys(nn.Linear(3, 4)), dense(("weight", 4, 3), ("bias", 4))),
        (keys(nn.Linear(3, 4, bias=False)), dense(("weight", 4, 3))),
        (keys(nn.Bilinear(2, 3, 4)), dense(("weight", 4, 2, 3), ("bias", 4))),
        (keys(nn.Bilinear(2, 3, 4, False)), dense(("weight", 4, 2, 3))),
        (keys(nn.Embedding(5, 6, padding_idx=-1)), dense(("weight", 5, 6))),
        (keys(nn.EmbeddingBag(5, 6)), dense(("weight", 5, 6))),
        (keys(nn.Embedding.from_pretrained(torch.empty(7, 2))), dense(("weight", 7, 2))),
        (keys(nn.PReLU()), dense(("weight", 1))),
        (keys(nn.PReLU(8)), dense(("weight", 8))),
        (keys(nn.Identity(1, "anything", key=2)), []),
        (nn.Linear(3, 4).out_features, 4),
        (nn.Embedding(5, 6, padding_idx=-1).padding_idx, 4),
    ]


def case_norms():
    running = dense(
        ("weight", 4), ("bias", 4), ("running_mean", 4), ("running_var", 4), ("num_batches_tracked",)
    )
    return [
        (keys(nn.LayerNorm(4)), dense(("weight", 4), ("bias", 4))),
        (keys(nn.LayerNorm((2, 4), bias=False)), dense(("weight", 2, 4))),
        (keys(nn.LayerNorm(4, elementwise_affine=False)), []),
        (keys(nn.RMSNorm(4)), dense(("weight", 4))),
        (keys(nn.RMSNorm([3, 4], elementwise_affine=False)), []),
        (keys(nn.GroupNorm(2, 4)), dense(("weight", 4), ("bias", 4))),
        (keys(nn.GroupNorm(2, 4, affine=False)), []),
        (keys(nn.BatchNorm1d(4)), running),
        (keys(nn.BatchNorm2d(4)), running),
        (keys(nn.BatchNorm3d(4)), running),
        (keys(nn.SyncBatchNorm(4)), running),
        (keys(nn.BatchNorm2d(4, affine=False)), running[2:]),
        (keys(nn.BatchNorm2d(4, track_running_stats=False)), running[:2]),
        (keys(nn.InstanceNorm1d(4)), []),
        (keys(nn.InstanceNorm2d(4, affine=True)), running[:2]),
        (keys(nn.InstanceNorm3d(4, track_running_stats=True)), running[2:]),
        (str(nn.BatchNorm1d(4).num_batches_tracked.dtype), "torch.int64"),
        (raises(lambda: nn.GroupNorm(3, 4)), "ValueError"),
    ]


def case_convolutions():
    return [
        (keys(nn.Conv1d(4, 6, 3)), dense(("weight", 6, 4, 3), ("bias", 6))),
        (keys(nn.Conv2d(4, 6, (3, 5), groups=2)), dense(("weight", 6, 2, 3, 5), ("bias", 6))),
        (keys(nn.Conv3d(4, 6, 2, bias=False)), dense(("weight", 6, 4, 2, 2, 2))),
        (keys(nn.ConvTranspose1d(4, 6, 3)), dense(("weight", 4, 6, 3), ("bias", 6))),
        (keys(nn.ConvTranspose2d(4, 6, 3, groups=2)), dense(("weight", 4, 3, 3, 3), ("bias", 6))),
        (keys(nn.ConvTranspose3d(4, 6, 1, bias=False)), dense(("weight", 4, 6, 1, 1, 1))),
        (nn.Conv2d(4, 6, 3, stride=2).stride, (2, 2)),
        (raises(lambda: nn.Conv1d(4, 6, 3, groups=3)), "ValueError"),
        (raises(lambda: nn.Conv1d(4, 6, 3, groups=0)), "ValueError"),
        (tuple(nn.Conv2d(3, 8, 4, stride=4)(torch.empty(1, 3, 32, 32)).shape), (1, 8, 8, 8)),
        (tuple(nn.ConvTranspose1d(3, 8, 4, stride=2)(torch.empty(1, 3, 5)).shape), (1, 8, 12)),
        (tuple(nn.Linear(3, 8)(torch.empty(2, 5, 3)).shape), (2, 5, 8)),
        (tuple(nn.Embedding(10, 4)(torch.zeros(2, 7, dtype=torch.long)).shape), (2, 7, 4)),
    ]


def case_attention():
    packed = dense(("in_proj_weight", 12, 4), ("in_proj_bias", 12), ("out_proj.weight", 4, 4), ("out_proj.bias", 4))
    layer = [("self_attn." + name, shape) for name, shape in packed] + dense(
        ("linear1.weight", 16, 4), ("linear1.bias", 16), ("linear2.weight", 4, 16), ("linear2.bias", 4),
        ("norm1.weight", 4), ("norm1.bias", 4), ("norm2.weight", 4), ("norm2.bias", 4),
    )
    one = nn.TransformerEncoderLayer(4, 2, dim_feedforward=16)
    return [
        (keys(nn.MultiheadAttention(4, 2)), packed),
        (type(nn.MultiheadAttention(4, 2).out_proj).__name__, "NonDynamicallyQuantizableLinear"),
        (keys(nn.MultiheadAttention(4, 2, bias=False)), [packed[0], packed[2]]),
        (
            keys(nn.MultiheadAttention(4, 2, kdim=3, vdim=5)),
            dense(
                ("q_proj_weight", 4, 4), ("k_proj_weight", 4, 3), ("v_proj_weight", 4, 5), ("in_proj_bias", 12),
                ("out_proj.weight", 4, 4), ("out_proj.bias", 4),
            ),
        ),
        (
            keys(nn.MultiheadAttention(4, 2, add_bias_kv=True)),
            packed[:2] + dense(("bias_k", 1, 1, 4), ("bias_v", 1, 1, 4)) + packed[2:],
        ),
        (keys(one), layer),
        (
            keys(nn.TransformerEncoder(one, 2)),
            [(f"layers.{i}.{name}", shape) for i in range(2) for name, shape in layer],
        ),
    ]


def case_recurrent():
    lstm = dense(("weight_ih_l0", 20, 3), ("weight_hh_l0", 20, 5), ("bias_ih_l0", 20), ("bias_hh_l0", 20))
    return [
        (keys(nn.LSTM(3, 5)), lstm),
        (
            keys(nn.LSTM(3, 5, num_layers=2, bidirectional=True, bias=False)),
            dense(
                ("weight_ih_l0", 20, 3), ("weight_hh_l0", 20, 5),
                ("weight_ih_l0_reverse", 20, 3), ("weight_hh_l0_reverse", 20, 5),
                ("weight_ih_l1", 20, 10), ("weight_hh_l1", 20, 5),
                ("weight_ih_l1_reverse", 20, 10), ("weight_hh_l1_reverse", 20, 5),
            ),
        ),
        (
            keys(nn.LSTM(3, 5, proj_size=2)),
            dense(("weight_ih_l0", 20, 3), ("weight_hh_l0", 20, 2), ("bias_ih_l0", 20), ("bias_hh_l0", 20), ("weight_hr_l0", 2, 5)),
        ),
        (keys(nn.GRU(3, 5))[:2], dense(("weight_ih_l0", 15, 3), ("weight_hh_l0", 15, 5))),
        (keys(nn.RNN(3, 5))[:2], dense(("weight_ih_l0", 5, 3), ("weight_hh_l0", 5, 5))),
        (keys(nn.LSTMCell(3, 5)), dense(("weight_ih", 20, 3), ("weight_hh", 20, 5), ("bias_ih", 20), ("bias_hh", 20))),
        (keys(nn.GRUCell(3, 5, bias=False)), dense(("weight_ih", 15, 3), ("weight_hh", 15, 5))),
        (keys(nn.RNNCell(3, 5))[0], ("weight_ih", (5, 3))),
        (isinstance(nn.LSTM(1, 1), nn.RNNBase), True),
        (isinstance(nn.LSTMCell(1, 1), nn.RNNCellBase), True),
        (
            keys(nn.AdaptiveLogSoftmaxWithLoss(8, 10, [4, 6], div_value=2)),
            dense(("head.weight", 6, 8), ("tail.0.0.weight", 4, 8), ("tail.0.1.weight", 2, 4), ("tail.1.0.weight", 2, 8), ("tail.1.1.weight", 4, 2)),
        ),
    ]


def case_containers():
    names = lambda module: [name for name, _ in module.named_modules()]
    sequence = nn.Sequential(nn.Linear(1, 2), nn.ReLU(), nn.Linear(2, 3))
    cut = nn.Sequential(nn.Linear(1, 2), nn.ReLU(), nn.Linear(2, 3))
    del cut[1]
    listed = nn.ModuleList([nn.Linear(1, 1) for _ in range(3)])
    listed.insert(1, nn.Identity())
    listed += [nn.ReLU()]
    by_name = nn.ModuleDict({"b": nn.Linear(1, 2), "a": nn.ReLU()})
    by_name.update({"c": nn.Linear(2, 1)})
    parameters = nn.ParameterList([nn.Parameter(torch.empty(2)), torch.empty(3)])
    parameters.append(nn.Parameter(torch.empty(4)))
    return [
        (keys(sequence), dense(("0.weight", 2, 1), ("0.bias", 2), ("2.weight", 3, 2), ("2.bias", 3))),
        (names(sequence[1:]), ["", "1", "2"]),
        (keys(cut)[2:], dense(("1.weight", 3, 2), ("1.bias", 3))),
        (names(nn.Sequential(OrderedDict(first=nn.ReLU(), second=nn.ReLU()))), ["", "first", "second"]),
        ([type(module).__name__ for module in listed], ["Linear", "Identity", "Linear", "Linear", "ReLU"]),
        (len(listed), 5),
        (isinstance(listed[-1], nn.ReLU), True),
        (names(listed[1:3]), ["", "0", "1"]),
        (raises(lambda: listed[5]), "IndexError"),
        (keys(by_name), dense(("b.weight", 2, 1), ("b.bias", 2), ("c.weight", 1, 2), ("c.bias", 1))),
        ("a" in by_name and list(by_name) == ["b", "a", "c"], True),
        (keys(parameters), dense(("0", 2), ("1", 3), ("2", 4))),
        (keys(nn.ParameterDict({"z": torch.empty(1), "y": torch.empty(2)})), dense(("y", 2), ("z", 1))),
        (isinstance(nn.Sequential(), nn.Container), True),
    ]


class Shared(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(2, 2, bias=False)
        self.b = self.a
        self.c = nn.Linear(2, 2, bias=False)
        self.c.weight = self.a.weight
        self.register_buffer("kept", torch.zeros(3))
        self.register_buffer("dropped", torch.zeros(3), persistent=False)
        self.register_buffer("none", None)
        self.register_parameter("absent", None)
        self.scale = nn.Parameter(torch.ones(()))
        self.plain = torch.zeros(9)
        self.late = nn.Buffer(torch.zeros(2), persistent=True)


def case_modules():
    module = Shared()
    replaced = Shared()
    replaced.a = nn.Linear(2, 5, bias=False)
    del replaced.b
    return [
        (
            keys(module),
            dense(("scale",), ("kept", 3), ("late", 2), ("a.weight", 2, 2), ("b.weight", 2, 2), ("c.weight", 2, 2)),
        ),
        ([name for name, _ in module.named_parameters()], ["scale", "a.weight"]),
        ([name for name, _ in module.named_modules()], ["", "a", "c"]),
        ([name for name, _ in module.named_buffers()], ["kept", "dropped", "late"]),
        (keys(replaced)[3:], dense(("a.weight", 5, 2), ("c.weight", 2, 2))),
        (module.get_submodule("c") is module.c, True),
        (module.get_parameter("c.weight") is module.a.weight, True),
        (raises(lambda: module.nothing), "AttributeError"),
        (raises(lambda: setattr(module, "scale", 1)), "TypeError"),
        (str(Shared().to(torch.bfloat16).scale.dtype), "torch.bfloat16"),
        (str(Shared().half().kept.dtype), "torch.float16"),
    ]


def case_weight_norm():
    old = nn.utils.weight_norm(nn.Conv1d(4, 6, 3))
    new = nn.utils.parametrizations.weight_norm(nn.Conv1d(4, 6, 3), dim=2)
    removed = nn.utils.remove_weight_norm(nn.utils.weight_norm(nn.Linear(2, 3)))
    return [
        (keys(old), dense(("bias", 6), ("weight_g", 6, 1, 1), ("weight_v", 6, 4, 3))),
        (
            keys(new),
            dense(("bias", 6), ("parametrizations.weight.original0", 1, 1, 3), ("parametrizations.weight.original1", 6, 4, 3)),
        ),
        (tuple(new.weight.shape), (6, 4, 3)),
        (keys(removed), dense(("bias", 3), ("weight", 3, 2))),
    ]


PLAIN = """
Dropout Dropout1d Dropout2d Dropout3d AlphaDropout FeatureAlphaDropout ReLU ReLU6 SiLU Mish Hardswish Hardsigmoid SELU
Tanh Sigmoid LogSigmoid Softsign Tanhshrink Softmax2d GELU Softmax LogSoftmax Softmin GLU ELU CELU LeakyReLU Hardtanh
Softplus Softshrink Hardshrink Upsample CrossEntropyLoss NLLLoss MSELoss BCEWithLogitsLoss BCELoss L1Loss KLDivLoss
SmoothL1Loss HuberLoss CTCLoss CosineEmbeddingLoss TripletMarginLoss MarginRankingLoss MultiLabelMarginLoss
MultiMarginLoss GaussianNLLLoss PoissonNLLLoss HingeEmbeddingLoss MultiLabelSoftMarginLoss SoftMarginLoss
CosineSimilarity PairwiseDistance Flatten UpsamplingBilinear2d UpsamplingNearest2d
"""
WITH_A_SIZE = """
MaxPool1d MaxPool2d MaxPool3d AvgPool1d AvgPool2d AvgPool3d MaxUnpool2d AdaptiveAvgPool1d AdaptiveAvgPool2d
AdaptiveAvgPool3d AdaptiveMaxPool1d AdaptiveMaxPool2d PixelShuffle PixelUnshuffle ChannelShuffle ZeroPad1d ZeroPad2d
ReflectionPad1d ReflectionPad2d ReplicationPad1d ReplicationPad2d ReplicationPad3d CircularPad1d CircularPad2d Unfold
LocalResponseNorm
"""


def case_without_parameters():
    pairs = [(keys(getattr(nn, name)()), []) for name in PLAIN.split()]
    pairs += [(keys(getattr(nn, name)(2)), []) for name in WITH_A_SIZE.split()]
    for module in (
        nn.LPPool2d(2, 3), nn.Unflatten(1, (2, 2)), nn.Fold((4, 4), 2), nn.Threshold(0.1, 20), nn.ConstantPad1d(1, 0.0),
        nn.ConstantPad2d(1, 0.0), nn.ConstantPad3d(1, 0.0),
    ):
        pairs.append((keys(module), []))
    return pairs + [(nn.Dropout(0.1).p, 0.1), (nn.Softmax(dim=-1).dim, -1), (nn.Upsample(scale_factor=2).scale_factor, 2)]


def case_initialisers():
    weight = torch.empty(3, 4)
    pairs = []
    for name in ("uniform_", "normal_", "trunc_normal_", "ones_", "zeros_", "eye_", "xavier_uniform_", "xavier_normal_",
                 "kaiming_uniform_", "kaiming_normal_", "orthogonal_"):
        pairs.append((getattr(nn.init, name)(weight) is weight, True))
    pairs.append((nn.init.constant_(weight, 1) is weight, True))
    pairs.append((nn.init.calculate_gain("linear") == 1, True))
    return pairs


def raises(function):
    try:
        function()
    except Exception as error:
        return type(error).__name__
    return None
