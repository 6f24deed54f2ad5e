"""The share of events that stands in a raw cloud log: records of the form of AWS CloudTrail, a file a day."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from vedette.simulate.activity import CONSOLE, Events, Flags, Ints
from vedette.simulate.export import agent, file_order, times, zipped
from vedette.simulate.world import DAY, World

_SHARE_OF_MEMBERS = 0.4
_UNMAPPED = 0.01
_ACTIONS = (
    ("ec2", "DescribeInstances", True, 22),
    ("s3", "ListBuckets", True, 10),
    ("s3", "GetBucketAcl", True, 8),
    ("sts", "GetCallerIdentity", True, 10),
    ("sts", "AssumeRole", True, 12),
    ("ec2", "RunInstances", False, 7),
    ("ec2", "StopInstances", False, 4),
    ("ec2", "TerminateInstances", False, 4),
    ("ec2", "AuthorizeSecurityGroupIngress", False, 2),
    ("iam", "ListUsers", True, 4),
    ("iam", "CreateAccessKey", False, 1),
    ("iam", "CreateUser", False, 1),
    ("iam", "AttachUserPolicy", False, 1),
    ("s3", "CreateBucket", False, 2),
    ("kms", "Decrypt", True, 5),
    ("cloudformation", "DescribeStacks", True, 3),
    ("sagemaker", "CreateTrainingJob", False, 2),
    ("widgets", "PolishWidget", False, 2),
)
#: What somebody who took over an account does there: the records go off, disks are shared with somebody outside.
_TAKING = (
    ("cloudtrail", "StopLogging"),
    ("ec2", "ModifySnapshotAttribute"),
    ("ec2", "ModifySnapshotAttribute"),
    ("ec2", "ModifyImageAttribute"),
)
_REGIONS = ("us-east-1", "eu-west-1", "ap-southeast-1")


def members_with_logs(world: World) -> set[int]:
    """The members whose provider keeps a raw log."""
    return {member.index for member in world.members if world.chance(_SHARE_OF_MEMBERS)}


def choose(world: World, events: Events, logged: set[int], wanted: int) -> Flags:
    """Which events stand in the log: about as many as wanted, none of the planted fixed ones."""
    chance = np.random.Generator(np.random.PCG64(world.plan.seed + 2))
    of_member = np.array([each.member in logged for each in world.phases])
    able = of_member[events.phase] & ~events.exact
    share = min(1.0, wanted / max(int(able.sum()), 1))
    found: Flags = able & (chance.random(len(able)) < share)
    return found


def tenant(world: World, member: int) -> str:
    """The twelve-digit number by which the log knows a member."""
    return f"99{int(world.members[member].id[2:]):010d}"


def identities(world: World, logged: set[int]) -> list[dict[str, str]]:
    """Which member a number or a principal belongs to; one in a hundred members has been forgotten."""
    forgotten = {index for index in sorted(logged) if world.chance(_UNMAPPED)}
    users = sorted({(each.member, each.user) for each in world.phases if each.member in logged - forgotten})
    rows = [_identity(world, index, "tenant", tenant(world, index)) for index in sorted(logged - forgotten)]
    rows += [_identity(world, index, "principal", _arn(tenant(world, index), user)) for index, user in users]
    return rows


def _identity(world: World, index: int, kind: str, external: str) -> dict[str, str]:
    member = world.members[index]
    return {
        "account_id": member.id,
        "product": "cloudtrail",
        "kind": kind,
        "external_id": external,
        "valid_from": member.row["opened_at"],
        "valid_to": "",
    }


def _arn(tenant: str, user: str) -> str:
    return f"arn:aws:iam::{tenant}:user/{user}"


def write(folder: Path, world: World, events: Events) -> int:
    """Write the log, one packed file a day; returns the lines written."""
    chance = np.random.Generator(np.random.PCG64(world.plan.seed + 3))
    order = file_order(len(events.time), chance)
    weights = np.array([action[3] for action in _ACTIONS], dtype=float)
    action = chance.choice(len(_ACTIONS), len(events.time), p=weights / weights.sum())
    day = events.time[order] // DAY
    taken = _taken(world, set(events.phase.tolist()))
    for each in sorted({*np.unique(day).tolist(), *taken}):
        rows = order[day == each]
        name = str(np.datetime64(each, "D"))
        with zipped(folder / f"{name}.jsonl.gz") as out:
            out.write("".join(_lines(world, events, rows, action)))
            out.write("".join(taken.get(each, ())))
    return len(order) + sum(map(len, taken.values()))


def _taken(world: World, phases: set[int]) -> dict[int, list[str]]:
    """By day, the calls with which taken-over accounts that have a log are emptied, an hour after the taking over."""
    found: dict[int, list[str]] = {}
    for at in sorted(phases):
        phase, member = world.phases[at], world.members[world.phases[at].member]
        if not phase.planted or member.evasive or member.kind != "account_takeover_rented":
            continue
        for number, (source, name) in enumerate(_TAKING):
            moment = phase.start + 3_600 + 300 * number
            head = _who(tenant(world, phase.member), phase.user, phase.member)
            found.setdefault(moment // DAY, []).append(
                f'{{"eventVersion":"1.09",{head},"eventTime":"{world.stamp(moment)}",{_named(source, name, reads=False)},'
                f'"awsRegion":"{_REGIONS[phase.member % 3]}","sourceIPAddress":"{phase.ips[0]}","userAgent":"aws-cli/2.15",'
                f'"requestID":"{moment:016x}","eventID":"ffff{number:04x}-0000-4000-8000-{at:012x}","managementEvent":true,'
                f'"recipientAccountId":"{tenant(world, phase.member)}","eventCategory":"Management"}}\n'
            )
    return found


def _lines(world: World, events: Events, rows: Ints, action: Ints) -> Iterator[str]:
    part = events.take(rows)
    cells = zip(
        rows.tolist(),
        times(part.time),
        part.phase.tolist(),
        part.ip.tolist(),
        part.device.tolist(),
        part.success.tolist(),
        part.channel.tolist(),
        action[rows].tolist(),
        strict=True,
    )
    for number, time, at, ip, device, success, channel, act in cells:
        phase = world.phases[at]
        machine = part.devices[device] if device >= 0 else ""
        console = channel == CONSOLE and number % 2 == 0
        name = json.dumps(agent(world, machine, channel, number))
        head = _who(tenant(world, phase.member), phase.user, phase.member)
        what = _console(success) if console else _call(act, success)
        yield (
            f'{{"eventVersion":"1.09",{head},"eventTime":"{time}",{what},"awsRegion":"{_REGIONS[phase.member % 3]}",'
            f'"sourceIPAddress":"{part.ips[ip]}","userAgent":{name},"requestID":"{number:016x}",'
            f'"eventID":"{number:08x}-0000-4000-8000-{at:012x}","managementEvent":true,'
            f'"recipientAccountId":"{tenant(world, phase.member)}","eventCategory":"Management"}}\n'
        )


def _who(number: str, user: str, member: int) -> str:
    return (
        f'"userIdentity":{{"type":"IAMUser","principalId":"AIDASIM{member:013d}","arn":"{_arn(number, user)}",'
        f'"accountId":"{number}","userName":"{user}"}}'
    )


def _console(success: bool) -> str:
    word = "Success" if success else "Failure"
    return (
        '"eventSource":"signin.amazonaws.com","eventName":"ConsoleLogin","eventType":"AwsConsoleSignIn",'
        f'"readOnly":false,"requestParameters":null,"responseElements":{{"ConsoleLogin":"{word}"}}'
    )


def _call(act: int, success: bool) -> str:
    source, name, reads, _ = _ACTIONS[act]
    fault = "" if success else '"errorCode":"AccessDenied","errorMessage":"denied",'
    return fault + _named(source, name, reads=reads)


def _named(source: str, name: str, *, reads: bool) -> str:
    return (
        f'"eventSource":"{source}.amazonaws.com","eventName":"{name}","eventType":"AwsApiCall",'
        f'"readOnly":{str(reads).lower()},"requestParameters":null,"responseElements":null'
    )
