"""Attempts to leave the locked room, written for either engine: refused when the rule is loaded, before anything runs."""

from __future__ import annotations

import pytest

from vedette.detections import guard

OUTPUT = "account_id, time_us, 1.0 AS bits, event_id AS event_ids"
PLAIN = f"SELECT {OUTPUT} FROM signins"


def refused(sql: str) -> str:
    with pytest.raises(guard.RefusedSql) as caught:
        guard.check(sql, ("signins",), "rule.sql")
    return str(caught.value)


def valued(expression: str) -> str:
    return f"SELECT {OUTPUT}, {expression} AS v_x FROM signins"


class TestAttempts:
    @pytest.mark.parametrize(
        "sql",
        [
            # statements
            "COPY (SELECT 1) TO '/tmp/x'",
            f"COPY ({PLAIN}) TO 's3://bucket/x' (FORMAT parquet)",
            "ATTACH '/tmp/x.db' AS x",
            "DETACH main",
            "PRAGMA database_list",
            "SET threads = 64",
            "SET spark.sql.runSQLOnFiles = true",
            "RESET ALL",
            "CALL pragma_version()",
            "LOAD httpfs",
            "INSTALL httpfs",
            "USE other",
            "EXPORT DATABASE '/tmp/x'",
            "ADD JAR '/tmp/x.jar'",
            "CREATE TEMPORARY FUNCTION f AS 'org.x.Y' USING JAR '/tmp/x.jar'",
            "CREATE TABLE x AS SELECT 1",
            "INSERT INTO signins SELECT 1",
            f"{PLAIN}; SET threads = 64",
            f"EXPLAIN ANALYZE {PLAIN}",
            "SUMMARIZE signins",
            "FROM signins",
            f"EXECUTE IMMEDIATE '{PLAIN}'",
            # functions that read, write or reach out, of both engines
            *(
                valued(call)
                for call in (
                    "reflect('java.lang.Runtime', 'getRuntime')",
                    "java_method('java.lang.System', 'getenv', 'HOME')",
                    "try_reflect('java.lang.System', 'getenv')",
                    "getenv('HOME')",
                    "current_setting('TimeZone')",
                    "query('SELECT 1')",
                    "read_text('/etc/passwd')",
                    "xpath_string('<a/>', 'a')",
                    "input_file_name()",
                    "assert_true(1 = 1)",
                    "raise_error('x')",
                    "java.lang.System.exit(1)",
                    "random()",
                    "uuid()",
                    "now()",
                    "current_timestamp",
                    "nextval('s')",
                    "repeat('x', 1000000000)",
                    "range(1000000000)",
                    "transform([1], x -> x)",
                    "list(ip ORDER BY ip)",
                    "string_agg(ip, ',')",
                    "regexp_matches(ip, '(a+)+$')",
                    "$1",
                    "?",
                    "ip COLLATE nocase",
                    "{'a': 1}",
                    "ip[1]",
                    "TRY_CAST(ip AS BIGINT)",
                    "ip::BLOB",
                    "INTERVAL 1 DAY",
                )
            ),
            # sources that are no declared table
            f"SELECT {OUTPUT} FROM read_csv('/etc/passwd')",
            f"SELECT {OUTPUT} FROM read_csv_auto('http://169.254.169.254/')",
            f"SELECT {OUTPUT} FROM read_parquet('/x/*.parquet')",
            f"SELECT {OUTPUT} FROM glob('/*')",
            f"SELECT {OUTPUT} FROM '/etc/passwd'",
            f"SELECT {OUTPUT} FROM parquet.`/etc/passwd`",
            f'SELECT {OUTPUT} FROM "csv"."/etc/passwd"',
            f"SELECT {OUTPUT} FROM duckdb_settings()",
            f"SELECT {OUTPUT} FROM information_schema.tables",
            f"SELECT {OUTPUT} FROM main.signins",
            f"SELECT {OUTPUT} FROM lake.signins",
            f"SELECT {OUTPUT} FROM copied.signins",
            f"SELECT {OUTPUT} FROM signins, LATERAL (SELECT 1) AS l",
            f"SELECT {OUTPUT} FROM signins LATERAL VIEW explode(array(1)) t AS x",
            f"SELECT {OUTPUT} FROM signins TABLESAMPLE (10 PERCENT)",
            f"SELECT {OUTPUT} FROM (VALUES (1)) AS v(account_id)",
            f"SELECT {OUTPUT} FROM signins AT (VERSION => 1)",
            "SELECT TRANSFORM(ip) USING '/bin/sh' FROM signins",
        ],
    )
    def test_are_refused(self, sql: str) -> None:
        assert refused(sql)

    @pytest.mark.parametrize(
        "sql",
        [
            f"{PLAIN} /* a /* b */ UNION ALL SELECT * FROM accounts -- */",
            f"{PLAIN} /* a /* b */ ; DROP TABLE signins /* */ */",
            f"SELECT /*+ BROADCAST(signins) */ {OUTPUT} FROM signins",
            f"{PLAIN} -- a\n; SET threads = 1",
            f"SELECT {OUTPUT} FROM signins WHERE '/*' = ip OR EXISTS (SELECT 1 FROM accounts) -- */",
        ],
    )
    def test_comments_hide_nothing(self, sql: str) -> None:
        """Comments are read by one parser only: the engine gets text that is written anew, without any."""
        try:
            written = guard.check(sql, ("signins",), "rule.sql").sql("duckdb", comments=False)
        except guard.RefusedSql:
            return
        assert "accounts" not in written and ";" not in written and "/*" not in written

    def test_a_comment_that_only_one_engine_would_close(self) -> None:
        sql = f"SELECT {OUTPUT} FROM signins /* /* */ WHERE ip = 'a' /* */ */"
        try:
            written = guard.check(sql, ("signins",), "rule.sql").sql("spark", comments=False)
        except guard.RefusedSql:
            return
        assert "*/" not in written


class TestDepth:
    @pytest.mark.parametrize(
        "expression",
        [
            "(" * 400 + "1" + ")" * 400,
            "+".join(["1"] * 4_000),
            "- " * 3_000 + "1",
            "NOT " * 2_000 + "mfa",
            " OR ".join(["mfa"] * 2_000),
            "abs(" * 1_000 + "1" + ")" * 1_000,
            "CASE WHEN mfa THEN " * 400 + "1" + " END" * 400,
            "(SELECT " * 300 + "1" + ")" * 300,
        ],
    )
    def test_very_deep_expressions_are_refused_and_do_no_harm(self, expression: str) -> None:
        assert "deeper" in (text := refused(valued(expression))) or "cannot be read" in text

    def test_many_unions(self) -> None:
        union = " UNION ALL ".join(["SELECT account_id FROM signins"] * 400)
        assert "deeper" in (text := refused(f"WITH u AS ({union}) {PLAIN}")) or "cannot be read" in text

    def test_what_people_write_is_not_too_deep(self) -> None:
        fine = " OR ".join(f"ip = '{number}'" for number in range(60))
        assert guard.check(f"{PLAIN} WHERE {fine}", ("signins",), "rule.sql").sql("spark")


class TestWritten:
    """The text for another engine is read again as that engine reads it."""

    @pytest.mark.parametrize(
        "sql",
        [
            f"{PLAIN} LATERAL VIEW explode(array(1)) t AS x",
            valued("reflect('java.lang.System', 'exit')"),
            valued("java_method('java.lang.System', 'exit')"),
            f"SELECT {OUTPUT} FROM parquet.`/etc/passwd`",
            f"SELECT {OUTPUT} FROM accounts",
            "SELECT TRANSFORM(ip) USING 'sh' AS (x) FROM signins",
            "SET spark.sql.ansi.enabled = false",
            f"{PLAIN}; {PLAIN}",
        ],
    )
    def test_what_was_not_checked_is_refused(self, sql: str) -> None:
        with pytest.raises(guard.RefusedSql):
            guard.check_written(sql, ("signins",), "spark")

    @pytest.mark.parametrize("text", ["it''s", "a\\b", "\\", "x\\'' OR 1=1 --", "`", "${env:HOME}", "%!%", "$$"])
    def test_texts_stay_texts(self, text: str) -> None:
        """A quote or backslash that one engine reads as an escape does not end the text on the other."""
        tree = guard.check(f"{PLAIN} WHERE ip = '{text}'", ("signins",), "rule.sql")
        written = tree.sql("spark", comments=False)
        guard.check_written(written, ("signins",), "spark")
        import sqlglot
        from sqlglot import exp

        texts = [
            item.name for item in sqlglot.parse_one(written, dialect="spark").find_all(exp.Literal) if item.is_string
        ]
        assert texts == [text.replace("''", "'")]
