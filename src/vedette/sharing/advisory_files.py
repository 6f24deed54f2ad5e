"""The advisory as files: Markdown, PDF and a page that stands alone and loads nothing."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from vedette.base import Clock
from vedette.documents import Block, Bullets, Document, Heading, Paragraph, Table, markdown, pdf
from vedette.sharing.advisory import Month, content, write

_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}"
    "table{border-collapse:collapse;width:100%}th,td{border:1px solid #bbb;padding:.3rem .5rem;text-align:left;"
    "vertical-align:top}.note{color:#444;border-left:.25rem solid #888;padding-left:.75rem}"
)


def advisory_files(month: Month, *, house: str, home: str, clock: Clock) -> dict[str, bytes]:
    """File name -> bytes for every audience that may be told something; empty where nothing may be."""
    found: dict[str, bytes] = {}
    for audience in content().audiences:
        paper = write(month, audience, house=house, home=home, clock=clock)
        if paper is None:
            continue
        name = f"advisory-{month.month}-{audience.id}"
        found[f"{name}.md"] = markdown.write(paper).encode()
        found[f"{name}.html"] = page(paper)
        found[f"{name}.pdf"] = pdf.write(paper)
    return found


def page(paper: Document) -> bytes:
    """A document as one page; every text is escaped."""
    body = "\n".join(part for block in paper.blocks for part in _block(block))
    head = (
        '<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(paper.title)}</title><style>{_STYLE}</style></head>"
    )
    return f"{head}\n<body><main><h1>{escape(paper.title)}</h1>\n{body}\n</main></body>\n</html>\n".encode()


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            level = min(6, block.level + (block.level == 1))
            yield f"<h{level}>{escape(block.text)}</h{level}>"
        case Paragraph():
            yield f'<p class="note">{escape(block.text)}</p>' if block.note else f"<p>{escape(block.text)}</p>"
        case Bullets():
            yield f"<ul>{''.join(f'<li>{escape(item)}</li>' for item in block.items)}</ul>"
        case Table():
            head = "".join(f'<th scope="col">{escape(name)}</th>' for name in block.columns)
            rows = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in block.rows)
            yield f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        case _:
            raise TypeError(f"an advisory holds no {type(block).__name__}")
