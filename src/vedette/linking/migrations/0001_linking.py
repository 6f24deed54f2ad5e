"""Actors and their accounts, links, what happened to actors, people's words on pairs, and the last refresh."""

import sqlalchemy as sa
from alembic import op

revision = "linking_0001"
down_revision = None
branch_labels = ("linking",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "linking_member",
        sa.Column("account_id", sa.Text, primary_key=True),
        sa.Column("actor_id", sa.Text, nullable=False, index=True),
        sa.Column("link_bits", sa.Float, nullable=False),
    )
    op.create_table(
        "linking_actor",
        sa.Column("actor_id", sa.Text, primary_key=True),
        sa.Column("since", sa.Text, nullable=False),
        sa.Column("review", sa.Text, nullable=False),
    )
    op.create_table(
        "linking_link",
        sa.Column("left_account", sa.Text, primary_key=True),
        sa.Column("right_account", sa.Text, primary_key=True),
        sa.Column("bits", sa.Float, nullable=False),
        sa.Column("parts", sa.Text, nullable=False),
    )
    op.create_table(
        "linking_event",
        sa.Column("leaf_index", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("actor_id", sa.Text, nullable=False, index=True),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("accounts", sa.Text, nullable=False),
        sa.Column("other", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
    )
    op.create_table(
        "linking_judgement",
        sa.Column("left_account", sa.Text, primary_key=True),
        sa.Column("right_account", sa.Text, primary_key=True),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
    )
    op.create_table(
        "linking_refresh",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("inputs", sa.Text, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
    )
