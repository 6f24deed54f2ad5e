"""What values look like and how they are read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.accounts.mapping.model import ASK
from vedette.accounts.mapping.shapes import day, decimal_of, fit, masked, moment, money, number, time_shape

MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)).map(
    lambda moment: moment.replace(microsecond=0)
)


class TestTimeShape:
    @pytest.mark.parametrize(
        ("values", "form", "zoned"),
        [
            (["2026-01-31T14:05:00Z", "2026-02-01T00:00:00+09:00"], "iso", True),
            (["2026-01-31 14:05:00"], "iso", False),
            (["2026-01-31"], "iso", False),
            (["1767236832", "1767240621"], "epoch_s", True),
            (["1767236832000"], "epoch_ms", True),
            (["1767236832000000"], "epoch_us", True),
            (["31.01.2026 14:05", "01.02.2026 02:00"], "%d.%m.%Y %H:%M", False),
            (["01/31/2026 02:05 PM"], "%m/%d/%Y %I:%M %p", False),
            (["31-01-26"], "%d-%m-%y", False),
            (["31.01.2026 14:05:09"], "%d.%m.%Y %H:%M:%S", False),
        ],
    )
    def test_known(self, values: list[str], form: str, zoned: bool) -> None:
        found = time_shape(values)

        assert found is not None
        assert (found.format, found.zoned) == (form, zoned)

    def test_day_and_month_that_cannot_be_told_apart_are_asked(self) -> None:
        found = time_shape(["01/02/2026", "03/04/2026"])

        assert found is not None
        assert found.format == ASK
        assert found.choices == ("%d/%m/%Y", "%m/%d/%Y")

    @pytest.mark.parametrize("values", [[], ["13/13/2026"], ["31/01/2026", "01/31/2026"], ["soon"], ["12"]])
    def test_no_time(self, values: list[str]) -> None:
        assert time_shape(values) is None

    @given(st.lists(MOMENTS, min_size=1, max_size=20))
    def test_epochs_come_back_exactly(self, moments: list[datetime]) -> None:
        for unit in (1, 1_000, 1_000_000):
            texts = [str(int(item.timestamp()) * unit) for item in moments]
            found = time_shape(texts)
            assert found is not None
            read = [datetime.fromisoformat(moment(text, found.format, "")) for text in texts]
            assert read == moments

    @given(st.lists(MOMENTS, min_size=1, max_size=20), st.sampled_from(["%d.%m.%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p"]))
    def test_what_is_decided_is_right(self, moments: list[datetime], form: str) -> None:
        texts = [item.strftime(form) for item in moments]

        found = time_shape(texts)

        if found is not None and found.format != ASK:
            assert [datetime.fromisoformat(moment(text, found.format, "UTC")) for text in texts] == moments


class TestMoment:
    @pytest.mark.parametrize(
        ("value", "form", "zone", "read"),
        [
            ("31.01.2026 14:05", "%d.%m.%Y %H:%M", "Europe/Berlin", "2026-01-31T13:05:00Z"),
            ("31.07.2026 14:05", "%d.%m.%Y %H:%M", "Europe/Berlin", "2026-07-31T12:05:00Z"),
            ("2026-01-31 14:05:00 UTC", "iso", "Europe/Berlin", "2026-01-31T14:05:00Z"),
            ("2026-01-31T14:05:00", "iso", "", "2026-01-31T14:05:00Z"),
            ("1767236832123", "epoch_ms", "", "2026-01-01T03:07:12.123000Z"),
            ("01/31/2026 02:05PM", "%m/%d/%Y %I:%M %p", "UTC", "2026-01-31T14:05:00Z"),
            ("never", "iso", "UTC", "never"),
            ("9" * 30, "epoch_s", "", "9" * 30),
            ("²", "epoch_s", "", "²"),
        ],
    )
    def test_read(self, value: str, form: str, zone: str, read: str) -> None:
        assert moment(value, form, zone) == read

    @given(st.text(max_size=30), st.sampled_from(["iso", "epoch_s", "epoch_ms", "%d.%m.%Y"]))
    def test_any_text_is_survived(self, value: str, form: str) -> None:
        assert isinstance(moment(value, form, "UTC"), str)
        assert isinstance(day(value, form), str)

    def test_days(self) -> None:
        assert day("31.12.1990", "%d.%m.%Y") == "1990-12-31"
        assert day("31.02.1990", "%d.%m.%Y") == "31.02.1990"


class TestNumbers:
    @pytest.mark.parametrize(
        ("values", "sign"),
        [
            (["1,234.50"], "."),
            (["1.234,50", "7"], ","),
            (["$1,234.50", "$3.20"], "."),
            (["12,5"], ","),
            (["0.125"], "."),
            (["1.234.567"], ","),
            (["12"], "."),
            (["1.234", "5.678"], ASK),
            (["1,5", "2.5"], ASK),
            (["none"], ""),
            ([], ""),
        ],
    )
    def test_decimal_sign(self, values: list[str], sign: str) -> None:
        assert decimal_of(values) == sign

    @pytest.mark.parametrize(
        ("value", "decimal", "read"),
        [
            ("$1,234.50", ".", "1234.50"),
            ("1.234,50 €", ",", "1234.50"),
            ("-12,5", ",", "-12.5"),
            ("1 234,50", ",", "1234.50"),
            ("USD 5", ".", "5"),
            ("free", ".", "free"),
        ],
    )
    def test_read(self, value: str, decimal: str, read: str) -> None:
        assert number(value, decimal) == read

    @given(st.integers(0, 10**9), st.integers(0, 99))
    def test_both_ways_of_writing_are_one_amount(self, whole: int, cents: int) -> None:
        english = f"{whole:,}.{cents:02d}"
        german = english.translate(str.maketrans(",.", ".,"))

        assert number(english, ".") == number(german, ",") == f"{whole}.{cents:02d}"

    @given(st.text(max_size=60))
    def test_any_text_is_survived(self, value: str) -> None:
        assert isinstance(money(value), str)


class TestFit:
    @pytest.mark.parametrize(
        ("kind", "value"),
        [
            ("email", "a@b.example"),
            ("ip", "2001:db8::1"),
            ("zone", "Asia/Seoul"),
            ("phone", "+49 30 1234567"),
            ("currency", "USD"),
            ("offset", "-330"),
            ("agent", "aws-cli/2.1"),
        ],
    )
    def test_each_kind_knows_its_own(self, kind: str, value: str) -> None:
        assert fit(kind, [value]) == 1.0
        assert fit(kind, ["no, not at all!"]) == 0.0

    def test_free_text_says_nothing(self) -> None:
        assert fit("text", ["x"]) == 0.5


class TestMasked:
    @given(st.text())
    def test_no_letter_or_digit_is_shown(self, value: str) -> None:
        assert not any(sign.isalnum() and sign not in "x9" for sign in masked(value))
        assert len(masked(value)) <= 40
