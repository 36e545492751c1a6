"""The default embedder's encoder run by OpenVINO: texts to token embeddings, with nothing but numpy around it."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.openvino_encoder import load_openvino

Tokens = NDArray[np.int64]


class OpenVINOModel:
    """A compiled encoder with its tokenizer, which neither pads nor cuts; this class does.

    Not safe for use by two threads at once.
    """

    def __init__(self, folder: Path, encoder: Path, max_tokens: int, threads: int) -> None:
        self.tokenizer: Tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.max_tokens = max_tokens
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
        self.dimension = int(compiled.outputs[0].get_partial_shape()[2].get_length())
        self._request = compiled.create_infer_request()

    def tokens(self, texts: Sequence[str]) -> tuple[Tokens, Tokens]:
        """Token ids and mask of ``texts``, each (texts, longest). Texts over ``max_tokens`` tokens are cut."""
        rows = [self._cut(encoding.ids) for encoding in self.tokenizer.encode_batch_fast(list(texts))]
        ids = np.full((len(rows), max(map(len, rows))), self._pad, np.int64)
        mask = np.zeros_like(ids)
        for i, row in enumerate(rows):
            ids[i, : len(row)] = row
            mask[i, : len(row)] = 1
        return ids, mask

    def hidden(self, ids: Tokens, mask: Tokens) -> NDArray[np.float32]:
        """The token embeddings, (texts, longest, dimension). The array is OpenVINO's and changes with the next call."""
        out: NDArray[np.float32] = self._request.infer({"input_ids": ids, "attention_mask": mask})[0]
        return out

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The mean of each text's token embeddings, at unit length: (texts, dimension)."""
        ids, mask = self.tokens(texts)
        weights = mask.astype(np.float32)
        summed = np.einsum("nld,nl->nd", self.hidden(ids, mask), weights)
        mean = summed / np.maximum(weights.sum(axis=1, keepdims=True), 1e-9)
        unit: NDArray[np.float32] = mean / np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), 1e-12)
        return unit

    def _id(self, token: str) -> int:
        found = self.tokenizer.token_to_id(token)
        if found is None:
            raise ValueError(f"the tokenizer lacks {token}")
        return int(found)

    def _cut(self, ids: list[int]) -> list[int]:
        return ids if len(ids) <= self.max_tokens else [*ids[: self.max_tokens - 1], self._end]
