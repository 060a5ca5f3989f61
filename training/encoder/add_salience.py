"""Put a trained salience head beside the encoder's weights, as `salience.*` in F32.

Centering and scaling go into the first layer: W (v - center) / spread + b = (W / spread) v + (b - (W / spread) center).

usage: python3 add_salience.py --head HEAD.pt --model models/encoder
"""
import argparse
import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from salience import HEADS, LAYERS, PLACES


def folded(head: dict[str, Tensor]) -> dict[str, Tensor]:
    """The head without `center` and `spread`."""
    weight = head["project.weight"] / head["spread"]
    changed = {"project.weight": weight, "project.bias": head["project.bias"] - weight @ head["center"]}
    return {name: changed.get(name, tensor) for name, tensor in head.items() if name not in ("center", "spread")}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--head", type=Path, required=True)
    arguments.add_argument("--model", type=Path, required=True)
    options = arguments.parse_args()
    file, config_file = options.model / "model.safetensors", options.model / "config.json"
    tensors = {name: t for name, t in load_file(file).items() if not name.startswith("salience.")}
    head = folded(torch.load(options.head, map_location="cpu", weights_only=True))
    tensors.update(("salience." + name, t.float().contiguous()) for name, t in head.items())
    save_file(tensors, file, metadata={"format": "pt"})
    config = json.loads(config_file.read_text())
    config["intisari"]["salience"] = {"heads": HEADS, "layers": LAYERS, "places": PLACES}
    config_file.write_text(json.dumps(config, indent=1) + "\n")
    print(f"{sum(t.numel() for t in head.values())} parameters, {file.stat().st_size} bytes")


if __name__ == "__main__":
    main()
