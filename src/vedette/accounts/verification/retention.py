"""Until when identifying information is kept (KYC-09): years after an account was closed or last used."""

from __future__ import annotations

from calendar import isleap
from datetime import date

from vedette import policy
from vedette.accounts.verification.model import AccountFacts

RULE = "us_bis_iaas_retention"


def keep_until(facts: AccountFacts, years: int | None = None) -> date | None:
    """The last day on which it is kept at the least; None while the account is open.

    ``years`` is the proposal's number where not said. Other duties, such as records of sanctions matters, last longer.
    """
    if facts.closed is None:
        return None
    last = max(moment for moment in (facts.closed, facts.last_access) if moment is not None).date()
    number = policy.rule(RULE).number if years is None else years
    return _years_later(last, int(number or 0))


def _years_later(day: date, years: int) -> date:
    year = day.year + years
    return (
        day.replace(year=year, day=28)
        if (day.month, day.day) == (2, 29) and not isleap(year)
        else day.replace(year=year)
    )
