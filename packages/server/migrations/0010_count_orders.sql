-- How large the orders are that a listing sells by: a dozen units at once empty a pool that a dozen buyers would leave time for.

alter table listing_state
  -- Squares of every order's units, halved as sold_recent and sold_steady are, as of sold_at. Less than those where orders
  -- came before: such are taken for orders of one unit.
  add column squares_recent double precision not null default 0,
  add column squares_steady double precision not null default 0;
