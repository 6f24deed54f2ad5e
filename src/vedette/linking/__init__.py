"""Which accounts are one hand, with the evidence of each link. Links are evidence for people and sanction nobody.

Grows by kinds of shared things in ``weights.yml`` and by places where they stand in ``observe.py``.
"""

__all__: list[str] = []
