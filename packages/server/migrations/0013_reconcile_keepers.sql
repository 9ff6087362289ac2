-- What keepers' words come to: the documents they tell of as they stand, their levels held against the ledger, and what is on its
-- way into it.

-- One row per keeper whose facts are applied: locked while what they mean is worked out, so that two processes never reckon with
-- the same state. Also what guards its full snapshots.
create table keeper_desk (
  seller_id bigint not null,
  connection text collate "C" not null,
  -- Lines of the last full snapshot that was let in.
  snapshot_lines bigint,
  snapshot_at timestamptz,
  -- A snapshot that looks cut off or emptied is held until another says the same and a person accepts it.
  held_since timestamptz,
  held_snapshot text collate "C",
  held_as_of timestamptz,
  held_strikes integer not null default 0,
  held_why text,
  accepted_at timestamptz,
  -- The last snapshot that named what is not known here.
  unknown_snapshot text collate "C",
  primary key (seller_id, connection)
);

-- Ledger commands that a fact came to, written down together with the state they make true, before the ledger is told. What a
-- crash leaves here is told again, word for word: the ledger knows what it was told already.
create table keeper_booking (
  seller_id bigint not null,
  connection text collate "C" not null,
  fact_id text collate "C" not null,
  commands json not null,
  -- What the rest of the fact waits for; null where all of it is in the commands.
  waits text,
  created_at timestamptz not null,
  primary key (seller_id, connection, fact_id)
);

-- An order, a delivery or a return at the keeper, merged from everything that was told of it.
create table keeper_document (
  seller_id bigint not null,
  connection text collate "C" not null,
  kind text collate "C" not null check (kind in ('order', 'inbound', 'return')),
  keeper_id text collate "C" not null,
  -- Ours, or the marketplace's order id.
  reference text collate "C",
  -- The order it belongs to, once it is known.
  channel text collate "C",
  order_id text collate "C",
  state json not null,
  updated_at timestamptz not null,
  -- The entry that last came of it.
  seq bigint,
  primary key (seller_id, connection, kind, keeper_id)
);
create index keeper_document_by_reference on keeper_document (seller_id, connection, kind, reference) where reference is not null;
create index keeper_document_by_order on keeper_document (seller_id, channel, order_id) where order_id is not null;

-- Picks of which it is not told for which order, and shipments not yet held against one: the same units, told twice. Rows stay
-- until they are used up or too old to belong to anything.
create table keeper_unlinked (
  seller_id bigint not null,
  connection text collate "C" not null,
  location text collate "C" not null,
  sku text collate "C" not null,
  fact_id text collate "C" not null,
  side text collate "C" not null check (side in ('pick', 'shipment')),
  units bigint not null check (units > 0),
  -- Not yet held against the other side.
  open_units bigint not null check (open_units between 0 and units),
  occurred_at timestamptz not null,
  primary key (seller_id, connection, location, sku, fact_id, side)
);
create index keeper_unlinked_open on keeper_unlinked (seller_id, connection, location, sku, occurred_at) where open_units > 0;

-- What a keeper last said of a SKU at a place, and how it stands against the ledger.
create table keeper_level (
  seller_id bigint not null,
  connection text collate "C" not null,
  location text collate "C" not null,
  sku text collate "C" not null,
  -- As the keeper calls it: what a targeted reading asks for.
  item text collate "C" not null,
  -- Last told: can be picked, and damaged or held; promised to orders that the keeper knows.
  sellable bigint not null,
  held bigint not null,
  allocated bigint,
  -- What it was given orders for by then and had not left, and how often in a row the two differed alike.
  allocated_ours bigint,
  allocated_strikes integer not null default 0,
  as_of_from timestamptz not null,
  as_of_to timestamptz not null,
  -- What the ledger had as of that time, and how far the keeper's word is from it.
  expected bigint not null,
  expected_held bigint not null,
  drift bigint not null,
  drift_held bigint not null,
  strikes integer not null,
  first_drift_at timestamptz,
  state text collate "C" not null check (state in ('verified', 'suspect', 'open', 'booked')),
  likely_cause text collate "C",
  -- The last time for which keeper and ledger said the same, and what they said.
  verified_as_of timestamptz,
  verified_sellable bigint,
  recount_wanted_at timestamptz,
  accepted_at timestamptz,
  -- The drift that was last booked.
  booked_at timestamptz,
  booked_units bigint,
  updated_at timestamptz not null,
  primary key (seller_id, connection, location, sku)
);
create index keeper_level_by_state on keeper_level (seller_id, connection, state, location, sku);
create index keeper_level_allocated on keeper_level (seller_id, connection, location, sku) where allocated_strikes > 1;
create index keeper_level_by_sku on keeper_level (seller_id, sku);
