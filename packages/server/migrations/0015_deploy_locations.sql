-- The channels whose orders a place may ship, as a JSON array of connection codes; null for every one.
alter table location add column serves json;

-- What orders of a channel are promised of a SKU, reserved and committed; channel '' for holds that no channel made. Kept only
-- for sellers with a place that does not serve everybody, by the follower that marks listings.
create table channel_promise (
  seller_id bigint not null,
  sku text collate "C" not null,
  channel text collate "C" not null,
  units bigint not null,
  primary key (seller_id, sku, channel)
);

-- The most units of a SKU that a channel can still sell from places that serve it; as of the follower's cursor, for the same sellers.
create table channel_reach (
  seller_id bigint not null,
  sku text collate "C" not null,
  connection text collate "C" not null,
  units bigint not null,
  primary key (seller_id, sku, connection)
);
