-- What the workers of intake and publish need to find their work in any process and to go on after a crash.

alter table listing_state
  -- Until when one worker holds this listing: one write is in flight at most. A lease, so that a crash frees it by itself.
  add column claimed_until timestamptz,
  -- Commit time of the oldest change of the pool that the channel does not show yet.
  add column dirty_since timestamptz,
  -- Somebody said that the channel's number changed: a reading older than this is not to be believed.
  add column read_wanted_at timestamptz;

-- Due work is found here; next_attempt_at is null while there is nothing to do.
create index listing_state_due on listing_state (seller_id, connection, next_attempt_at) where next_attempt_at is not null;

-- The net under the notifications: orders changed since the last poll are listed from time to time.
create table order_poll (
  seller_id bigint not null,
  connection text collate "C" not null,
  -- The channel's time up to which changed orders were listed; the next poll begins a whole hour before it.
  changed_through timestamptz not null,
  due_at timestamptz not null,
  -- Our time at the start of the last poll that came to its end: what was sold before it stands in the inbox or the ledger.
  complete_at timestamptz,
  attempts integer not null default 0,
  error json,
  primary key (seller_id, connection)
);
create index order_poll_due on order_poll (due_at);

-- Orders of a listing that the channel has accepted and not yet taken off its own number, although our pool has.
create table open_sale (
  seller_id bigint not null,
  connection text collate "C" not null,
  external_id text collate "C" not null,
  order_id text collate "C" not null,
  units bigint not null check (units between 1 and 1000000000),
  opened_at timestamptz not null,
  primary key (seller_id, connection, external_id, order_id)
);
