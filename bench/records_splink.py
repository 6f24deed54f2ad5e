"""Splink over one set of personal records, for `bench.records`: run by a Python of its own that has splink 5 installed.

Settings are those of Splink's own demonstrations of these sets: its comparisons for names, dates and mailboxes, its blocking
rules, training by random pairs and by expectation and maximisation. Reads a CSV with ``id``; writes pairs as JSON lines.
"""

from __future__ import annotations

import csv
import json
import sys
import time
from typing import Any

import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

_FAKE: dict[str, Any] = {
    "columns": ("first_name", "surname", "dob", "city", "email"),
    "comparisons": [
        cl.NameComparison("first_name"),
        cl.NameComparison("surname"),
        cl.DateOfBirthComparison("dob", input_is_string=True),
        cl.ExactMatch("city").configure(term_frequency_adjustments=True),
        cl.EmailComparison("email"),
    ],
    "rules": [("first_name",), ("surname",), ("dob",), ("email",)],
    "certain": [("first_name", "surname", "dob"), ("email",)],
    "recall": 0.7,
    "train": [("first_name", "surname"), ("dob",), ("email",)],
}
_FEBRL: dict[str, Any] = {
    "columns": (
        "given_name",
        "surname",
        "date_of_birth",
        "soc_sec_id",
        "street_number",
        "postcode",
        "suburb",
        "address_1",
    ),
    "comparisons": [
        cl.NameComparison("given_name"),
        cl.NameComparison("surname"),
        cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d"),
        cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
        cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
        cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(term_frequency_adjustments=True),
    ],
    "rules": [
        ("soc_sec_id",),
        ("given_name", "surname"),
        ("given_name", "street_number"),
        ("surname", "date_of_birth"),
        ("postcode", "date_of_birth"),
        ("given_name", "postcode"),
        ("surname", "postcode"),
        ("street_number", "address_1"),
        ("date_of_birth", "street_number"),
        ("date_of_birth",),
        ("given_name", "suburb"),
        ("surname", "suburb"),
    ],
    "certain": [("soc_sec_id",), ("given_name", "surname", "date_of_birth"), ("address_1", "date_of_birth")],
    "recall": 0.9,
    "train": [("date_of_birth",), ("postcode",)],
}


def main(path: str, kind: str, output: str) -> None:
    """Link the records of a file and write (left, right, probability) of every scored pair."""
    used = _FAKE if kind == "fake" else _FEBRL
    with open(path, encoding="utf-8") as file:
        rows = [
            {key: (value or None) for key, value in row.items() if key in ("id", *used["columns"])}
            for row in csv.DictReader(file)
        ]
    import pandas

    started = time.perf_counter()
    api = DuckDBAPI()
    frame = api.register(pandas.DataFrame(rows))
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="id",
        comparisons=used["comparisons"],
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in used["rules"]],
    )
    linker = Linker(frame, settings)
    linker.training.estimate_probability_two_random_records_match(
        [block_on(*rule) for rule in used["certain"]], recall=used["recall"]
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    for rule in used["train"]:
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*rule))
    found = linker.inference.predict(threshold_match_probability=0.01).as_record_list()
    seconds = time.perf_counter() - started
    with open(output, "w", encoding="utf-8") as written:
        written.write(json.dumps({"seconds": seconds}) + "\n")
        for row in found:
            written.write(json.dumps([int(row["id_l"]), int(row["id_r"]), row["match_probability"]]) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:4])
