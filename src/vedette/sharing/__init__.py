"""What leaves the house, to whom, in which form: open indicators, blind matches and named disclosures, never mixed.

Nothing inbound acts by itself. Grows by formats.
"""

__all__: list[str] = []
