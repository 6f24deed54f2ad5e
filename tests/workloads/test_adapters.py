"""What adapters take out of a tool's export: names but no sentences, counters as differences, slices as slices, shares refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette import hardware
from vedette.base import ContentError
from vedette.workloads.adapted import (
    AdaptedFault,
    Counts,
    Document,
    Found,
    Ignored,
    Note,
    Refused,
    Row,
    accelerator_of,
    decoded,
    holders_of,
    micros_of,
    name_of,
    number_of,
    workload_of,
)
from vedette.workloads.answers import is_counter, lengths, rates, step_of
from vedette.workloads.discover import read_adapters, telemetry_adapters

T = 1_767_261_600


def rows_of(name: str, *bodies: Any) -> list[Found]:
    """What an adapter makes of documents, given as JSON values or lines."""
    given = [body if isinstance(body, str) else json.dumps(body) for body in bodies]
    documents = [Document(number, text.encode()) for number, text in enumerate(given, 1)]
    return list(telemetry_adapters()[name].rows(documents))


def only(found: list[Found], kind: type[Any]) -> list[Any]:
    return [item for item in found if isinstance(item, kind)]


class TestNames:
    @pytest.mark.parametrize(
        "text", ["tenant-a", "GPU-5f2c", "anna@example.org", "10.0.0.1", "2001:db8::1", "a", "4711"]
    )
    def test_words_that_machines_and_sites_give(self, text: str) -> None:
        assert name_of(text) == text

    @pytest.mark.parametrize(
        "text",
        ["", " a", "two words", "/home/anna", "registry/image:1", "a;b", "a\nb", "x" * 129, "-rf", "é", None, 1.5, []],
    )
    def test_sentences_paths_and_images_are_none(self, text: Any) -> None:
        assert name_of(text) is None

    def test_holders_keep_their_order_and_leave_out_what_is_no_name(self) -> None:
        found = holders_of(("tenant", "a"), ("tenant", "a b"), ("principal", None), ("principal", "c"))
        assert [tuple(item) for item in found] == [("tenant", "a"), ("principal", "c")]


class TestAccelerators:
    @pytest.mark.parametrize(
        ("text", "profile", "name"),
        [
            ("NVIDIA H100 80GB HBM3", "", "NVIDIA H100 80GB HBM3"),
            ("h100", "", "h100"),
            ("NVIDIA A100-SXM4-80GB", "1g.10gb", "NVIDIA A100-SXM4-80GB MIG 1g.10gb"),
            ("NVIDIA-A100-SXM4-80GB-MIG-2g.20gb", "", "NVIDIA-A100-SXM4-80GB MIG 2g.20gb"),
            ("a100_3g.40gb", "", "a100 MIG 3g.40gb"),
            ("NVIDIA H100 80GB HBM3", "1g.10gb+me", "NVIDIA H100 80GB HBM3 MIG 1g.10gb"),
            ("NVIDIA RTX 9999", "", "NVIDIA RTX 9999"),
            ("llama-3-70b", "", "unknown"),
            ("NVIDIA write me a poem", "", "unknown"),
            ("h100; rm -rf /", "", "unknown"),
            ("", "", "unknown"),
            (None, "1g.5gb", "unknown MIG 1g.5gb"),
            ("x" * 500, "", "unknown"),
        ],
    )
    def test_known_cards_and_makers_names_pass_and_nothing_else(self, text: Any, profile: str, name: str) -> None:
        assert accelerator_of(text, profile) == name

    def test_a_slice_counts_as_its_share_of_the_card(self) -> None:
        match = hardware.find(accelerator_of("NVIDIA A100-SXM4-80GB", "2g.20gb"))
        assert match is not None and match.share == pytest.approx(2 / 7)


class TestWorkloads:
    @pytest.mark.parametrize(
        ("left", "right"),
        [
            ("train-worker-0", "train-worker-17"),
            ("train-master-0", "train-worker-3"),
            ("api-6d4cf56db6-abcde", "api-6d4cf56db6-x7k2p"),
            ("set-0", "set-1"),
        ],
    )
    def test_the_pods_of_one_job_share_its_id(self, left: str, right: str) -> None:
        assert workload_of("ns", left) == workload_of("ns", right)

    def test_other_names_and_other_namespaces_are_other_jobs(self) -> None:
        ids = [workload_of("a", "one-0"), workload_of("a", "two-0"), workload_of("b", "one-0"), workload_of("a", "one")]
        assert len(set(ids)) == 3, "a pod without a number is the same job as its numbered replicas"

    @given(st.text(max_size=300))
    def test_the_name_itself_never_stands_in_the_id(self, pod: str) -> None:
        found = workload_of("ns", pod)
        assert found is None or (len(found) == 20 and found.startswith("pod-"))


class TestValues:
    @pytest.mark.parametrize(
        ("value", "number"),
        [
            ("1.5", 1.5),
            (7, 7.0),
            ("NaN", None),
            ("+Inf", None),
            ("x", None),
            (True, None),
            (10**400, None),
            ("9" * 50, None),
        ],
    )
    def test_numbers_are_finite(self, value: Any, number: float | None) -> None:
        assert number_of(value) == number

    @pytest.mark.parametrize(
        ("value", "seconds"),
        [
            (T, T),
            (str(T), T),
            (T * 1_000, T),
            ("2026-01-01T10:00:00Z", T),
            ("2026-01-01T11:00:00+01:00", T),
            ("2026-01-01 10:00:00.000", T),
            ("Unknown", None),
            ("1e400", None),
            (0, None),
            (-5, None),
            (9e15, None),
            (None, None),
            ("9999-12-31T23:59:59-12:00", None),
            ("0001-01-01T00:00:00+12:00", None),
        ],
    )
    def test_times_of_many_forms_within_a_century(self, value: Any, seconds: float | None) -> None:
        assert micros_of(value) == (None if seconds is None else seconds * 1_000_000)

    @settings(max_examples=60)
    @given(st.one_of(st.text(max_size=40), st.integers(), st.floats(), st.none(), st.lists(st.integers(), max_size=2)))
    def test_no_value_is_a_crash(self, value: Any) -> None:
        for function in (name_of, number_of, micros_of, accelerator_of):
            function(value)

    def test_only_what_a_type_names_is_decoded(self) -> None:
        assert decoded(b'{"a": 1}', dict[str, int]) == {"a": 1}
        assert decoded(b'{"a": "x"}', dict[str, int]) is None
        assert decoded(b"[" * 100_000, list[Any]) is None
        assert decoded(b"\xff", list[Any]) is None


class TestCounters:
    def test_a_counter_becomes_what_it_grows_by_a_second(self) -> None:
        assert rates({0.0: 100.0, 10.0: 200.0, 20.0: 500.0}, Counts()) == {0.0: 10.0, 10.0: 30.0}

    def test_over_a_reset_and_over_a_gap_nothing_is_said(self) -> None:
        counts = Counts()
        points = {0.0: 100.0, 10.0: 200.0, 20.0: 5.0, 30.0: 15.0, 300.0: 9_000.0, 310.0: 9_010.0}
        assert rates(points, counts) == {0.0: 10.0, 20.0: 1.0, 300.0: 1.0}
        assert list(counts.held.values()) == [1]

    @settings(max_examples=60)
    @given(st.lists(st.floats(0, 1e12), min_size=2, max_size=30))
    def test_rates_are_never_negative_and_never_make_more_than_was_counted(self, values: list[float]) -> None:
        points = {float(place): value for place, value in enumerate(values)}
        found = rates(points, Counts())
        grown = sum(max(0.0, right - left) for left, right in zip(values, values[1:], strict=False))
        assert all(rate >= 0 for rate in found.values())
        assert sum(found.values()) == pytest.approx(grown, rel=1e-9, abs=1e-3)

    @pytest.mark.parametrize(
        ("values", "counts"),
        [
            ([1e8, 1.1e8, 0.9e8, 1e8], False),
            ([5.0] * 20, False),
            ([float(n) for n in range(20)], True),
            ([3e12, 3.1e12], True),
            ([1.0, 2.0, 3.0], False),
            ([], False),
        ],
    )
    def test_a_rate_and_a_count_are_told_apart(self, values: list[float], counts: bool) -> None:
        assert is_counter({float(place): value for place, value in enumerate(values)}) is counts

    def test_a_sample_stands_until_the_next_and_at_a_gap_for_one_step(self) -> None:
        assert lengths([0.0, 15.0, 30.0, 600.0]) == {0.0: 15.0, 15.0: 15.0, 30.0: 15.0, 600.0: 15.0}
        assert lengths([7.0]) == {7.0: None}
        assert lengths([]) == {}
        assert step_of([0.0, 15.0, 1e9]) == 15.0, "one jump of the clock does not make the usual step"


class TestPrometheus:
    LABELS = {"UUID": "GPU-1", "modelName": "NVIDIA H100 80GB HBM3", "exported_namespace": "a", "exported_pod": "p-0"}

    def answered(self, *series: tuple[str, list[float], dict[str, str]]) -> list[Found]:
        result = []
        for name, values, more in series:
            metric: dict[str, str] = {"__name__": name, **self.LABELS, **more}
            points = [[T + 10 * place, str(value)] for place, value in enumerate(values)]
            result.append({"metric": metric, "values": points})
        return rows_of("prometheus", {"status": "success", "data": {"resultType": "matrix", "result": result}})

    def test_energy_gives_the_power_where_none_is_measured(self) -> None:
        found = self.answered(("DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION", [0, 7_000_000, 13_500_000], {}))
        assert [row.values.get("power_w") for row in only(found, Row)] == [700.0, 650.0, None]

    @pytest.mark.parametrize(("watts", "told"), [(700.0, 0), (600.0, 0), (300.0, 1), (1_200.0, 1)])
    def test_energy_that_contradicts_the_power_is_told(self, watts: float, told: int) -> None:
        energy = [7_000_000.0 * step for step in range(20)]
        found = self.answered(
            ("DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION", energy, {}), ("DCGM_FI_DEV_POWER_USAGE", [watts] * 20, {})
        )
        assert len(only(found, Note)) == told

    def test_blanks_of_the_driver_are_no_values(self) -> None:
        blanks = [1.4e16, 2147483632, 140737488355328, 9.3e18]
        found = self.answered(("DCGM_FI_DEV_POWER_USAGE", blanks, {}))
        assert only(found, Row) == []
        assert Ignored("blank values left out", 4) in found

    def test_a_slice_bears_no_power_and_the_whole_card_is_left_out_beside_it(self) -> None:
        cut = {"GPU_I_ID": "1", "GPU_I_PROFILE": "1g.10gb"}
        found = self.answered(
            ("DCGM_FI_PROF_SM_ACTIVE", [0.5], cut),
            ("DCGM_FI_DEV_POWER_USAGE", [300], cut),
            ("DCGM_FI_DEV_POWER_USAGE", [300], {}),
        )
        (row,) = only(found, Row)
        assert (row.values["gpu_uuid"], row.values["sm_active"]) == ("GPU-1-gi-1", 0.5)
        assert "power_w" not in row.values
        assert str(row.values["gpu_model"]).endswith("MIG 1g.10gb")

    def test_a_card_that_two_pods_use_in_turns_is_refused_with_what_to_do(self) -> None:
        found = self.answered(
            ("DCGM_FI_DEV_GPU_UTIL", [50, 50], {}), ("DCGM_FI_DEV_GPU_UTIL", [50, 50], {"exported_pod": "q-0"})
        )
        assert only(found, Row) == []
        assert [item.remedy for item in only(found, Refused)] == [
            "Give each its own MIG slice, or feed allocations of shared accelerators as their own export"
        ] * 2

    def test_a_series_without_a_pod_beside_one_with_it_is_not_sharing(self) -> None:
        nobody = {"exported_pod": "", "exported_namespace": ""}
        found = self.answered(("DCGM_FI_DEV_GPU_UTIL", [50], {}), ("DCGM_FI_DEV_POWER_USAGE", [300], nobody))
        assert [row.values["gpu_util"] for row in only(found, Row)] == [0.5]

    @pytest.mark.parametrize("name", ["prometheus", "infiniband", "board_power"])
    @pytest.mark.parametrize("time", [1e308, -1e308, 0, T * 1_000])
    def test_a_sample_of_an_impossible_time_is_counted_not_a_crash(self, name: str, time: float) -> None:
        metric = {"__name__": telemetry_adapters()[name].metrics[0], "UUID": "GPU-1", "instance": "n:1"}
        series = {"metric": metric, "values": [[time, "5"], [time, "6"]]}
        found = rows_of(name, {"status": "success", "data": {"resultType": "matrix", "result": [series]}})
        assert found == [Ignored("samples without a possible time", 2)]

    @pytest.mark.parametrize("body", ["[]", "{}", '{"status":"error","error":"secret query"}', "nothing"])
    def test_what_is_no_answer_is_refused_whole_without_its_words(self, body: str) -> None:
        with pytest.raises(AdaptedFault) as caught:
            rows_of("prometheus", body)
        assert "secret" not in str(caught.value)


class TestSlurm:
    def job(self, **changes: Any) -> dict[str, Any]:
        gpus = [{"type": "gres", "name": "gpu:h100", "count": 4}]
        base = {"job_id": 1, "account": "a", "user": "u", "allocation_nodes": 1, "state": {"current": ["COMPLETED"]}}
        return {**base, "time": {"start": T, "end": T + 60}, "tres": {"allocated": gpus}, **changes}

    @pytest.mark.parametrize("end", [T + 60, {"set": True, "infinite": False, "number": T + 60}])
    @pytest.mark.parametrize("state", ["COMPLETED", ["COMPLETED"]])
    def test_numbers_and_states_of_older_and_newer_releases(self, end: Any, state: Any) -> None:
        (row,) = only(
            rows_of("sacct", {"jobs": [self.job(time={"start": T, "end": end}, state={"current": state})]}), Row
        )
        assert row.values["ended_at"] == (T + 60) * 1_000_000
        assert (row.values["node_count"], row.values["gpu_count"]) == (1, 4)

    @pytest.mark.parametrize(
        "end", [0, None, {"set": False, "infinite": False, "number": 0}, {"set": True, "infinite": True}]
    )
    def test_a_running_job_has_no_end(self, end: Any) -> None:
        found = rows_of("sacct", {"jobs": [self.job(time={"start": T, "end": end}, state={"current": ["RUNNING"]})]})
        assert [row.values["ended_at"] for row in only(found, Row)] == [None]
        assert only(found, Note) == []

    def test_a_tree_of_accounts_that_runs_in_a_circle_ends(self) -> None:
        tree = [{"account": "a", "parent_account": "b"}, {"account": "b", "parent_account": "a"}]
        (row,) = only(rows_of("sacct", {"associations": tree, "jobs": [self.job()]}), Row)
        assert [item.name for item in row.holders["account_id"]] == ["a", "b", "u"]

    @pytest.mark.parametrize("name", ["shard", "mps"])
    def test_shares_of_a_card_are_refused(self, name: str) -> None:
        found = rows_of(
            "sacct", {"jobs": [self.job(tres={"allocated": [{"type": "gres", "name": name, "count": 50}]})]}
        )
        assert only(found, Row) == [] and len(only(found, Refused)) == 1


class TestKubernetes:
    def pod(self, **resources: str) -> dict[str, Any]:
        names = {name.replace("__", "/").replace("_", "."): value for name, value in resources.items()}
        spec = {"nodeName": "n", "containers": [{"resources": {"limits": names}}]}
        return {
            "kind": "Pod",
            "metadata": {"name": "p-0", "namespace": "a"},
            "spec": spec,
            "status": {"startTime": "2026-01-01T10:00:00Z", "phase": "Running"},
        }

    def node(self, **labels: str) -> dict[str, Any]:
        return {
            "kind": "Node",
            "metadata": {"name": "n", "labels": {f"nvidia.com/gpu.{key}": text for key, text in labels.items()}},
        }

    @pytest.mark.parametrize(
        "labels", [{"product": "Tesla-T4-SHARED"}, {"product": "Tesla-T4", "sharing-strategy": "time-slicing"}]
    )
    def test_a_card_shared_in_turns_is_refused(self, labels: dict[str, str]) -> None:
        found = rows_of("kubernetes", {"items": [self.node(**labels), self.pod(nvidia_com__gpu="1")]})
        assert only(found, Row) == [] and len(only(found, Refused)) == 1

    def test_a_slice_is_named_and_a_sharing_node_may_still_have_slices(self) -> None:
        pod = self.pod()
        pod["spec"]["containers"][0]["resources"]["limits"] = {"nvidia.com/mig-1g.10gb": "2"}
        (row,) = only(rows_of("kubernetes", {"items": [self.node(product="NVIDIA-H100-80GB-HBM3"), pod]}), Row)
        assert (row.values["gpu_model"], row.values["gpu_count"]) == ("NVIDIA-H100-80GB-HBM3 MIG 1g.10gb", 2)

    def test_a_list_without_pods_is_refused_whole(self) -> None:
        with pytest.raises(AdaptedFault, match="holds no pods"):
            rows_of("kubernetes", {"kind": "ServiceList", "items": [{"kind": "Service", "metadata": {}}]})


class TestFlows:
    def test_nfdump_gives_both_ways_and_stops_at_its_summary(self) -> None:
        lines = [
            "ts,te,td,sa,da,sp,dp,pr,ibyt,obyt",
            "2026-01-01 10:00:00,2026-01-01 10:00:09,9.0,10.0.0.1,10.0.0.2,1,2,TCP,500,70",
            "Summary",
            "flows,bytes",
        ]
        found = only(rows_of("netflow", *lines), Row)
        assert [(row.values["src_node"], row.values["dst_node"], row.values["bytes"]) for row in found] == [
            ("10.0.0.1", "10.0.0.2", 500.0),
            ("10.0.0.2", "10.0.0.1", 70.0),
        ]

    def test_the_newer_columns_of_nfdump_are_known(self) -> None:
        lines = [
            "firstSeen,duration,proto,srcAddr,srcPort,dstAddr,dstPort,packets,bytes,flows",
            "2026-01-01 10:00:00,0.5,6,10.0.0.1,1,10.0.0.2,2,3,4000,1",
        ]
        (row,) = only(rows_of("netflow", *lines), Row)
        assert (row.values["bytes"], row.values["seconds"]) == (4000.0, 1.0)

    def test_ports_and_protocols_never_come_out(self) -> None:
        sample = telemetry_adapters()["netflow"].sample.read_text().splitlines()
        for row in only(rows_of("netflow", *sample), Row):
            assert set(row.values) == {"time", "seconds", "src_node", "dst_node", "bytes"}

    def test_records_of_one_second_keep_apart_and_a_record_keeps_its_moment(self) -> None:
        head = "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status flow-direction"
        lines = [f"5 1 eni-a 10.0.0.1 10.0.0.2 {port} 2 6 1 9 {T} {T + 60} ACCEPT OK egress" for port in range(50)]
        first = [row.values["time"] for row in only(rows_of("netflow", head, *lines), Row)]
        again = [row.values["time"] for row in only(rows_of("netflow", head, *reversed(lines)), Row)]
        assert len(set(first)) == 50 and sorted(first) == sorted(again)
        assert all(T * 10**6 <= moment < (T + 1) * 10**6 for moment in first)


class TestTheLoader:
    def folder(self, root: Path, **changes: str) -> Path:
        sample = telemetry_adapters()["opencost"].folder
        made = root / "opencost"
        made.mkdir()
        for name in ("adapter.yml", "adapter.py", "sample.jsonl", "expected.jsonl"):
            text = changes.get(name.partition(".")[0] + "_" + name.partition(".")[2], (sample / name).read_text())
            (made / name).write_text(text)
        return root

    def test_a_whole_folder_is_taken(self, tmp_path: Path) -> None:
        (item,) = read_adapters(self.folder(tmp_path))
        assert (item.id, item.form) == ("opencost", "json")

    @pytest.mark.parametrize(
        ("change", "problem"),
        [
            ({"expected_jsonl": " "}, "has no expected.jsonl"),
            ({"adapter_yml": "id: other\n"}, "'id' is 'other'"),
            ({"adapter_yml": "id: opencost\ntitel: x\n"}, "product|title"),
        ],
    )
    def test_what_is_missing_or_misspelt_is_refused_with_its_file(
        self, tmp_path: Path, change: dict[str, str], problem: str
    ) -> None:
        with pytest.raises(ContentError, match=problem):
            read_adapters(self.folder(tmp_path, **change))
