-- breaking
-- An older program would read the counts of damaged units as counts of sellable ones, and orders without what a keeper counted.

-- Goods on their way to a location: announced from outside, or a transfer under way. state holds its lines and where it left.
create table inbound (
  seller_id bigint not null,
  inbound_id text collate "C" not null,
  location text collate "C" not null,
  status text not null check (status in ('announced', 'closed', 'cancelled')),
  expected_at timestamptz,
  state json not null,
  created_seq bigint not null,
  updated_seq bigint not null,
  primary key (seller_id, inbound_id)
);
create index inbound_by_seq on inbound (seller_id, created_seq);

-- Its lines by SKU. open_units stand in `incoming` at its location.
create table inbound_line (
  seller_id bigint not null,
  sku text collate "C" not null,
  inbound_id text collate "C" not null,
  expected bigint not null check (expected >= 0),
  received bigint not null check (received >= 0),
  open_units bigint not null check (open_units >= 0),
  primary key (seller_id, sku, inbound_id)
);
create index inbound_line_open on inbound_line (seller_id, sku) where open_units > 0;

-- A count is of one bucket.
alter table stock_count add column bucket text collate "C" not null default 'sellable' check (bucket in ('sellable', 'damaged'));
