"""People join, choose and leave by themselves; what is on record only grows."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_KEPT = "a word of consent is never changed and never deleted - add another one"
_CHANGES = ("UPDATE", "DELETE")
_SQLITE = """
CREATE TRIGGER consents_keep_{change} BEFORE {change} ON consents
BEGIN SELECT RAISE(ABORT, '{kept}'); END
"""
_REPLACED_IN_SQLITE = """
CREATE TRIGGER consents_keep_REPLACE BEFORE INSERT ON consents
WHEN EXISTS (SELECT 1 FROM consents WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, '{kept}'); END
"""
_FUNCTION = """
CREATE OR REPLACE FUNCTION keep_consents() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{kept}'; END $$
"""
_POSTGRESQL = """
CREATE TRIGGER consents_keep BEFORE UPDATE OR DELETE ON consents
FOR EACH ROW EXECUTE FUNCTION keep_consents()
"""
_EMPTIED_IN_POSTGRESQL = """
CREATE TRIGGER consents_keep_all BEFORE TRUNCATE ON consents
FOR EACH STATEMENT EXECUTE FUNCTION keep_consents()
"""

# What people of the team wrote as a ground, or what names an address: it may be about one person,
# so it stands where erasing somebody takes it.
_TRACES = (
    (
        "INSERT INTO traces (consent_id, note) SELECT id, source FROM consents"
        " WHERE source LIKE '%@%' OR source LIKE '% (noted by %)'"
    ),
    "UPDATE consents SET source = 'the team' WHERE source LIKE '% (noted by %)'",
    "UPDATE consents SET source = '' WHERE source LIKE '%@%'",
)


def _part_what_is_personal(connection: sa.Connection) -> None:
    for statement in _TRACES:
        connection.execute(sa.text(statement))


def _keep_consents(connection: sa.Connection) -> None:
    """Whoever has the database at hand cannot change what people have agreed to, either."""
    if connection.dialect.name == "sqlite":
        statements = [_SQLITE.format(change=change, kept=_KEPT) for change in _CHANGES]
        statements.append(_REPLACED_IN_SQLITE.format(kept=_KEPT))
    else:
        statements = [_FUNCTION.format(kept=_KEPT), _POSTGRESQL, _EMPTIED_IN_POSTGRESQL]
    for statement in statements:
        connection.exec_driver_sql(statement)


def upgrade() -> None:
    op.create_table(
        "erasures",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("fields", sa.Integer(), server_default="0", nullable=False),
        sa.Column("subscriptions", sa.Integer(), server_default="0", nullable=False),
        sa.Column("deliveries", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_erasures")),
    )
    op.create_table(
        "limits",
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("next_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_limits")),
    )
    op.create_index("ix_limits_next_at", "limits", ["next_at"], unique=False)
    op.create_table(
        "reader_mails",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("about", sa.Text(), server_default="", nullable=False),
        sa.Column("address", sa.Text(), server_default="", nullable=False),
        sa.Column("address_key", sa.Text(), server_default="", nullable=False),
        sa.Column("subject_id", sa.Text(), server_default="", nullable=False),
        sa.Column("audience", sa.Text(), server_default="", nullable=False),
        sa.Column("form", sa.Text(), server_default="", nullable=False),
        sa.Column("locale", sa.Text(), server_default="", nullable=False),
        sa.Column("via", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), server_default="", nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempt", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reader_mails")),
    )
    op.create_index(
        "ix_reader_mails_address", "reader_mails", ["address_key", "made_at"], unique=False
    )
    op.create_index(
        "ix_reader_mails_waiting",
        "reader_mails",
        ["due"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "reasons",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audience", sa.Text(), server_default="", nullable=False),
        sa.Column("edition_id", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("remark", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reasons")),
    )
    op.create_index(op.f("ix_reasons_edition_id"), "reasons", ["edition_id"], unique=False)
    op.create_table(
        "sign_ups",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), server_default="", nullable=False),
        sa.Column("email", sa.Text(), server_default="", nullable=False),
        sa.Column("email_key", sa.Text(), server_default="", nullable=False),
        sa.Column("audiences", sa.JSON(), nullable=False),
        sa.Column("profile", sa.JSON(), nullable=False),
        sa.Column("wording", sa.Text(), server_default="", nullable=False),
        sa.Column("page", sa.Text(), server_default="", nullable=False),
        sa.Column("network", sa.Text(), server_default="", nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ups")),
        sa.UniqueConstraint("public_id", name=op.f("uq_sign_ups_public_id")),
    )
    op.create_index(op.f("ix_sign_ups_email_key"), "sign_ups", ["email_key"], unique=False)
    op.create_index(
        "ix_sign_ups_open",
        "sign_ups",
        ["asked_at"],
        unique=False,
        sqlite_where=sa.text("confirmed_at IS NULL"),
        postgresql_where=sa.text("confirmed_at IS NULL"),
    )
    op.create_table(
        "suppressed_domains",
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("domain", name=op.f("pk_suppressed_domains")),
    )
    op.create_table(
        "suppression_words",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("target", sa.Text(), server_default="", nullable=False),
        sa.Column("what", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppression_words")),
    )
    op.create_index(
        op.f("ix_suppression_words_target"), "suppression_words", ["target"], unique=False
    )
    op.create_table(
        "wordings",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wordings")),
    )
    op.create_table(
        "address_changes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column(
            "subscriber_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("email", sa.Text(), server_default="", nullable=False),
        sa.Column("email_key", sa.Text(), server_default="", nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name=op.f("fk_address_changes_subscriber_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_changes")),
        sa.UniqueConstraint("public_id", name=op.f("uq_address_changes_public_id")),
    )
    op.create_index(
        op.f("ix_address_changes_subscriber_id"), "address_changes", ["subscriber_id"], unique=False
    )
    op.create_table(
        "amendments",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("edition_id", sa.Text(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("by", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_amendments_edition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendments")),
    )
    op.create_index(op.f("ix_amendments_edition_id"), "amendments", ["edition_id"], unique=False)
    op.create_table(
        "welcomes",
        sa.Column(
            "subscriber_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edition_id", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name=op.f("fk_welcomes_subscriber_id")
        ),
        sa.PrimaryKeyConstraint("subscriber_id", "campaign", name=op.f("pk_welcomes")),
    )
    op.create_index(
        "ix_welcomes_open",
        "welcomes",
        ["asked_at"],
        unique=False,
        sqlite_where=sa.text("edition_id = ''"),
        postgresql_where=sa.text("edition_id = ''"),
    )
    op.create_table(
        "traces",
        sa.Column(
            "consent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("email", sa.Text(), server_default="", nullable=False),
        sa.Column("network", sa.Text(), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["consent_id"], ["consents.id"], name=op.f("fk_traces_consent_id")),
        sa.PrimaryKeyConstraint("consent_id", name=op.f("pk_traces")),
    )
    op.add_column("consents", sa.Column("form", sa.Text(), server_default="", nullable=False))
    op.add_column("consents", sa.Column("page", sa.Text(), server_default="", nullable=False))
    op.add_column("consents", sa.Column("wording", sa.Text(), server_default="", nullable=False))
    op.add_column("consents", sa.Column("confirmed", sa.Text(), server_default="", nullable=False))
    op.add_column(
        "subscribers", sa.Column("link_version", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column(
        "subscribers",
        sa.Column("profile_own", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column("subscribers", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "subscriptions", sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True)
    )
    op.create_index(
        "ix_subscriptions_paused_until",
        "subscriptions",
        ["paused_until"],
        unique=False,
        sqlite_where=sa.text("paused_until IS NOT NULL"),
        postgresql_where=sa.text("paused_until IS NOT NULL"),
    )
    op.add_column("editions", sa.Column("welcome_of", sa.Text(), server_default="", nullable=False))
    op.create_index(
        "ix_editions_past",
        "editions",
        [
            *("campaign", "number", "slot", "state"),
            *("id", "approved_fingerprint", "addressed_at", "welcome_of"),
        ],
        unique=False,
    )
    op.add_column("suppressions", sa.Column("source", sa.Text(), server_default="", nullable=False))
    _part_what_is_personal(op.get_bind())
    _keep_consents(op.get_bind())
