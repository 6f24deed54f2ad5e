"""What a policy would have done to papers already known: how many touched, by country and list, and how unevenly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import sqrt

from vedette.base import Json
from vedette.conference.model import Action, Service
from vedette.conference.screen import Lens, Screened, screen
from vedette.conference.ties import Bundle
from vedette.documents import Figure, Mark

_Z = 1.96
#: Below this many papers of a country no rate is compared: chance alone would speak.
LEAST_PAPERS = 20
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of how many, with the 95 % interval of Wilson."""

    touched: int
    papers: int

    @property
    def share(self) -> float:
        """0 where there are no papers."""
        return self.touched / self.papers if self.papers else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Lower and upper end."""
        n, p = self.papers, self.share
        if not n:
            return 0.0, 1.0
        middle = (p + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
        half = _Z * sqrt(p * (1 - p) / n + _Z**2 / (4 * n * n)) / (1 + _Z**2 / n)
        return max(0.0, middle - half), min(1.0, middle + half)

    def as_json(self) -> dict[str, Json]:
        """The form on the wire."""
        low, high = self.interval
        return {
            "touched": self.touched,
            "papers": self.papers,
            "share": round(self.share, 5),
            "low": round(low, 5),
            "high": round(high, 5),
        }


@dataclass(slots=True)
class _Count:
    papers: int = 0
    touched: int = 0
    countries: Counter[str] = field(default_factory=Counter)
    touched_countries: Counter[str] = field(default_factory=Counter)
    listed: Counter[str] = field(default_factory=Counter)
    touched_by_list: Counter[str] = field(default_factory=Counter)
    actions: Counter[tuple[str, str]] = field(default_factory=Counter)
    undisclosed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRun:
    """The report of one dry-run. Countries are those of the institutions that authors disclosed, never of people."""

    policy_id: str
    policy_version: str
    papers: int
    touched: int
    undisclosed: int
    countries: dict[str, Rate]
    listed: dict[str, int]
    touched_by_list: dict[str, int]
    actions: dict[tuple[str, str], int]

    @property
    def overall(self) -> Rate:
        """The share of all papers."""
        return Rate(self.touched, self.papers)

    @property
    def uneven(self) -> tuple[str, ...]:
        """Countries whose interval lies wholly above the overall share: the policy falls on them more than on others."""
        share = self.overall.share
        return tuple(
            code
            for code, rate in self.countries.items()
            if code != UNKNOWN and rate.papers >= LEAST_PAPERS and rate.interval[0] > share
        )

    def as_json(self) -> dict[str, Json]:
        """The form on the wire."""
        return {
            "policy": self.policy_id,
            "policy_version": self.policy_version,
            "papers": self.papers,
            "touched": self.touched,
            "overall": self.overall.as_json(),
            "undisclosed_ties": self.undisclosed,
            "by_country": {code: rate.as_json() for code, rate in self.countries.items()},
            "naming_list": dict(self.listed),
            "touched_by_list": dict(self.touched_by_list),
            "by_service": {f"{service}: {action}": count for (service, action), count in self.actions.items()},
            "uneven": list(self.uneven),
        }

    def figure(self) -> Figure:
        """The disparity as a picture: the share touched by country of institution, with its interval."""
        marks = [Mark("all papers", 100 * self.overall.share, *(100 * end for end in self.overall.interval))]
        shown = [(code, rate) for code, rate in self.countries.items() if rate.papers >= LEAST_PAPERS][:25]
        marks += [Mark(code, 100 * rate.share, *(100 * end for end in rate.interval)) for code, rate in shown]
        return Figure(
            kind="bar",
            title=f"Papers touched by policy {self.policy_id}, by country of the institutions",
            description="Share of papers for which anything would be asked, with the 95 % interval; 20 papers and more.",
            marks=tuple(marks),
            unit="%",
        )


def dry_run(bundles: Iterable[Bundle], lens: Lens) -> DryRun:
    """Screen papers under a policy without storing anything, and count."""
    count = _Count()
    for bundle in bundles:
        _add(count, screen(bundle, lens))
    countries = {
        code: Rate(count.touched_countries[code], papers)
        for code, papers in sorted(count.countries.items(), key=lambda item: (-item[1], item[0]))
    }
    return DryRun(
        policy_id=lens.policy.id,
        policy_version=lens.policy.version,
        papers=count.papers,
        touched=count.touched,
        undisclosed=count.undisclosed,
        countries=countries,
        listed=dict(count.listed.most_common()),
        touched_by_list=dict(count.touched_by_list.most_common()),
        actions={key: count.actions[key] for key in sorted(count.actions)},
    )


def _add(count: _Count, found: Screened) -> None:
    count.papers += 1
    touched = found.touched
    count.touched += touched
    count.undisclosed += any(row.disclosed is False for row in found.rows)
    for code in found.countries or (UNKNOWN,):
        count.countries[code] += 1
        count.touched_countries[code] += touched
    for name in {str(item["list"]) for row in found.rows for item in row.lists}:
        count.listed[name] += 1
    for name in {str(item["list"]) for row in found.rows if row.action is not Action.NONE for item in row.lists}:
        count.touched_by_list[name] += 1
    for key in {(row.service.value, row.action.value) for row in found.rows if row.action is not Action.NONE}:
        count.actions[key] += 1


def sentences(report: DryRun) -> tuple[str, ...]:
    """The report in plain words, for those who decide whether to adopt the policy."""
    low, high = report.overall.interval
    told = [
        f"This policy would have touched {100 * report.overall.share:.1f} % of {report.papers:,} papers "
        f"({report.touched:,}; 95 % interval {100 * low:.1f} to {100 * high:.1f} %).",
    ]
    papers = {key: value for key, value in report.actions.items() if key[0] == Service.PAPER.value}
    told += [f"Of papers, {action}: {value:,}." for (_, action), value in papers.items()]
    top = sorted(report.countries.items(), key=lambda item: -item[1].touched)[:5]
    named = ", ".join(f"{code} {rate.touched:,} of {rate.papers:,}" for code, rate in top if rate.touched)
    told.append(f"Most by country of institution: {named}." if named else "No country's papers are touched.")
    lists = ", ".join(f"{name} {number:,}" for name, number in report.touched_by_list.items())
    told.append(
        f"Touched papers that name a listed institution: {lists}."
        if lists
        else "No touched paper names a listed institution."
    )
    told.append(
        f"It falls more on institutions of {', '.join(report.uneven)} than on others: is that what the law asks?"
        if report.uneven
        else "No country with 20 papers and more is touched more often than chance would explain."
    )
    return tuple(told)
