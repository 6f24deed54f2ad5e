"""What is shared, with whom, what came in, and what was disclosed by name."""

import sqlalchemy as sa
from alembic import op

revision = "sharing_0001"
down_revision = None
branch_labels = ("sharing",)
depends_on = None


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def upgrade() -> None:
    op.create_table(
        "sharing_object",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("seq", sa.BigInteger, nullable=False, index=True),
        *_text("kind", "tier", "marking", "modified", "valid_until", "source", "body", "made_by", "recorded_at"),
        sa.Column("recalled", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "sharing_collection",
        sa.Column("id", sa.Text, primary_key=True),
        *_text("alias", "title", "description", "tier", "most", "created_at"),
    )
    op.create_table(
        "sharing_peer",
        sa.Column("id", sa.Text, primary_key=True),
        *_text("name", "contact", "created_at", "reads", "writes", "token_hash", "public_key", "fingerprint", "url"),
        sa.Column("private", sa.BigInteger, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("revoked_at", sa.Text, nullable=True),
    )
    op.create_table(
        "sharing_member",
        sa.Column("collection", sa.Text, primary_key=True),
        sa.Column("object_id", sa.Text, primary_key=True),
        sa.Column("version", sa.Text, primary_key=True),
        sa.Column("owner", sa.Text, primary_key=True),
        sa.Column("seq", sa.BigInteger, nullable=False),
        *_text("date_added", "type", "spec_version", "body"),
    )
    op.create_index("sharing_member_order", "sharing_member", ["collection", "seq"])
    op.create_index("sharing_member_seq", "sharing_member", ["seq"])
    op.create_table(
        "sharing_taken",
        sa.Column("peer", sa.Text, primary_key=True),
        sa.Column("collection", sa.Text, primary_key=True),
        sa.Column("through", sa.BigInteger, nullable=False),
        *_text("changed_at"),
    )
    op.create_table(
        "sharing_delivery",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("peer", sa.Text, nullable=False),
        sa.Column("object_id", sa.Text, nullable=False, index=True),
        *_text("version", "state", "made_at", "next_at", "fault"),
        sa.Column("attempts", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "sharing_inbound",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("seq", sa.BigInteger, nullable=False, index=True),
        *_text("source", "object_id", "version", "kind", "state", "valid_until", "received_at"),
        *_text("decided_by", "decided_at", "reason", "body"),
    )
    op.create_index("sharing_inbound_state", "sharing_inbound", ["state", "source", "seq"])
    op.create_table(
        "sharing_disclosure",
        sa.Column("id", sa.Text, primary_key=True),
        *_text("case_id", "recipient", "ground", "state", "sha256", "made_by", "made_at", "left_at"),
        sa.Column("request_id", sa.Text, nullable=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "sharing_status",
        sa.Column("id", sa.Text, primary_key=True),
        *_text("peer", "made_at", "body"),
    )
    op.create_table(
        "sharing_nonce",
        sa.Column("peer", sa.Text, primary_key=True),
        sa.Column("nonce", sa.Text, primary_key=True),
        *_text("seen_at"),
    )
    op.create_table(
        "sharing_pulled",
        sa.Column("peer", sa.Text, primary_key=True),
        sa.Column("collection", sa.Text, primary_key=True),
        *_text("until"),
    )
