"""What the tests of documents share: one paper with every block in several scripts, and texts of all kinds."""

from __future__ import annotations

from hypothesis import strategies as st

from vedette.documents import Block, Bullets, Document, Field, Fields, Figure, Heading, Mark, Paragraph, Table

HOSTILE = (
    "<script>alert(1)</script>",
    "=HYPERLINK(1)",
    "# heading | cell [link](x) &amp; **bold**",
    "a\x00b\x1b[31mred\u202eevil",
    "{{ 7*7 }} {% raw %}",
    "</font><para>",
    "김정은 金正恩 Ким عربي",
    "x" * 500,
    "",
)
MARKS = (Mark("김", 3, 2, 4), Mark("<b>", -5), Mark("c", 0))
PAPER = Document(
    title="Paper & 보고서",
    made_at="2026-03-01T12:00:00Z",
    blocks=(
        Heading("First"),
        Paragraph("Plain words."),
        Paragraph("Heed this.", note=True),
        Bullets(HOSTILE),
        Table(("A", "B"), tuple((text, text) for text in HOSTILE), "Hostile", (1.0, 2.0)),
        Figure("bar", "Bars", "Three bars.", MARKS, "things"),
        Figure("line", "Line", "A line.", tuple(Mark(str(n), n, n - 1, n + 1) for n in range(4))),
        Figure("timeline", "Time", "Two spans.", (Mark("a", 1.7e9, None, 1.71e9), Mark("b", 1.705e9))),
        Figure("bar", "None", "Nothing.", ()),
        Fields((Field("a", "Field", "held", "from a finding"), Field("b", "Empty", None, needed=True)), "Fields"),
    ),
)
TEXTS = st.text(max_size=60)
LINES = TEXTS.map(lambda text: " ".join(text.split()))
#: A number that any figure takes.
NUMBERS = st.floats(-1e12, 1e12)


def paper(*blocks: Block) -> Document:
    """A small paper of these blocks."""
    return Document(title="T", made_at="2026-03-01T12:00:00Z", blocks=blocks)
