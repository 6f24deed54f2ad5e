"""Registry versions, and which of them is in force."""

import sqlalchemy as sa
from alembic import op

revision = "institutions_0001"
down_revision = None
branch_labels = ("institutions",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "registry_version",
        sa.Column("registry", sa.Text, primary_key=True),
        sa.Column("version", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("content_hash", sa.Text, nullable=False, index=True),
        sa.Column("entries_hash", sa.Text, nullable=False),
        sa.Column("published", sa.Text, nullable=True),
        sa.Column("loaded_at", sa.Text, nullable=False),
        sa.Column("organisations", sa.BigInteger, nullable=False),
        sa.Column("names", sa.BigInteger, nullable=False),
        sa.Column("in_force", sa.BigInteger, nullable=False),
        sa.Column("forced", sa.Text, nullable=False),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("file_hash", sa.Text, nullable=False),
        sa.Column("ignored", sa.Text, nullable=False),
        sa.Column("refused", sa.BigInteger, nullable=False),
    )
