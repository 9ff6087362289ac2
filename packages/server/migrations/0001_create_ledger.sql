-- The directory (who may sign in, with which key) stands outside the ledger: what must be unique across sellers lives here,
-- and no foreign key joins the two sides, so that the ledger can be distributed by seller_id.
create table seller (
  seller_id bigint generated always as identity primary key,
  code text collate "C" not null unique check (length(code) between 1 and 200),
  name text not null,
  time_zone text not null default 'UTC',
  created_at timestamptz not null default now()
);

create table api_key (
  key_id text collate "C" primary key,
  key_hash bytea not null unique,
  seller_id bigint not null,
  role text not null check (role in ('read', 'operate', 'admin')),
  label text not null default '',
  created_at timestamptz not null default now(),
  revoked_at timestamptz
);
create index api_key_by_seller on api_key (seller_id);

-- One-time sign-in links (kind link) and the browser sessions they open (kind session). Only hashes are kept.
create table browser_session (
  token_hash bytea primary key,
  kind text not null check (kind in ('link', 'session')),
  seller_id bigint not null,
  role text not null check (role in ('read', 'operate', 'admin')),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz
);

-- A marketplace account names exactly one connection of one seller; webhooks find their connection here.
create table channel_account (
  kind text collate "C" not null,
  account_id text collate "C" not null,
  seller_id bigint not null,
  connection text collate "C" not null,
  primary key (kind, account_id)
);
create index channel_account_by_connection on channel_account (seller_id, connection);

-- The ledger. Every table is keyed by seller_id first.

-- One row per seller: the writer advances it by compare-and-set; seq is the last number given out (gapless).
create table head (
  seller_id bigint primary key,
  seq bigint not null check (seq >= 0),
  last_account_id bigint not null check (last_account_id >= 0),
  recorded_at timestamptz not null
);

-- One numbered fact. body holds what was accepted, so that the ledger can be replayed and explained.
create table entry (
  seller_id bigint not null,
  seq bigint not null check (seq > 0),
  recorded_at timestamptz not null,
  occurred_at timestamptz not null,
  kind text collate "C" not null,
  channel text collate "C",
  order_id text collate "C",
  external_id text collate "C",
  content_hash text collate "C",
  body json not null,
  primary key (seller_id, seq)
);
create unique index entry_by_external_id on entry (seller_id, kind, external_id) where external_id is not null;

-- A balance: units of one SKU in one bucket, at a location for physical buckets and incoming, '' for promises and returning.
create table account (
  seller_id bigint not null,
  account_id bigint not null,
  sku text collate "C" not null,
  location text collate "C" not null,
  bucket text collate "C" not null check (bucket in ('sellable', 'quality_control', 'damaged', 'incoming', 'reserved', 'committed', 'returning')),
  primary key (seller_id, account_id),
  unique (seller_id, sku, location, bucket),
  check ((location = '') = (bucket in ('reserved', 'committed', 'returning')))
);

-- The movements of an entry, one leg per account. The legs of an account form one chain without forks: each carries the
-- balance before and after it, and a foreign key ties `before` to the `after` of the leg it follows. So a balance, which is
-- the `after` of the last leg, cannot differ from the sum of its movements: the database refuses the write that would
-- make it so. (docs/adr/0001 has the measurements: 15 % of the throughput on many SKUs, 30 % on one.)
create table movement (
  seller_id bigint not null,
  seq bigint not null,
  leg integer not null check (leg >= 0),
  account_id bigint not null,
  bucket text collate "C" not null,
  units bigint not null check (units <> 0),
  counterpart text collate "C" not null,
  before bigint not null,
  after bigint not null,
  prev_seq bigint,
  prev_leg integer,
  line_id text collate "C",
  reason text,
  -- Physical legs only: when it happened. Counts compare with it.
  occurred_at timestamptz,
  primary key (seller_id, seq, leg, account_id, after),
  foreign key (seller_id, prev_seq, prev_leg, account_id, before)
    references movement (seller_id, seq, leg, account_id, after),
  check (after = before + units),
  check ((prev_seq is null) = (prev_leg is null)),
  check (prev_seq is not null or before = 0),
  check (prev_seq < seq or (prev_seq = seq and prev_leg < leg)),
  check (after >= 0 or bucket = 'sellable'),
  check (abs(after) <= 9007199254740991)
);
-- Forbids two legs from following the same one; read backwards it starts at the last leg of an account. The account is an
-- expression so that the planner cannot take this index for the foreign key's look-up: on young statistics it did, and read
-- every leg of a hot account for each new one (docs/adr/0001).
create unique index movement_chain on movement
  (seller_id, (account_id + 0), prev_seq nulls first, prev_leg nulls first) nulls not distinct;
create index movement_by_occurrence on movement (seller_id, account_id, occurred_at) where occurred_at is not null;

create table sku (
  seller_id bigint not null,
  sku text collate "C" not null,
  attributes json not null,
  created_seq bigint not null,
  updated_seq bigint not null,
  primary key (seller_id, sku)
);

create table location (
  seller_id bigint not null,
  code text collate "C" not null,
  kind text not null check (kind in ('warehouse', '3pl', 'channel')),
  title text not null default '',
  created_seq bigint not null,
  updated_seq bigint not null,
  primary key (seller_id, code)
);

-- One seller's account at a channel or keeper. credentials are encrypted with ONEPOOL_SECRET_KEY.
create table connection (
  seller_id bigint not null,
  code text collate "C" not null,
  kind text collate "C" not null,
  mode text not null check (mode in ('import', 'shadow', 'live')),
  settings json not null,
  credentials bytea,
  since timestamptz,
  created_seq bigint not null,
  updated_seq bigint not null,
  primary key (seller_id, code)
);

create table listing (
  seller_id bigint not null,
  connection text collate "C" not null,
  external_id text collate "C" not null,
  components json not null,
  settings json not null,
  created_seq bigint not null,
  updated_seq bigint not null,
  primary key (seller_id, connection, external_id)
);

-- Which listings sell a SKU: the publisher's way from a moved SKU to its listings.
create table listing_component (
  seller_id bigint not null,
  sku text collate "C" not null,
  connection text collate "C" not null,
  external_id text collate "C" not null,
  units bigint not null check (units between 1 and 1000000000),
  primary key (seller_id, sku, connection, external_id)
);

-- An order and the claims of its lines: per line and source the states heard, their merge's frozen recipe, what is posted.
create table sales_order (
  seller_id bigint not null,
  channel text collate "C" not null,
  order_id text collate "C" not null,
  first_seq bigint not null,
  last_seq bigint not null,
  state json not null,
  primary key (seller_id, channel, order_id)
);
create index sales_order_by_first_seq on sales_order (seller_id, first_seq);

-- Order lines that name a SKU or listing nobody mapped yet; posted in full and removed the moment it is mapped.
create table unmapped_line (
  seller_id bigint not null,
  channel text collate "C" not null,
  names text not null check (names in ('sku', 'listing')),
  code text collate "C" not null,
  order_id text collate "C" not null,
  line_id text collate "C" not null,
  seq bigint not null,
  primary key (seller_id, names, code, channel, order_id, line_id)
);

create table reservation (
  seller_id bigint not null,
  reservation_id text collate "C" not null,
  state text not null check (state in ('held', 'committed', 'released', 'expired', 'claimed')),
  expires_at timestamptz not null,
  body json not null,
  first_seq bigint not null,
  last_seq bigint not null,
  primary key (seller_id, reservation_id)
);
-- Due holds are found across sellers in this one place.
create index reservation_due on reservation (expires_at, seller_id) where state = 'held';

create table stock_count (
  seller_id bigint not null,
  sku text collate "C" not null,
  location text collate "C" not null,
  as_of timestamptz not null,
  seq bigint not null,
  units bigint not null check (units >= 0),
  primary key (seller_id, sku, location, as_of, seq)
);

create table alert (
  seller_id bigint not null,
  alert_id text collate "C" not null,
  kind text collate "C" not null,
  subject text collate "C" not null,
  severity text not null check (severity in ('info', 'warning', 'critical')),
  body json not null,
  opened_at timestamptz not null,
  opened_seq bigint not null,
  resolved_at timestamptz,
  resolved_seq bigint,
  primary key (seller_id, alert_id)
);
-- One open alert per subject.
create unique index alert_open on alert (seller_id, kind, subject) where resolved_at is null;

-- Answers kept for 7 days under the caller's Idempotency-Key, written with the entries they acknowledge.
create table idempotent_answer (
  seller_id bigint not null,
  key text collate "C" not null,
  request_hash text collate "C" not null,
  status integer not null,
  answer json not null,
  created_at timestamptz not null,
  primary key (seller_id, key)
);
create index idempotent_answer_by_age on idempotent_answer (created_at);

-- Where each follower of the ledger stands; written together with its output.
create table follower (
  seller_id bigint not null,
  name text collate "C" not null,
  seq bigint not null,
  primary key (seller_id, name)
);

-- Channel side. Observations and pushes never touch the head: they have their own gapless log per seller, so that one
-- number places a reader of the live stream.
create table observation_head (
  seller_id bigint primary key,
  cursor bigint not null check (cursor >= 0)
);

create table observation (
  seller_id bigint not null,
  cursor bigint not null,
  connection text collate "C" not null,
  external_id text collate "C",
  kind text collate "C" not null,
  recorded_at timestamptz not null,
  body json not null,
  primary key (seller_id, cursor)
);
create index observation_by_listing on observation (seller_id, connection, external_id, cursor);

-- What a listing is known to show, and the push on its way. desired is derived, never stored.
create table listing_state (
  seller_id bigint not null,
  connection text collate "C" not null,
  external_id text collate "C" not null,
  observed bigint,
  observed_at timestamptz,
  confirmed_at timestamptz,
  -- The write under way or not yet confirmed: its quantity, the ledger sequence it was computed from, when it was sent.
  pushed bigint,
  pushed_seq bigint,
  pushed_at timestamptz,
  attempts integer not null default 0,
  next_attempt_at timestamptz,
  error json,
  version bigint not null default 0,
  primary key (seller_id, connection, external_id)
);

-- Durable inbox of notifications: stored before acknowledged, collapsed by (topic, resource).
create table inbox (
  seller_id bigint not null,
  connection text collate "C" not null,
  topic text collate "C" not null,
  resource text collate "C" not null,
  body json not null,
  arrivals bigint not null default 1,
  first_received_at timestamptz not null,
  last_received_at timestamptz not null,
  done_arrivals bigint not null default 0,
  attempts integer not null default 0,
  next_attempt_at timestamptz not null,
  error text,
  poisoned_at timestamptz,
  primary key (seller_id, connection, topic, resource)
);
create index inbox_due on inbox (next_attempt_at) where done_arrivals < arrivals and poisoned_at is null;

-- Rotating OAuth tokens, encrypted; refreshed under the row's lock.
create table connection_token (
  seller_id bigint not null,
  connection text collate "C" not null,
  token bytea not null,
  expires_at timestamptz not null,
  rotated_at timestamptz not null,
  state text not null default 'valid' check (state in ('valid', 'reconnect_needed')),
  primary key (seller_id, connection)
);

-- How long each hop took, per connection: log-scaled histogram buckets per minute.
create table latency (
  seller_id bigint not null,
  connection text collate "C" not null,
  hop text collate "C" not null,
  minute timestamptz not null,
  bucket smallint not null,
  samples bigint not null,
  primary key (seller_id, connection, hop, minute, bucket)
);
