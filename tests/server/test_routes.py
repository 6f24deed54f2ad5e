"""Keys over HTTP: seen and revoked by an administrator's key, never made."""

from __future__ import annotations

import pytest

from tests.server.conftest import Served
from tests.server.test_assemble import problem


class TestKeys:
    def test_all_are_shown_without_secrets(self, served: Served) -> None:
        secret = served.key("read")

        response = served.ask("GET", "/v1/keys", "admin")

        assert secret.split("_")[1] in {key["id"] for key in response.json()["keys"]}
        assert secret.split("_")[2] not in response.text

    def test_a_revoked_key_opens_nothing(self, served: Served) -> None:
        secret = served.key("events", "read")
        headers = {"Authorization": f"Bearer {secret}"}
        assert served.client.get("/v1/lists", headers=headers).status_code == 200

        told = served.ask("DELETE", f"/v1/keys/{secret.split('_')[1]}", "admin").json()
        served.place.ring._kept.clear()

        assert told["state"] == "revoked"
        assert problem(served.client.get("/v1/lists", headers=headers), 401)["detail"] == "This key is revoked"

    @pytest.mark.parametrize("key_id", ["none", "%00", "a'b"])
    def test_an_unknown_key(self, served: Served, key_id: str) -> None:
        problem(served.ask("DELETE", f"/v1/keys/{key_id}", "admin"), 404)
