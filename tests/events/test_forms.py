"""The forms name what DESIGN section 4 names, and bar what must not be stored."""

from __future__ import annotations

from vedette.events.forms import FORMS, KEYS, PAYMENTS, SIGNINS, never_stored
from vedette.events.tables import KEYS as KEYS_TABLE
from vedette.events.tables import LOGS, OCSF_PATHS
from vedette.events.tables import PAYMENTS as PAYMENTS_TABLE
from vedette.events.tables import SIGNINS as SIGNINS_TABLE


class TestForms:
    def test_only_ids_accounts_and_times_are_required(self) -> None:
        for form in FORMS:
            required = {field.name for field in form.fields if field.required}
            assert required <= {"event_id", "payment_id", "account_id", "time"}
            assert {"account_id", "time"} <= required

    def test_every_field_has_its_column_but_the_barred_and_the_secret(self) -> None:
        for form, table in ((SIGNINS, SIGNINS_TABLE), (PAYMENTS, PAYMENTS_TABLE), (KEYS, KEYS_TABLE)):
            columns = {column.name for column in table.columns}
            assert {field.column for field in form.fields} - columns <= {"locale", "payer_name"}

    def test_columns_of_origin_language_and_look_are_barred(self) -> None:
        asked = ("mother_language", "Nationality", "race-code", "traceparent", "gender", "note", "locale")
        assert never_stored(asked) == ("mother_language", "Nationality", "race-code", "gender", "locale")


class TestTables:
    def test_every_hot_column_of_logs_has_its_ocsf_path(self) -> None:
        own = {"day", "account_id", "ip_class", "ip_dprk", "ua_family", "refs_version"}
        assert {column.name for column in LOGS.columns} - own <= OCSF_PATHS.keys()
