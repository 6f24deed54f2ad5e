"""Objects of a bucket are fetched whole, once, within bounds; hostile keys and talkative servers gain nothing."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from tests import s3
from tests.s3 import SECRET, Objects, needs_s3
from vedette.store.intake import objects as module
from vedette.store.intake.objects import Bucket, ObjectsRefused, unfit

running, site = s3.running, s3.site
pytestmark = [pytest.mark.enable_socket, pytest.mark.timeout(60)]


def everything(_name: PurePosixPath) -> bool:
    return True


class TestNames:
    @pytest.mark.parametrize(
        ("name", "fault"),
        [
            ("accounts.csv", ""),
            ("logs/cloudtrail/2026/01/a_b-c=d.json.gz", ""),
            ("dagger/é.csv", ""),
            ("../x.csv", "lead out"),
            ("a/../../x.csv", "lead out"),
            ("/etc/passwd", "lead out"),
            ("a//b.csv", "lead out"),
            ("./x.csv", "lead out"),
            ("..\\x.csv", "letters"),
            ("x.csv?versionId=1", "letters"),
            ("x\x00.csv", "letters"),
            ("x\n.csv", "letters"),
            ("", "letters"),
            ("x" * 201, "too long"),
        ],
    )
    def test_only_names_that_stay_below_the_folder_are_fit(self, name: str, fault: str) -> None:
        assert fault in unfit(name)
        assert bool(unfit(name)) == bool(fault)


class TestAddresses:
    @pytest.mark.parametrize(
        "address", ["s3://", "s3:///x", "s3://UPPER/x", "s3://a", "http://trail/x", "s3://a_b/../c"]
    )
    def test_what_is_no_bucket_is_refused(self, address: str) -> None:
        with pytest.raises(ObjectsRefused, match="no address of a bucket"):
            Bucket(address)

    @pytest.mark.parametrize("endpoint", ["ftp://x", "x:9000", "https://me:word@host", "file:///etc"])
    def test_an_endpoint_is_a_plain_url_and_never_repeated(self, endpoint: str) -> None:
        with pytest.raises(ObjectsRefused, match="s3_endpoint") as told:
            Bucket("s3://trail/x", endpoint)
        assert "word" not in str(told.value)

    def test_without_the_extra_the_remedy_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module, "find_spec", lambda _name: None)
        with pytest.raises(ObjectsRefused, match=r"s3fs is not installed. Install vedette\[s3\]"):
            Bucket("s3://trail/x")


@needs_s3
class TestListing:
    def test_every_page_is_read_and_only_what_lies_below_the_prefix(self, site: Objects) -> None:
        site.page = 2
        site.held = {f"a/{number}.csv": b"x" for number in range(5)} | {"ab/6.csv": b"x", "b.csv": b"x"}
        found = list(Bucket("s3://trail/a", site.address).objects(everything))
        assert [str(one.name) for one in found] == [f"{number}.csv" for number in range(5)]
        assert {one.etag for one in found} == {site.etag("b.csv")}

    def test_one_object_may_be_named(self, site: Objects) -> None:
        site.held = {"a/x.csv": b"x", "a/x.csv.bak": b"y"}
        found = list(Bucket("s3://trail/a/x.csv", site.address).objects(everything))
        assert [(one.key, str(one.name)) for one in found] == [("a/x.csv", "x.csv")]

    def test_hostile_great_and_unknown_ones_are_passed_over_and_told(self, site: Objects) -> None:
        site.held = {"a/../../x.csv": b"x", "a/big.csv": b"x" * 11, "a/note.txt": b"x", "a/ok.csv": b"x", "a/": b""}
        bucket = Bucket("s3://trail/a", site.address, largest=10)
        found = list(bucket.objects(lambda name: name.suffix == ".csv"))
        assert [str(one.name) for one in found] == ["ok.csv"]
        assert bucket.passed_over == 3
        assert "lead out" in bucket.examples[0]
        assert "11 bytes" in bucket.examples[1]
        assert "nothing reads" in bucket.examples[2]


@needs_s3
class TestFetching:
    def test_an_object_arrives_whole_of_whatever_size(self, site: Objects, tmp_path: Path) -> None:
        sizes = (0, 1, 70_000, 9_000_000)
        site.held = {f"a/b/{size}.csv": bytes(range(256)) * (size // 256) + b"z" * (size % 256) for size in sizes}
        bucket = Bucket("s3://trail/a", site.address)
        for found in bucket.objects(everything):
            path = bucket.fetch(found, tmp_path)
            assert path == tmp_path / "b" / found.name.name
            assert path.read_bytes() == site.held[found.key]

    def test_one_that_changed_since_it_was_listed_is_refused_and_leaves_nothing(
        self, site: Objects, tmp_path: Path
    ) -> None:
        site.held, site.moving = {"a/x.csv": b"x\n"}, {"a/x.csv"}
        bucket = Bucket("s3://trail/a", site.address)
        (found,) = bucket.objects(everything)
        with pytest.raises(ObjectsRefused, match="changed while it was read"):
            bucket.fetch(found, tmp_path)
        assert list(tmp_path.iterdir()) == []

    def test_no_more_is_taken_than_was_listed(self, site: Objects, tmp_path: Path) -> None:
        site.held, site.claimed = {"a/x.csv": b"x" * 100_000}, {"a/x.csv": 10}
        bucket = Bucket("s3://trail/a", site.address)
        (found,) = bucket.objects(everything)
        with pytest.raises(ObjectsRefused, match="changed"):
            bucket.fetch(found, tmp_path)

    def test_a_name_that_is_both_file_and_folder_is_refused_alone(self, site: Objects, tmp_path: Path) -> None:
        site.held = {"a/x.csv": b"x", "a/x.csv/y.csv": b"y"}
        bucket = Bucket("s3://trail/a", site.address)
        first, second = bucket.objects(everything)
        bucket.fetch(first, tmp_path)
        with pytest.raises(ObjectsRefused, match="could not be read"):
            bucket.fetch(second, tmp_path)


@needs_s3
class TestRefusals:
    def test_what_the_far_side_says_is_not_repeated(self, site: Objects) -> None:
        site.denied = True
        with pytest.raises(ObjectsRefused, match="access was refused.*s3:GetObject") as told:
            list(Bucket("s3://trail/a", site.address).objects(everything))
        shown = f"{told.value} {told.value.__cause__} {told.value.__suppress_context__}"
        assert SECRET not in shown
        assert "AKIDNOBODY" not in shown
        assert told.value.__suppress_context__

    def test_a_bucket_that_does_not_exist(self, site: Objects) -> None:
        with pytest.raises(ObjectsRefused, match="no such bucket"):
            list(Bucket("s3://other/a", site.address).objects(everything))

    def test_nobody_answers(self, site: Objects, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(module._TIMES, "retries", {"max_attempts": 0})
        monkeypatch.setattr("s3fs.S3FileSystem.retries", 1)
        with pytest.raises(ObjectsRefused, match="could not be read .*s3_endpoint"):
            list(Bucket("s3://trail/a", "http://127.0.0.1:9").objects(everything))

    def test_no_credentials(self, site: Objects, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("AWS_ACCESS_KEY_ID")
        monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
        elsewhere = site.address.replace("127.0.0.1", "localhost")
        with pytest.raises(ObjectsRefused, match="no credentials were found. Set AWS_ACCESS_KEY_ID"):
            list(Bucket("s3://trail/a", elsewhere).objects(everything))
