"""A free-text model name finds the card that is meant, or none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette import hardware


class TestFind:
    @pytest.mark.parametrize(
        ("text", "id", "share"),
        [
            ("NVIDIA H100 80GB HBM3", "h100_sxm5", 1.0),
            ("gpu:nvidia_h100_80gb_hbm3", "h100_sxm5", 1.0),
            ("h100-sxm5", "h100_sxm5", 1.0),
            ("NVIDIA H100 PCIe", "h100_pcie", 1.0),
            ("NVIDIA H800", "h800_sxm5", 1.0),
            ("NVIDIA A100-SXM4-40GB", "a100_sxm4", 1.0),
            ("NVIDIA A100-PCIE-40GB", "a100_pcie", 1.0),
            ("NVIDIA GeForce RTX 4090", "rtx_4090", 1.0),
            ("NVIDIA GeForce RTX 4090 D", "rtx_4090_d", 1.0),
            ("NVIDIA B300 SXM6 AC", "b300", 1.0),
            ("AMD Instinct MI300X", "mi300x", 1.0),
            ("Tesla T4", "t4", 1.0),
            ("NVIDIA A100-SXM4-40GB MIG 3g.20gb", "a100_sxm4", 3 / 7),
            ("H100 MIG 1g.10gb", "h100_sxm5", 1 / 7),
        ],
    )
    def test_it_is_found_however_it_is_written(self, text: str, id: str, share: float) -> None:
        found = hardware.find(text)
        assert found is not None
        assert found.chip.id == id
        assert found.share == pytest.approx(share)

    @pytest.mark.parametrize("text", ["", "GPU", "NVIDIA", "H10", "H1000", "Radeon VII", "x" * 300, "\0\n"])
    def test_what_is_not_known_is_not_guessed(self, text: str) -> None:
        assert hardware.find(text) is None

    def test_every_name_of_the_table_finds_its_card(self) -> None:
        for chip in hardware.chips():
            assert all((found := hardware.find(name)) and found.chip is chip for name in (chip.id, *chip.names))

    @given(st.text(max_size=80))
    def test_it_always_answers(self, text: str) -> None:
        found = hardware.find(text)
        assert found is None or 0 < found.share <= 1
