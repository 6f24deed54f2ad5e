"""Finds the links of an account from either side."""

from alembic import op

revision = "linking_0002"
down_revision = "linking_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_linking_link_right_account", "linking_link", ["right_account"])
