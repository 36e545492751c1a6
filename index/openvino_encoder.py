"""The e5 encoder as an OpenVINO model with 8-bit weights: how it is written, and how OpenVINO is loaded.

The graph is written operation by operation from the weights (BERT, arXiv:1810.04805, post-norm), so neither torch nor
a converter takes part. Each row of a weight matrix has one 32-bit scale.
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.e5 import Sizes, Weights

_ROWS = 8192  # quantised at a time: the table of words is large, and copies of it would set the peak of memory


def load_openvino() -> Any:
    """Import OpenVINO with its usage reporting off, and return the module.

    Importing OpenVINO reports the import to its maker unless a file in the user's home forbids it. Without the
    reporting package it falls back to a stub that sends nothing, so the package is hidden.
    """
    if "openvino" not in sys.modules:
        sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]  # None is how Python marks absence
    import openvino

    return openvino


def write_encoder(weights: Weights, sizes: Sizes, epsilon: float, path: Path) -> None:
    """Write ``path`` (.xml, the weights beside it as .bin).

    Inputs ``input_ids`` and ``attention_mask`` are int64 (batch, length); the output ``last_hidden_state`` is
    float32 (batch, length, hidden).
    """
    model = _Graph(weights, sizes, epsilon).model()
    load_openvino().save_model(model, str(path), compress_to_fp16=False)


def quantise_rows(matrix: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Round a (rows, columns) matrix to 8 bits; returns it and the (rows, 1) scales, ``matrix ≈ rounded * scales``."""
    rounded = np.empty(matrix.shape, np.int8)
    scales = np.empty((len(matrix), 1), np.float32)
    for start in range(0, len(matrix), _ROWS):
        rows = slice(start, start + _ROWS)
        scales[rows] = np.abs(matrix[rows]).max(axis=1, keepdims=True) / 127
        scales[rows][scales[rows] == 0] = 1
        rounded[rows] = np.rint(matrix[rows] / scales[rows])
    return rounded, scales


class _Graph:
    """Builds the encoder. The methods take and return OpenVINO nodes."""

    def __init__(self, weights: Weights, sizes: Sizes, epsilon: float) -> None:
        self.ov = load_openvino()
        self.op = self.ov.opset13
        self.weights = weights
        self.sizes = sizes
        self.epsilon = epsilon

    def model(self) -> Any:
        op, sizes = self.op, self.sizes
        ids = op.parameter([-1, -1], np.int64, name="input_ids")
        mask = op.parameter([-1, -1], np.int64, name="attention_mask")
        ids.output(0).get_tensor().set_names({"input_ids"})
        mask.output(0).get_tensor().set_names({"attention_mask"})
        # What masked positions add to the attention scores, (batch, 1, 1, length), broadcast over heads and queries.
        absent = op.subtract(self._constant(1.0), op.convert(mask, "f32"))
        bias = op.unsqueeze(op.multiply(absent, self._constant(-1e9)), self._axes(1, 2))
        hidden = self._embed(ids)
        for layer in range(sizes.layers):
            hidden = self._layer(hidden, bias, f"encoder.layer.{layer}.")
        result = op.result(hidden)
        result.output(0).get_tensor().set_names({"last_hidden_state"})
        return self.ov.Model([result], [ids, mask], "multilingual-e5-small")

    def _constant(self, value: Any) -> Any:
        return self.op.constant(np.asarray(value, np.float32))

    def _axes(self, *values: int) -> Any:
        return self.op.constant(np.array(values, np.int64))

    def _embed(self, ids: Any) -> Any:
        op = self.op
        table, scales = quantise_rows(self.weights["embeddings.word_embeddings.weight"])
        axis = op.constant(np.int64(0))
        # Rows are looked up as 8-bit numbers and scaled afterwards: the table is never unpacked to 32 bits as a whole.
        words = op.multiply(
            op.convert(op.gather(op.constant(table), ids, axis), "f32"), op.gather(op.constant(scales), ids, axis)
        )
        kinds = self.weights["embeddings.token_type_embeddings.weight"]
        places = self.weights["embeddings.position_embeddings.weight"] + kinds[0]
        length = op.gather(op.shape_of(ids), op.constant(np.int64(1)), axis)
        numbers = op.range(op.constant(np.int64(0)), length, op.constant(np.int64(1)), "i64")
        return self._norm(op.add(words, op.gather(self._constant(places), numbers, axis)), "embeddings.LayerNorm")

    def _layer(self, hidden: Any, bias: Any, prefix: str) -> Any:
        op = self.op
        query, key, value = (
            self._heads(self._dense(hidden, f"{prefix}attention.self.{name}")) for name in ("query", "key", "value")
        )
        attended = op.scaled_dot_product_attention(query, key, value, bias)
        joined = op.reshape(op.transpose(attended, self._axes(0, 2, 1, 3)), self._axes(0, 0, self.sizes.hidden), True)
        output = self._dense(joined, f"{prefix}attention.output.dense")
        hidden = self._norm(op.add(output, hidden), f"{prefix}attention.output.LayerNorm")
        wide = op.gelu(self._dense(hidden, f"{prefix}intermediate.dense"), "erf")
        narrow = self._dense(wide, f"{prefix}output.dense")
        return self._norm(op.add(narrow, hidden), f"{prefix}output.LayerNorm")

    def _dense(self, value: Any, name: str) -> Any:
        op = self.op
        rounded, scales = quantise_rows(self.weights[f"{name}.weight"])
        matrix = op.multiply(op.convert(op.constant(rounded), "f32"), op.constant(scales))
        return op.add(op.matmul(value, matrix, False, True), self._constant(self.weights[f"{name}.bias"]))

    def _heads(self, value: Any) -> Any:
        """(batch, length, hidden) to (batch, heads, length, hidden / heads)."""
        heads, width = self.sizes.heads, self.sizes.hidden // self.sizes.heads
        split = self.op.reshape(value, self._axes(0, 0, heads, width), True)
        return self.op.transpose(split, self._axes(0, 2, 1, 3))

    def _norm(self, value: Any, name: str) -> Any:
        op = self.op
        centred = op.mvn(value, self._axes(-1), True, self.epsilon, "inside_sqrt")
        scaled = op.multiply(centred, self._constant(self.weights[f"{name}.weight"]))
        return op.add(scaled, self._constant(self.weights[f"{name}.bias"]))
