"""Writes a table of character replacements in the form that the ``Precompiled`` normaliser of ``tokenizers`` reads.

The form is SentencePiece's precompiled map: a little-endian 32-bit byte count, a double-array trie over the UTF-8
bytes of each character (the layout of Darts-clone), and the replacements as zero-ended strings.
"""

import struct
from collections.abc import Mapping

import numpy as np

_LEAF = 0
_HAS_LEAF = 1 << 8
_IS_VALUE = 1 << 31
_OFFSET_SHIFT = 10
_OFFSET_LIMIT = 1 << 21
_BLOCK = 256

_Node = dict[int, "_Node | int"]


def compile_charsmap(replacements: Mapping[int, str]) -> bytes:
    """Compile ``{code point: replacement}``. Raises ValueError if the trie outgrows what an offset can hold."""
    strings = bytearray()
    position: dict[str, int] = {}
    root: _Node = {}
    for code_point, replacement in sorted(replacements.items()):
        if replacement not in position:
            position[replacement] = len(strings)
            strings += replacement.encode() + b"\0"
        node = root
        for byte in chr(code_point).encode():
            child = node.setdefault(byte, {})
            assert isinstance(child, dict)  # noqa: S101  (bytes of one UTF-8 character never end inside another)
            node = child
        node[_LEAF] = position[replacement]
    trie = _double_array(root).tobytes()
    return struct.pack("<I", len(trie)) + trie + bytes(strings)


def _double_array(root: _Node) -> np.ndarray[tuple[int], np.dtype[np.uint32]]:
    """Lay the trie out so that the child of the unit at ``i`` by label ``c`` stands at ``(i ^ offset(i)) ^ c``."""
    units = [0] * _BLOCK
    taken: set[int] = {0}
    bases: set[int] = set()
    first_free = 1
    pending: list[tuple[int, _Node]] = [(0, root)]
    while pending:
        index, node = pending.pop()
        while first_free in taken or first_free in bases:
            first_free += 1
        base = first_free
        # Two nodes must not share a base, or a lookup in one would find the children of the other.
        while base in bases or any(base ^ label in taken for label in node):
            base += 1
        bases.add(base)
        units.extend([0] * ((base | (_BLOCK - 1)) + 1 - len(units)))
        if index ^ base >= _OFFSET_LIMIT:
            raise ValueError("too many characters for one map")
        units[index] |= (index ^ base) << _OFFSET_SHIFT
        for label, child in node.items():
            taken.add(base ^ label)
            if isinstance(child, int):
                units[index] |= _HAS_LEAF
                units[base] = child | _IS_VALUE
            else:
                units[base ^ label] |= label
                pending.append((base ^ label, child))
    return np.array(units, dtype="<u4")
