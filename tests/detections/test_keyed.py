"""Cutting rules by key: what is proven to keep keys apart, and what must be refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.detections.made import rule
from vedette import detections
from vedette.detections import Rule
from vedette.detections.keyed import cut

HEAD = "account_id, time_us, 1.0 AS bits, event_id AS event_ids"
DEVICE = "'device' AS subject_kind, device_id AS subject_id"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Rule:
    return rule(tmp_path_factory.mktemp("rules"))


def made(template: Rule, sql: str, *reads: str, key: str = "account_id") -> Rule:
    return replace(template, sql=sql, reads=reads or ("signins",), key=key)


class TestCut:
    @pytest.mark.parametrize(
        ("sql", "reads", "kind"),
        [
            (f"SELECT {HEAD} FROM signins", ("signins",), "account_id"),
            (f"SELECT {HEAD}, {DEVICE} FROM signins", ("signins",), "device_id"),
            (
                "SELECT s.account_id, s.time_us, 1.0 AS bits, NULL AS event_ids FROM signins AS s"
                " JOIN accounts AS a ON a.account_id = s.account_id",
                ("signins", "accounts"),
                "account_id",
            ),
            (
                "SELECT a.account_id, s.time_us, 1.0 AS bits, NULL AS event_ids FROM accounts AS a"
                " JOIN signins AS s ON (s.account_id = a.account_id AND s.outcome = 'failure')",
                ("signins", "accounts"),
                "account_id",
            ),
            (
                "SELECT a.account_id, s.time_us, 1.0 AS bits, NULL AS event_ids FROM accounts AS a"
                " CROSS JOIN signins AS s WHERE s.account_id = a.account_id",
                ("signins", "accounts"),
                "account_id",
            ),
            (
                f"WITH few AS (SELECT account_id FROM signins GROUP BY account_id HAVING COUNT(*) < 3)"
                f" SELECT {HEAD} FROM signins WHERE account_id IN (SELECT account_id FROM few)",
                ("signins",),
                "account_id",
            ),
            (
                f"SELECT {HEAD} FROM signins AS s WHERE NOT EXISTS"
                " (SELECT 1 AS one FROM payments AS p WHERE p.account_id = s.account_id AND p.amount > 5)",
                ("signins", "payments"),
                "account_id",
            ),
            (
                f"SELECT {HEAD}, previous(ip, (account_id, user_id), time_us, event_id) AS v_ip FROM signins",
                ("signins",),
                "account_id",
            ),
            (
                "SELECT account_id, time_us, 1.0 AS bits, NULL AS event_ids FROM"
                " sliding_distinct(signins, account_id, ip, 60) AS c WHERE distinct_count > 2",
                ("signins",),
                "account_id",
            ),
            (
                "WITH both AS (SELECT account_id, time_us FROM signins UNION ALL SELECT account_id, time_us FROM logs)"
                " SELECT account_id, time_us, 1.0 AS bits, NULL AS event_ids FROM both",
                ("signins", "logs"),
                "account_id",
            ),
            (
                "SELECT k.account_id, k.time_us, 1.0 AS bits, NULL AS event_ids FROM signins AS k LEFT JOIN"
                " (SELECT MAX(kilometres) AS far FROM country_distances) AS d ON d.far > 3",
                ("signins", "country_distances"),
                "account_id",
            ),
        ],
    )
    def test_what_keeps_keys_apart(self, template: Rule, sql: str, reads: tuple[str, ...], kind: str) -> None:
        how = cut(made(template, sql, *reads))
        assert (how.kind, how.reason) == (kind, "")
        assert set(how.keyed) | set(how.whole) == set(reads)

    @pytest.mark.parametrize(
        ("sql", "reads"),
        [
            # groups, windows, sums and joins over several accounts
            (
                "SELECT MIN(account_id) AS account_id, MIN(time_us) AS time_us, 1.0 AS bits, NULL AS event_ids FROM signins",
                (),
            ),
            (
                "SELECT MIN(account_id) AS account_id, MIN(time_us) AS time_us, 1.0 AS bits, NULL AS event_ids"
                " FROM signins GROUP BY user_agent",
                (),
            ),
            (f"SELECT {HEAD}, COUNT(*) OVER (PARTITION BY user_agent) AS v_n FROM signins", ()),
            (f"SELECT {HEAD}, COUNT(*) OVER (ORDER BY time_us) AS v_n FROM signins", ()),
            (
                "SELECT s.account_id, s.time_us, 1.0 AS bits, NULL AS event_ids FROM signins AS s"
                " JOIN signins AS o ON o.user_agent = s.user_agent",
                (),
            ),
            (
                "SELECT s.account_id, s.time_us, 1.0 AS bits, NULL AS event_ids FROM signins AS s"
                " LEFT JOIN logs AS l ON l.operation = s.channel",
                ("signins", "logs"),
            ),
            # an OR does not make two columns equal
            (
                "SELECT s.account_id, s.time_us, 1.0 AS bits, NULL AS event_ids FROM signins AS s"
                " JOIN logs AS l ON l.account_id = s.account_id OR l.operation = s.channel",
                ("signins", "logs"),
            ),
            # the far side of a left join may be NULL for many keys at once
            (
                "SELECT MIN(s.account_id) AS account_id, MIN(s.time_us) AS time_us, 1.0 AS bits, NULL AS event_ids"
                " FROM signins AS s LEFT JOIN logs AS l ON l.account_id = s.account_id GROUP BY l.account_id",
                ("signins", "logs"),
            ),
            # findings about a subject that is not the key
            (f"SELECT {HEAD}, 'agent' AS subject_kind, user_agent AS subject_id FROM signins", ()),
            (f"SELECT {HEAD}, channel AS subject_kind, device_id AS subject_id FROM signins", ()),
            # a question over everything
            (
                f"SELECT {HEAD} FROM signins AS s WHERE EXISTS (SELECT 1 AS one FROM logs AS l WHERE l.ip = s.ip)",
                ("signins", "logs"),
            ),
            (
                f"SELECT {HEAD} FROM signins AS s WHERE s.account_id IN (SELECT l.target_id FROM logs AS l)",
                ("signins", "logs"),
            ),
            (
                f"SELECT {HEAD} FROM signins AS s WHERE s.time_us > (SELECT MAX(l.time_us) AS last FROM logs AS l)",
                ("signins", "logs"),
            ),
            # the same name inside and outside does not join them
            (
                f"SELECT {HEAD} FROM signins AS s WHERE EXISTS"
                " (SELECT 1 AS one FROM logs AS s WHERE s.account_id = s.account_id)",
                ("signins", "logs"),
            ),
            # rows with and without the key put together
            (
                "WITH both AS (SELECT ip AS account_id, time_us FROM signins UNION ALL"
                " SELECT account_id, time_us FROM logs) SELECT account_id, time_us, 1.0 AS bits, NULL AS event_ids FROM both",
                ("signins", "logs"),
            ),
            # only reads what is known of accounts whole
            (
                "SELECT MIN(account_id) AS account_id, MIN(received_us) AS time_us, 1.0 AS bits, NULL AS event_ids"
                " FROM accounts GROUP BY email_domain",
                ("accounts",),
            ),
        ],
    )
    def test_what_does_not(self, template: Rule, sql: str, reads: tuple[str, ...]) -> None:
        how = cut(made(template, sql, *reads))
        assert how.kind == "" and how.reason

    def test_a_rule_about_a_device_reads_the_accounts_whole(self, template: Rule) -> None:
        sql = (
            "WITH used AS (SELECT device_id, account_id, MIN(time_us) AS time_us, MIN(event_id) AS event_id FROM signins"
            " GROUP BY device_id, account_id) SELECT u.account_id, u.time_us, 1.0 AS bits, u.event_id AS event_ids,"
            " 'device' AS subject_kind, u.device_id AS subject_id FROM used AS u"
            " JOIN strangers(used, device_id) AS s ON s.device_id = u.device_id WHERE s.unrelated >= 2"
        )
        how = cut(made(template, sql, "signins", "accounts", "account_name_parts", "public_mail", key="device_id"))
        assert how.keyed == ("signins",)
        assert how.whole == ("accounts", "account_name_parts", "public_mail")


class TestShipped:
    def test_most_rules_on_events_can_be_cut(self) -> None:
        """Where a rule over events cannot be cut it is named in the slice; half at least must be cheap."""
        eventful = [item for item in detections.rules() if {"signins", "payments", "keys", "logs"} & set(item.reads)]
        assert sum(bool(cut(item).kind) for item in eventful) * 2 > len(eventful)
