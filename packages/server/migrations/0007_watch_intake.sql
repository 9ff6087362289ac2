-- Intake to its full depth: states that notifications tell themselves, polls that go on where they had to wait, messages that
-- belong to nobody, and whether we see what a channel sells.

alter table inbox
  -- When a notification last said so; null: only polls found it.
  add column noticed_at timestamptz,
  -- When a poll last found it unread. Notices about what no poll and no ledger knows are read within a budget only.
  add column found_at timestamptz,
  -- When its news was last in.
  add column done_at timestamptz,
  -- The state that was last read, and the same one as the channel's list tells it.
  add column fingerprint text,
  add column listed text,
  -- Readings in a row that told nothing new: the more, the longer the next notification waits, here until `not_before`.
  add column idle_reads integer not null default 0,
  add column not_before timestamptz,
  -- Whether what waits takes a call; what a notification or a list tells itself does not.
  add column needs_read boolean not null default true,
  -- States in noticed_state wait to be posted: they need no call, so they do not wait for a connection that pauses.
  add column has_said boolean not null default false;

update inbox set
  noticed_at = case when json_typeof(body) = 'string' or body ->> 'text' is not null then last_received_at end,
  found_at = case when json_typeof(body) = 'object' and body ->> 'text' is null then last_received_at end,
  done_at = case when done_arrivals > 0 then last_received_at end,
  fingerprint = case when json_typeof(body) = 'object' and done_arrivals > 0 then body ->> 'fingerprint' end,
  listed = case when json_typeof(body) = 'object' then body ->> 'listed' end;

create index inbox_poisoned on inbox (seller_id, connection) where poisoned_at is not null;

-- States of orders that notifications or lists tell themselves, each distinct one once: rows of the inbox keep only their last
-- notification, and none of these may be lost. Kept after they were posted, so that they can be replayed.
create table noticed_state (
  seller_id bigint not null,
  connection text collate "C" not null,
  topic text collate "C" not null,
  resource text collate "C" not null,
  -- Of the state, not of the message: a republished one says nothing new.
  hash text collate "C" not null,
  -- The notification as it came, as a JSON string; an object is the reading that a list told.
  body json not null,
  received_at timestamptz not null,
  posted_at timestamptz,
  primary key (seller_id, connection, topic, resource, hash)
);

alter table order_poll
  -- A poll that had to wait for its budget: the windows and the page it goes on with.
  add column progress json,
  add column failing_since timestamptz,
  -- Notifications that the channel could not deliver are asked for apart from orders.
  add column missed_due_at timestamptz not null default now(),
  add column missed_complete_at timestamptz,
  add column missed_attempts integer not null default 0,
  add column missed_error json;
create index order_poll_missed_due on order_poll (missed_due_at);

-- Orders when a poll first listed them, unless the ledger knew them without a notification. Held against inbox.noticed_at
-- they tell which share of the orders is announced. Kept for hours.
create table listed_order (
  seller_id bigint not null,
  connection text collate "C" not null,
  topic text collate "C" not null,
  resource text collate "C" not null,
  changed_at timestamptz not null,
  found_at timestamptz not null,
  primary key (seller_id, connection, topic, resource)
);

-- Whether we see what a connection's channel sells.
create table connection_sight (
  seller_id bigint not null,
  connection text collate "C" not null,
  -- The connection's queue: when it was last asked, since when its oldest message waits (null: empty), since when it fails.
  queue_checked_at timestamptz,
  queue_oldest_at timestamptz,
  queue_failing_since timestamptz,
  queue_error text,
  -- The judgement. blind_since is null while we see.
  judged_at timestamptz,
  blind_since timestamptz,
  blind_reason text,
  blind_message text,
  -- The end of the last blindness: raises wait for a poll that began after it.
  sighted_at timestamptz,
  primary key (seller_id, connection),
  check ((blind_since is null) = (blind_reason is null))
);

-- What the other connections hold back of a SKU because this one is blind; null units: everything.
create table blind_hold (
  seller_id bigint not null,
  connection text collate "C" not null,
  sku text collate "C" not null,
  units bigint check (units > 0),
  primary key (seller_id, connection, sku)
);

-- Messages of a queue that could not be stored in an inbox. Before it is known whose it is, a message has no seller: this
-- belongs to the directory. seller_id is set where one seller alone names the queue.
create table stray_message (
  queue_url text collate "C" not null,
  message_id text collate "C" not null,
  seller_id bigint,
  kind text collate "C" not null,
  account_id text collate "C",
  reason text not null,
  -- As it came, as a JSON string.
  body json not null,
  sent_at timestamptz,
  received_at timestamptz not null,
  primary key (queue_url, message_id)
);
create index stray_message_by_seller on stray_message (seller_id, received_at);
create index stray_message_by_account on stray_message (kind, account_id) where account_id is not null;
