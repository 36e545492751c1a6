"""The OpenVINO encoder as the first module of a Sentence Transformers model.

Importing this module imports torch and Sentence Transformers, so only :mod:`index.embedding` does, when it opens a
model. Sentence Transformers' own ``backend="openvino"`` needs ``optimum``, which holds back ``transformers``.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sentence_transformers.base.modules.input_module import InputModule
from tokenizers import Tokenizer

from index.openvino_encoder import load_openvino


class OpenVINOEncoder(InputModule):
    """Tokenises and encodes; gives (batch, length, dimension) token embeddings for a pooling module to pool.

    ``tokenizer`` neither pads nor cuts; this module does. Not safe for use by two threads at once.
    """

    def __init__(self, folder: Path, encoder: Path, max_tokens: int, threads: int) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.tokenizer: Tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.max_seq_length = max_tokens
        self._end = self._id("</s>")
        self._pad = self._id("<pad>")
        # Where the CPU has bfloat16 units OpenVINO multiplies with them, elsewhere in 8 bits with inputs quantised by
        # groups of 64: measured against 32-bit floats, smaller or no groups are slower and not nearer.
        options = {
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_NUM_THREADS": threads,
            "DYNAMIC_QUANTIZATION_GROUP_SIZE": "64",
        }
        compiled = load_openvino().Core().compile_model(str(encoder), "CPU", options)
        self._dimension = int(compiled.outputs[0].get_partial_shape()[2].get_length())
        self._request = compiled.create_infer_request()

    def preprocess(self, inputs: Sequence[Any], prompt: str | None = None, **kwargs: Any) -> dict[str, torch.Tensor]:
        """Token ids and mask of ``inputs``, each (batch, longest). Texts over ``max_seq_length`` tokens are cut."""
        texts = [(prompt or "") + text for text in inputs]
        rows = [self._cut(encoding.ids) for encoding in self.tokenizer.encode_batch_fast(texts)]
        ids = np.full((len(rows), max(map(len, rows))), self._pad, np.int64)
        mask = np.zeros_like(ids)
        for i, row in enumerate(rows):
            ids[i, : len(row)] = row
            mask[i, : len(row)] = 1
        return {"input_ids": torch.from_numpy(ids), "attention_mask": torch.from_numpy(mask)}

    def _id(self, token: str) -> int:
        found = self.tokenizer.token_to_id(token)
        if found is None:
            raise ValueError(f"the tokenizer lacks {token}")
        return found

    def _cut(self, ids: list[int]) -> list[int]:
        return ids if len(ids) <= self.max_seq_length else [*ids[: self.max_seq_length - 1], self._end]

    def forward(self, features: dict[str, torch.Tensor], **kwargs: Any) -> dict[str, torch.Tensor]:
        """Add ``token_embeddings`` to ``features``."""
        inputs = {name: features[name].numpy() for name in ("input_ids", "attention_mask")}
        features["token_embeddings"] = torch.from_numpy(self._request.infer(inputs)[0])
        return features

    def get_embedding_dimension(self) -> int:
        """Length of a token's vector."""
        return self._dimension

    def save(self, output_path: str, *args: Any, **kwargs: Any) -> None:
        """Not possible: the folder this was opened from is the saved form."""
        raise NotImplementedError("copy the model folder instead")
