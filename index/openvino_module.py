"""The OpenVINO encoder as the first module of a Sentence Transformers model.

Importing this module imports torch and Sentence Transformers, which takes seconds, so the default embedder does without
(:meth:`index.openvino_model.OpenVINOModel.embed` gives the same vectors) and makes the model only when it is asked for.
Sentence Transformers' own ``backend="openvino"`` needs ``optimum``, which holds back ``transformers``.
"""

from collections.abc import Sequence
from typing import Any

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules.input_module import InputModule
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling

from index.e5 import PROMPTS
from index.openvino_model import OpenVINOModel


class OpenVINOEncoder(InputModule):
    """Tokenises and encodes; gives (batch, length, dimension) token embeddings for a pooling module to pool."""

    def __init__(self, model: OpenVINOModel) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._openvino = model
        self.tokenizer = model.tokenizer
        self.max_seq_length = model.max_tokens

    def preprocess(self, inputs: Sequence[Any], prompt: str | None = None, **kwargs: Any) -> dict[str, torch.Tensor]:
        """Token ids and mask of ``inputs``, each (batch, longest)."""
        ids, mask = self._openvino.tokens([(prompt or "") + text for text in inputs])
        return {"input_ids": torch.from_numpy(ids), "attention_mask": torch.from_numpy(mask)}

    def forward(self, features: dict[str, torch.Tensor], **kwargs: Any) -> dict[str, torch.Tensor]:
        """Add ``token_embeddings`` to ``features``."""
        hidden = self._openvino.hidden(features["input_ids"].numpy(), features["attention_mask"].numpy())
        features["token_embeddings"] = torch.from_numpy(hidden)
        return features

    def get_embedding_dimension(self) -> int:
        """Length of a token's vector."""
        return self._openvino.dimension

    def save(self, output_path: str, *args: Any, **kwargs: Any) -> None:
        """Not possible: the folder this was opened from is the saved form."""
        raise NotImplementedError("copy the model folder instead")


def sentence_transformer(model: OpenVINOModel) -> SentenceTransformer:
    """The whole embedder as a Sentence Transformers model: this encoder, mean pooling, unit length, e5's prompts."""
    modules = [OpenVINOEncoder(model), Pooling(model.dimension, "mean"), Normalize()]
    return SentenceTransformer(modules=modules, device="cpu", prompts=PROMPTS, local_files_only=True)
