-- What keepers say. Every word of theirs stands here before it is acknowledged, and is worked on at least once.

-- One fact. The same connection and fact_id again is the same fact.
create table keeper_fact (
  seller_id bigint not null,
  connection text collate "C" not null,
  fact_id text collate "C" not null,
  kind text collate "C" not null
    check (kind in ('snapshot', 'adjustment', 'pick', 'shipment', 'receipt', 'return')),
  -- In the keeper's own codes.
  body json not null,
  -- Of the body, whatever the order of its fields: what came again with another one is told apart.
  content_hash text collate "C" not null,
  -- Of a snapshot: the end of the time that it was read in.
  occurred_at timestamptz not null,
  received_at timestamptz not null,
  -- The order of arrival in one process, and nearly so over several: for lists and for work.
  arrival bigint generated always as identity,
  way text collate "C" not null
    check (way in ('delivery', 'collect', 'documents', 'levels', 'file', 'api', 'order')),
  -- The keeper's id of the delivery, or the name of the file.
  delivery_id text collate "C",
  -- Snapshots alone. One with many lines, or read page by page, is cut into parts that are facts of their own, from 1 on; it is
  -- whole when its last part is here, and all before that are here by then.
  snapshot_id text collate "C",
  part integer check (part > 0),
  is_last_part boolean,
  -- waiting: a facility, item or order is unknown. nothing: it told nothing new. poison: put aside until somebody looks.
  state text collate "C" not null default 'due' check (state in ('due', 'waiting', 'done', 'nothing', 'poison')),
  attempts integer not null default 0,
  next_attempt_at timestamptz not null,
  -- Until when one worker holds it: what a crash leaves is taken up after it.
  claimed_until timestamptz,
  -- For people.
  error text,
  -- The first entry that it made.
  seq bigint,
  done_at timestamptz,
  primary key (seller_id, connection, fact_id),
  check ((kind = 'snapshot') = (snapshot_id is not null and part is not null and is_last_part is not null))
);
create index keeper_fact_due on keeper_fact (next_attempt_at, arrival) where state in ('due', 'waiting');
create index keeper_fact_by_arrival on keeper_fact (seller_id, connection, arrival desc);
create index keeper_fact_open on keeper_fact (seller_id, connection, state, arrival desc) where state in ('due', 'waiting', 'poison');
-- Snapshots are forgotten some days after they were worked on.
create index keeper_fact_old_snapshots on keeper_fact (done_at) where kind = 'snapshot' and done_at is not null;

-- How far the reading of a connection is, one row per way.
create table keeper_progress (
  seller_id bigint not null,
  connection text collate "C" not null,
  way text collate "C" not null check (way in ('levels', 'looks', 'collect', 'documents', 'subscription')),
  -- What the keeper told us to go on from; moved together with the facts it brought.
  cursor text,
  -- Documents: the time that their changes were listed up to.
  reached_at timestamptz,
  -- A reading under way: the page to go on with, the snapshot that its pages belong to.
  progress json,
  due_at timestamptz not null,
  claimed_until timestamptz,
  -- Our time at the start of the last reading that came to its end.
  complete_at timestamptz,
  attempts integer not null default 0,
  error json,
  failing_since timestamptz,
  -- The entry that had last changed the connection when it was last tried: one that fails is tried at once when it is changed.
  seen_seq bigint,
  primary key (seller_id, connection, way)
);
create index keeper_progress_due on keeper_progress (due_at);

-- What is to be read soon, each item and order once however often it is asked for.
create table keeper_look (
  seller_id bigint not null,
  connection text collate "C" not null,
  subject text collate "C" not null check (subject in ('item', 'order', 'reference')),
  id text collate "C" not null,
  wanted_at timestamptz not null,
  attempts integer not null default 0,
  primary key (seller_id, connection, subject, id)
);

-- What a keeper signs its deliveries with: a sealed JSON array, the newest first.
create table keeper_secret (
  seller_id bigint not null,
  connection text collate "C" not null,
  secrets bytea not null,
  updated_at timestamptz not null,
  primary key (seller_id, connection)
);

-- Deliveries of keepers name no account: the secret in the address finds the connection, by its hash, so that how long a
-- comparison takes tells nothing of it. We make the secrets ourselves, of letters that bytea reads as they are.
create index connection_by_hook_secret on connection (kind, sha256((settings ->> 'hookSecret')::bytea));
