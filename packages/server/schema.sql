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

create table channel_promise (
  seller_id bigint not null,
  sku text collate "C" not null,
  channel text collate "C" not null,
  units bigint not null,
  constraint channel_promise_pkey PRIMARY KEY (seller_id, sku, channel)
);

create table channel_reach (
  seller_id bigint not null,
  sku text collate "C" not null,
  connection text collate "C" not null,
  units bigint not null,
  constraint channel_reach_pkey PRIMARY KEY (seller_id, sku, connection)
);

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
CREATE INDEX connection_by_hook_secret ON connection USING btree (kind, sha256(((settings ->> 'hookSecret'::text))::bytea));

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

create table inbound (
  seller_id bigint not null,
  inbound_id text collate "C" not null,
  location text collate "C" not null,
  status text not null,
  expected_at timestamp with time zone,
  state json not null,
  created_seq bigint not null,
  updated_seq bigint not null,
  constraint inbound_pkey PRIMARY KEY (seller_id, inbound_id),
  constraint inbound_status_check CHECK ((status = ANY (ARRAY['announced'::text, 'closed'::text, 'cancelled'::text])))
);
CREATE INDEX inbound_announced ON inbound USING btree (seller_id, location) WHERE (status <> 'closed'::text);
CREATE INDEX inbound_by_seq ON inbound USING btree (seller_id, created_seq);

create table inbound_line (
  seller_id bigint not null,
  sku text collate "C" not null,
  inbound_id text collate "C" not null,
  expected bigint not null,
  received bigint not null,
  open_units bigint not null,
  constraint inbound_line_pkey PRIMARY KEY (seller_id, sku, inbound_id),
  constraint inbound_line_expected_check CHECK ((expected >= 0)),
  constraint inbound_line_open_units_check CHECK ((open_units >= 0)),
  constraint inbound_line_received_check CHECK ((received >= 0))
);
CREATE INDEX inbound_line_open ON inbound_line USING btree (seller_id, sku) WHERE (open_units > 0);

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

create table keeper_booking (
  seller_id bigint not null,
  connection text collate "C" not null,
  fact_id text collate "C" not null,
  commands json not null,
  waits text,
  created_at timestamp with time zone not null,
  constraint keeper_booking_pkey PRIMARY KEY (seller_id, connection, fact_id)
);

create table keeper_desk (
  seller_id bigint not null,
  connection text collate "C" not null,
  snapshot_lines bigint,
  snapshot_at timestamp with time zone,
  held_since timestamp with time zone,
  held_snapshot text collate "C",
  held_as_of timestamp with time zone,
  held_strikes integer not null default 0,
  held_why text,
  accepted_at timestamp with time zone,
  unknown_snapshot text collate "C",
  constraint keeper_desk_pkey PRIMARY KEY (seller_id, connection)
);

create table keeper_document (
  seller_id bigint not null,
  connection text collate "C" not null,
  kind text collate "C" not null,
  keeper_id text collate "C" not null,
  reference text collate "C",
  channel text collate "C",
  order_id text collate "C",
  state json not null,
  updated_at timestamp with time zone not null,
  seq bigint,
  constraint keeper_document_pkey PRIMARY KEY (seller_id, connection, kind, keeper_id),
  constraint keeper_document_kind_check CHECK ((kind = ANY (ARRAY['order'::text, 'inbound'::text, 'return'::text])))
);
CREATE INDEX keeper_document_by_order ON keeper_document USING btree (seller_id, channel, order_id) WHERE (order_id IS NOT NULL);
CREATE INDEX keeper_document_by_reference ON keeper_document USING btree (seller_id, connection, kind, reference) WHERE (reference IS NOT NULL);

create table keeper_fact (
  seller_id bigint not null,
  connection text collate "C" not null,
  fact_id text collate "C" not null,
  kind text collate "C" not null,
  body json not null,
  content_hash text collate "C" not null,
  occurred_at timestamp with time zone not null,
  received_at timestamp with time zone not null,
  arrival bigint not null generated always as identity,
  way text collate "C" not null,
  delivery_id text collate "C",
  snapshot_id text collate "C",
  part integer,
  is_last_part boolean,
  state text collate "C" not null default 'due'::text,
  attempts integer not null default 0,
  next_attempt_at timestamp with time zone not null,
  claimed_until timestamp with time zone,
  error text,
  seq bigint,
  done_at timestamp with time zone,
  constraint keeper_fact_pkey PRIMARY KEY (seller_id, connection, fact_id),
  constraint keeper_fact_check CHECK (((kind = 'snapshot'::text) = ((snapshot_id IS NOT NULL) AND (part IS NOT NULL) AND (is_last_part IS NOT NULL)))),
  constraint keeper_fact_kind_check CHECK ((kind = ANY (ARRAY['snapshot'::text, 'adjustment'::text, 'pick'::text, 'shipment'::text, 'receipt'::text, 'return'::text]))),
  constraint keeper_fact_part_check CHECK ((part > 0)),
  constraint keeper_fact_state_check CHECK ((state = ANY (ARRAY['due'::text, 'waiting'::text, 'done'::text, 'nothing'::text, 'poison'::text]))),
  constraint keeper_fact_way_check CHECK ((way = ANY (ARRAY['delivery'::text, 'collect'::text, 'documents'::text, 'levels'::text, 'file'::text, 'api'::text, 'order'::text])))
);
CREATE INDEX keeper_fact_by_arrival ON keeper_fact USING btree (seller_id, connection, arrival DESC);
CREATE INDEX keeper_fact_due ON keeper_fact USING btree (next_attempt_at, arrival) WHERE (state = ANY (ARRAY['due'::text, 'waiting'::text]));
CREATE INDEX keeper_fact_old_snapshots ON keeper_fact USING btree (done_at) WHERE ((kind = 'snapshot'::text) AND (done_at IS NOT NULL));
CREATE INDEX keeper_fact_open ON keeper_fact USING btree (seller_id, connection, state, arrival DESC) WHERE (state = ANY (ARRAY['due'::text, 'waiting'::text, 'poison'::text]));

create table keeper_inbound (
  seller_id bigint not null,
  inbound_id text collate "C" not null,
  reference text collate "C" not null,
  connection text collate "C" not null,
  facility text collate "C" not null,
  lines json not null,
  items json not null,
  expected_at timestamp with time zone,
  state text collate "C" not null,
  keeper_inbound_id text collate "C",
  attempts integer not null default 0,
  next_attempt_at timestamp with time zone,
  claimed_until timestamp with time zone,
  error text,
  created_at timestamp with time zone not null,
  sent_at timestamp with time zone,
  ended_at timestamp with time zone,
  constraint keeper_inbound_pkey PRIMARY KEY (seller_id, reference),
  constraint keeper_inbound_state_check CHECK ((state = ANY (ARRAY['wanted'::text, 'sent'::text, 'cancelling'::text, 'cancelled'::text, 'too_late'::text, 'refused'::text])))
);
CREATE INDEX keeper_inbound_by_inbound ON keeper_inbound USING btree (seller_id, inbound_id);
CREATE INDEX keeper_inbound_due ON keeper_inbound USING btree (next_attempt_at) WHERE (next_attempt_at IS NOT NULL);

create table keeper_level (
  seller_id bigint not null,
  connection text collate "C" not null,
  location text collate "C" not null,
  sku text collate "C" not null,
  item text collate "C" not null,
  sellable bigint not null,
  held bigint not null,
  allocated bigint,
  allocated_ours bigint,
  allocated_strikes integer not null default 0,
  as_of_from timestamp with time zone not null,
  as_of_to timestamp with time zone not null,
  expected bigint not null,
  expected_held bigint not null,
  drift bigint not null,
  drift_held bigint not null,
  strikes integer not null,
  first_drift_at timestamp with time zone,
  state text collate "C" not null,
  likely_cause text collate "C",
  verified_as_of timestamp with time zone,
  verified_sellable bigint,
  recount_wanted_at timestamp with time zone,
  accepted_at timestamp with time zone,
  booked_at timestamp with time zone,
  booked_units bigint,
  updated_at timestamp with time zone not null,
  constraint keeper_level_pkey PRIMARY KEY (seller_id, connection, location, sku),
  constraint keeper_level_state_check CHECK ((state = ANY (ARRAY['verified'::text, 'suspect'::text, 'open'::text, 'booked'::text])))
);
CREATE INDEX keeper_level_allocated ON keeper_level USING btree (seller_id, connection, location, sku) WHERE (allocated_strikes > 1);
CREATE INDEX keeper_level_by_sku ON keeper_level USING btree (seller_id, sku);
CREATE INDEX keeper_level_by_state ON keeper_level USING btree (seller_id, connection, state, location, sku);

create table keeper_look (
  seller_id bigint not null,
  connection text collate "C" not null,
  subject text collate "C" not null,
  id text collate "C" not null,
  wanted_at timestamp with time zone not null,
  attempts integer not null default 0,
  constraint keeper_look_pkey PRIMARY KEY (seller_id, connection, subject, id),
  constraint keeper_look_subject_check CHECK ((subject = ANY (ARRAY['item'::text, 'order'::text, 'reference'::text])))
);

create table keeper_order (
  seller_id bigint not null,
  reference text collate "C" not null,
  connection text collate "C" not null,
  channel text collate "C" not null,
  order_id text collate "C" not null,
  facility text collate "C" not null,
  lines json not null,
  items json not null,
  state text collate "C" not null,
  keeper_order_id text collate "C",
  attempts integer not null default 0,
  next_attempt_at timestamp with time zone,
  claimed_until timestamp with time zone,
  error text,
  created_at timestamp with time zone not null,
  sent_at timestamp with time zone,
  ended_at timestamp with time zone,
  constraint keeper_order_pkey PRIMARY KEY (seller_id, reference),
  constraint keeper_order_state_check CHECK ((state = ANY (ARRAY['wanted'::text, 'sent'::text, 'cancelling'::text, 'cancelled'::text, 'too_late'::text, 'refused'::text])))
);
CREATE INDEX keeper_order_by_order ON keeper_order USING btree (seller_id, channel, order_id);
CREATE INDEX keeper_order_by_state ON keeper_order USING btree (seller_id, connection, state, created_at);
CREATE INDEX keeper_order_due ON keeper_order USING btree (next_attempt_at) WHERE (next_attempt_at IS NOT NULL);

create table keeper_progress (
  seller_id bigint not null,
  connection text collate "C" not null,
  way text collate "C" not null,
  cursor text,
  reached_at timestamp with time zone,
  progress json,
  due_at timestamp with time zone not null,
  claimed_until timestamp with time zone,
  complete_at timestamp with time zone,
  attempts integer not null default 0,
  error json,
  failing_since timestamp with time zone,
  seen_seq bigint,
  constraint keeper_progress_pkey PRIMARY KEY (seller_id, connection, way),
  constraint keeper_progress_way_check CHECK ((way = ANY (ARRAY['levels'::text, 'looks'::text, 'collect'::text, 'documents'::text, 'subscription'::text])))
);
CREATE INDEX keeper_progress_due ON keeper_progress USING btree (due_at);

create table keeper_secret (
  seller_id bigint not null,
  connection text collate "C" not null,
  secrets bytea not null,
  updated_at timestamp with time zone not null,
  constraint keeper_secret_pkey PRIMARY KEY (seller_id, connection)
);

create table keeper_unlinked (
  seller_id bigint not null,
  connection text collate "C" not null,
  location text collate "C" not null,
  sku text collate "C" not null,
  fact_id text collate "C" not null,
  side text collate "C" not null,
  units bigint not null,
  open_units bigint not null,
  occurred_at timestamp with time zone not null,
  constraint keeper_unlinked_pkey PRIMARY KEY (seller_id, connection, location, sku, fact_id, side),
  constraint keeper_unlinked_check CHECK (((open_units >= 0) AND (open_units <= units))),
  constraint keeper_unlinked_side_check CHECK ((side = ANY (ARRAY['pick'::text, 'shipment'::text]))),
  constraint keeper_unlinked_units_check CHECK ((units > 0))
);
CREATE INDEX keeper_unlinked_open ON keeper_unlinked USING btree (seller_id, connection, location, sku, occurred_at) WHERE (open_units > 0);

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
  orders_recent double precision not null default 0,
  orders_steady double precision not null default 0,
  squares_recent double precision not null default 0,
  squares_steady double precision not null default 0,
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
  serves json,
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

create table order_due (
  seller_id bigint not null,
  channel text collate "C" not null,
  order_id text collate "C" not null,
  due_at timestamp with time zone not null,
  constraint order_due_pkey PRIMARY KEY (seller_id, channel, order_id)
);
CREATE INDEX order_due_by_time ON order_due USING btree (due_at);

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

create table ship_to (
  seller_id bigint not null,
  channel text collate "C" not null,
  order_id text collate "C" not null,
  address bytea not null,
  kept_at timestamp with time zone not null,
  constraint ship_to_pkey PRIMARY KEY (seller_id, channel, order_id)
);
CREATE INDEX ship_to_by_age ON ship_to USING btree (kept_at);

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
  bucket text collate "C" not null default 'sellable'::text,
  constraint stock_count_pkey PRIMARY KEY (seller_id, sku, location, as_of, seq),
  constraint stock_count_bucket_check CHECK ((bucket = ANY (ARRAY['sellable'::text, 'damaged'::text]))),
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
