"""Gemma 3 270M with a low-rank adapter, written out for training on a CPU (or one GPU).

The base weights are frozen, in bfloat16 if asked. For each step the product of the adapter's float32 factors is
added to them (`Layer weight = W + scale * B A`), so that forward and backward run through one matrix each, and
the factors' gradients need only products with `rank` columns. The residual stream is float32.

Sequences are shorter than the sliding window of 512, so all layers attend to everything before them; they differ
in the base of the rotary embedding alone.
"""

import json
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import Tensor

from base import LAYERS

HIDDEN, HEADS, HEAD, EPS = 640, 4, 256, 1e-6
LIMIT = 512
# Projections that read the same input are computed together, in this order.
GROUPS = {
    "qkv": ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
    "o": ("self_attn.o_proj",),
    "gate_up": ("mlp.gate_proj", "mlp.up_proj"),
    "down": ("mlp.down_proj",),
}
NORMS = ("input_layernorm", "post_attention_layernorm", "pre_feedforward_layernorm", "post_feedforward_layernorm")


class AdaptedLinear(torch.autograd.Function):
    """x W' where W' = W + scale * B A was added up beforehand; gradients go to x and to the factors."""

    @staticmethod
    def forward(ctx, x: Tensor, merged: Tensor, scale: float, *factors: Tensor) -> Tensor:
        ctx.save_for_backward(x, merged, *factors)
        ctx.scale = scale
        return x @ merged.T

    @staticmethod
    def backward(ctx, grad: Tensor):
        x, merged, *factors = ctx.saved_tensors
        downs, ups = factors[0::2], factors[1::2]
        narrow = x @ torch.cat([a.to(x.dtype) for a in downs]).T
        grads, row, column = [], 0, 0
        back = []
        for a, b in zip(downs, ups):
            out, rank = b.shape
            part = grad[:, row : row + out]
            grads += [None, (part.T @ narrow[:, column : column + rank]).float() * ctx.scale]
            back.append(part @ b.to(x.dtype))
            row, column = row + out, column + rank
        wide = (torch.cat(back, 1).T @ x).float() * ctx.scale
        grads[0::2] = wide.split([a.shape[0] for a in downs])
        return grad @ merged, None, None, *grads


def norm(x: Tensor, weight: Tensor) -> Tensor:
    """RMSNorm as Gemma has it, computed and given in float32."""
    x = x.float()
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + EPS) * (1 + weight)


def turned(x: Tensor, weight: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Normalises the heads of x [rows, length, heads, 256] and turns them by their positions."""
    x = norm(x, weight)
    half = x.shape[-1] // 2
    return x * cos + torch.cat((-x[..., half:], x[..., :half]), -1) * sin


def attended(q: Tensor, k: Tensor, v: Tensor, mask: Tensor) -> Tensor:
    """Attention of all heads q [rows, heads, length, 256] to the one head of keys and values [rows, 1, seen, 256].

    The heads share the keys, so they are treated as one longer sequence; several times faster on a CPU than
    torch's own attention with the keys repeated.
    """
    rows, heads, length, size = q.shape
    scores = torch.bmm(q.reshape(rows, heads * length, size), k[:, 0].transpose(1, 2)) * size**-0.5
    scores = scores.view(rows, heads, length, -1) + mask
    return torch.bmm(scores.softmax(-1).view(rows, heads * length, -1), v[:, 0])


class TargetLoss(torch.autograd.Function):
    """Sum of the cross-entropies of hidden states [n, 640] against piece ids [n], a slice at a time.

    The gradient is made along with the loss, in the same memory: scores over the whole vocabulary exist for one
    slice only.
    """

    SLICE = 128

    @staticmethod
    def forward(ctx, hidden: Tensor, embedding: Tensor, targets: Tensor) -> Tensor:
        total = torch.zeros((), device=hidden.device)
        grads = []
        for h, t in zip(hidden.split(TargetLoss.SLICE), targets.split(TargetLoss.SLICE)):
            scores = h @ embedding.T
            top = scores.amax(-1, keepdim=True)
            right = scores.gather(1, t[:, None]).float()
            scores.sub_(top).exp_()
            mass = scores.sum(-1, keepdim=True, dtype=torch.float32)
            total += (mass.log() + top.float() - right).sum()
            grad = (scores @ embedding).float() / mass - F.embedding(t, embedding).float()
            grads.append(grad.to(hidden.dtype))
        ctx.save_for_backward(torch.cat(grads))
        return total

    @staticmethod
    def backward(ctx, grad: Tensor):
        (grads,) = ctx.saved_tensors
        return grads * grad.to(grads.dtype), None, None


def gated(gate_up: Tensor) -> Tensor:
    """The MLP's inner activation from its two projections."""
    gate, up = gate_up.chunk(2, -1)
    return F.gelu(gate, approximate="tanh") * up


class Gemma:
    """Base weights over the cut vocabulary and an adapter."""

    def __init__(self, base: Path, kept: list[int], dtype: torch.dtype, rank: int, alpha: float, device: str = "cpu", compiled: bool = False):
        tensors = load_file(base / "model.safetensors")
        self.dtype, self.rank, self.scale, self.device = dtype, rank, alpha / rank, device
        self.alpha = alpha
        self.embedding = tensors["model.embed_tokens.weight"][kept].to(device, dtype)
        self.last_norm = tensors["model.norm.weight"].to(device)
        self.norms, self.head_norms, self.base = [], [], []
        self.adapter: dict[str, Tensor] = {}
        generator = torch.Generator().manual_seed(0)
        for i in range(LAYERS):
            at = f"model.layers.{i}."
            self.norms.append([tensors[f"{at}{n}.weight"].to(device) for n in NORMS])
            self.head_norms.append([tensors[f"{at}self_attn.{n}_norm.weight"].to(device) for n in "qk"])
            groups = {}
            for group, names in GROUPS.items():
                weights = [tensors[f"{at}{n}.weight"] for n in names]
                groups[group] = torch.cat(weights).to(device, dtype)
                for name, weight in zip(names, weights):
                    out, into = weight.shape
                    a = torch.randn(rank, into, generator=generator) / into**0.5
                    self.adapter[f"{at}{name}.lora_A"] = a.to(device).requires_grad_()
                    self.adapter[f"{at}{name}.lora_B"] = torch.zeros(out, rank, device=device).requires_grad_()
            self.base.append(groups)
        self.merged = [dict(groups) for groups in self.base]
        self.rotary = {theta: self._rotary(theta) for theta in (1e4, 1e6)}
        wrap = (lambda f: torch.compile(f, dynamic=True)) if compiled else (lambda f: f)
        self.norm, self.turned, self.gated = wrap(norm), wrap(turned), wrap(gated)

    def _rotary(self, theta: float) -> tuple[Tensor, Tensor]:
        steps = theta ** -(torch.arange(0, HEAD, 2, dtype=torch.float64) / HEAD)
        angles = torch.arange(LIMIT, dtype=torch.float64)[:, None] * steps
        angles = torch.cat((angles, angles), -1)[:, None, :]
        return angles.cos().float().to(self.device), angles.sin().float().to(self.device)

    def factors(self, layer: int, group: str) -> list[Tensor]:
        """The factors A, B of each projection of a group, in turn."""
        names = (f"model.layers.{layer}.{n}.lora_" for n in GROUPS[group])
        return [self.adapter[n + side] for n in names for side in "AB"]

    @torch.no_grad()
    def merge(self) -> None:
        """Adds the adapter to the base weights; to be called after every change of the adapter."""
        for i, groups in enumerate(self.base):
            for group, weight in groups.items():
                factors = self.factors(i, group)
                change = torch.cat([b.to(self.dtype) @ a.to(self.dtype) for a, b in zip(factors[0::2], factors[1::2])])
                self.merged[i][group] = torch.add(weight, change, alpha=self.scale)

    def linear(self, x: Tensor, layer: int, group: str) -> Tensor:
        return AdaptedLinear.apply(x, self.merged[layer][group], self.scale, *self.factors(layer, group))

    def hidden(self, ids: Tensor, cache: list | None = None, mask: Tensor | None = None, positions: Tensor | None = None) -> Tensor:
        """Last hidden states [rows * length, 640] of ids [rows, length] (padded at the right while training).

        With a `cache` (a list of LAYERS key-value pairs or None) the ids continue what the cache holds; `mask`
        and `positions` are then required.
        """
        rows, length = ids.shape
        causal = torch.full((length, length), float("-inf"), device=self.device, dtype=self.dtype).triu(1)
        x = F.embedding(ids, self.embedding).float().view(rows * length, HIDDEN) * HIDDEN**0.5
        for i in range(LAYERS):
            before, after, before_mlp, after_mlp = self.norms[i]
            cos, sin = self.rotary[1e6 if (i + 1) % 6 == 0 else 1e4]
            cos, sin = (t[:length] if positions is None else t[positions] for t in (cos, sin))
            qkv = self.linear(self.norm(x, before).to(self.dtype), i, "qkv").view(rows, length, -1, HEAD)
            q = self.turned(qkv[:, :, :HEADS], self.head_norms[i][0], cos, sin).to(self.dtype).transpose(1, 2)
            k = self.turned(qkv[:, :, HEADS : HEADS + 1], self.head_norms[i][1], cos, sin).to(self.dtype).transpose(1, 2)
            v = qkv[:, :, HEADS + 1 :].transpose(1, 2)
            if cache is not None:
                if cache[i] is not None:
                    k, v = torch.cat((cache[i][0], k), 2), torch.cat((cache[i][1], v), 2)
                cache[i] = (k, v)
            seen = attended(q, k, v, causal if mask is None else mask)
            seen = seen.view(rows, HEADS, length, HEAD).transpose(1, 2).reshape(rows * length, HEADS * HEAD)
            x = x + self.norm(self.linear(seen, i, "o"), after)
            inner = self.gated(self.linear(self.norm(x, before_mlp).to(self.dtype), i, "gate_up"))
            x = x + self.norm(self.linear(inner, i, "down"), after_mlp)
        return self.norm(x, self.last_norm).to(self.dtype)

    def logits(self, hidden: Tensor) -> Tensor:
        """Scores over the cut vocabulary."""
        return hidden @ self.embedding.T

    def save(self, folder: Path, **note: str) -> None:
        """Writes the adapter in PEFT's layout, in bfloat16."""
        folder.mkdir(parents=True, exist_ok=True)
        tensors = {f"base_model.model.{n}.weight": t.detach().to("cpu", torch.bfloat16).contiguous() for n, t in self.adapter.items()}
        save_file(tensors, folder / "adapter_model.safetensors", metadata={"format": "pt", **note})
        config = {
            "peft_type": "LORA",
            "task_type": "CAUSAL_LM",
            "base_model_name_or_path": "google/gemma-3-270m",
            "r": self.rank,
            "lora_alpha": self.alpha,
            "lora_dropout": 0.0,
            "bias": "none",
            "target_modules": [n.split(".")[1] for names in GROUPS.values() for n in names],
            "inference_mode": True,
            # Tells the crate that terms and words may stand in the prompt; PEFT passes it over.
            "intisari": {"hints": True},
        }
        (folder / "adapter_config.json").write_text(json.dumps(config, indent=1) + "\n")

    @torch.no_grad()
    def load(self, folder: Path) -> None:
        """Reads an adapter of the same rank and adds it to the base."""
        for name, tensor in load_file(folder / "adapter_model.safetensors").items():
            self.adapter[name.removeprefix("base_model.model.").removesuffix(".weight")].copy_(tensor)
        self.merge()
