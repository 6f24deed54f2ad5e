"""Which commands there are, in the order that help shows them, and the room that owns each."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One command or group: its name, the module and attribute that hold it, and its line in the help."""

    name: str
    module: str
    attribute: str
    help: str
    panel: str


_START, _WORK, _LOOK, _PROVE = "Start", "Daily work", "Look closer", "Prove and maintain"

COMMANDS = (
    Entry("demo", "server", "demo", "Run the whole job on an invented provider.", _START),
    Entry("init", "app", "init", "Make a workspace.", _START),
    Entry("map", "accounts", "map_exports", "Propose a column mapping for your own exports.", _START),
    Entry("doctor", "app", "doctor", "Tell what is missing, and which checks your data allows.", _START),
    Entry("lists", "app", "lists", "Load, show and compare sanctions lists.", _WORK),
    Entry("refs", "events", "app", "Load and show address references (country, network, VPN).", _WORK),
    Entry("ingest", "app", "ingest", "Read an export or raw logs into the workspace.", _WORK),
    Entry("run", "app", "run", "Do everything that is due: ingest, screen, detect, open cases.", _WORK),
    Entry("watch", "app", "watch", "Read files of a folder as they come, and find at once what they change.", _WORK),
    Entry("verify", "app", "verify", "Decide sign-ups: clear, review or stop, with reasons.", _WORK),
    Entry("customers", "app", "customers", "Show and record how far customers are verified.", _WORK),
    Entry("cases", "cases", "app", "Show, claim and decide cases.", _WORK),
    Entry("share", "sharing", "app", "Share indicators with other houses, and judge what they send.", _WORK),
    Entry("report", "reports", "app", "Make papers about cases, and take them through approval.", _WORK),
    Entry("findings", "findings", "findings", "Show what was found.", _LOOK),
    Entry("screen", "screening", "screen", "Screen a file of parties against the loaded lists.", _LOOK),
    Entry("screening", "app", "screening", "Show where accounts stand; set known false positives aside.", _LOOK),
    Entry("compare", "screening", "compare", "Compare two names, or a file of pairs.", _LOOK),
    Entry("link", "linking", "app", "Show which accounts are one hand, and why.", _LOOK),
    Entry("workload", "workloads", "app", "Show how much compute was used, by whom, and of what sort.", _LOOK),
    Entry("institutions", "institutions", "app", "Load registries of institutions; resolve affiliations.", _LOOK),
    Entry("observatory", "observatory", "app", "Read publications: who publishes what with whom.", _LOOK),
    Entry("conference", "conference", "app", "Screen submissions with safeguards; ask, decide, brief.", _LOOK),
    Entry("education", "conference.education", "app", "Build material that teaches; register who learned.", _LOOK),
    Entry("rules", "detections", "app", "Show, test and write detection rules.", _LOOK),
    Entry("explain", "app", "explain", "Explain a finding, case, account, list entry, rule or policy.", _LOOK),
    Entry("replay", "app", "replay", "Decide a past sign-up again on that day's lists and policies.", _PROVE),
    Entry("audit", "app", "audit", "Verify, export and prove the audit log.", _PROVE),
    Entry("retention", "app", "retention", "Show and forget whose records need not be kept.", _PROVE),
    Entry("forget", "app", "forget", "Destroy what is held of one customer.", _PROVE),
    Entry("evaluate", "app", "evaluate", "Measure the result against known truth.", _PROVE),
    Entry("serve", "server", "serve", "Answer over HTTP: sign-ups, screening, lists, findings.", _PROVE),
    Entry("keys", "server", "keys", "Make, list and revoke keys for programs.", _PROVE),
    Entry("people", "server", "people", "Invite people, give them roles, and keep them out.", _PROVE),
    Entry("login", "server", "login", "Sign in at the terminal, so that decisions bear your name.", _PROVE),
    Entry("logout", "server", "logout", "Sign out at the terminal.", _PROVE),
    Entry("targets", "server", "targets", "Send messages about changes to other systems.", _PROVE),
    Entry("backup", "server", "backup", "Write the whole workspace into one file.", _PROVE),
    Entry("restore", "server", "restore", "Restore a backup into a new folder, and verify it.", _PROVE),
    Entry("config", "app", "config", "Show settings and where each comes from.", _PROVE),
)
