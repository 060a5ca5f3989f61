"""The committed form of the encoder: 8-bit rows.

Each matrix `bert.….weight` [rows, columns] is stored as `bert.….weight` I8 and `bert.….weight.scale` F32 [rows], with
weight = stored * scale of its row. Everything else is F32 under its transformers name.
"""
import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from model import LABELS, Encoder, Sizes
from salience import WINDOW_PIECES, WINDOW_SENTENCES, SalienceHead

SCALE = ".scale"


def quantize(matrix: Tensor) -> tuple[Tensor, Tensor]:
    """Symmetric 8-bit rows: the largest weight of a row is 127 or -127."""
    scale = matrix.float().abs().amax(1) / 127
    scale[scale == 0] = 1.0
    return (matrix.float() / scale[:, None]).round().to(torch.int8), scale


def pack(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    packed = {}
    for name, tensor in tensors.items():
        if name.startswith("bert.") and tensor.ndim == 2:
            packed[name], packed[name + SCALE] = (part.contiguous() for part in quantize(tensor))
        else:
            packed[name] = tensor.float().contiguous()
    return packed


def unpack(packed: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name: tensor.float() * packed[name + SCALE][:, None] if name + SCALE in packed else tensor.float()
            for name, tensor in packed.items() if not name.endswith(SCALE)}


def packed_config(config: dict, temperature: float) -> dict:
    """The base's configuration as BertForTokenClassification, with what is ours under `intisari`."""
    return config | {
        "architectures": ["BertForTokenClassification"],
        "id2label": {str(i): label for i, label in enumerate(LABELS)},
        "label2id": {label: i for i, label in enumerate(LABELS)},
        "intisari": {"weights": "int8-rows", "temperature": temperature,
                     "window_pieces": WINDOW_PIECES, "window_sentences": WINDOW_SENTENCES},
    }


def load_packed(folder: Path) -> tuple[Encoder, dict]:
    """The encoder with its weights back in floats, and the configuration."""
    config = json.loads((folder / "config.json").read_text())
    model = Encoder(Sizes.of(config))
    tensors = unpack(load_file(folder / "model.safetensors"))
    model.load_state_dict({name: t for name, t in tensors.items() if not name.startswith("salience.")})
    return model.eval(), config


def load_salience(folder: Path) -> SalienceHead | None:
    """The salience head, where the folder has one."""
    prefix = "salience."
    tensors = {name.removeprefix(prefix): t for name, t in load_file(folder / "model.safetensors").items() if name.startswith(prefix)}
    if not tensors:
        return None
    head = SalienceHead()
    head.load_state_dict(head.state_dict() | tensors)  # centering and scaling are in the first layer
    return head.eval()


def save_packed(folder: Path, tensors: dict[str, Tensor], config: dict) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    save_file(pack(tensors), folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n")
