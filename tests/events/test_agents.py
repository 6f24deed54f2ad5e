"""Families of user agents."""

from __future__ import annotations

import pytest

from vedette.events.agents import family, kinds

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
)


class TestFamily:
    @pytest.mark.parametrize(
        ("agent", "expected"),
        [
            (CHROME, "chrome"),
            (CHROME + " Edg/140.0", "edge"),
            (CHROME.replace("Chrome/", "HeadlessChrome/"), "chrome-headless"),
            ("Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15", "safari"),
            ("Mozilla/5.0 (X11; Linux) Gecko/20100101 Firefox/130.0", "firefox"),
            ("aws-cli/2.15.0 Python/3.11", "aws-cli"),
            ("Boto3/1.34 md/Botocore#1.34", "boto"),
            ("APN/1.0 HashiCorp/1.0 Terraform/1.5.2 aws-sdk-go-v2", "terraform"),
            ("kubectl/v1.31.0 (linux/amd64)", "kubectl"),
            ("secretsmanager.amazonaws.com", "aws-service"),
            (
                "Mozilla/5.0 (Linux; Android 14; sdk_gphone64_x86_64) Chrome/140.0.0.0 Mobile Safari/537.36",
                "android-emulator",
            ),
            (CHROME + " AnyDesk/8.1", "remote-desktop"),
            ("something nobody knows", "other"),
            ("", "other"),
            ("x" * 100_000 + "firefox/", "other"),
        ],
    )
    def test_each_agent_has_one_family(self, agent: str, expected: str) -> None:
        assert family(agent) == expected

    def test_every_family_has_one_kind(self) -> None:
        assert set(kinds().values()) == {"browser", "cli", "sdk", "automation", "console", "service"}
