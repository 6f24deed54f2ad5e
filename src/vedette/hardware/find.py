"""Finds the accelerator that a free-text model name means: drivers, schedulers and clouds write it in many ways."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from vedette.hardware.model import Chip
from vedette.hardware.read import chips

# Words that makers and drivers add and that tell no two cards apart.
_NOISE = frozenset(
    "nvidia amd google cloud instinct tesla geforce quadro gpu tpu accelerator tensor core hbm2 hbm2e hbm3 hbm3e oam hgx dgx "
    "graphics generation gen lovelace workstation server edition max q".split()
)
_MEMORY = re.compile(r"^\d+(gb|g|gib)$")
_SLICE = re.compile(r"\b(\d)g[._-](\d+)gb\b", re.IGNORECASE)
_SLICES = 7


@dataclass(frozen=True, slots=True)
class Match:
    """The accelerator that is meant, and which share of it (a MIG slice is some sevenths)."""

    chip: Chip
    share: float = 1.0


@lru_cache(maxsize=4_096)
def find(text: str) -> Match | None:
    """The accelerator of this name, or None where the table knows none: never the nearest guess.

    ``NVIDIA H100 80GB HBM3``, ``h100-sxm5``, ``gpu:nvidia_h100_80gb_hbm3`` and ``H100 MIG 1g.10gb`` are understood.
    """
    if not text or len(text) > 200:
        return None
    share = 1.0
    cut = _SLICE.search(text)
    if cut:
        share = min(1.0, int(cut[1]) / _SLICES)
        text = text[: cut.start()] + text[cut.end() :]
    chip = _names().get(_plain(text))
    return Match(chip, share) if chip is not None else None


def _plain(text: str) -> str:
    """The words that tell cards apart, joined: case, separators, memory sizes and makers' words left out."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    return "".join(word for word in words if word not in _NOISE and word != "mig" and not _MEMORY.match(word))


@lru_cache(maxsize=1)
def _names() -> dict[str, Chip]:
    return {_plain(name): chip for chip in chips() for name in (chip.id, *chip.names)}
