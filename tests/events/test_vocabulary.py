"""The closed vocabulary, and tables of actions."""

from __future__ import annotations

from pathlib import Path

import pytest

from vedette.base import ContentError
from vedette.events.vocabulary import OTHER, Actions, vocabulary

TABLE = "s3\tGetObject\tdatastore_activity.read\ns3\tGet*\tapi_activity.update\n*\tGet*\tapi_activity.read\n*\tGetBig*\tapi_activity.create\n*\t*/write\tapi_activity.update\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "actions.tsv"
    path.write_text(TABLE)
    return path


class TestVocabulary:
    def test_numbers_are_those_of_ocsf(self) -> None:
        words = vocabulary()
        assert (words["authentication.logon"].class_uid, words["authentication.logon"].activity_id) == (3002, 1)
        assert (words["api_activity.delete"].class_uid, words["api_activity.delete"].activity_id) == (6003, 4)
        assert (words[OTHER].class_name, words[OTHER].activity) == ("other", "other")

    def test_the_category_is_the_class_number_in_thousands(self) -> None:
        assert all(word.category_uid == word.class_uid // 1000 for word in vocabulary().values())

    def test_no_two_words_mean_the_same(self) -> None:
        pairs = [(word.class_uid, word.activity_id) for word in vocabulary().values()]
        assert len(set(pairs)) == len(pairs)


class TestActions:
    @pytest.mark.parametrize(
        ("service", "operation", "read_only", "word"),
        [
            ("s3", "GetObject", None, "datastore_activity.read"),
            ("s3", "GetBucket", None, "api_activity.update"),
            ("ec2", "GetThing", None, "api_activity.read"),
            ("ec2", "GetThing", True, "api_activity.read"),
            ("ec2", "GetThing", False, OTHER),
            ("ec2", "GetBigThing", True, OTHER),
            ("s3", "GetObject", False, "datastore_activity.read"),
            ("x", "a/b/write", None, "api_activity.update"),
            ("x", "Polish", None, OTHER),
            ("", "", None, OTHER),
        ],
    )
    def test_names_before_beginnings_before_other(
        self, table: Path, service: str, operation: str, read_only: bool | None, word: str
    ) -> None:
        actions = Actions(table)
        assert actions.word(service, operation, read_only) == word
        assert actions.word(service, operation, read_only) == word

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("s3\tGet\n", "has 2 cells"),
            ("s3\tGet\tapi_activity.ponder\n", "no word"),
            ("s3\tG*t\tapi_activity.read\n", "no pattern"),
            ("s3\tGet\tapi_activity.read\ns3\tGet\tapi_activity.update\n", "stands twice"),
        ],
    )
    def test_faults_name_file_and_line(self, tmp_path: Path, text: str, reason: str) -> None:
        path = tmp_path / "actions.tsv"
        path.write_text("# head\n" + text)
        with pytest.raises(ContentError, match=reason) as caught:
            Actions(path)
        assert caught.value.place.file.endswith("actions.tsv")
        assert caught.value.place.line in (2, 3)
