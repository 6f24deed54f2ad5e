"""The table of accelerators is read strictly and makes physical sense."""

from __future__ import annotations

import pytest

from vedette import hardware
from vedette.hardware.read import parse

_GOOD = """
checked_on: 2026-11-25
chips:
  one:
    names: ["One"]
    vendor: Maker
    memory_gb: 80
    tera: {fp16: 100, fp8: 200}
    source: "sheet"
"""


class TestTable:
    def test_peaks_grow_as_operands_narrow_and_everything_has_a_source(self) -> None:
        for chip in hardware.chips():
            assert chip.source
            assert 1.0 <= chip.narrower <= 8.0, chip.id
            assert chip.peaks.get("fp32", 0.0) <= chip.matrix, chip.id
            assert chip.power_w is None or 50 <= chip.power_w <= 2_000, chip.id
            assert chip.clock_mhz is None or 1_000 <= chip.clock_mhz <= 3_000, chip.id

    def test_no_variant_computes_more_than_its_original(self) -> None:
        by_id = {chip.id: chip for chip in hardware.chips()}
        for chip in hardware.chips():
            if chip.export_variant_of:
                assert chip.matrix <= by_id[chip.export_variant_of].matrix, chip.id

    def test_it_covers_what_clouds_rent_out(self) -> None:
        wanted = "v100_sxm2 a100_sxm4 a800_sxm4 h100_sxm5 h800_sxm5 h20 h200_sxm b200 b300 mi250x mi300x mi355x tpu_v4 tpu_v6e rtx_4090 l40s"
        assert set(wanted.split()) <= {chip.id for chip in hardware.chips()}

    def test_the_version_is_of_the_text(self) -> None:
        assert len(hardware.version()) == 12


class TestParse:
    def test_a_good_table_is_read(self) -> None:
        (chip,) = parse(_GOOD)
        assert (chip.matrix, chip.most, chip.narrower, chip.clock_mhz) == (1e14, 2e14, 2.0, None)

    @pytest.mark.parametrize(
        ("old", "new", "problem"),
        [
            ("memory_gb: 80", "memory: 80", "unknown keys"),
            ("fp16: 100, ", "", "fp16"),
            ("fp8: 200", "fp7: 200", "precision"),
            ("fp8: 200", "fp8: -1", "positive"),
            ('source: "sheet"', 'source: "sheet"\n    power_w: 0', "power_w"),
            ('source: "sheet"', 'source: "sheet"\n    export_variant_of: two', "not in the table"),
            ('["One"]', '["One", "one"]', "names two"),
            ("checked_on: 2026-11-25", "checked_on: soon", "no date"),
        ],
    )
    def test_a_faulty_one_is_refused_with_its_place(self, old: str, new: str, problem: str) -> None:
        with pytest.raises(hardware.HardwareError, match=problem):
            parse(_GOOD.replace(old, new))
