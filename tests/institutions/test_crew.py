"""Several processes give the same answers in the same order as one."""

from __future__ import annotations

from vedette.institutions import crew, open_desk


class TestResolved:
    def test_several_processes_answer_as_one_does_in_order(self) -> None:
        desk = open_desk()
        texts = [
            f"Kim Chaek University of Technology, Pyongyang {n}" if n % 3 else f"nothing {n}" for n in range(1_300)
        ]
        alone = [item.as_json() for item in crew.resolved(desk, texts, workers=1)]
        crew_of_two = crew._ALONE
        try:
            crew._ALONE = 100
            together = [item.as_json() for item in crew.resolved(desk, iter(texts), workers=2)]
        finally:
            crew._ALONE = crew_of_two

        assert together == alone
        assert [item["query"] for item in together] == texts

    def test_no_strings_no_answers(self) -> None:
        assert list(crew.resolved(open_desk(), [])) == []
