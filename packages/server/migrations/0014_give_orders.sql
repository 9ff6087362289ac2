-- What keepers are asked to do: orders to ship, deliveries to expect.

-- Orders to be looked at: something moved that may change what a keeper is to ship of them.
create table order_due (
  seller_id bigint not null,
  channel text collate "C" not null,
  order_id text collate "C" not null,
  due_at timestamptz not null,
  primary key (seller_id, channel, order_id)
);
create index order_due_by_time on order_due (due_at);

-- An order as a keeper was given it. One order may be given several times: what is taken back is given anew in part.
create table keeper_order (
  seller_id bigint not null,
  -- Ours, unique for ever: the keeper knows the order by it.
  reference text collate "C" not null,
  connection text collate "C" not null,
  channel text collate "C" not null,
  order_id text collate "C" not null,
  facility text collate "C" not null,
  -- [{lineId, sku, units}] in our SKUs, and [{lineId, item, units}] as the keeper was told.
  lines json not null,
  items json not null,
  state text collate "C" not null check (state in ('wanted', 'sent', 'cancelling', 'cancelled', 'too_late', 'refused')),
  keeper_order_id text collate "C",
  attempts integer not null default 0,
  -- Null when nothing is to be told.
  next_attempt_at timestamptz,
  claimed_until timestamptz,
  error text,
  created_at timestamptz not null,
  sent_at timestamptz,
  ended_at timestamptz,
  primary key (seller_id, reference)
);
create index keeper_order_by_order on keeper_order (seller_id, channel, order_id);
create index keeper_order_due on keeper_order (next_attempt_at) where next_attempt_at is not null;
create index keeper_order_by_state on keeper_order (seller_id, connection, state, created_at);

-- Where an order goes, sealed. Forgotten some time after the order left: nobody needs it any more.
create table ship_to (
  seller_id bigint not null,
  channel text collate "C" not null,
  order_id text collate "C" not null,
  address bytea not null,
  kept_at timestamptz not null,
  primary key (seller_id, channel, order_id)
);
create index ship_to_by_age on ship_to (kept_at);

-- A delivery as a keeper was told to expect it.
create table keeper_inbound (
  seller_id bigint not null,
  inbound_id text collate "C" not null,
  reference text collate "C" not null,
  connection text collate "C" not null,
  facility text collate "C" not null,
  -- [{sku, units}] as the delivery was expected when this was told, and [{item, units}] as the keeper was told.
  lines json not null,
  items json not null,
  expected_at timestamptz,
  state text collate "C" not null check (state in ('wanted', 'sent', 'cancelling', 'cancelled', 'too_late', 'refused')),
  keeper_inbound_id text collate "C",
  attempts integer not null default 0,
  next_attempt_at timestamptz,
  claimed_until timestamptz,
  error text,
  created_at timestamptz not null,
  sent_at timestamptz,
  ended_at timestamptz,
  primary key (seller_id, reference)
);
create index keeper_inbound_by_inbound on keeper_inbound (seller_id, inbound_id);
create index keeper_inbound_due on keeper_inbound (next_attempt_at) where next_attempt_at is not null;
create index inbound_announced on inbound (seller_id, location) where status <> 'closed';
