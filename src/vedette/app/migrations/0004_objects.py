"""Which objects of buckets were read, and how, so that they are not fetched again."""

import sqlalchemy as sa
from alembic import op

revision = "app_0004"
down_revision = "app_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "read_object",
        sa.Column("address", sa.Text, primary_key=True),
        sa.Column("reading", sa.Text, primary_key=True),
        sa.Column("etag", sa.Text, nullable=False),
        sa.Column("read_at", sa.Text, nullable=False),
    )
