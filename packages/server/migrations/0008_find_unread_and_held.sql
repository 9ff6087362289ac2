-- Every listing that is looked at asks since when its connection's news waits, and what is held back of its SKUs. By their primary
-- keys all of a connection's news was gone through for the one (50,000 rows: 8 to 20 ms), all of a seller's holds for the other.
create index inbox_unread on inbox (seller_id, connection, first_received_at)
  where done_arrivals < arrivals and poisoned_at is null;
create index blind_hold_by_sku on blind_hold (seller_id, sku);
