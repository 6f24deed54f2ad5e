"""Reference tables: offsets and distances from the tz database, public mail domains."""

from __future__ import annotations

from importlib import resources

import pytest

from vedette.detections.references import references


def rows(name: str) -> set[tuple[str, ...]]:
    return set(references()[name].rows())


class TestOffsets:
    @pytest.mark.parametrize(
        ("country", "minutes", "held"),
        [
            ("PL", 60, True),
            ("PL", 120, True),
            ("PL", 540, False),
            ("KP", 540, True),
            ("IN", 330, True),
            ("US", -600, True),
        ],
    )
    def test_of_countries(self, country: str, minutes: int, held: bool) -> None:
        assert ((country, str(minutes)) in rows("country_offsets")) is held

    def test_of_zones_with_winter_and_summer(self) -> None:
        mine = {minutes for zone, minutes in rows("zone_offsets") if zone == "Europe/Warsaw"}
        assert mine == {"60", "120"}


class TestDistances:
    def test_are_symmetric_and_lower_bounds(self) -> None:
        found = {(a, b): int(km) for a, b, km in rows("country_distances")}

        assert all(found[b, a] == km for (a, b), km in found.items())
        assert not any(a == b for a, b in found)
        assert 5_000 < found["US", "CN"] < 6_000
        assert found["BE", "CH"] < 600

    def test_a_border_is_crossed_in_no_time(self) -> None:
        found = {(a, b): int(km) for a, b, km in rows("country_distances")}
        borders = [
            ("DE", "FR"),
            ("US", "MX"),
            ("HK", "CN"),
            ("IN", "NP"),
            ("MY", "SG"),
            ("CN", "KP"),
            ("VN", "CN"),
            ("IE", "GB"),
        ]
        assert all(found[a, b] == found[b, a] == 0 for a, b in borders)

    def test_no_neighbour_is_misspelt(self) -> None:
        known = {country for country, _, _ in rows("country_distances")}
        lines = (resources.files("vedette.detections") / "land_borders.txt").read_text("utf-8").splitlines()
        named = {word for line in lines if not line.startswith("#") for word in line.split()}
        assert named - known <= {"XK"}


class TestPublicMail:
    def test_holds_lower_case_domains_once(self) -> None:
        found = [domain for (domain,) in references()["public_mail"].rows()]
        assert len(set(found)) == len(found)
        assert all(domain == domain.lower() and "." in domain for domain in found)
        assert "gmail.com" in found


class TestDataFiles:
    @pytest.mark.parametrize("name", ["public_mail.txt", "land_borders.txt", "disposable_mail.txt", "operations.tsv"])
    def test_says_where_it_comes_from_and_when_it_was_checked(self, name: str) -> None:
        text = (resources.files("vedette.detections") / name).read_text("utf-8")
        head = [line for line in text.splitlines() if line.startswith("#")]
        assert any("Source: " in line for line in head)
        assert any("checked_on: 20" in line for line in head)

    def test_no_domain_is_both_public_and_disposable(self) -> None:
        assert not rows("public_mail") & rows("disposable_mail")


class TestOperations:
    def test_names_in_mixed_letters_are_known_in_small_and_capital_ones(self) -> None:
        found = rows("operations")
        assert ("Microsoft.Insights/diagnosticSettings/delete", "blind") in found
        assert ("microsoft.insights/diagnosticsettings/delete", "blind") in found
        assert ("MICROSOFT.INSIGHTS/DIAGNOSTICSETTINGS/DELETE", "blind") in found
        assert ("stoplogging", "blind") not in found

    def test_one_operation_may_mean_several_things(self) -> None:
        assert {meaning for name, meaning in rows("operations") if name == "ModifySnapshotAttribute"} == {
            "share",
            "open",
        }

    def test_no_line_stands_twice(self) -> None:
        text = (resources.files("vedette.detections") / "operations.tsv").read_text("utf-8")
        lines = [line for line in text.splitlines() if not line.startswith("#")]
        assert len(lines) == len(set(lines))
