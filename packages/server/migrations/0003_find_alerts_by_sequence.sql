-- The live stream tells which alerts opened or ended with the entries it passes on.
create index alert_by_opening on alert (seller_id, opened_seq);
create index alert_by_resolution on alert (seller_id, resolved_seq) where resolved_seq is not null;
