"""the first shape"""

import sqlalchemy as sa
from alembic import op

import outreach.db
from outreach.titles import full_text


revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('cover',
    sa.Column('url', sa.String(), nullable=False),
    sa.Column('digest', sa.String(), nullable=True),
    sa.Column('asked_at', outreach.db.UTCDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('url', name=op.f('pk_cover'))
    )
    with op.batch_alter_table('cover', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_cover_asked_at'), ['asked_at'], unique=False)

    op.create_table('district',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('words', sa.JSON(), nullable=False),
    sa.Column('levels', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_district'))
    )
    op.create_table('heartbeat',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('at', outreach.db.UTCDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_heartbeat'))
    )
    op.create_table('library',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('timezone', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('country', sa.String(), nullable=False),
    sa.Column('grades', sa.String(), nullable=False),
    sa.Column('hashtags', sa.String(), nullable=False),
    sa.Column('colour', sa.String(), nullable=False),
    sa.Column('catalog', sa.String(), nullable=False),
    sa.Column('title_link', sa.String(), nullable=False),
    sa.Column('older_shelves', sa.JSON(), nullable=False),
    sa.Column('grace_minutes', sa.Integer(), nullable=False),
    sa.Column('own_approval', sa.Boolean(), nullable=True),
    sa.Column('two_approvals', sa.JSON(), nullable=False),
    sa.Column('consent_register', sa.Boolean(), nullable=False),
    sa.Column('guidelines', sa.String(), nullable=False),
    sa.Column('guidelines_link', sa.String(), nullable=False),
    sa.Column('hashtag_sets', sa.JSON(), nullable=False),
    sa.Column('hours', sa.String(), nullable=False),
    sa.Column('calendar_url', sa.String(), nullable=False),
    sa.Column('calendar_read_at', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('calendar_sentence', outreach.db.SentenceText(), nullable=True),
    sa.Column('calendar_events', sa.JSON(), nullable=False),
    sa.Column('plan_mark', sa.String(), nullable=True),
    sa.Column('plan_key', sa.String(), nullable=False),
    sa.Column('paused_at', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('practice', sa.Boolean(), nullable=False),
    sa.Column('created_at', outreach.db.UTCDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_library')),
    sa.UniqueConstraint('plan_mark', name=op.f('uq_library_plan_mark')),
    sa.UniqueConstraint('slug', name=op.f('uq_library_slug'))
    )
    op.create_table('lookup',
    sa.Column('isbn', sa.String(), nullable=False),
    sa.Column('found', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('asked_at', outreach.db.UTCDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('isbn', name=op.f('pk_lookup'))
    )
    op.create_table('lookup_turn',
    sa.Column('service', sa.String(), nullable=False),
    sa.Column('free_at', outreach.db.UTCDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('service', name=op.f('pk_lookup_turn'))
    )
    op.create_table('mail',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('to', sa.String(), nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('html', sa.Text(), nullable=False),
    sa.Column('gather', sa.Boolean(), nullable=False),
    sa.Column('path', sa.String(), nullable=False),
    sa.Column('about', sa.String(), nullable=True),
    sa.Column('created_at', outreach.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('try_at', outreach.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('sent_at', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('diagnosis', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mail')),
    sa.UniqueConstraint('about', name=op.f('uq_mail_about'))
    )
    with op.batch_alter_table('mail', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_mail_try_at'), ['try_at'], unique=False)

    op.create_table('person',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('password', sa.String(), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('fs_uniquifier', sa.String(), nullable=False),
    sa.Column('district_admin', sa.Boolean(), nullable=False),
    sa.Column('practice', sa.Boolean(), nullable=False),
    sa.Column('theme', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('created_at', outreach.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('tf_primary_method', sa.String(), nullable=True),
    sa.Column('tf_totp_secret', sa.String(), nullable=True),
    sa.Column('fs_webauthn_user_handle', sa.String(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person')),
    sa.UniqueConstraint('email', name=op.f('uq_person_email')),
    sa.UniqueConstraint('fs_uniquifier', name=op.f('uq_person_fs_uniquifier')),
    sa.UniqueConstraint('fs_webauthn_user_handle', name=op.f('uq_person_fs_webauthn_user_handle'))
    )
    op.create_table('account',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('library_id', sa.Integer(), nullable=False),
    sa.Column('network', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('server', sa.String(), nullable=False),
    sa.Column('handle', sa.String(), nullable=False),
    sa.Column('url', sa.String(), nullable=True),
    sa.Column('remote_id', sa.String(), nullable=True),
    sa.Column('picture', sa.String(), nullable=False),
    sa.Column('sealed', sa.String(), nullable=True),
    sa.Column('renewing_until', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('ends_at', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('limits', sa.JSON(), nullable=False),
    sa.Column('answers', sa.String(), nullable=False),
    sa.Column('budget', sa.Integer(), nullable=False),
    sa.Column('paused_at', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('paused_because', outreach.db.SentenceText(), nullable=True),
    sa.Column('checked_at', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('retired_at', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('created_at', outreach.db.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['library_id'], ['library.id'], name=op.f('fk_account_library_id_library'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
    sa.UniqueConstraint('library_id', 'name', name=op.f('uq_account_library_id_name'))
    )
    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_account_library_id'), ['library_id'], unique=False)

    op.create_table('closure',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('library_id', sa.Integer(), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('uid', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['library_id'], ['library.id'], name=op.f('fk_closure_library_id_library'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_closure'))
    )
    with op.batch_alter_table('closure', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_closure_library_id'), ['library_id'], unique=False)

    op.create_table('consent',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('library_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('networks', sa.JSON(), nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('withdrawn_at', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('who', sa.String(), nullable=False),
    sa.Column('created_at', outreach.db.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['library_id'], ['library.id'], name=op.f('fk_consent_library_id_library'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consent')),
    sa.UniqueConstraint('library_id', 'code', name=op.f('uq_consent_library_id_code'))
    )
    op.create_table('digest_rule',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('library_id', sa.Integer(), nullable=False),
    sa.Column('feed_ids', sa.JSON(), nullable=False),
    sa.Column('weekday', sa.Integer(), nullable=False),
    sa.Column('clock', sa.String(), nullable=False),
    sa.Column('most', sa.Integer(), nullable=False),
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('account_ids', sa.JSON(), nullable=False),
    sa.Column('by_itself', sa.Boolean(), nullable=False),
    sa.Column('unchanged_in_a_row', sa.Integer(), nullable=False),
    sa.Column('next_at', outreach.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('sentence', outreach.db.SentenceText(), nullable=True),
    sa.Column('options', sa.JSON(), nullable=False),
    sa.Column('stopped_at', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['library_id'], ['library.id'], name=op.f('fk_digest_rule_library_id_library'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_digest_rule'))
    )
    with op.batch_alter_table('digest_rule', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_digest_rule_library_id'), ['library_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_digest_rule_next_at'), ['next_at'], unique=False)

    op.create_table('feed',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('library_id', sa.Integer(), nullable=False),
    sa.Column('url', sa.String(), nullable=False),
    sa.Column('host', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('audience', sa.String(), nullable=False),
    sa.Column('formats', sa.JSON(), nullable=False),
    sa.Column('without', sa.JSON(), nullable=False),
    sa.Column('etag', sa.String(), nullable=True),
    sa.Column('last_modified', sa.String(), nullable=True),
    sa.Column('body_hash', sa.String(), nullable=True),
    sa.Column('baseline_at', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('next_check_at', outreach.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('checked_at', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('good_at', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('failing_since', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('busy_until', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('sentence', outreach.db.SentenceText(), nullable=True),
    sa.Column('diagnosis', sa.String(), nullable=False),
    sa.Column('held_at', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('stopped_at', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('licensed_covers', sa.Boolean(), nullable=False),
    sa.Column('created_at', outreach.db.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['library_id'], ['library.id'], name=op.f('fk_feed_library_id_library'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feed')),
    sa.UniqueConstraint('library_id', 'url', name=op.f('uq_feed_library_id_url'))
    )
    with op.batch_alter_table('feed', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_feed_host'), ['host'], unique=False)
        batch_op.create_index(batch_op.f('ix_feed_next_check_at'), ['next_check_at'], unique=False)

    op.create_table('medium',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('library_id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('mime', sa.String(), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('drawn', sa.Boolean(), nullable=False),
    sa.Column('created_at', outreach.db.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['library_id'], ['library.id'], name=op.f('fk_medium_library_id_library'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_medium')),
    sa.UniqueConstraint('library_id', 'digest', name=op.f('uq_medium_library_id_digest'))
    )
    op.create_table('membership',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('library_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['library_id'], ['library.id'], name=op.f('fk_membership_library_id_library'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_membership_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_membership')),
    sa.UniqueConstraint('person_id', 'library_id', name=op.f('uq_membership_person_id_library_id'))
    )
    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_membership_library_id'), ['library_id'], unique=False)

    op.create_table('question',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('library_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('choices', sa.JSON(), nullable=False),
    sa.Column('right', sa.Integer(), nullable=False),
    sa.Column('explanation', sa.String(), nullable=False),
    sa.Column('hint', sa.String(), nullable=False),
    sa.Column('used_at', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('created_at', outreach.db.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['library_id'], ['library.id'], name=op.f('fk_question_library_id_library'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question'))
    )
    with op.batch_alter_table('question', schema=None) as batch_op:
        batch_op.create_index('ix_question_library_turn', ['library_id', 'used_at', 'position', 'id'], unique=False)

    op.create_table('series',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('library_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('rule', sa.String(), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('clock', sa.String(), nullable=False),
    sa.Column('written', sa.JSON(), nullable=False),
    sa.Column('draws', sa.Boolean(), nullable=False),
    sa.Column('made_until', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('next_at', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('digest', sa.String(), nullable=True),
    sa.Column('by_two', sa.Boolean(), nullable=False),
    sa.Column('accepted', sa.JSON(), nullable=False),
    sa.Column('approved_by_id', sa.Integer(), nullable=True),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('author_name', sa.String(), nullable=False),
    sa.Column('sentence', outreach.db.SentenceText(), nullable=True),
    sa.Column('created_at', outreach.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('stopped_at', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['approved_by_id'], ['person.id'], name=op.f('fk_series_approved_by_id_person'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_series_author_id_person'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['library_id'], ['library.id'], name=op.f('fk_series_library_id_library'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_series'))
    )
    with op.batch_alter_table('series', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_series_library_id'), ['library_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_series_next_at'), ['next_at'], unique=False)

    op.create_table('sheet',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('library_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('who', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('then', sa.String(), nullable=False),
    sa.Column('by_day', sa.Boolean(), nullable=True),
    sa.Column('rows', sa.JSON(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('made', sa.Integer(), nullable=False),
    sa.Column('waits', sa.Integer(), nullable=False),
    sa.Column('sentence', outreach.db.SentenceText(), nullable=True),
    sa.Column('created_at', outreach.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('leased_until', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('finished_at', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['library_id'], ['library.id'], name=op.f('fk_sheet_library_id_library'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_sheet_person_id_person'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sheet'))
    )
    with op.batch_alter_table('sheet', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sheet_library_id'), ['library_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sheet_state'), ['state'], unique=False)

    op.create_table('slot',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('library_id', sa.Integer(), nullable=False),
    sa.Column('weekday', sa.Integer(), nullable=False),
    sa.Column('clock', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['library_id'], ['library.id'], name=op.f('fk_slot_library_id_library'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_slot')),
    sa.UniqueConstraint('library_id', 'weekday', 'clock', name=op.f('uq_slot_library_id_weekday_clock'))
    )
    with op.batch_alter_table('slot', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_slot_library_id'), ['library_id'], unique=False)

    op.create_table('start',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('library_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('written', sa.JSON(), nullable=False),
    sa.Column('created_at', outreach.db.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['library_id'], ['library.id'], name=op.f('fk_start_library_id_library'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_start')),
    sa.UniqueConstraint('library_id', 'name', name=op.f('uq_start_library_id_name'))
    )
    op.create_table('title_facet',
    sa.Column('library_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('value', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['library_id'], ['library.id'], name=op.f('fk_title_facet_library_id_library'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('library_id', 'kind', 'value', name=op.f('pk_title_facet'))
    )
    op.create_table('title_import',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('library_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('who', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=True),
    sa.Column('to_look_up', sa.JSON(), nullable=False),
    sa.Column('shape', sa.String(), nullable=False),
    sa.Column('columns', sa.JSON(), nullable=False),
    sa.Column('look', sa.JSON(), nullable=False),
    sa.Column('purpose', sa.String(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('new', sa.Integer(), nullable=False),
    sa.Column('troubles', sa.JSON(), nullable=False),
    sa.Column('faulty', sa.Integer(), nullable=False),
    sa.Column('missing', sa.JSON(), nullable=False),
    sa.Column('sentence', outreach.db.SentenceText(), nullable=True),
    sa.Column('silent_since', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('created_at', outreach.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('answered_at', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('leased_until', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('finished_at', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['library_id'], ['library.id'], name=op.f('fk_title_import_library_id_library'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_title_import_person_id_person'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_title_import'))
    )
    with op.batch_alter_table('title_import', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_title_import_library_id'), ['library_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_title_import_state'), ['state'], unique=False)

    op.create_table('feed_run',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('feed_id', sa.Integer(), nullable=False),
    sa.Column('at', outreach.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('outcome', sa.String(), nullable=False),
    sa.Column('titles', sa.Integer(), nullable=False),
    sa.Column('new', sa.Integer(), nullable=False),
    sa.Column('sentence', outreach.db.SentenceText(), nullable=True),
    sa.Column('diagnosis', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['feed_id'], ['feed.id'], name=op.f('fk_feed_run_feed_id_feed'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feed_run'))
    )
    with op.batch_alter_table('feed_run', schema=None) as batch_op:
        batch_op.create_index('ix_feed_run_feed_id', ['feed_id', 'id'], unique=False)

    op.create_table('interruption',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('library_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.Column('who', sa.String(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('keeper_id', sa.Integer(), nullable=True),
    sa.Column('closure_id', sa.Integer(), nullable=True),
    sa.Column('moves', sa.JSON(), nullable=False),
    sa.Column('made_at', outreach.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('ended_at', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['closure_id'], ['closure.id'], name=op.f('fk_interruption_closure_id_closure'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['keeper_id'], ['person.id'], name=op.f('fk_interruption_keeper_id_person'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['library_id'], ['library.id'], name=op.f('fk_interruption_library_id_library'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_interruption_person_id_person'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_interruption'))
    )
    with op.batch_alter_table('interruption', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_interruption_library_id'), ['library_id'], unique=False)

    op.create_table('post',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('library_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('held_at', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('link', sa.String(), nullable=False),
    sa.Column('fields', sa.JSON(), nullable=False),
    sa.Column('visibility', sa.String(), nullable=False),
    sa.Column('warning', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('second', sa.JSON(), nullable=False),
    sa.Column('timing', sa.String(), nullable=False),
    sa.Column('wished_at', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('form_key', sa.String(), nullable=True),
    sa.Column('author_name', sa.String(), nullable=False),
    sa.Column('keeper_id', sa.Integer(), nullable=True),
    sa.Column('permission_at', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('permission_by', sa.String(), nullable=False),
    sa.Column('decided_revision', sa.Integer(), nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('digest', sa.String(), nullable=True),
    sa.Column('digest_rule_id', sa.Integer(), nullable=True),
    sa.Column('series_id', sa.Integer(), nullable=True),
    sa.Column('series_at', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('question_id', sa.Integer(), nullable=True),
    sa.Column('sheet_id', sa.Integer(), nullable=True),
    sa.Column('created_at', outreach.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('updated_at', outreach.db.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_post_author_id_person'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['decided_by_id'], ['person.id'], name=op.f('fk_post_decided_by_id_person'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['digest_rule_id'], ['digest_rule.id'], name=op.f('fk_post_digest_rule_id_digest_rule'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['keeper_id'], ['person.id'], name=op.f('fk_post_keeper_id_person'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['library_id'], ['library.id'], name=op.f('fk_post_library_id_library'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['question_id'], ['question.id'], name=op.f('fk_post_question_id_question'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['series_id'], ['series.id'], name=op.f('fk_post_series_id_series'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['sheet_id'], ['sheet.id'], name=op.f('fk_post_sheet_id_sheet'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_post')),
    sa.UniqueConstraint('library_id', 'form_key', name=op.f('uq_post_library_id_form_key')),
    sa.UniqueConstraint('series_id', 'series_at', name=op.f('uq_post_series_id_series_at'))
    )
    with op.batch_alter_table('post', schema=None) as batch_op:
        batch_op.create_index('ix_post_held', ['library_id'], unique=False, sqlite_where=sa.text('held_at IS NOT NULL'), postgresql_where=sa.text('held_at IS NOT NULL'))
        batch_op.create_index('ix_post_keeper', ['keeper_id'], unique=False, sqlite_where=sa.text('keeper_id IS NOT NULL'), postgresql_where=sa.text('keeper_id IS NOT NULL'))
        batch_op.create_index('ix_post_library_state', ['library_id', 'state', 'wished_at'], unique=False)
        batch_op.create_index('ix_post_library_wished', ['library_id', 'wished_at'], unique=False)
        batch_op.create_index('ix_post_question', ['question_id'], unique=False, sqlite_where=sa.text('question_id IS NOT NULL'), postgresql_where=sa.text('question_id IS NOT NULL'))
        batch_op.create_index('ix_post_sheet', ['sheet_id'], unique=False, sqlite_where=sa.text('sheet_id IS NOT NULL'), postgresql_where=sa.text('sheet_id IS NOT NULL'))

    op.create_table('title',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('library_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('subtitle', sa.String(), nullable=True),
    sa.Column('author', sa.String(), nullable=True),
    sa.Column('format', sa.String(), nullable=True),
    sa.Column('audience', sa.String(), nullable=False),
    sa.Column('grade', sa.Integer(), nullable=True),
    sa.Column('call_number', sa.String(), nullable=True),
    sa.Column('link', sa.String(), nullable=True),
    sa.Column('cover', sa.String(), nullable=True),
    sa.Column('cover_feed_id', sa.Integer(), nullable=True),
    sa.Column('match_key', sa.String(), nullable=False),
    sa.Column('first_seen_at', outreach.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('announced_at', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('baseline', sa.Boolean(), nullable=False),
    sa.Column('left_out', sa.String(), nullable=False),
    sa.Column('hidden_at', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('picked_at', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('struck_at', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('corrected', sa.JSON(), nullable=False),
    sa.Column('warning', outreach.db.SentenceText(), nullable=True),
    sa.ForeignKeyConstraint(['cover_feed_id'], ['feed.id'], name=op.f('fk_title_cover_feed_id_feed'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['library_id'], ['library.id'], name=op.f('fk_title_library_id_library'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_title')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('title', schema=None) as batch_op:
        batch_op.create_index('ix_title_audience', ['library_id', 'audience', 'id'], unique=False)
        batch_op.create_index('ix_title_format', ['library_id', 'format', 'id'], unique=False)
        batch_op.create_index('ix_title_library_seen', ['library_id', 'first_seen_at'], unique=False)
        batch_op.create_index('ix_title_match', ['library_id', 'match_key'], unique=False)
        batch_op.create_index('ix_title_shelf', ['library_id', 'id', 'left_out'], unique=False)
        batch_op.create_index('ix_title_some_announced', ['library_id', 'id'], unique=False, sqlite_where=sa.text('announced_at IS NOT NULL'), postgresql_where=sa.text('announced_at IS NOT NULL'))
        batch_op.create_index('ix_title_some_aside', ['library_id', 'left_out', 'id'], unique=False, sqlite_where=sa.text("left_out != ''"), postgresql_where=sa.text("left_out != ''"))
        batch_op.create_index('ix_title_some_away', ['library_id', 'id'], unique=False, sqlite_where=sa.text("(hidden_at IS NOT NULL OR struck_at IS NOT NULL OR left_out = 'filter')"), postgresql_where=sa.text("(hidden_at IS NOT NULL OR struck_at IS NOT NULL OR left_out = 'filter')"))
        batch_op.create_index('ix_title_some_news', ['library_id', 'id'], unique=False, sqlite_where=sa.text("NOT baseline AND announced_at IS NULL AND hidden_at IS NULL AND struck_at IS NULL AND left_out = ''"), postgresql_where=sa.text("NOT baseline AND announced_at IS NULL AND hidden_at IS NULL AND struck_at IS NULL AND left_out = ''"))

    op.create_table('approval',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('post_id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('who', sa.String(), nullable=False),
    sa.Column('at', outreach.db.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_approval_person_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_approval_post_id_post'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approval')),
    sa.UniqueConstraint('post_id', 'digest', 'person_id', name=op.f('uq_approval_post_id_digest_person_id'))
    )
    op.create_table('delivery',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('library_id', sa.Integer(), nullable=False),
    sa.Column('post_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('part', sa.Integer(), nullable=False),
    sa.Column('parts', sa.Integer(), nullable=False),
    sa.Column('after_id', sa.Integer(), nullable=True),
    sa.Column('keeper_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('payload', sa.JSON(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('cost', sa.Integer(), nullable=False),
    sa.Column('stays', sa.Boolean(), nullable=False),
    sa.Column('due_at', outreach.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('try_at', outreach.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('queued_at', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('lease_until', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('send_started_at', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('begun_at', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('ahead', sa.Boolean(), nullable=False),
    sa.Column('prepared', sa.JSON(), nullable=False),
    sa.Column('prepared_for', sa.String(), nullable=True),
    sa.Column('prepared_at', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('key_round', sa.Integer(), nullable=False),
    sa.Column('absent_at', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('looks', sa.Integer(), nullable=False),
    sa.Column('asked_at', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('unwanted_at', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('published_at', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('remote_id', sa.String(), nullable=True),
    sa.Column('remote_url', sa.String(), nullable=True),
    sa.Column('sentence', outreach.db.SentenceText(), nullable=True),
    sa.Column('diagnosis', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_delivery_account_id_account'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['after_id'], ['delivery.id'], name=op.f('fk_delivery_after_id_delivery'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['keeper_id'], ['person.id'], name=op.f('fk_delivery_keeper_id_person'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['library_id'], ['library.id'], name=op.f('fk_delivery_library_id_library'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_delivery_post_id_post'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delivery')),
    sa.UniqueConstraint('post_id', 'account_id', 'edition', 'part', name=op.f('uq_delivery_post_id_account_id_edition_part'))
    )
    with op.batch_alter_table('delivery', schema=None) as batch_op:
        batch_op.create_index('ix_delivery_account_published', ['account_id', 'published_at'], unique=False, sqlite_where=sa.text('published_at IS NOT NULL'), postgresql_where=sa.text('published_at IS NOT NULL'))
        batch_op.create_index('ix_delivery_account_state', ['account_id', 'state'], unique=False)
        batch_op.create_index('ix_delivery_after', ['after_id'], unique=False, sqlite_where=sa.text('after_id IS NOT NULL'), postgresql_where=sa.text('after_id IS NOT NULL'))
        batch_op.create_index('ix_delivery_keeper', ['keeper_id'], unique=False, sqlite_where=sa.text('keeper_id IS NOT NULL'), postgresql_where=sa.text('keeper_id IS NOT NULL'))
        batch_op.create_index('ix_delivery_library_due', ['library_id', 'due_at'], unique=False)
        batch_op.create_index('ix_delivery_state_try', ['state', 'try_at'], unique=False)
        batch_op.create_index('ix_delivery_unwanted', ['account_id'], unique=False, sqlite_where=sa.text('unwanted_at IS NOT NULL'), postgresql_where=sa.text('unwanted_at IS NOT NULL'))

    op.create_table('attempt',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('delivery_id', sa.Integer(), nullable=False),
    sa.Column('what', sa.String(), nullable=False),
    sa.Column('began_at', outreach.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('ended_at', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('outcome', sa.String(), nullable=False),
    sa.Column('sentence', outreach.db.SentenceText(), nullable=True),
    sa.Column('diagnosis', sa.String(), nullable=False),
    sa.Column('exchange', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['delivery_id'], ['delivery.id'], name=op.f('fk_attempt_delivery_id_delivery'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attempt'))
    )
    with op.batch_alter_table('attempt', schema=None) as batch_op:
        batch_op.create_index('ix_attempt_delivery', ['delivery_id', 'id'], unique=False)

    op.create_table('correction',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('library_id', sa.Integer(), nullable=False),
    sa.Column('post_id', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('author_name', sa.String(), nullable=False),
    sa.Column('written_at', outreach.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('edits', sa.JSON(), nullable=False),
    sa.Column('first_id', sa.Integer(), nullable=True),
    sa.Column('first_name', sa.String(), nullable=False),
    sa.Column('decision', sa.String(), nullable=False),
    sa.Column('decided_at', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('note', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_correction_author_id_person'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['first_id'], ['person.id'], name=op.f('fk_correction_first_id_person'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['library_id'], ['library.id'], name=op.f('fk_correction_library_id_library'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_correction_post_id_post'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_correction'))
    )
    with op.batch_alter_table('correction', schema=None) as batch_op:
        batch_op.create_index('ix_correction_author', ['author_id', 'decision'], unique=False)
        batch_op.create_index('ix_correction_post', ['post_id'], unique=False)
        batch_op.create_index('ix_correction_waiting', ['library_id'], unique=False, sqlite_where=sa.text("decision = ''"), postgresql_where=sa.text("decision = ''"))

    op.create_table('change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('delivery_id', sa.Integer(), nullable=False),
    sa.Column('correction_id', sa.Integer(), nullable=False),
    sa.Column('payload', sa.JSON(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('begun_at', outreach.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('try_at', outreach.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('queued_at', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('lease_until', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('asked_at', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('ended_at', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['correction_id'], ['correction.id'], name=op.f('fk_change_correction_id_correction'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['delivery_id'], ['delivery.id'], name=op.f('fk_change_delivery_id_delivery'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_change'))
    )
    with op.batch_alter_table('change', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_change_correction_id'), ['correction_id'], unique=False)
        batch_op.create_index('ix_change_delivery', ['delivery_id'], unique=False)
        batch_op.create_index('ix_change_unfinished', ['try_at'], unique=False, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))

    op.create_table('network_setup',
    sa.Column('network', sa.String(), nullable=False),
    sa.Column('is_on', sa.Boolean(), nullable=False),
    sa.Column('sealed', sa.String(), nullable=True),
    sa.Column('who', sa.String(), nullable=False),
    sa.Column('at', outreach.db.UTCDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('network', name=op.f('pk_network_setup'))
    )
    op.create_table('event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('library_id', sa.Integer(), nullable=True),
    sa.Column('post_id', sa.Integer(), nullable=True),
    sa.Column('thing', sa.String(), nullable=False),
    sa.Column('thing_id', sa.Integer(), nullable=False),
    sa.Column('verb', sa.String(), nullable=False),
    sa.Column('old', sa.String(), nullable=True),
    sa.Column('new', sa.String(), nullable=True),
    sa.Column('who_id', sa.Integer(), nullable=True),
    sa.Column('who', sa.String(), nullable=False),
    sa.Column('at', outreach.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('note', outreach.db.SentenceText(), nullable=True),
    sa.ForeignKeyConstraint(['library_id'], ['library.id'], name=op.f('fk_event_library_id_library'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_event_post_id_post'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['who_id'], ['person.id'], name=op.f('fk_event_who_id_person'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event'))
    )
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_event_library_id'), ['library_id'], unique=False)
        batch_op.create_index('ix_event_post', ['post_id', 'id'], unique=False)

    op.create_table('feed_title',
    sa.Column('feed_id', sa.Integer(), nullable=False),
    sa.Column('title_id', sa.Integer(), nullable=False),
    sa.Column('first_seen_at', outreach.db.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['feed_id'], ['feed.id'], name=op.f('fk_feed_title_feed_id_feed'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['title_id'], ['title.id'], name=op.f('fk_feed_title_title_id_title'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('feed_id', 'title_id', name=op.f('pk_feed_title'))
    )
    with op.batch_alter_table('feed_title', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_feed_title_title_id'), ['title_id'], unique=False)

    op.create_table('one_time_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(), nullable=False),
    sa.Column('purpose', sa.String(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('post_id', sa.Integer(), nullable=True),
    sa.Column('digest', sa.String(), nullable=True),
    sa.Column('created_at', outreach.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('expires_at', outreach.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('used_at', outreach.db.UTCDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_one_time_link_person_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_one_time_link_post_id_post'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_one_time_link')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_one_time_link_token_hash'))
    )
    with op.batch_alter_table('one_time_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_one_time_link_post_id'), ['post_id'], unique=False)

    op.create_table('placement',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('post_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('words', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_placement_account_id_account'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_placement_post_id_post'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_placement')),
    sa.UniqueConstraint('post_id', 'account_id', name=op.f('uq_placement_post_id_account_id'))
    )
    with op.batch_alter_table('placement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_placement_account_id'), ['account_id'], unique=False)

    op.create_table('post_consent',
    sa.Column('post_id', sa.Integer(), nullable=False),
    sa.Column('consent_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['consent_id'], ['consent.id'], name=op.f('fk_post_consent_consent_id_consent'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_post_consent_post_id_post'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('post_id', 'consent_id', name=op.f('pk_post_consent'))
    )
    with op.batch_alter_table('post_consent', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_post_consent_consent_id'), ['consent_id'], unique=False)

    op.create_table('post_medium',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('post_id', sa.Integer(), nullable=False),
    sa.Column('medium_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('alt', sa.String(), nullable=False),
    sa.Column('seal', sa.String(), nullable=False),
    sa.Column('shape', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['medium_id'], ['medium.id'], name=op.f('fk_post_medium_medium_id_medium'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_post_medium_post_id_post'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_post_medium')),
    sa.UniqueConstraint('post_id', 'medium_id', name=op.f('uq_post_medium_post_id_medium_id'))
    )
    with op.batch_alter_table('post_medium', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_post_medium_medium_id'), ['medium_id'], unique=False)

    op.create_table('post_title',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('post_id', sa.Integer(), nullable=False),
    sa.Column('title_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_post_title_post_id_post'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['title_id'], ['title.id'], name=op.f('fk_post_title_title_id_title'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_post_title')),
    sa.UniqueConstraint('post_id', 'title_id', name=op.f('uq_post_title_post_id_title_id'))
    )
    with op.batch_alter_table('post_title', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_post_title_title_id'), ['title_id'], unique=False)

    op.create_table('post_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('post_id', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('who_id', sa.Integer(), nullable=True),
    sa.Column('who', sa.String(), nullable=False),
    sa.Column('at', outreach.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('written', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_post_version_post_id_post'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['who_id'], ['person.id'], name=op.f('fk_post_version_who_id_person'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_post_version'))
    )
    with op.batch_alter_table('post_version', schema=None) as batch_op:
        batch_op.create_index('ix_post_version_post', ['post_id', 'id'], unique=False)

    op.create_table('title_id',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('library_id', sa.Integer(), nullable=False),
    sa.Column('title_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('value', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['library_id'], ['library.id'], name=op.f('fk_title_id_library_id_library'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['title_id'], ['title.id'], name=op.f('fk_title_id_title_id_title'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_title_id'))
    )
    with op.batch_alter_table('title_id', schema=None) as batch_op:
        batch_op.create_index('ix_title_id_lookup', ['library_id', 'value'], unique=False)
        batch_op.create_index(batch_op.f('ix_title_id_title_id'), ['title_id'], unique=False)

    op.create_table('title_import_title',
    sa.Column('import_id', sa.Integer(), nullable=False),
    sa.Column('title_id', sa.Integer(), nullable=False),
    sa.Column('new', sa.Boolean(), nullable=False),
    sa.Column('told', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['import_id'], ['title_import.id'], name=op.f('fk_title_import_title_import_id_title_import'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['title_id'], ['title.id'], name=op.f('fk_title_import_title_title_id_title'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('import_id', 'title_id', name=op.f('pk_title_import_title'))
    )
    with op.batch_alter_table('title_import_title', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_title_import_title_title_id'), ['title_id'], unique=False)

    full_text.create(op.get_bind())


def downgrade() -> None:
    full_text.drop(op.get_bind())
    with op.batch_alter_table('title_import_title', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_title_import_title_title_id'))

    op.drop_table('title_import_title')
    with op.batch_alter_table('title_id', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_title_id_title_id'))
        batch_op.drop_index('ix_title_id_lookup')

    op.drop_table('title_id')
    with op.batch_alter_table('post_version', schema=None) as batch_op:
        batch_op.drop_index('ix_post_version_post')

    op.drop_table('post_version')
    with op.batch_alter_table('post_title', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_post_title_title_id'))

    op.drop_table('post_title')
    with op.batch_alter_table('post_medium', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_post_medium_medium_id'))

    op.drop_table('post_medium')
    with op.batch_alter_table('post_consent', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_post_consent_consent_id'))

    op.drop_table('post_consent')
    with op.batch_alter_table('placement', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_placement_account_id'))

    op.drop_table('placement')
    with op.batch_alter_table('one_time_link', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_one_time_link_post_id'))

    op.drop_table('one_time_link')
    with op.batch_alter_table('feed_title', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_feed_title_title_id'))

    op.drop_table('feed_title')
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.drop_index('ix_event_post')
        batch_op.drop_index(batch_op.f('ix_event_library_id'))

    op.drop_table('event')
    op.drop_table('network_setup')
    with op.batch_alter_table('change', schema=None) as batch_op:
        batch_op.drop_index('ix_change_unfinished', sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
        batch_op.drop_index('ix_change_delivery')
        batch_op.drop_index(batch_op.f('ix_change_correction_id'))

    op.drop_table('change')
    with op.batch_alter_table('correction', schema=None) as batch_op:
        batch_op.drop_index('ix_correction_waiting', sqlite_where=sa.text("decision = ''"), postgresql_where=sa.text("decision = ''"))
        batch_op.drop_index('ix_correction_post')
        batch_op.drop_index('ix_correction_author')

    op.drop_table('correction')
    with op.batch_alter_table('attempt', schema=None) as batch_op:
        batch_op.drop_index('ix_attempt_delivery')

    op.drop_table('attempt')
    with op.batch_alter_table('delivery', schema=None) as batch_op:
        batch_op.drop_index('ix_delivery_unwanted', sqlite_where=sa.text('unwanted_at IS NOT NULL'), postgresql_where=sa.text('unwanted_at IS NOT NULL'))
        batch_op.drop_index('ix_delivery_state_try')
        batch_op.drop_index('ix_delivery_library_due')
        batch_op.drop_index('ix_delivery_keeper', sqlite_where=sa.text('keeper_id IS NOT NULL'), postgresql_where=sa.text('keeper_id IS NOT NULL'))
        batch_op.drop_index('ix_delivery_after', sqlite_where=sa.text('after_id IS NOT NULL'), postgresql_where=sa.text('after_id IS NOT NULL'))
        batch_op.drop_index('ix_delivery_account_state')
        batch_op.drop_index('ix_delivery_account_published', sqlite_where=sa.text('published_at IS NOT NULL'), postgresql_where=sa.text('published_at IS NOT NULL'))

    op.drop_table('delivery')
    op.drop_table('approval')
    with op.batch_alter_table('title', schema=None) as batch_op:
        batch_op.drop_index('ix_title_some_news', sqlite_where=sa.text("NOT baseline AND announced_at IS NULL AND hidden_at IS NULL AND struck_at IS NULL AND left_out = ''"), postgresql_where=sa.text("NOT baseline AND announced_at IS NULL AND hidden_at IS NULL AND struck_at IS NULL AND left_out = ''"))
        batch_op.drop_index('ix_title_some_away', sqlite_where=sa.text("(hidden_at IS NOT NULL OR struck_at IS NOT NULL OR left_out = 'filter')"), postgresql_where=sa.text("(hidden_at IS NOT NULL OR struck_at IS NOT NULL OR left_out = 'filter')"))
        batch_op.drop_index('ix_title_some_aside', sqlite_where=sa.text("left_out != ''"), postgresql_where=sa.text("left_out != ''"))
        batch_op.drop_index('ix_title_some_announced', sqlite_where=sa.text('announced_at IS NOT NULL'), postgresql_where=sa.text('announced_at IS NOT NULL'))
        batch_op.drop_index('ix_title_shelf')
        batch_op.drop_index('ix_title_match')
        batch_op.drop_index('ix_title_library_seen')
        batch_op.drop_index('ix_title_format')
        batch_op.drop_index('ix_title_audience')

    op.drop_table('title')
    with op.batch_alter_table('post', schema=None) as batch_op:
        batch_op.drop_index('ix_post_sheet', sqlite_where=sa.text('sheet_id IS NOT NULL'), postgresql_where=sa.text('sheet_id IS NOT NULL'))
        batch_op.drop_index('ix_post_question', sqlite_where=sa.text('question_id IS NOT NULL'), postgresql_where=sa.text('question_id IS NOT NULL'))
        batch_op.drop_index('ix_post_library_wished')
        batch_op.drop_index('ix_post_library_state')
        batch_op.drop_index('ix_post_keeper', sqlite_where=sa.text('keeper_id IS NOT NULL'), postgresql_where=sa.text('keeper_id IS NOT NULL'))
        batch_op.drop_index('ix_post_held', sqlite_where=sa.text('held_at IS NOT NULL'), postgresql_where=sa.text('held_at IS NOT NULL'))

    op.drop_table('post')
    with op.batch_alter_table('interruption', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_interruption_library_id'))

    op.drop_table('interruption')
    with op.batch_alter_table('feed_run', schema=None) as batch_op:
        batch_op.drop_index('ix_feed_run_feed_id')

    op.drop_table('feed_run')
    with op.batch_alter_table('title_import', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_title_import_state'))
        batch_op.drop_index(batch_op.f('ix_title_import_library_id'))

    op.drop_table('title_import')
    op.drop_table('title_facet')
    op.drop_table('start')
    with op.batch_alter_table('slot', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_slot_library_id'))

    op.drop_table('slot')
    with op.batch_alter_table('sheet', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sheet_state'))
        batch_op.drop_index(batch_op.f('ix_sheet_library_id'))

    op.drop_table('sheet')
    with op.batch_alter_table('series', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_series_next_at'))
        batch_op.drop_index(batch_op.f('ix_series_library_id'))

    op.drop_table('series')
    with op.batch_alter_table('question', schema=None) as batch_op:
        batch_op.drop_index('ix_question_library_turn')

    op.drop_table('question')
    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_membership_library_id'))

    op.drop_table('membership')
    op.drop_table('medium')
    with op.batch_alter_table('feed', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_feed_next_check_at'))
        batch_op.drop_index(batch_op.f('ix_feed_host'))

    op.drop_table('feed')
    with op.batch_alter_table('digest_rule', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_digest_rule_next_at'))
        batch_op.drop_index(batch_op.f('ix_digest_rule_library_id'))

    op.drop_table('digest_rule')
    op.drop_table('consent')
    with op.batch_alter_table('closure', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_closure_library_id'))

    op.drop_table('closure')
    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_account_library_id'))

    op.drop_table('account')
    op.drop_table('person')
    with op.batch_alter_table('mail', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_mail_try_at'))

    op.drop_table('mail')
    op.drop_table('lookup_turn')
    op.drop_table('lookup')
    op.drop_table('library')
    op.drop_table('heartbeat')
    op.drop_table('district')
    with op.batch_alter_table('cover', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_cover_asked_at'))

    op.drop_table('cover')
