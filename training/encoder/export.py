"""Write a trained encoder in its committed form.

usage: python3 export.py --base CUT --weights RUN/best.pt --out models/encoder [--temperature 1.0]
"""
import argparse
import json
import shutil
from pathlib import Path

import torch

from packed import packed_config, save_packed


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--base", type=Path, required=True, help="for config.json and tokenizer.json")
    arguments.add_argument("--weights", type=Path, required=True)
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--temperature", type=float, default=1.0, help="from calibrate.py")
    options = arguments.parse_args()
    config = json.loads((options.base / "config.json").read_text())
    tensors = torch.load(options.weights, map_location="cpu", weights_only=True)
    save_packed(options.out, tensors, packed_config(config, options.temperature))
    if options.base.resolve() != options.out.resolve():
        shutil.copyfile(options.base / "tokenizer.json", options.out / "tokenizer.json")
    for file in sorted(options.out.iterdir()):
        print(f"{file.stat().st_size:>10}  {file.name}")


if __name__ == "__main__":
    main()
