-- What publish knows of the risk of each listing, and how scarce pools are dealt out. All of it is written beside the order
-- path: by the follower that marks listings, by the lanes, and by the deal.

alter table listing_state
  -- When the answer of the last reading was there: orders known to be complete past it leave nothing unseen.
  add column observed_until timestamptz,
  -- What a write has to name to be refused if anything moved since that reading.
  add column channel_version text collate "C",
  -- A write that was overtaken by another may still take effect until then.
  add column overtaken_until timestamptz,
  -- Own sales seen, and how far they could get with all that was ever shown: the difference is the exposure.
  add column own_sold bigint not null default 0,
  add column reach bigint,
  -- Units sold, each counting half as much after 2 minutes and after 3 days, as of sold_at.
  add column sold_recent double precision not null default 0,
  add column sold_steady double precision not null default 0,
  add column sold_at timestamptz,
  -- The most it may show while its pools are in the end game.
  add column quota bigint check (quota >= 0),
  -- When a number that somebody had lowered by hand was last put right.
  add column mended_at timestamptz,
  -- When it was last stopped by a change rather than by sales: what the brake counts.
  add column stopped_at timestamptz,
  -- The call it waits for when calls are scarce, and its place in the queue. Null until it was looked at.
  add column wants text check (wants in ('push', 'read')),
  add column urgency double precision,
  add check ((wants is null) = (urgency is null));

-- What was looked at waits in the order of its urgency; the rest is found by its time.
drop index listing_state_due;
create index listing_state_due on listing_state (seller_id, connection, next_attempt_at)
  where next_attempt_at is not null and wants is null;
create index listing_state_ranked on listing_state (seller_id, connection, wants, urgency) where wants is not null;
create index listing_state_stopped on listing_state (seller_id, connection, stopped_at) where stopped_at is not null;

-- Pools that are so scarce that each listing has a quota.
create table end_game (
  seller_id bigint not null,
  sku text collate "C" not null,
  since timestamptz not null,
  -- The entry the deal was made from, and the pool as it was then.
  seq bigint not null,
  available bigint not null,
  -- Null while it is not known of one of the listings.
  exposure bigint,
  threshold bigint not null,
  latency_ms bigint not null,
  -- Units expected to be sold twice before every listing knows.
  expected_oversold double precision not null,
  primary key (seller_id, sku)
);
