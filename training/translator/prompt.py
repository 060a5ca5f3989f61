"""Sentences as pieces: the one prompt that the adapter is trained on and used with."""

import json
from itertools import accumulate
from pathlib import Path

from tokenizers import Tokenizer

EOS, BOS = 1, 2


class Prompt:
    """The cut tokenizer and the prompt `Indonesian: {source}{hints}\\nEnglish:`, answered by ` {target}` and <eos>.

    The hints are those of hints.prompt_lines, or nothing.
    """

    def __init__(self, folder: Path):
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.encode_special_tokens = True
        self.kept = list(accumulate(json.loads((folder / "kept_ids.json").read_text())))

    def ids(self, text: str) -> list[int]:
        """Pieces of a text; special tokens in it are text."""
        return self.tokenizer.encode(text, add_special_tokens=False).ids

    def question(self, source: str, hints: str = "") -> list[int]:
        return [BOS, *self.ids(f"Indonesian: {source}{hints}\nEnglish:")]

    def answer(self, target: str) -> list[int]:
        return [*self.ids(f" {target}"), EOS]

    def text(self, ids: list[int]) -> str:
        """The translation in generated ids: up to <eos> or a line end."""
        ids = ids[: ids.index(EOS)] if EOS in ids else ids
        return self.tokenizer.decode(ids).strip().split("\n")[0]
