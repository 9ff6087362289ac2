-- How many orders a listing sells by, and how large they are: a dozen units at once empty a pool that a dozen buyers would leave
-- time for.

alter table listing_state
  -- Orders, and squares of every order's units, halved as sold_recent and sold_steady are, as of sold_at. Less than what is true
  -- where orders came before: such are taken for orders of one unit.
  add column orders_recent double precision not null default 0,
  add column orders_steady double precision not null default 0,
  add column squares_recent double precision not null default 0,
  add column squares_steady double precision not null default 0;
