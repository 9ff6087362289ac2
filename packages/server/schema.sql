-- Written by "npm run db:dump" from a freshly migrated database. Not to be edited: write a migration.

create table account (
  seller_id bigint not null,
  account_id bigint not null,
  sku text collate "C" not null,
  location text collate "C" not null,
  bucket text collate "C" not null,
  constraint account_pkey PRIMARY KEY (seller_id, account_id),
  constraint account_seller_id_sku_location_bucket_key UNIQUE (seller_id, sku, location, bucket),
  constraint account_bucket_check CHECK ((bucket = ANY (ARRAY['sellable'::text, 'quality_control'::text, 'damaged'::text, 'incoming'::text, 'reserved'::text, 'committed'::text, 'returning'::text]))),
  constraint account_check CHECK (((location = ''::text) = (bucket = ANY (ARRAY['reserved'::text, 'committed'::text, 'returning'::text]))))
);

create table alert (
  seller_id bigint not null,
  alert_id text collate "C" not null,
  kind text collate "C" not null,
  subject text collate "C" not null,
  severity text not null,
  body json not null,
  opened_at timestamp with time zone not null,
  opened_seq bigint not null,
  resolved_at timestamp with time zone,
  resolved_seq bigint,
  constraint alert_pkey PRIMARY KEY (seller_id, alert_id),
  constraint alert_severity_check CHECK ((severity = ANY (ARRAY['info'::text, 'warning'::text, 'critical'::text])))
);
CREATE INDEX alert_by_opening ON alert USING btree (seller_id, opened_seq);
CREATE INDEX alert_by_resolution ON alert USING btree (seller_id, resolved_seq) WHERE (resolved_seq IS NOT NULL);
CREATE UNIQUE INDEX alert_open ON alert USING btree (seller_id, kind, subject) WHERE (resolved_at IS NULL);

create table api_key (
  key_id text collate "C" not null,
  key_hash bytea not null,
  seller_id bigint not null,
  role text not null,
  label text not null default ''::text,
  created_at timestamp with time zone not null default now(),
  revoked_at timestamp with time zone,
  constraint api_key_pkey PRIMARY KEY (key_id),
  constraint api_key_key_hash_key UNIQUE (key_hash),
  constraint api_key_role_check CHECK ((role = ANY (ARRAY['read'::text, 'operate'::text, 'admin'::text])))
);
CREATE INDEX api_key_by_seller ON api_key USING btree (seller_id);

create table blind_hold (
  seller_id bigint not null,
  connection text collate "C" not null,
  sku text collate "C" not null,
  units bigint,
  constraint blind_hold_pkey PRIMARY KEY (seller_id, connection, sku),
  constraint blind_hold_units_check CHECK ((units > 0))
);
CREATE INDEX blind_hold_by_sku ON blind_hold USING btree (seller_id, sku);

create table browser_session (
  token_hash bytea not null,
  kind text not null,
  seller_id bigint not null,
  role text not null,
  created_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  constraint browser_session_pkey PRIMARY KEY (token_hash),
  constraint browser_session_kind_check CHECK ((kind = ANY (ARRAY['link'::text, 'session'::text]))),
  constraint browser_session_role_check CHECK ((role = ANY (ARRAY['read'::text, 'operate'::text, 'admin'::text])))
);

create table channel_account (
  kind text collate "C" not null,
  account_id text collate "C" not null,
  seller_id bigint not null,
  connection text collate "C" not null,
  constraint channel_account_pkey PRIMARY KEY (kind, account_id)
);
CREATE INDEX channel_account_by_connection ON channel_account USING btree (seller_id, connection);

create table connection (
  seller_id bigint not null,
  code text collate "C" not null,
  kind text collate "C" not null,
  mode text not null,
  settings json not null,
  credentials bytea,
  since timestamp with time zone,
  created_seq bigint not null,
  updated_seq bigint not null,
  constraint connection_pkey PRIMARY KEY (seller_id, code),
  constraint connection_mode_check CHECK ((mode = ANY (ARRAY['import'::text, 'shadow'::text, 'live'::text])))
);

create table connection_authorization (
  state_hash bytea not null,
  seller_id bigint not null,
  connection text collate "C" not null,
  kind text collate "C" not null,
  verifier bytea not null,
  redirect_uri text not null,
  return_to text,
  expires_at timestamp with time zone not null,
  constraint connection_authorization_pkey PRIMARY KEY (state_hash)
);
CREATE INDEX connection_authorization_expires ON connection_authorization USING btree (expires_at);

create table connection_sight (
  seller_id bigint not null,
  connection text collate "C" not null,
  queue_checked_at timestamp with time zone,
  queue_oldest_at timestamp with time zone,
  queue_failing_since timestamp with time zone,
  queue_error text,
  judged_at timestamp with time zone,
  blind_since timestamp with time zone,
  blind_reason text,
  blind_message text,
  sighted_at timestamp with time zone,
  constraint connection_sight_pkey PRIMARY KEY (seller_id, connection),
  constraint connection_sight_check CHECK (((blind_since IS NULL) = (blind_reason IS NULL)))
);

create table connection_token (
  seller_id bigint not null,
  connection text collate "C" not null,
  token bytea not null,
  expires_at timestamp with time zone not null,
  rotated_at timestamp with time zone not null,
  state text not null default 'valid'::text,
  constraint connection_token_pkey PRIMARY KEY (seller_id, connection),
  constraint connection_token_state_check CHECK ((state = ANY (ARRAY['valid'::text, 'reconnect_needed'::text])))
);

create table end_game (
  seller_id bigint not null,
  sku text collate "C" not null,
  since timestamp with time zone not null,
  seq bigint not null,
  available bigint not null,
  exposure bigint,
  threshold bigint not null,
  latency_ms bigint not null,
  expected_oversold double precision not null,
  constraint end_game_pkey PRIMARY KEY (seller_id, sku)
);

create table entry (
  seller_id bigint not null,
  seq bigint not null,
  recorded_at timestamp with time zone not null,
  occurred_at timestamp with time zone not null,
  kind text collate "C" not null,
  channel text collate "C",
  order_id text collate "C",
  external_id text collate "C",
  content_hash text collate "C",
  body json not null,
  constraint entry_pkey PRIMARY KEY (seller_id, seq),
  constraint entry_seq_check CHECK ((seq > 0))
);
CREATE UNIQUE INDEX entry_by_external_id ON entry USING btree (seller_id, kind, external_id) WHERE (external_id IS NOT NULL);

create table follower (
  seller_id bigint not null,
  name text collate "C" not null,
  seq bigint not null,
  constraint follower_pkey PRIMARY KEY (seller_id, name)
);

create table head (
  seller_id bigint not null,
  seq bigint not null,
  last_account_id bigint not null,
  recorded_at timestamp with time zone not null,
  constraint head_pkey PRIMARY KEY (seller_id),
  constraint head_last_account_id_check CHECK ((last_account_id >= 0)),
  constraint head_seq_check CHECK ((seq >= 0))
);

create table idempotent_answer (
  seller_id bigint not null,
  key text collate "C" not null,
  request_hash text collate "C" not null,
  status integer not null,
  answer json not null,
  created_at timestamp with time zone not null,
  constraint idempotent_answer_pkey PRIMARY KEY (seller_id, key)
);
CREATE INDEX idempotent_answer_by_age ON idempotent_answer USING btree (created_at);

create table inbox (
  seller_id bigint not null,
  connection text collate "C" not null,
  topic text collate "C" not null,
  resource text collate "C" not null,
  body json not null,
  arrivals bigint not null default 1,
  first_received_at timestamp with time zone not null,
  last_received_at timestamp with time zone not null,
  done_arrivals bigint not null default 0,
  attempts integer not null default 0,
  next_attempt_at timestamp with time zone not null,
  error text,
  poisoned_at timestamp with time zone,
  claimed_until timestamp with time zone,
  noticed_at timestamp with time zone,
  found_at timestamp with time zone,
  done_at timestamp with time zone,
  fingerprint text,
  listed text,
  idle_reads integer not null default 0,
  not_before timestamp with time zone,
  needs_read boolean not null default true,
  has_said boolean not null default false,
  constraint inbox_pkey PRIMARY KEY (seller_id, connection, topic, resource)
);
CREATE INDEX inbox_due ON inbox USING btree (next_attempt_at) WHERE ((done_arrivals < arrivals) AND (poisoned_at IS NULL));
CREATE INDEX inbox_poisoned ON inbox USING btree (seller_id, connection) WHERE (poisoned_at IS NOT NULL);
CREATE INDEX inbox_unread ON inbox USING btree (seller_id, connection, first_received_at) WHERE ((done_arrivals < arrivals) AND (poisoned_at IS NULL));

create table latency (
  seller_id bigint not null,
  connection text collate "C" not null,
  hop text collate "C" not null,
  minute timestamp with time zone not null,
  bucket smallint not null,
  samples bigint not null,
  constraint latency_pkey PRIMARY KEY (seller_id, connection, hop, minute, bucket)
);

create table listed_order (
  seller_id bigint not null,
  connection text collate "C" not null,
  topic text collate "C" not null,
  resource text collate "C" not null,
  changed_at timestamp with time zone not null,
  found_at timestamp with time zone not null,
  constraint listed_order_pkey PRIMARY KEY (seller_id, connection, topic, resource)
);

create table listing (
  seller_id bigint not null,
  connection text collate "C" not null,
  external_id text collate "C" not null,
  components json not null,
  settings json not null,
  created_seq bigint not null,
  updated_seq bigint not null,
  constraint listing_pkey PRIMARY KEY (seller_id, connection, external_id)
);

create table listing_component (
  seller_id bigint not null,
  sku text collate "C" not null,
  connection text collate "C" not null,
  external_id text collate "C" not null,
  units bigint not null,
  constraint listing_component_pkey PRIMARY KEY (seller_id, sku, connection, external_id),
  constraint listing_component_units_check CHECK (((units >= 1) AND (units <= 1000000000)))
);

create table listing_state (
  seller_id bigint not null,
  connection text collate "C" not null,
  external_id text collate "C" not null,
  observed bigint,
  observed_at timestamp with time zone,
  confirmed_at timestamp with time zone,
  pushed bigint,
  pushed_seq bigint,
  pushed_at timestamp with time zone,
  attempts integer not null default 0,
  next_attempt_at timestamp with time zone,
  error json,
  version bigint not null default 0,
  claimed_until timestamp with time zone,
  dirty_since timestamp with time zone,
  read_wanted_at timestamp with time zone,
  observed_until timestamp with time zone,
  channel_version text collate "C",
  overtaken_until timestamp with time zone,
  own_sold bigint not null default 0,
  reach bigint,
  sold_recent double precision not null default 0,
  sold_steady double precision not null default 0,
  sold_at timestamp with time zone,
  quota bigint,
  mended_at timestamp with time zone,
  stopped_at timestamp with time zone,
  wants text,
  urgency double precision,
  constraint listing_state_pkey PRIMARY KEY (seller_id, connection, external_id),
  constraint listing_state_check CHECK (((wants IS NULL) = (urgency IS NULL))),
  constraint listing_state_quota_check CHECK ((quota >= 0)),
  constraint listing_state_wants_check CHECK ((wants = ANY (ARRAY['push'::text, 'read'::text])))
);
CREATE INDEX listing_state_due ON listing_state USING btree (seller_id, connection, next_attempt_at) WHERE ((next_attempt_at IS NOT NULL) AND (wants IS NULL));
CREATE INDEX listing_state_ranked ON listing_state USING btree (seller_id, connection, wants, urgency) WHERE (wants IS NOT NULL);
CREATE INDEX listing_state_stopped ON listing_state USING btree (seller_id, connection, stopped_at) WHERE (stopped_at IS NOT NULL);

create table location (
  seller_id bigint not null,
  code text collate "C" not null,
  kind text not null,
  title text not null default ''::text,
  created_seq bigint not null,
  updated_seq bigint not null,
  constraint location_pkey PRIMARY KEY (seller_id, code),
  constraint location_kind_check CHECK ((kind = ANY (ARRAY['warehouse'::text, '3pl'::text, 'channel'::text])))
);

create table movement (
  seller_id bigint not null,
  seq bigint not null,
  leg integer not null,
  account_id bigint not null,
  bucket text collate "C" not null,
  units bigint not null,
  counterpart text collate "C" not null,
  before bigint not null,
  after bigint not null,
  prev_seq bigint,
  prev_leg integer,
  line_id text collate "C",
  reason text,
  occurred_at timestamp with time zone,
  constraint movement_pkey PRIMARY KEY (seller_id, seq, leg, account_id, after),
  constraint movement_seller_id_prev_seq_prev_leg_account_id_before_fkey FOREIGN KEY (seller_id, prev_seq, prev_leg, account_id, before) REFERENCES movement(seller_id, seq, leg, account_id, after),
  constraint movement_after_check CHECK ((abs(after) <= '9007199254740991'::bigint)),
  constraint movement_check CHECK ((after = (before + units))),
  constraint movement_check1 CHECK (((prev_seq IS NULL) = (prev_leg IS NULL))),
  constraint movement_check2 CHECK (((prev_seq IS NOT NULL) OR (before = 0))),
  constraint movement_check3 CHECK (((prev_seq < seq) OR ((prev_seq = seq) AND (prev_leg < leg)))),
  constraint movement_check4 CHECK (((after >= 0) OR (bucket = 'sellable'::text))),
  constraint movement_leg_check CHECK ((leg >= 0)),
  constraint movement_units_check CHECK ((units <> 0))
);
CREATE INDEX movement_by_occurrence ON movement USING btree (seller_id, account_id, occurred_at) WHERE (occurred_at IS NOT NULL);
CREATE UNIQUE INDEX movement_chain ON movement USING btree (seller_id, ((account_id + 0)), prev_seq NULLS FIRST, prev_leg NULLS FIRST) NULLS NOT DISTINCT;

create table noticed_state (
  seller_id bigint not null,
  connection text collate "C" not null,
  topic text collate "C" not null,
  resource text collate "C" not null,
  hash text collate "C" not null,
  body json not null,
  received_at timestamp with time zone not null,
  posted_at timestamp with time zone,
  constraint noticed_state_pkey PRIMARY KEY (seller_id, connection, topic, resource, hash)
);

create table observation (
  seller_id bigint not null,
  cursor bigint not null,
  connection text collate "C" not null,
  external_id text collate "C",
  kind text collate "C" not null,
  recorded_at timestamp with time zone not null,
  body json not null,
  constraint observation_pkey PRIMARY KEY (seller_id, cursor)
);
CREATE INDEX observation_by_listing ON observation USING btree (seller_id, connection, external_id, cursor);

create table observation_head (
  seller_id bigint not null,
  cursor bigint not null,
  constraint observation_head_pkey PRIMARY KEY (seller_id),
  constraint observation_head_cursor_check CHECK ((cursor >= 0))
);

create table open_sale (
  seller_id bigint not null,
  connection text collate "C" not null,
  external_id text collate "C" not null,
  order_id text collate "C" not null,
  units bigint not null,
  opened_at timestamp with time zone not null,
  constraint open_sale_pkey PRIMARY KEY (seller_id, connection, external_id, order_id),
  constraint open_sale_units_check CHECK (((units >= 1) AND (units <= 1000000000)))
);

create table order_poll (
  seller_id bigint not null,
  connection text collate "C" not null,
  changed_through timestamp with time zone not null,
  due_at timestamp with time zone not null,
  complete_at timestamp with time zone,
  attempts integer not null default 0,
  error json,
  progress json,
  failing_since timestamp with time zone,
  missed_due_at timestamp with time zone not null default now(),
  missed_complete_at timestamp with time zone,
  missed_attempts integer not null default 0,
  missed_error json,
  constraint order_poll_pkey PRIMARY KEY (seller_id, connection)
);
CREATE INDEX order_poll_due ON order_poll USING btree (due_at);
CREATE INDEX order_poll_missed_due ON order_poll USING btree (missed_due_at);

create table reservation (
  seller_id bigint not null,
  reservation_id text collate "C" not null,
  state text not null,
  expires_at timestamp with time zone not null,
  body json not null,
  first_seq bigint not null,
  last_seq bigint not null,
  constraint reservation_pkey PRIMARY KEY (seller_id, reservation_id),
  constraint reservation_state_check CHECK ((state = ANY (ARRAY['held'::text, 'committed'::text, 'released'::text, 'expired'::text, 'claimed'::text])))
);
CREATE INDEX reservation_due ON reservation USING btree (expires_at, seller_id) WHERE (state = 'held'::text);

create table sales_order (
  seller_id bigint not null,
  channel text collate "C" not null,
  order_id text collate "C" not null,
  first_seq bigint not null,
  last_seq bigint not null,
  state json not null,
  constraint sales_order_pkey PRIMARY KEY (seller_id, channel, order_id)
);
CREATE INDEX sales_order_by_first_seq ON sales_order USING btree (seller_id, first_seq);

create table schema_migration (
  number integer not null,
  name text not null,
  sha256 text not null,
  breaking boolean not null,
  applied_at timestamp with time zone not null default now(),
  constraint schema_migration_pkey PRIMARY KEY (number),
  constraint schema_migration_number_check CHECK ((number > 0))
);

create table seller (
  seller_id bigint not null generated always as identity,
  code text collate "C" not null,
  name text not null,
  time_zone text not null default 'UTC'::text,
  created_at timestamp with time zone not null default now(),
  constraint seller_pkey PRIMARY KEY (seller_id),
  constraint seller_code_key UNIQUE (code),
  constraint seller_code_check CHECK (((length(code) >= 1) AND (length(code) <= 200)))
);

create table sku (
  seller_id bigint not null,
  sku text collate "C" not null,
  attributes json not null,
  created_seq bigint not null,
  updated_seq bigint not null,
  constraint sku_pkey PRIMARY KEY (seller_id, sku)
);

create table stock_count (
  seller_id bigint not null,
  sku text collate "C" not null,
  location text collate "C" not null,
  as_of timestamp with time zone not null,
  seq bigint not null,
  units bigint not null,
  constraint stock_count_pkey PRIMARY KEY (seller_id, sku, location, as_of, seq),
  constraint stock_count_units_check CHECK ((units >= 0))
);

create table stray_message (
  queue_url text collate "C" not null,
  message_id text collate "C" not null,
  seller_id bigint,
  kind text collate "C" not null,
  account_id text collate "C",
  reason text not null,
  body json not null,
  sent_at timestamp with time zone,
  received_at timestamp with time zone not null,
  constraint stray_message_pkey PRIMARY KEY (queue_url, message_id)
);
CREATE INDEX stray_message_by_account ON stray_message USING btree (kind, account_id) WHERE (account_id IS NOT NULL);
CREATE INDEX stray_message_by_seller ON stray_message USING btree (seller_id, received_at);

create table unmapped_line (
  seller_id bigint not null,
  channel text collate "C" not null,
  names text not null,
  code text collate "C" not null,
  order_id text collate "C" not null,
  line_id text collate "C" not null,
  seq bigint not null,
  constraint unmapped_line_pkey PRIMARY KEY (seller_id, names, code, channel, order_id, line_id),
  constraint unmapped_line_names_check CHECK ((names = ANY (ARRAY['sku'::text, 'listing'::text])))
);

create table withheld (
  seller_id bigint not null,
  sku text collate "C" not null,
  units bigint not null,
  updated_seq bigint not null,
  constraint withheld_pkey PRIMARY KEY (seller_id, sku),
  constraint withheld_units_check CHECK ((units > 0))
);
