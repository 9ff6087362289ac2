-- Units of scarce pools that buyers may still take on marketplaces: no reservation gets them. Written by the ledger, in its
-- own order, so that a hold and a write that raises what a listing offers cannot both get the same unit.
create table withheld (
  seller_id bigint not null,
  sku text collate "C" not null,
  units bigint not null check (units > 0),
  updated_seq bigint not null,
  primary key (seller_id, sku)
);
