"""What each step of the daily run has worked through, so that it can look at what arrived since."""

import sqlalchemy as sa
from alembic import op

revision = "app_0003"
down_revision = "app_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "run_seen",
        sa.Column("step", sa.Text, primary_key=True),
        sa.Column("files", sa.Text, nullable=False),
        sa.Column("mark", sa.Text, nullable=False),
        sa.Column("waiting", sa.Text, nullable=False),
    )
