"""The statements of files, unpacked: those last asked for are kept, as many as fit."""

from __future__ import annotations

import marshal
import zlib
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

Block = tuple[tuple[Any, ...], ...]

PACKED_LIMIT = 2 << 20
"""Bytes of packed statements whose unpacked form is kept; that is about forty times as large."""


@dataclass
class Unpacked:
    """Blocks by their packed form: every program of a repository runs the modules that it imports."""

    limit: int = PACKED_LIMIT
    blocks: OrderedDict[bytes, Block] = field(default_factory=OrderedDict)
    size: int = 0

    def block(self, packed: bytes) -> Block:
        """Return the statements that were packed."""
        known = self.blocks.get(packed)
        if known is not None:
            self.blocks.move_to_end(packed)
            return known
        found: Block = marshal.loads(zlib.decompress(packed))
        self.blocks[packed] = found
        self.size += len(packed)
        while self.size > self.limit and self.blocks:
            oldest, _ = self.blocks.popitem(last=False)
            self.size -= len(oldest)
        return found


KEPT = Unpacked()
