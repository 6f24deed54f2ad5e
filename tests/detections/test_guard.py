"""The guard of rule SQL: what the common subset holds, and that everything else is refused with its line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.base import ContentError
from vedette.detections import guard

OUTPUT = "account_id, time_us, 1.0 AS bits, event_id AS event_ids"
PLAIN = f"SELECT {OUTPUT} FROM signins"


def refused(sql: str, reads: tuple[str, ...] = ("signins",)) -> str:
    with pytest.raises(guard.RefusedSql) as caught:
        guard.check(sql, reads, "rule.sql")
    return str(caught.value)


class TestAllowed:
    @pytest.mark.parametrize(
        "sql",
        [
            PLAIN,
            f"SELECT {OUTPUT}, ip_country AS v_country, 'device' AS subject_kind, device_id AS subject_id FROM signins",
            f"WITH a AS (SELECT account_id FROM signins GROUP BY account_id HAVING COUNT(*) > 2) SELECT a.{OUTPUT} FROM signins JOIN a ON a.account_id = signins.account_id".replace(
                "a.account_id, time_us", "signins.account_id, signins.time_us"
            ),
            f"SELECT {OUTPUT} FROM (SELECT account_id, time_us, event_id FROM signins UNION ALL SELECT account_id, time_us, event_id FROM signins) AS u",
            f"SELECT {OUTPUT} FROM signins WHERE time_us / NULLIF(mfa, 0) > 1 AND time_us / 1000 > 2 AND time_us % 7 = 1",
            f"SELECT {OUTPUT}, COUNT(*) OVER (PARTITION BY account_id) AS v_n FROM signins",
            f"SELECT {OUTPUT}, SUM(1) OVER (PARTITION BY account_id ORDER BY time_us) AS v_n FROM signins",
            f"SELECT {OUTPUT}, previous(ip_country, account_id, time_us, event_id) AS v_before FROM signins",
            f"SELECT {OUTPUT} FROM signins WHERE account_id IN (SELECT account_id FROM signins WHERE mfa)",
            f"SELECT {OUTPUT} FROM signins WHERE outcome IS NOT DISTINCT FROM channel",
        ],
    )
    def test_the_common_subset(self, sql: str) -> None:
        assert guard.check(sql, ("signins",), "rule.sql").sql("duckdb")

    def test_the_checked_query_can_be_written_for_another_engine(self) -> None:
        sql = f"SELECT {OUTPUT}, previous(ip_country, account_id, time_us) AS v_before FROM signins"
        assert "LAG(ip_country) OVER (PARTITION BY account_id" in guard.check(sql, ("signins",), "f").sql("spark")


class TestRefused:
    @pytest.mark.parametrize(
        ("sql", "words"),
        [
            ("", "exactly one SELECT"),
            (f"{PLAIN}; {PLAIN}", "exactly one SELECT"),
            ("DROP TABLE signins", "exactly one SELECT"),
            ("COPY signins TO 'x'", "exactly one SELECT"),
            ("ATTACH 'x.db'", "exactly one SELECT"),
            ("PRAGMA database_list", "exactly one SELECT"),
            ("INSTALL httpfs", "exactly one SELECT"),
            (f"{PLAIN} UNION ALL {PLAIN}", "exactly one SELECT"),
            ("SELECT FROM WHERE (", "cannot be read"),
            (f"SELECT {OUTPUT} FROM read_parquet('/etc/x')", "not in the common SQL"),
            (f"SELECT {OUTPUT} FROM read_csv('/etc/passwd')", "not in the common SQL"),
            (f"SELECT {OUTPUT} FROM '/etc/passwd'", "not lower case"),
            (f"SELECT {OUTPUT} FROM glob('*')", "not in the common SQL"),
            (f"SELECT {OUTPUT} FROM other.signins", "plain tables"),
            (f"SELECT {OUTPUT} FROM information_schema.tables", "plain tables"),
            (f"SELECT {OUTPUT} FROM duckdb_settings", "not declared"),
            (f"SELECT {OUTPUT} FROM accounts", "not declared"),
            (f"SELECT {OUTPUT}, getenv('HOME') AS v_home FROM signins", "getenv is not in the common SQL"),
            (f"SELECT {OUTPUT}, reflect('java.lang.System', 'exit') AS v_x FROM signins", "reflect is not in"),
            (f"SELECT {OUTPUT}, random() AS v_x FROM signins", "not in the common SQL"),
            (f"SELECT {OUTPUT}, current_timestamp AS v_x FROM signins", "not in the common SQL"),
            (f"SELECT {OUTPUT}, any_value(ip) AS v_x FROM signins", "not in the common SQL"),
            (f"SELECT {OUTPUT}, list(ip ORDER BY time_us) AS v_x FROM signins", "not in the common SQL"),
            (f"SELECT {OUTPUT}, string_agg(ip, ',') AS v_x FROM signins", "not in the common SQL"),
            (f"SELECT {OUTPUT}, first(ip) AS v_x FROM signins", "not in the common SQL"),
            (f"SELECT {OUTPUT}, COLUMNS('.*') AS v_x FROM signins", "not in the common SQL"),
            (f"SELECT {OUTPUT}, $1 AS v_x FROM signins", "not in the common SQL"),
            (f"SELECT {OUTPUT}, ip LIKE '%x%' AS v_x FROM signins", "LIKE takes a text with ESCAPE"),
            (f"SELECT {OUTPUT}, ip LIKE '%x%' ESCAPE '\\' AS v_x FROM signins", "LIKE takes a text with ESCAPE"),
            (f"SELECT {OUTPUT}, ip LIKE '!x' ESCAPE '!' AS v_x FROM signins", "LIKE takes a text with ESCAPE"),
            (f"SELECT {OUTPUT}, ip LIKE user_id ESCAPE '!' AS v_x FROM signins", "LIKE takes a text with ESCAPE"),
            (f"SELECT {OUTPUT}, ip ILIKE '%x%' AS v_x FROM signins", "not in the common SQL"),
            (f"SELECT {OUTPUT}, x -> x + 1 AS v_x FROM signins", "not in the common SQL"),
            (f"SELECT {OUTPUT}, time_us / mfa AS v_x FROM signins", "division"),
            (f"SELECT {OUTPUT}, time_us % mfa AS v_x FROM signins", "division"),
            (f"SELECT {OUTPUT}, time_us / 0 AS v_x FROM signins", "division"),
            (f"SELECT {OUTPUT}, time_us / NULLIF(mfa, 1) AS v_x FROM signins", "division"),
            (f"SELECT {OUTPUT}, time_us / '2' AS v_x FROM signins", "division"),
            (f"SELECT {OUTPUT}, ROW_NUMBER() OVER (PARTITION BY ip) AS v_x FROM signins", "needs an order"),
            (f"SELECT {OUTPUT}, LAG(ip) OVER (ORDER BY event_id) AS v_x FROM signins", "integer time first"),
            (f"SELECT {OUTPUT}, RANK() OVER (ORDER BY time_us) AS v_x FROM signins", "cannot be a window"),
            (f"{PLAIN} ORDER BY time_us", "ORDER is not in the common SQL"),
            (f"{PLAIN} LIMIT 5", "not in the common SQL"),
            (f"{PLAIN} QUALIFY 1 = 1", "not in the common SQL"),
            (f"{PLAIN} USING SAMPLE 10%", "not in the common SQL"),
            ("SELECT * FROM signins", "hides what a rule reads"),
            ("SELECT signins.* FROM signins", "hides what a rule reads"),
            (f"SELECT DISTINCT ON (ip) {OUTPUT} FROM signins", "DISTINCT ON"),
            (f"SELECT {OUTPUT} FROM signins NATURAL JOIN signins AS b", "joins"),
            (f"SELECT {OUTPUT} FROM signins FULL JOIN signins AS b ON TRUE", "joins"),
            (f"SELECT {OUTPUT} FROM signins JOIN signins AS b USING (event_id)", "joins"),
            (f"SELECT {OUTPUT} FROM signins POSITIONAL JOIN signins AS b", "joins"),
            (f"SELECT {OUTPUT} FROM signins ASOF JOIN signins AS b ON signins.time_us >= b.time_us", "joins"),
            (f"SELECT {OUTPUT} FROM signins, signins AS b", "needs ON"),
            (f"SELECT {OUTPUT}, CAST(time_us AS TIMESTAMP) AS v_x FROM signins", "cast to this type"),
            (f"SELECT {OUTPUT}, CAST(ip AS INET) AS v_x FROM signins", "cast to this type"),
            (f"{PLAIN} WHERE ip NOT IN (SELECT ip FROM signins)", "NOT IN"),
            (f"WITH RECURSIVE a AS (SELECT 1 AS x) SELECT {OUTPUT} FROM signins", "recursive"),
            (f"WITH signins AS (SELECT 1 AS x) SELECT {OUTPUT} FROM signins", "hides the table"),
            (f'SELECT {OUTPUT}, ip AS "v_X" FROM signins', "not lower case"),
            (f'SELECT {OUTPUT} FROM "../../etc/passwd"', "not lower case"),
            ("SELECT account_id, time_us, 1.0 AS bits FROM signins", "returns no event_ids"),
            (f"SELECT {OUTPUT}, ip FROM signins", "unexpected column 'ip'"),
            (f"SELECT {OUTPUT}, ip AS v_ip, ip_asn AS v_ip FROM signins", "twice"),
            (f"SELECT {OUTPUT}, 'device' AS subject_kind FROM signins", "go together"),
            (f"SELECT {OUTPUT} FROM signins GROUP BY ALL", "GROUP BY"),
            (f"SELECT {OUTPUT} FROM signins GROUP BY ROLLUP (ip)", "not in the common SQL"),
            (f"SELECT {OUTPUT}, previous(ip, account_id) AS v_x FROM signins", "previous needs"),
            (f"SELECT {OUTPUT} FROM sliding_distinct(signins, account_id, ip, mfa) AS s", "whole number"),
            ("SELECT " + "(" * 2000 + "1" + ")" * 2000, "cannot be read"),
            (PLAIN + " -- " + "x" * 30_000, "longer than"),
        ],
    )
    def test_the_rest(self, sql: str, words: str) -> None:
        assert words in refused(sql)

    def test_a_table_that_is_declared_but_never_read(self) -> None:
        assert "never reads" in refused(PLAIN, ("signins", "accounts"))

    def test_file_and_line_are_named(self) -> None:
        text = refused(
            "SELECT account_id, time_us,\n  1.0 AS bits, event_id AS event_ids,\n  getenv(ip) AS v_x\nFROM signins"
        )
        assert text.startswith("rule.sql:3")

    @given(st.text(max_size=80))
    def test_no_text_breaks_the_guard(self, text: str) -> None:
        try:
            guard.check(text, ("signins",), "rule.sql")
        except ContentError as fault:
            assert fault.place.file == "rule.sql"
