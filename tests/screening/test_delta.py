"""What changed between two versions of a list, from their stored blobs."""

from __future__ import annotations

from dataclasses import replace

from tests.screening.people import LISTINGS
from vedette.screening.delta import touched
from vedette.watchlists.codec import encode_lines


class TestTouched:
    def test_decodes_only_what_differs(self) -> None:
        changed = (replace(LISTINGS[0], remarks="new"), *LISTINGS[1:-1])
        found = touched(encode_lines(LISTINGS), encode_lines(changed))
        assert {one.entity_id for one in found.before} == {LISTINGS[0].entity_id, LISTINGS[-1].entity_id}
        assert (found.after, len(found)) == ((changed[0],), 3)

    def test_an_empty_blob_is_a_list_that_came_or_went(self) -> None:
        assert len(touched(b"", encode_lines(LISTINGS))) == len(touched(encode_lines(LISTINGS), b"")) == len(LISTINGS)

    def test_the_order_of_lines_is_no_change(self) -> None:
        assert len(touched(encode_lines(LISTINGS), encode_lines(LISTINGS[::-1]))) == 0
