"""How many tokens a text takes, without loading the encoder."""

from collections.abc import Sequence
from pathlib import Path

from index import models
from index.chunks import TokenCounts
from index.embedding import DEFAULT, open_embedder


def token_counter(setting: str, models_dir: Path) -> TokenCounts:
    """What :meth:`~index.embedding.Embedder.token_counts` of the embedder that ``setting`` names would say.

    The default embedder's encoder, which takes seconds to load, is left on the disk. Raises ModelError when the
    model is not there.
    """
    if setting != DEFAULT:
        return open_embedder(setting, models_dir, 0).token_counts
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(models.path("embedder", models_dir) / "tokenizer.json"))

    def counts(texts: Sequence[str]) -> list[int]:
        return [len(e) for e in tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)] if texts else []

    return counts
