"""Customers are forgotten once every duty to keep their records has run out, wholly, provably, and nobody else's with them."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.journeys.scene import Desk as Commands
from tests.journeys.scene import customer, write_csv
from tests.made import ANNA, BERT, JOB, finding
from vedette import audit, cases, findings
from vedette.accounts.store import get, reveal
from vedette.app import retention
from vedette.app import store as state
from vedette.app.forgetting import Forgotten, NotYet, forget_account
from vedette.app.grounds import Ground
from vedette.app.opening import open_store
from vedette.approvals import NotAllowed
from vedette.base import Evidence, FixedClock, Principal, Strength
from vedette.cases.store import list_cases
from vedette.store import Store

ROOT = Path(__file__).resolve().parents[2]
NAME, MAIL, ADDRESS = "Quillon Ashgrove", "quillon@ashgrove.example", "203.0.113.77"
LONG_AGO, LATELY = "2023-05-01T00:00:00Z", "2026-02-01T00:00:00Z"
CLOSED = {"gone": LONG_AGO, "gone-2": LONG_AGO, "lately": LATELY, "open": ""}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with four customers: two closed long ago, one lately, one open."""
    from tests.journeys import scene

    export = tmp_path_factory.mktemp("export")
    people = [
        customer(who, f"{NAME} {who}", email=MAIL, signup_ip=ADDRESS, closed_at=when) for who, when in CLOSED.items()
    ]
    write_csv(export / "accounts.csv", [{**row, "opened_at": "2023-01-05T10:00:00Z"} for row in people])
    write_csv(
        export / "signins.csv",
        [
            {
                "event_id": f"s-{who}-{day}",
                "time": f"2023-02-0{day}T10:00:00Z",
                "account_id": who,
                "user_id": "u",
                "ip": ADDRESS,
            }
            for who in CLOSED
            for day in (1, 2)
        ],
    )
    desk = Commands(scene.bare(tmp_path_factory.getbasetemp()))
    root = tmp_path_factory.mktemp("ws") / "ws"
    shutil.copytree(desk.root, root)
    Commands(root)("ingest", export).done()
    return root


@pytest.fixture
def store(base: Path, tmp_path: Path) -> Iterator[Store]:
    opened = open_store(shutil.copytree(base, tmp_path / "ws"))
    yield opened
    opened.close()


def forget(
    store: Store, who: str, clock: FixedClock, principal: Principal = ANNA, *, override: bool = False
) -> Forgotten:
    return forget_account(
        store, principal, who, ground=Ground.ERASURE_REQUEST, home="us", override=override, clock=clock
    )


def seen(store: Store, clock: FixedClock, *who: str, strength: Strength = Strength.MEDIUM) -> None:
    """A finding about these accounts that names an address."""
    found = finding(
        account=who[0], accounts=who, summary=f"seen at {ADDRESS}", strength=strength,
        evidence=(Evidence("event", f"s-{who[0]}-1", {"ip": ADDRESS}),),
    )  # fmt: skip
    with audit.writing(store, JOB, "find", clock=clock) as act:
        findings.record(act, [found])


class TestRetention:
    @pytest.mark.parametrize(
        ("who", "until", "over"),
        [("gone", date(2025, 5, 1), True), ("lately", date(2028, 2, 1), False), ("open", None, False)],
    )
    def test_identification_is_kept_two_years_after_closing(
        self, store: Store, clock: FixedClock, who: str, until: date | None, over: bool
    ) -> None:
        found = retention.of_account(store, "us", who, clock=clock)

        assert found is not None
        assert (found.until, found.over(clock.now().date())) == (until, over)
        assert not until or found.rules == ("own_retention_identification",)

    def test_nobody_is_due_too_early_or_unknown(self, store: Store, clock: FixedClock) -> None:
        assert [item.account_id for item in retention.due(store, "us", clock=clock)] == ["gone", "gone-2"]
        assert retention.of_account(store, "us", "nobody", clock=clock) is None
        early = FixedClock(datetime(2025, 5, 1, 23, tzinfo=UTC))
        assert retention.due(store, "us", clock=early) == [], "the last day still counts"

    def test_an_undecided_case_holds_everything_and_a_decided_one_lasts_longer(
        self, store: Store, clock: FixedClock
    ) -> None:
        """Whoever was looked into can still be proven right or wrong for as long as the law asks."""
        seen(store, clock, "gone", strength=Strength.STOP)
        cases.refresh(store, JOB, clock=clock)
        (case,) = list_cases(store, now=clock.now())
        with pytest.raises(NotYet, match="is not decided"):
            forget(store, "gone", clock, override=True)

        cases.claim(store, ANNA, case.case_id, clock=clock)
        case = cases.get(store, case.case_id)
        cases.decide(
            store,
            ANNA,
            case.case_id,
            cases.Outcome.FALSE,
            cases.Action.NONE,
            "namesake",
            "nothing was true",
            expected_version=case.version,
            clock=clock,
            versions={},
        )
        found = retention.of_account(store, "us", "gone", clock=clock)
        assert found is not None
        assert (found.kind, found.until, found.rules) == (
            "case",
            date(2031, 3, 1),
            ("own_retention_case", "us_ear_records"),
        )


class TestForget:
    def test_nothing_that_identifies_is_left_and_the_log_holds(self, store: Store, clock: FixedClock) -> None:
        seen(store, clock, "gone")
        before = store.workspace.root / "state.db"

        done = forget(store, "gone", clock)

        assert reveal(store, "gone") is None
        assert get(store, "gone") is None
        assert done.destroyed["account_secret"] == done.destroyed["finding"] == 1
        assert (done.destroyed["lake:signins"], done.destroyed["lake:accounts"]) == (2, 1)
        assert audit.verify(store).problems == []
        (left,) = findings.standing(store)
        assert (left.finding.summary, [item.values for item in left.finding.evidence]) == ("shredded", [{}])
        assert ADDRESS.encode() not in before.read_bytes(), "not even in the free pages of the database"

    def test_nobody_else_is_touched(self, store: Store, clock: FixedClock) -> None:
        seen(store, clock, "gone", "open")
        forget(store, "gone", clock)

        for who in ("gone-2", "lately", "open"):
            held = reveal(store, who)
            assert held is not None
            assert held["name"] == f"{NAME} {who}"
        with store.engine(["signins"]) as engine:
            rows = engine.rows("SELECT account_id, count(*) FROM signins GROUP BY ALL ORDER BY ALL")
        assert rows == [("gone-2", 2), ("lately", 2), ("open", 2)]
        (shared,) = findings.standing(store)
        assert ADDRESS in shared.finding.summary, "it is about another customer as well"

    def test_what_remains_is_said(self, store: Store, clock: FixedClock) -> None:
        seen(store, clock, "gone", "open")

        remains = {what: rows for what, rows, _ in forget(store, "gone", clock).remains}

        assert remains["findings about others too"] == 1
        assert {"backups and exports", "replaced lake files"} <= remains.keys()

    def test_the_leaf_proves_it_without_naming_anybody(self, store: Store, clock: FixedClock) -> None:
        done = forget(store, "gone", clock)

        assert done.leaf is not None
        proven = audit.proof(store, done.leaf)
        assert proven["leaf"]["act"] == "subject.forget"
        assert proven["leaf"]["facts"]["subject"] == store.vault.token("forgotten", "gone")
        assert proven["leaf"]["facts"]["ground"] == "erasure-request"
        assert "gone" not in str(proven["leaf"]).replace("forgotten", "")

    def test_a_lake_that_changed_meanwhile_is_not_overwritten(
        self, store: Store, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Rows that arrive while a customer is forgotten must be neither lost nor doubled."""
        staging = state.lake_without

        def meanwhile(store: Store, account_id: str) -> object:
            staged = staging(store, account_id)
            forget(store, "gone-2", clock) if account_id == "gone" else None
            return staged

        monkeypatch.setattr(state, "lake_without", meanwhile)
        with pytest.raises(NotYet, match="in the meantime"):
            forget(store, "gone", clock)

        assert reveal(store, "gone") is not None
        assert audit.verify(store).problems == []
        assert store.sweep() >= 1
        assert audit.verify(store).problems == []

    def test_twice_is_refused(self, store: Store, clock: FixedClock) -> None:
        forget(store, "gone", clock)

        with pytest.raises(NotYet, match="no such account is held"):
            forget(store, "gone", clock)


class TestBeforeItsTime:
    def test_is_refused(self, store: Store, clock: FixedClock) -> None:
        with pytest.raises(NotYet, match="kept until 2028-02-01: own_retention_identification"):
            forget(store, "lately", clock)
        with pytest.raises(NotYet, match="the account is open"):
            forget(store, "open", clock)

    def test_needs_two_people(self, store: Store, clock: FixedClock) -> None:
        """One person can never destroy what an auditor or the customer may need."""
        for _ in range(2):
            waiting = forget(store, "lately", clock, override=True)
            assert (waiting.leaf, bool(waiting.waiting)) == (None, True)
        with pytest.raises(NotAllowed):
            forget(store, "lately", clock, JOB, override=True)
        assert reveal(store, "lately") is not None

        done = forget(store, "lately", clock, BERT, override=True)

        assert done.leaf is not None
        assert audit.proof(store, done.leaf)["leaf"]["facts"]["before_time"] is True
        assert reveal(store, "lately") is None


class TestKilled:
    def test_at_any_moment_an_account_is_wholly_held_or_wholly_gone(self, store: Store, clock: FixedClock) -> None:
        chance, left = random.Random(time.time_ns() % 10_000), ["gone", "gone-2"]
        for _ in range(2):
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.app.forgetter", str(store.workspace.root), *left],
                cwd=ROOT, stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            time.sleep(chance.uniform(0, 0.6))
            process.send_signal(signal.SIGKILL)
            told = process.communicate()[0].split()
            store.sweep()

            assert audit.verify(store).problems == []
            held = {who for who in left if reveal(store, who) is not None}
            assert held.isdisjoint(told), "what was told done is done"
            for who in left:
                assert (get(store, who) is not None) == (who in held), "sealed fields and lake go together"
            left = sorted(held)


class TestCommands:
    def test_due_run_and_prove(self, store: Store, tmp_path: Path) -> None:
        desk = Commands(store.workspace.root)
        assert [row["account_id"] for row in desk("retention", "due", "--json").done().rows] == ["gone", "gone-2"]
        assert desk("retention", "show", "open", "--json").done().row["keep_until"] is None
        assert len(desk("retention", "run", "--dry-run", "--json").done().rows) == 2
        proof = tmp_path / "gone.tlog-proof"
        desk("forget", "gone", "--ground", "expired", "--proof", proof).done()
        assert proof.read_text().startswith("c2sp.org/tlog-proof@v1\n")
        assert [row["account_id"] for row in desk("retention", "run", "--json").done().rows] == ["gone-2"]
        assert desk("retention", "due", "--json").done().rows == []
        assert desk("forget", "open", "--ground", "order").code == 1
        assert desk("audit", "verify").code == 0
