"""Writes the mean of adapters that were trained on from each other.

    python average.py OUT ADAPTER ADAPTER ...

All are folders as train.py writes them. The factors are averaged, not their products: the runs share their beginning, so that
factors of one place mean the same in each. The settings must be equal, and are those of the first.
"""

import argparse
import shutil
from pathlib import Path

from safetensors import safe_open
from safetensors.torch import load_file, save_file

SETTINGS, WEIGHTS = "adapter_config.json", "adapter_model.safetensors"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("adapters", type=Path, nargs="+")
    args = parser.parse_args()

    first = args.adapters[0]
    for other in args.adapters[1:]:
        if (other / SETTINGS).read_text() != (first / SETTINGS).read_text():
            parser.error(f"{other / SETTINGS} is not that of {first}: adapters of other settings have no mean")
    weights = [load_file(folder / WEIGHTS) for folder in args.adapters]
    mean = {
        name: (sum(each[name].float() for each in weights) / len(weights)).to(tensor.dtype)
        for name, tensor in weights[0].items()
    }
    with safe_open(first / WEIGHTS, "pt") as file:
        metadata = file.metadata()
    args.out.mkdir(parents=True, exist_ok=True)
    save_file(mean, args.out / WEIGHTS, metadata=metadata)
    shutil.copy(first / SETTINGS, args.out)
    print(f"{args.out}: the mean of {len(weights)} adapters, {len(mean)} tensors")


if __name__ == "__main__":
    main()
