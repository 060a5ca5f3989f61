"""The encoder in plain torch: BERT with post-norm layers, parameters named as transformers names them."""
import json
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

LABELS = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-ORG", "I-ORG"]


@dataclass(frozen=True)
class Sizes:
    vocabulary: int
    hidden: int
    layers: int
    heads: int
    inner: int
    positions: int
    types: int
    epsilon: float

    @classmethod
    def of(cls, config: dict) -> "Sizes":
        return cls(config["vocab_size"], config["hidden_size"], config["num_hidden_layers"], config["num_attention_heads"],
                   config["intermediate_size"], config["max_position_embeddings"], config["type_vocab_size"],
                   config["layer_norm_eps"])


def tree(**children: nn.Module) -> nn.Module:
    """A module that only names its children, to give parameters the names of transformers."""
    module = nn.Module()
    for name, child in children.items():
        module.add_module(name, child)
    return module


class Layer(nn.Module):
    def __init__(self, sizes: Sizes, dropout: float):
        super().__init__()
        linear = lambda: nn.Linear(sizes.hidden, sizes.hidden)
        norm = lambda: nn.LayerNorm(sizes.hidden, sizes.epsilon)
        self.attention = tree(self=tree(query=linear(), key=linear(), value=linear()), output=tree(dense=linear(), LayerNorm=norm()))
        self.intermediate = tree(dense=nn.Linear(sizes.hidden, sizes.inner))
        self.output = tree(dense=nn.Linear(sizes.inner, sizes.hidden), LayerNorm=norm())
        self.heads, self.dropout = sizes.heads, nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        batch, length, hidden = x.shape
        split = lambda t: t.view(batch, length, self.heads, -1).transpose(1, 2)
        attend = getattr(self.attention, "self")
        mixed = F.scaled_dot_product_attention(split(attend.query(x)), split(attend.key(x)), split(attend.value(x)), mask)
        mixed = self.attention.output.dense(mixed.transpose(1, 2).reshape(batch, length, hidden))
        x = self.attention.output.LayerNorm(x + self.dropout(mixed))
        inner = self.output.dense(F.gelu(self.intermediate.dense(x)))
        return self.output.LayerNorm(x + self.dropout(inner))


class Encoder(nn.Module):
    """`bert.*` and `classifier.*`: piece ids [batch, length] to label scores [batch, length, 7]."""

    def __init__(self, sizes: Sizes, dropout: float = 0.1):
        super().__init__()
        self.sizes = sizes
        embeddings = tree(
            word_embeddings=nn.Embedding(sizes.vocabulary, sizes.hidden),
            position_embeddings=nn.Embedding(sizes.positions, sizes.hidden),
            token_type_embeddings=nn.Embedding(sizes.types, sizes.hidden),
            LayerNorm=nn.LayerNorm(sizes.hidden, sizes.epsilon))
        layers = nn.ModuleList(Layer(sizes, dropout) for _ in range(sizes.layers))
        self.bert = tree(embeddings=embeddings, encoder=tree(layer=layers))
        self.classifier = nn.Linear(sizes.hidden, len(LABELS))
        self.dropout = nn.Dropout(dropout)
        nn.init.normal_(self.classifier.weight, std=0.02)
        nn.init.zeros_(self.classifier.bias)

    @property
    def device(self) -> torch.device:
        return self.classifier.weight.device

    def states(self, ids: Tensor, lengths: Tensor) -> Tensor:
        """The last layer's states [batch, length, hidden]; those from a row's length on mean nothing."""
        embeddings, length = self.bert.embeddings, ids.shape[1]
        x = embeddings.word_embeddings(ids) + embeddings.position_embeddings.weight[:length] + embeddings.token_type_embeddings.weight[0]
        x = self.dropout(embeddings.LayerNorm(x))
        real = torch.arange(length, device=ids.device) < lengths[:, None]
        mask = torch.zeros(real.shape, dtype=x.dtype, device=x.device).masked_fill(~real, -1e9)[:, None, None, :]
        for layer in self.bert.encoder.layer:
            x = layer(x, mask.to(torch.bfloat16) if torch.is_autocast_enabled(ids.device.type) else mask)
        return x

    def forward(self, ids: Tensor, lengths: Tensor) -> Tensor:
        return self.classifier(self.dropout(self.states(ids, lengths)))


def load_base(folder: Path, dropout: float = 0.1) -> tuple[Encoder, dict]:
    """An encoder with the base's weights and a fresh classifier, and the base's configuration."""
    from safetensors.torch import load_file
    config = json.loads((folder / "config.json").read_text())
    model = Encoder(Sizes.of(config), dropout)
    missing, unexpected = model.load_state_dict(
        {"bert." + name: tensor.float() for name, tensor in load_file(folder / "model.safetensors").items()}, strict=False)
    if unexpected or any(not name.startswith("classifier") for name in missing):
        raise SystemExit(f"{folder} does not fit: missing {missing}, unexpected {unexpected}")
    return model, config


def pad(rows: list[list[int]], filler: int) -> Tensor:
    length = max(map(len, rows))
    return torch.tensor([row + [filler] * (length - len(row)) for row in rows])
