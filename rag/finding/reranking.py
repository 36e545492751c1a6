"""An optional cross-encoder that orders what was found, by setting: no package carries one, so none is the default."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import ModelError
from index.types import Hit

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

LONGEST = 2000  # characters of a chunk that are read, context aside


class Reranker:
    """A Sentence Transformers CrossEncoder, loaded when it is first needed. Safe to share by threads."""

    def __init__(self, setting: str, models_dir: Path, items: int) -> None:
        self._setting, self._models_dir, self._items = setting, models_dir, items
        self._model: CrossEncoder | None = None
        self._lock = threading.Lock()

    def order(self, query: str, hits: Sequence[Hit]) -> list[Hit]:
        """The first hits in the cross-encoder's order, the others behind them as they were.

        They share out the scores that they had, so that what depends on scores goes on working. Raises ModelError when
        the model is not on this machine or cannot be used.
        """
        first = list(hits[: self._items])
        if len(first) < 2:
            return list(hits)
        pairs = [(query, f"{hit.context}\n{hit.text[:LONGEST]}") for hit in first]
        with self._lock:
            model = self._model = self._model or self._load()
            try:
                judged = [float(score) for score in model.predict(pairs, show_progress_bar=False)]
            except Exception as error:
                raise ModelError(
                    f"The reranker {self._setting} cannot judge a question and a text ({error}).",
                    "Set reranker to a CrossEncoder with one output, or to nothing.",
                ) from error
        best = sorted(range(len(first)), key=lambda i: (-judged[i], i))
        return [replace(first[i], score=first[place].score) for place, i in enumerate(best)] + list(hits[len(first) :])

    def _load(self) -> "CrossEncoder":
        folder = _folder(self._setting, self._models_dir)
        from sentence_transformers import CrossEncoder

        try:
            model: CrossEncoder = CrossEncoder(
                str(folder), device="cpu", local_files_only=True, trust_remote_code=False
            )
        except Exception as error:
            raise ModelError(
                f"The reranker {self._setting} cannot be loaded from {folder} ({error}).",
                "The setting reranker takes a Sentence Transformers CrossEncoder folder with all its files.",
            ) from error
        return model


@cache
def reranker(setting: str, models_dir: Path, items: int) -> Reranker | None:
    """The reranker that the setting names, one a process; None for the empty setting. Nothing is loaded yet."""
    return Reranker(setting, models_dir, items) if setting else None


def _folder(setting: str, models_dir: Path) -> Path:
    from index import hub

    try:
        return hub.model_folder(setting, models_dir)
    except ModelError as error:
        raise ModelError(
            f"The reranker {setting!r} is neither a folder nor a model on this machine.",
            "Name a CrossEncoder folder, or fetch it with `report-qa models pull --embedder` first; "
            "an empty setting reranker does without.",
        ) from error
