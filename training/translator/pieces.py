"""The pieces of Gemma's tokenizer as the GGUF file holds them, and tokenizers over all or some of them.

A piece is formed by merging two shorter ones; the pair whose product has the highest score is merged first
(SentencePiece BPE). `full_tokenizer` and `cut_tokenizer` say the same in the format of HF tokenizers.
"""

from dataclasses import dataclass
from pathlib import Path

from gguf import GGUFReader, TokenType
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, processors

SPECIALS = ("<pad>", "<eos>", "<bos>", "<unk>")
Merge = tuple[str, str]


@dataclass
class Pieces:
    """Every piece by id, with its score and kind."""

    text: list[str]
    score: list[float]
    kind: list[int]

    def full_tokenizer(self) -> Tokenizer:
        """The tokenizer over all pieces; ids are those of the GGUF file."""
        symbols = [t for t, k in zip(self.text, self.kind) if k == TokenType.USER_DEFINED]
        control = [t for t, k in zip(self.text, self.kind) if k == TokenType.CONTROL]
        return _tokenizer(self.text, self.merges(), symbols, control)

    def cut_tokenizer(self, kept: list[int], merges: list[Merge]) -> Tokenizer:
        """The tokenizer over the pieces `kept` (ascending ids; new id = index), with these merges alone."""
        symbols = [self.text[i] for i in kept if self.kind[i] == TokenType.USER_DEFINED]
        return _tokenizer([self.text[i] for i in kept], merges, symbols, list(SPECIALS))

    def merges(self) -> list[Merge]:
        """All merges, the one to be done first standing first."""
        normal = {t: s for t, s, k in zip(self.text, self.score, self.kind) if k == TokenType.NORMAL}
        found = [
            (-score, -cut, piece[:cut], piece[cut:])
            for piece, score in normal.items()
            for cut in range(1, len(piece))
            if piece[:cut] in normal and piece[cut:] in normal
        ]
        return [(left, right) for _, _, left, right in sorted(found)]

    def byte_ids(self) -> list[int]:
        """Ids of the 256 pieces that stand for one byte."""
        return [i for i, kind in enumerate(self.kind) if kind == TokenType.BYTE]


def derivation(piece: str, rank: dict[Merge, int]) -> list[Merge]:
    """The merges by which the tokenizer forms `piece` from its characters; fewer than wanted if it never does."""
    parts, done = list(piece), []
    while len(parts) > 1:
        best = min(range(len(parts) - 1), key=lambda i: rank.get((parts[i], parts[i + 1]), len(rank)))
        merge = (parts[best], parts[best + 1])
        if merge not in rank:
            break
        parts[best : best + 2] = ["".join(merge)]
        done.append(merge)
    return done


def pieces_of(gguf: Path) -> Pieces:
    """Reads the tokenizer's tables from a GGUF file."""
    fields = GGUFReader(gguf).fields
    names = ("tokenizer.ggml.tokens", "tokenizer.ggml.scores", "tokenizer.ggml.token_type")
    return Pieces(*(fields[name].contents() for name in names))


def _tokenizer(vocabulary: list[str], merges: list[Merge], symbols: list[str], control: list[str]) -> Tokenizer:
    ids = {piece: i for i, piece in enumerate(vocabulary)}
    tokenizer = Tokenizer(models.BPE(ids, merges, byte_fallback=True, fuse_unk=True, unk_token="<unk>"))
    tokenizer.normalizer = normalizers.Replace(" ", "▁")
    tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()])
    bos = ("<bos>", ids["<bos>"])
    tokenizer.post_processor = processors.TemplateProcessing("<bos> $A", "<bos> $A <bos>:1 $B:1", [bos])
    tokenizer.add_special_tokens([AddedToken(t, normalized=False, special=True) for t in control])
    tokenizer.add_tokens([AddedToken(t, normalized=False, special=False) for t in symbols])
    assert tokenizer.get_vocab_size() == len(vocabulary), "an added token is not among the pieces"
    return tokenizer
