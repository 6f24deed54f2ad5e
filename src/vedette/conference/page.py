"""A document as one HTML page that stands alone: no script, no style from elsewhere, every value escaped."""

from __future__ import annotations

from html import escape

from vedette.documents import Block, Bullets, Document, Fields, Figure, Heading, Paragraph, Table, svg

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1b1f24;background:#fff}"
    "h1{font-size:1.5rem;line-height:1.25}h2{font-size:1.1rem;margin:1.4rem 0 .4rem}table{border-collapse:collapse;width:100%;"
    "margin:.6rem 0}th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #d0d7de}caption{text-align:left;"
    "color:#57606a;padding:.2rem 0}.note{background:#fff8e1;border-left:4px solid #b88600;padding:.6rem .8rem}footer{color:#57606a;"
    "font-size:.8rem;margin-top:2rem;overflow-wrap:anywhere}svg{max-width:100%;height:auto}"
)


def write(document: Document) -> str:
    """The page; equal documents give equal pages."""
    body = "\n".join(_told(block) for block in document.blocks)
    return (
        f'<!doctype html>\n<html lang="{escape(document.language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(document.title)}</title><style>{_STYLE}</style></head>\n<body><main><h1>{escape(document.title)}</h1>\n"
        f"{body}\n</main><footer>{escape(document.made_at)} · SHA-256 {document.sha256}</footer></body></html>\n"
    )


def _told(block: Block) -> str:
    match block:
        case Heading():
            return (
                f"<h{block.level + 1}>{escape(block.text)}</h{block.level + 1}>" if block.level > 2 else _second(block)
            )
        case Paragraph():
            mark = ' class="note"' if block.note else ""
            return f"<p{mark}>{escape(block.text)}</p>"
        case Bullets():
            return "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in block.items) + "</ul>"
        case Table():
            return _table(block)
        case Fields():
            return _table(block.table())
        case Figure():
            return svg.write(block)


def _second(block: Heading) -> str:
    return f"<h2>{escape(block.text)}</h2>"


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.columns)
    rows = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in table.rows)
    caption = f"<caption>{escape(table.caption)}</caption>" if table.caption else ""
    heading = f"<thead><tr>{head}</tr></thead>" if any(table.columns) else ""
    return f"<table>{caption}{heading}<tbody>{rows}</tbody></table>"
