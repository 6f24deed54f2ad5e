"""Runs as a process of its own, with little memory and time: PDF bytes on standard input, its pages' text as JSON on standard output."""

from __future__ import annotations

import io
import json
import resource
import sys

_MEMORY = 1_200 * 1024 * 1024
_MOST_PAGES = 60
_MOST_TEXT = 400_000


def main(seconds: int) -> int:
    """Read, write, and say in one word what is wrong where it cannot be read."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    data = sys.stdin.buffer.read()
    sys.stdout.write(json.dumps(_read(data)))
    return 0


def _read(data: bytes) -> dict[str, object]:
    import logging

    logging.disable(logging.CRITICAL)
    from pypdf import PdfReader

    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            return {"problem": "is encrypted"}
        pages: list[str] = []
        left = _MOST_TEXT
        for page in reader.pages[:_MOST_PAGES]:
            text = page.extract_text()[:left]
            left -= len(text)
            pages.append(text)
            if left <= 0:
                break
        return {"pages": pages, "count": len(reader.pages)}
    except MemoryError:
        return {"problem": "needs too much memory"}
    except Exception as fault:  # a damaged file makes the reader raise anything; this process only tells and ends
        return {"problem": f"is damaged ({type(fault).__name__})"}


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
