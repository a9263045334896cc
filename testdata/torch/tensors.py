"""Shapes, dtypes and the few values of tensors: each case is a list of (what is there, what PyTorch has)."""

import torch
import torch.nn.functional as F


def shape(tensor):
    return tuple(tensor.shape)


def case_creation():
    return [
        (shape(torch.zeros(2, 3)), (2, 3)),
        (shape(torch.ones((2, 3))), (2, 3)),
        (shape(torch.empty(())), ()),
        (shape(torch.full((2,), 7.0)), (2,)),
        (shape(torch.rand(2, 1)), (2, 1)),
        (shape(torch.randn([4])), (4,)),
        (shape(torch.randint(0, 5, (2, 2))), (2, 2)),
        (shape(torch.randperm(4)), (4,)),
        (shape(torch.eye(3)), (3, 3)),
        (shape(torch.hann_window(400)), (400,)),
        (torch.tensor([[1, 2], [3, 4]]).tolist(), [[1, 2], [3, 4]]),
        (str(torch.tensor([1, 2]).dtype), "torch.int64"),
        (str(torch.tensor([1.0]).dtype), "torch.float32"),
        (str(torch.tensor([True]).dtype), "torch.bool"),
        (torch.arange(2, 11, 3).tolist(), [2, 5, 8]),
        (shape(torch.arange(0, 1, 0.3)), (4,)),
        ([round(x, 3) for x in torch.linspace(0, 0.3, 4).tolist()], [0.0, 0.1, 0.2, 0.3]),
        (shape(torch.zeros_like(torch.empty(2, 5))), (2, 5)),
        (shape(torch.empty(2, 5).new_zeros(3)), (3,)),
        (shape(torch.zeros_like(torch.ones(2), dtype=torch.long)), (2,)),
        (str(torch.full_like(torch.ones(2), 1).dtype), "torch.float32"),
    ]


def case_views():
    x = torch.empty(2, 3, 4)
    return [
        (shape(x.view(6, 4)), (6, 4)),
        (shape(x.reshape(-1)), (24,)),
        (shape(x.view(2, -1)), (2, 12)),
        (shape(x.unsqueeze(0)), (1, 2, 3, 4)),
        (shape(x.unsqueeze(-1)), (2, 3, 4, 1)),
        (shape(torch.empty(1, 3, 1).squeeze()), (3,)),
        (shape(torch.empty(1, 3, 1).squeeze(0)), (3, 1)),
        (shape(x.squeeze(0)), (2, 3, 4)),
        (shape(x.permute(2, 0, 1)), (4, 2, 3)),
        (shape(x.transpose(1, 2)), (2, 4, 3)),
        (shape(x.flatten(1)), (2, 12)),
        (shape(torch.empty(2, 3).t()), (3, 2)),
        (shape(torch.empty(2, 3).T), (3, 2)),
        (shape(torch.empty(1, 3).expand(5, -1)), (5, 3)),
        (shape(torch.empty(1, 3).expand(2, 4, 3)), (2, 4, 3)),
        (shape(torch.empty(2, 3).repeat(2, 1, 3)), (2, 2, 9)),
        (shape(torch.empty(2, 3).repeat_interleave(2, dim=1)), (2, 6)),
        ([shape(part) for part in x.chunk(3, dim=2)], [(2, 3, 2), (2, 3, 2)]),
        ([shape(part) for part in x.split(3, dim=2)], [(2, 3, 3), (2, 3, 1)]),
        ([shape(part) for part in x.split([1, 3], dim=-1)], [(2, 3, 1), (2, 3, 3)]),
        ([shape(part) for part in x.unbind(1)], [(2, 4)] * 3),
        (shape(x.narrow(1, 0, 2)), (2, 2, 4)),
        (shape(x.select(0, 1)), (3, 4)),
        (shape(x[0]), (3, 4)),
        (shape(x[:, 1:]), (2, 2, 4)),
        (shape(x[..., None]), (2, 3, 4, 1)),
        (shape(x[:, None, ::2]), (2, 1, 2, 4)),
        (shape(x[torch.tensor([0, 1, 0])]), (3, 3, 4)),
        (len(x), 2),
        (x.size(-1), 4),
        (x.numel(), 24),
        (x.dim(), 3),
    ]


def case_arithmetic():
    whole = torch.tensor([1, 2, 3])
    return [
        (shape(torch.empty(2, 1) + torch.empty(3)), (2, 3)),
        ((whole * 2).tolist(), [2, 4, 6]),
        ((whole / 2).tolist(), [0.5, 1.0, 1.5]),
        (str((whole / 2).dtype), "torch.float32"),
        (str((whole * 2).dtype), "torch.int64"),
        (str((whole * 2.0).dtype), "torch.float32"),
        (str((torch.ones(1, dtype=torch.float16) + 1).dtype), "torch.float16"),
        (str((torch.ones(1, dtype=torch.float16) + torch.ones(1)).dtype), "torch.float32"),
        ((whole > 1).tolist(), [False, True, True]),
        (str((whole == whole).dtype), "torch.bool"),
        ((-whole).tolist(), [-1, -2, -3]),
        ((2**whole).tolist(), [2, 4, 8]),
        (whole.sum().item(), 6),
        (shape(torch.empty(2, 3).sum(dim=1)), (2,)),
        (shape(torch.empty(2, 3).mean(-1, keepdim=True)), (2, 1)),
        (shape(torch.exp(torch.empty(2, 3))), (2, 3)),
        (whole.cumsum(0).tolist(), [1, 3, 6]),
        (shape(torch.empty(2, 3) @ torch.empty(3, 5)), (2, 5)),
        (shape(torch.matmul(torch.empty(7, 2, 3), torch.empty(3, 5))), (7, 2, 5)),
        (shape(torch.outer(torch.empty(2), torch.empty(3))), (2, 3)),
        (shape(torch.einsum("i,j->ij", torch.empty(2), torch.empty(3))), (2, 3)),
        (shape(torch.cat([torch.empty(2, 3), torch.empty(4, 3)])), (6, 3)),
        (shape(torch.stack([torch.empty(2, 3)] * 4, dim=1)), (2, 4, 3)),
        ([shape(part) for part in torch.meshgrid(torch.empty(2), torch.empty(3), indexing="ij")], [(2, 3)] * 2),
        (shape(torch.where(torch.ones(2, 1) > 0, torch.empty(3), 0.0)), (2, 3)),
        (shape(torch.tril(torch.ones(4, 4))), (4, 4)),
        (shape(torch.empty(3, 5).topk(2)[0]), (3, 2)),
        (shape(torch.empty(3, 5).sort(dim=-1)[1]), (3, 5)),
        (shape(torch.diag(torch.empty(3))), (3, 3)),
        (shape(F.pad(torch.empty(2, 3), (1, 2))), (2, 6)),
        (shape(F.one_hot(torch.tensor([0, 1]), 4)), (2, 4)),
        (shape(F.glu(torch.empty(2, 6))), (2, 3)),
        (shape(F.glu(torch.empty(4, 6), dim=0)), (2, 6)),
        (shape(F.linear(torch.empty(2, 3), torch.empty(5, 3))), (2, 5)),
    ]


def case_kinds():
    x = torch.empty(2, dtype=torch.float32)
    with torch.device("meta"):
        meta = torch.empty(3)
    return [
        (str(x.to(torch.bfloat16).dtype), "torch.bfloat16"),
        (str(x.long().dtype), "torch.int64"),
        (str(x.half().float().dtype), "torch.float32"),
        (x.is_floating_point(), True),
        (torch.is_tensor(x), True),
        (meta.is_meta, True),
        (str(meta.device), "meta"),
        (torch.finfo(torch.float16).max, 65504.0),
        (torch.finfo(torch.float32).min, -3.4028234663852886e38),
        (torch.float32.itemsize, 4),
        (x.dtype == torch.float32, True),
        (isinstance(torch.nn.Parameter(x), torch.Tensor), True),
        (torch.Size([2, 3]).numel(), 6),
        (torch.broadcast_shapes((2, 1), (3,)), (2, 3)),
    ]


def case_unknown():
    """Values that nobody knows stay unknown; sizes that depend on them, too."""
    from _machine import is_unknown

    noise = torch.rand(4)
    return [
        (is_unknown(noise.argmax().item()), True),
        (is_unknown(noise.tolist()), True),
        (is_unknown(torch.arange(noise.argmax().item()).shape[0]), True),
        (is_unknown(torch.nn.MaxPool2d(2)(torch.empty(1, 3, 8, 8)).shape[-1]), True),
        (is_unknown(torch.nn.Flatten()(torch.empty(1, 3, 8, 8)).shape[-1]), True),
        (is_unknown(torch.nn.GLU()(torch.empty(1, 8)).shape[-1]), True),
        (is_unknown(torch.nonzero(noise).shape[0]), True),
        (is_unknown(torch.nn.no_such_layer), True),
    ]
