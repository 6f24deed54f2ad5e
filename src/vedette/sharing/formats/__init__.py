"""Forms in which objects leave and enter, one folder each: ``format.py`` and ``expected.json``; found by scanning.

Each ``format.py`` has CAPTION, SUFFIX, MEDIA_TYPE, HOLDS, KINDS, ``write``, ``read`` and ``recognises``; the round trip is tested for all.
"""

__all__: list[str] = []
