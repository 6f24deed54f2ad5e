"""Measures how fast CloudTrail records reach the lake: the command end to end, and the adapter alone.

Run: python -m bench.ingest [EVENTS]. The trail is invented from a seed in a temporary folder before the clock starts; the
workspace has country, network and class lists of its own, so that addresses are looked up as in a real run.
"""

from __future__ import annotations

import json
import random
import resource
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from bench.daily_run import vedette
from vedette.events.discover import adapter
from vedette.events.records import records

_SEED = 20261125
_BUDGET = 50_000
_BATCH = 20_000
_CALLS = (
    ("ec2", "DescribeInstances", True, {"instancesSet": {"items": [{"instanceId": "i-0a1b2c3d4e5f60718"}]}}),
    ("s3", "GetObject", True, {"bucketName": "research-artefacts", "key": "models/checkpoint-000123.pt"}),
    ("sts", "AssumeRole", True, {"roleArn": "arn:aws:iam::111122223333:role/builder", "roleSessionName": "nightly"}),
    ("iam", "ListUsers", True, None),
    ("ec2", "RunInstances", False, {"instanceType": "p5.48xlarge", "imageId": "ami-0123456789abcdef0", "minCount": 1}),
    ("signin", "ConsoleLogin", False, None),
    ("kms", "Decrypt", True, {"encryptionContext": {"aws:s3:arn": "arn:aws:s3:::research-artefacts"}}),
    ("logs", "CreateLogStream", False, {"logGroupName": "/app/train", "logStreamName": "worker-7"}),
)
_AGENTS = (
    "aws-cli/2.15.30 Python/3.11.8 Linux/6.1.79 exe/x86_64.amzn.2023",
    "Boto3/1.34.69 md/Botocore#1.34.69 ua/2.0 os/linux#6.1 lang/python#3.11",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/123.0.0.0 Safari/537.36",
    "APN/1.0 HashiCorp/1.0 Terraform/1.7.5 aws-sdk-go-v2/1.26.0",
)


def trail(count: int, seed: int = _SEED) -> Iterator[str]:
    """That many records as lines of JSON, about 1.3 kB each; two in a thousand repeat an earlier one."""
    draw = random.Random(seed)
    earlier: list[str] = []
    for number in range(count):
        if earlier and draw.random() < 0.002:
            yield draw.choice(earlier)
            continue
        line = json.dumps(_record(draw, number), separators=(",", ":"))
        if len(earlier) < 1_000:
            earlier.append(line)
        yield line


def _record(draw: random.Random, number: int) -> dict[str, object]:
    service, name, read_only, asked = draw.choice(_CALLS)
    tenant = f"{100_000_000_000 + draw.randrange(2_000)}"
    second = 1_767_225_600 + number * 86_400 * 30 // 1_000_000
    user = f"user{draw.randrange(20_000)}"
    return {
        "eventVersion": "1.09",
        "userIdentity": {
            "type": "AssumedRole",
            "principalId": f"AROA{draw.getrandbits(64):016X}:{user}",
            "arn": f"arn:aws:sts::{tenant}:assumed-role/engineer/{user}",
            "accountId": tenant,
            "accessKeyId": f"ASIA{draw.getrandbits(64):016X}",
            "sessionContext": {
                "sessionIssuer": {
                    "type": "Role",
                    "principalId": "AROAEXAMPLEEXAMPLE",
                    "arn": f"arn:aws:iam::{tenant}:role/engineer",
                    "accountId": tenant,
                    "userName": "engineer",
                },
                "attributes": {"creationDate": "2026-01-01T00:00:00Z", "mfaAuthenticated": "false"},
            },
        },
        "eventTime": _stamp(second),
        "eventSource": f"{service}.amazonaws.com",
        "eventName": name,
        "awsRegion": draw.choice(("us-east-1", "eu-central-1", "ap-northeast-2")),
        "sourceIPAddress": f"20.{draw.randrange(16)}.{draw.randrange(256)}.{draw.randrange(256)}",
        "userAgent": draw.choice(_AGENTS),
        "requestParameters": asked,
        "responseElements": {"ConsoleLogin": "Success"} if name == "ConsoleLogin" else None,
        "requestID": _uuid(draw),
        "eventID": _uuid(draw),
        "readOnly": read_only,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": tenant,
        "eventCategory": "Management",
        "tlsDetails": {
            "tlsVersion": "TLSv1.3",
            "cipherSuite": "TLS_AES_128_GCM_SHA256",
            "clientProvidedHostHeader": f"{service}.us-east-1.amazonaws.com",
        },
    }


def _stamp(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _uuid(draw: random.Random) -> str:
    digits = f"{draw.getrandbits(128):032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def written(path: Path, count: int) -> int:
    """Write a trail; returns its bytes."""
    lines = trail(count)
    with path.open("w", encoding="ascii") as file:
        while batch := [line for _, line in zip(range(_BATCH), lines, strict=False)]:
            file.write("\n".join(batch) + "\n")
    return path.stat().st_size


def references(folder: Path) -> list[Path]:
    """Lists of countries, networks and VPN ranges that cover the invented addresses."""
    blocks = [f"20.{second}.{third}." for second in range(16) for third in range(0, 256, 4)]
    texts = {
        "geo.csv": "start,end,country\n" + "".join(f"{block}0,{block}255,US\n" for block in blocks),
        "asn.csv": "start,end,asn,org\n" + "".join(f"{block}0,{block}255,{64_500},Example\n" for block in blocks),
        "vpn.txt": "".join(f"{block}128/25\n" for block in blocks[::10]),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="ascii")
    return [folder / name for name in texts]


def alone(path: Path) -> float:
    """Events a second through reading and the adapter, in one process, nothing stored."""
    reader = adapter("cloudtrail")
    started = perf_counter()
    count = 0
    for item in records(path, reader):
        if item.event is None and item.record is not None:
            reader.event(item.record)
        count += 1
    return count / (perf_counter() - started)


def _processor() -> float:
    """Seconds of processor time of all ended commands and their processes: other work on the machine does not count."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main(count: int) -> None:
    """Invent, ingest, print."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        path, small = root / "trail.jsonl", root / "small.jsonl"
        size = written(path, count)
        written(small, min(count, 100_000))
        workspace = root / "ws"
        vedette(workspace, "init", str(workspace))
        vedette(workspace, "refs", "load", *map(str, references(root)))
        started, worked = perf_counter(), _processor()
        row = json.loads(vedette(workspace, "ingest", "--adapter", "cloudtrail", str(path), "--json").splitlines()[-1])
        seconds, spent = perf_counter() - started, _processor() - worked
        assert row["read"] == count == row["stored"] + row["duplicates"] + row["refused_count"]
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"CloudTrail (invented, seed {_SEED}): {count:,} events, {size / 1e6:,.0f} MB of JSON lines")
        print(f"  ingest, whole command   {count / seconds:>10,.0f} events/s   {seconds:.1f} s   budget {_BUDGET:,}")
        print(
            f"  processor time          {spent * 1e6 / count:>10.1f} us an event: {2 * count / spent:,.0f} events/s on two idle cores"
        )
        print(f"  stored {row['stored']:,}, duplicates {row['duplicates']:,}, refused {row['refused_count']:,}")
        print(f"  adapter alone, one core {alone(small):>10,.0f} events/s")
        print(f"  peak memory of the largest process {peak:,.0f} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
