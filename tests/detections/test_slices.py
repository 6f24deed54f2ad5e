"""Near real time: after every slice the standing findings are those of a run over everything, whatever came when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.detections.made import rule
from vedette import detections
from vedette.base import Finding
from vedette.detections import Limits, Rule
from vedette.detections.lake import TABLES
from vedette.detections.slices import SliceRun
from vedette.detections.store import Sandbox, tables_of_rows

_SMALL = Limits(threads=1)
_Rows = Mapping[str, Sequence[Mapping[str, Any]]]
_HEAD = "account_id, time_us, 1.0 AS bits, event_id AS event_ids"

# Small thresholds, so that random lakes of a few rows trip, change and untrip them.
RULES = {
    # appears, grows, and is withdrawn when a second country comes, even late
    "one_country": (
        ("signins",),
        f"WITH one AS (SELECT account_id FROM signins GROUP BY account_id HAVING COUNT(*) >= 2 AND"
        f" COUNT(DISTINCT ip_country) = 1) SELECT {_HEAD}, ip_country AS v_countries FROM signins"
        f" WHERE account_id IN (SELECT account_id FROM one)",
    ),
    # an event between two others changes both neighbours
    "changed_place": (
        ("signins",),
        f"WITH steps AS (SELECT {_HEAD.replace('1.0 AS bits, event_id AS event_ids', 'event_id, ip_country')},"
        " previous(ip_country, account_id, time_us, event_id) AS from_country FROM signins)"
        f" SELECT {_HEAD} FROM steps WHERE ip_country <> from_country",
    ),
    "several_devices": (
        ("signins",),
        "SELECT account_id, time_us, 1.0 AS bits, NULL AS event_ids FROM"
        " sliding_distinct(signins, account_id, device_id, 3) AS c WHERE distinct_count >= 2",
    ),
    # the account's own facts are touched as well
    "undeclared": (
        ("signins", "accounts"),
        "SELECT s.account_id, s.time_us, 1.0 AS bits, s.event_id AS event_ids FROM signins AS s"
        " JOIN accounts AS a ON a.account_id = s.account_id WHERE s.ip_country <> a.country",
    ),
    # a subject shared by accounts; what is known of accounts is read whole
    "shared_device": (
        ("signins", "accounts", "account_name_parts", "public_mail"),
        "WITH used AS (SELECT device_id, account_id, MIN(time_us) AS time_us, MIN(event_id) AS event_id FROM signins"
        " WHERE device_id IS NOT NULL GROUP BY device_id, account_id) SELECT u.account_id, u.time_us, 1.0 AS bits,"
        " u.event_id AS event_ids, 'device' AS subject_kind, u.device_id AS subject_id, s.unrelated AS v_unrelated"
        " FROM used AS u JOIN strangers(used, device_id) AS s ON s.device_id = u.device_id WHERE s.unrelated >= 2",
    ),
    # a device nobody named: such rows name no subject and tell nothing
    "any_device": (
        ("signins",),
        f"SELECT {_HEAD}, 'device' AS subject_kind, device_id AS subject_id FROM signins",
    ),
    # cannot be cut: whoever is the busiest account of all
    "busiest": (
        ("signins",),
        "WITH counts AS (SELECT account_id, COUNT(*) AS n, MAX(time_us) AS time_us FROM signins GROUP BY account_id),"
        " most AS (SELECT MAX(n) AS n FROM counts) SELECT c.account_id, c.time_us, 1.0 AS bits, NULL AS event_ids"
        " FROM counts AS c JOIN most AS m ON m.n = c.n",
    ),
    # runs only once a payment has been seen
    "unpaid": (
        ("signins", "payments"),
        f"SELECT {_HEAD} FROM signins AS s WHERE NOT EXISTS"
        " (SELECT 1 AS one FROM payments AS p WHERE p.account_id = s.account_id)",
    ),
}


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> tuple[Rule, ...]:
    """The rules above; ``unpaid`` needs payments."""
    template = rule(tmp_path_factory.mktemp("rules"), needs="")
    made = []
    for name, (reads, sql) in RULES.items():
        needs = template.needs if name != "unpaid" else (detections.Need(("payments.time",)),)
        key = "device_id" if "device" in sql.partition("subject_kind")[0] and "subject_kind" in sql else "account_id"
        made.append(
            replace(
                template, id=f"network/{name}", sql=sql, reads=reads, key=key, needs=needs, summary="{count} things."
            )
        )
    return tuple(made)


class Desk:
    """A lake that fills, and the findings that stand: full runs and slices side by side."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = rules
        self.rows: dict[str, list[dict[str, Any]]] = {table.name: [] for table in TABLES}
        self.standing: dict[str, Finding] = {}
        self._moment = 0

    def take(self, batch: Iterable[tuple[str, dict[str, Any]]]) -> SliceRun:
        """Receive rows as ingest does (once each, accounts replaced), run a slice and settle its findings."""
        self._moment += 1
        for table, row in batch:
            key = next(item.key for item in TABLES if item.name == table)
            whole = {**row, "received_us": self._moment}
            same = [held for held in self.rows[table] if all(held[name] == whole[name] for name in key)]
            if same and table not in ("accounts",):
                continue
            self.rows[table] = [held for held in self.rows[table] if held not in same] + [whole]
        result = detections.run_slice(self.lake(), self.rules, since_us=self._moment, limits=_SMALL)
        assert result.faults == ()
        for check, subjects in result.examined.items():
            gone = [
                key
                for key, item in self.standing.items()
                if item.check == check and (subjects is None or item.subject.id in subjects)
            ]
            for key in gone:
                del self.standing[key]
        self.standing |= {item.id: item for item in result.findings}
        return result

    def lake(self) -> Sandbox:
        return tables_of_rows(TABLES, self.rows)

    def everything(self) -> dict[str, Finding]:
        result = detections.run(self.lake(), self.rules, limits=_SMALL)
        assert result.faults == ()
        return {item.id: item for item in result.findings}


_ACCOUNTS = st.sampled_from(["a-0", "a-1", "a-2", "a-3"])
_COUNTRIES = st.sampled_from(["US", "DE", None])


def _signin(number: int, account: str | None, time_us: int, device: str | None, country: str | None) -> tuple[str, Any]:
    row = {"event_id": f"e-{number}", "account_id": account, "time_us": time_us, "device_id": device}
    return "signins", {**row, "ip_country": country, "outcome": "success", "day": "2026-01-01"}


_ARRIVALS = st.one_of(
    st.builds(
        _signin, st.integers(0, 15), st.one_of(_ACCOUNTS, st.none()), st.integers(0, 9),
        st.sampled_from(["d-0", "d-1", None]), _COUNTRIES,
    ),
    st.builds(
        lambda account, country: ("accounts", {"account_id": account, "country": country, "name_token": f"n-{account}"}),
        _ACCOUNTS, _COUNTRIES,
    ),
    st.builds(
        lambda number, account: ("payments", {"payment_id": f"p-{number}", "account_id": account, "time_us": 5, "day": "2026-01-01"}),
        st.integers(0, 3), _ACCOUNTS,
    ),
)  # fmt: skip


class TestEqualsFull:
    @given(batches=st.lists(st.lists(_ARRIVALS, min_size=1, max_size=8), min_size=1, max_size=4))
    @settings(max_examples=10, deadline=None)
    @pytest.mark.slow
    def test_after_every_slice_the_findings_are_those_of_a_full_run(
        self, pack: tuple[Rule, ...], batches: list[list[tuple[str, dict[str, Any]]]]
    ) -> None:
        """Shuffled, late and repeated arrivals: findings appear, fold and are withdrawn as if all had come at once."""
        desk = Desk(pack)
        for batch in batches:
            desk.take(batch)
            assert desk.standing == desk.everything()

    def test_a_late_event_withdraws_what_it_explains(self, pack: tuple[Rule, ...]) -> None:
        desk = Desk(pack)
        desk.take([_signin(1, "a-0", 5, None, "US"), _signin(2, "a-0", 6, None, "US")])
        before = {item.check for item in desk.standing.values()}
        desk.take([_signin(3, "a-0", 1, None, "DE")])
        after = {item.check for item in desk.standing.values()}
        assert "network/one_country" in before and "network/one_country" not in after
        assert desk.standing == desk.everything()

    def test_shipped_rules_on_a_small_lake(self) -> None:
        """The rules that ship give the same by slices over an invented provider of a few accounts, event by event."""
        desk = Desk(detections.rules())
        batches = [
            [("accounts", {"account_id": f"a-{n}", "country": "US", "name_token": f"n{n}"}) for n in range(4)],
            [_household(account, day) for account in range(4) for day in range(6)],
            [_household(3, day) for day in range(6, 9)],
        ]
        for batch in batches:
            desk.take(batch)
            assert desk.standing == desk.everything()
        assert desk.standing


def _household(account: int, day: int) -> tuple[str, dict[str, Any]]:
    """One sign-in a day of several strangers on one device at one address."""
    row = {
        "event_id": f"h-{account}-{day}",
        "account_id": f"a-{account}",
        "time_us": (20_000 + day) * 86_400_000_000 + account,
        "day": "2026-01-01",
        "device_id": "d-1",
        "ip": "203.0.113.9",
        "ip_class": "residential",
        "ip_country": "US",
        "outcome": "success",
        "channel": "console",
    }
    return "signins", row


class TestWhatRuns:
    def test_only_touched_keys_are_looked_at(self, pack: tuple[Rule, ...]) -> None:
        desk = Desk(pack)
        desk.take([_signin(1, "a-0", 5, "d-0", "US"), ("accounts", {"account_id": "a-0", "country": "US"})])
        result = desk.take([_signin(2, "a-1", 6, "d-1", "US")])
        assert result.examined["network/changed_place"] == {"a-1"}
        assert result.examined["network/any_device"] == {"d-1"}
        assert result.keys == {"account_id": 1, "device_id": 1}

    def test_a_rule_that_cannot_be_cut_runs_whole_and_says_so(self, pack: tuple[Rule, ...]) -> None:
        result = Desk(pack).take([_signin(1, "a-0", 5, "d-0", "US")])
        assert result.examined["network/busiest"] is None
        assert "key" in result.whole["network/busiest"]

    def test_accounts_that_change_make_a_device_rule_run_whole(self, pack: tuple[Rule, ...]) -> None:
        desk = Desk(pack)
        desk.take([_signin(1, "a-0", 5, "d-0", "US"), ("accounts", {"account_id": "a-0", "country": "US"})])
        result = desk.take([("accounts", {"account_id": "a-0", "country": "DE"})])
        assert result.whole["network/shared_device"] == "accounts changed, which it reads whole"
        assert result.examined["network/undeclared"] == {"a-0"}
        assert "network/one_country" not in result.examined

    def test_a_rule_that_could_not_run_before_runs_whole(self, pack: tuple[Rule, ...]) -> None:
        desk = Desk(pack)
        first = desk.take([_signin(1, "a-0", 5, "d-0", "US")])
        assert "network/unpaid" not in first.examined
        payment = {"payment_id": "p", "account_id": "a-1", "time_us": 5, "day": "2026-01-01"}
        result = desk.take([("payments", payment)])
        assert result.whole["network/unpaid"] == "it could not run before"
        assert {item.subject.id for item in desk.standing.values() if item.check == "network/unpaid"} == {"a-0"}

    def test_rules_may_wait(self, pack: tuple[Rule, ...]) -> None:
        desk = Desk(pack)
        desk.take([_signin(1, "a-0", 5, "d-0", "US")])
        result = detections.run_slice(desk.lake(), pack, since_us=1, defer=True, limits=_SMALL)
        assert "network/busiest" in result.deferred and "network/busiest" not in result.examined
        assert result.whole == {}

    def test_nothing_arrived_nothing_runs(self, pack: tuple[Rule, ...]) -> None:
        desk = Desk(pack)
        desk.take([_signin(1, "a-0", 5, "d-0", "US")])
        result = detections.run_slice(desk.lake(), pack, since_us=2, limits=_SMALL)
        assert result.findings == () and result.examined == {}

    def test_a_fault_leaves_what_stands(self, pack: tuple[Rule, ...], tmp_path: Path) -> None:
        broken = replace(pack[0], sql="SELECT account_id, time_us, 1.0 AS bits, no_such AS event_ids FROM signins")
        desk = Desk(pack)
        desk.take([_signin(1, "a-0", 5, "d-0", "US")])
        result = detections.run_slice(desk.lake(), (broken,), since_us=1, limits=_SMALL)
        assert [fault.rule for fault in result.faults] == ["network/one_country"]
        assert result.examined == {}


class TestLocked:
    def test_a_rule_sees_only_its_declared_tables(self, pack: tuple[Rule, ...]) -> None:
        """Even past the guard, the names of other tables mean nothing in a slice."""
        from vedette.detections.model import RuleStopped
        from vedette.detections.store import SlicedRoom

        desk = Desk(pack)
        desk.take([_signin(1, "a-0", 5, "d-0", "US")])
        with SlicedRoom(desk.lake(), 0, _SMALL) as room:
            room.keys("account_id", ["signins"])
            room.copy({"signins": ["account_id"]}, {"signins": ["account_id"]}, ())
            room.lock()
            engine = room.cut("account_id", ["signins"], [])
            assert list(engine.rows("SELECT account_id FROM signins", ("signins",), _SMALL)) == [{"account_id": "a-0"}]
            for sql in (
                "SELECT 1 FROM accounts",
                "SET threads = 1",
                "SELECT * FROM read_csv('/etc/passwd')",
                "ATTACH 'x'",
            ):
                with pytest.raises(RuleStopped):
                    list(engine.rows(sql, ("signins",), _SMALL))
