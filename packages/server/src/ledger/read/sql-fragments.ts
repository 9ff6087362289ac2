// Pieces that several stores' statements are made of. Every one names the seller as $1.
import { deployableOf, heldWhileBlind, isPending } from "../../allocate/listing-pools.ts";

/** An instant as milliseconds. */
export function milliseconds(instant: string): string {
  return `(extract(epoch from ${instant}) * 1000)::bigint`;
}

/**
 * The units of account `a` after entry number `seq`: of the legs that follow one up to it, the last tells; where none does,
 * the first leg of all. One step down the chain's index each (the README of the ledger says why `account_id + 0`).
 */
function unitsAt(seq: string): string {
  return `coalesce((
    select case when m.seq <= ${seq} then m.after else m.before end
    from movement m
    where m.seller_id = $1 and (m.account_id + 0) = a.account_id and m.prev_seq <= ${seq}
    order by m.prev_seq desc nulls last, m.prev_leg desc nulls last limit 1
  ), (
    select m.after from movement m
    where m.seller_id = $1 and (m.account_id + 0) = a.account_id and m.prev_seq is null and m.seq <= ${seq}
  ), 0)`;
}

/** The balances of one SKU after entry number `seq`, as a JSON array of `Balance`. */
export function balancesAt(sku: string, seq: string): string {
  return `coalesce((
    select json_agg(json_build_object(
      'location', a.location, 'kind', l.kind, 'bucket', a.bucket, 'units', ${unitsAt(seq)}
    ) order by a.location, a.bucket)
    from account a left join location l on l.seller_id = $1 and l.code = a.location
    where a.seller_id = $1 and a.sku = ${sku}
  ), '[]'::json)`;
}

/** What is withheld of a SKU from reservations now, and why, as a JSON `Withheld`; null while there is plenty. */
export function withheldOf(sku: string): string {
  return `(
    select json_build_object('units', coalesce(w.units, 0), 'since', ${milliseconds("g.since")}, 'threshold', g.threshold,
      'latencyMs', g.latency_ms, 'exposure', g.exposure)
    from (select * from end_game where seller_id = $1 and sku = ${sku}) g
    full join (select * from withheld where seller_id = $1 and sku = ${sku}) w using (seller_id, sku))`;
}

/** What is known of listing `l` with the pools of its components after entry number `seq`, as a JSON `ListingNow`. */
export function listingNow(seq: string): string {
  return `(
    select json_build_object(
      'connection', l.connection, 'externalId', l.external_id, 'kind', c.kind, 'mode', c.mode,
      'settings', l.settings, 'createdSeq', l.created_seq, 'updatedSeq', l.updated_seq,
      'pools', (
        select json_agg(json_build_object('sku', p.sku, 'units', p.units,
          'deployable', ${deployableOf("p.sku", "l.connection")}, 'balances', ${balancesAt("p.sku", seq)}) order by p.sku)
        from json_to_recordset(l.components) as p (sku text, units bigint)),
      'observed', t.observed, 'observedAt', ${milliseconds("t.observed_at")},
      'confirmedAt', ${milliseconds("t.confirmed_at")}, 'pushed', t.pushed, 'pushedSeq', t.pushed_seq,
      'pushedAt', ${milliseconds("t.pushed_at")}, 'attempts', coalesce(t.attempts, 0), 'problem', t.error,
      'observedUntil', ${milliseconds("t.observed_until")}, 'overtakenUntil', ${milliseconds("t.overtaken_until")},
      'ownSold', coalesce(t.own_sold, 0), 'reach', t.reach, 'quota', t.quota,
      'heldBack', ${heldWhileBlind("l")},
      'expectedOversold', (
        select max(e.expected_oversold) from json_to_recordset(l.components) as p (sku text)
        join end_game e on e.seller_id = $1 and e.sku = p.sku),
      'completeAt', ${milliseconds("f.complete_at")},
      'oldestUnreadAt', (
        select ${milliseconds("i.first_received_at")} from inbox i
        where i.seller_id = $1 and i.connection = l.connection and i.done_arrivals < i.arrivals
          and i.poisoned_at is null and (i.done_arrivals = 0 or i.next_attempt_at <= now())
          and (i.found_at is not null or i.done_at is not null or i.first_received_at > f.complete_at)
        order by i.first_received_at limit 1),
      'openSales', coalesce((
        select json_agg(json_build_object('units', o.units, 'openedAt', ${milliseconds("o.opened_at")}))
        from open_sale o
        where ${isPending("o")} and o.seller_id = $1 and o.connection = l.connection and o.external_id = l.external_id), '[]'::json))
    from connection c
    left join lateral (
      select * from listing_state where seller_id = $1 and connection = l.connection and external_id = l.external_id offset 0
    ) t on true
    left join order_poll f on f.seller_id = $1 and f.connection = l.connection
    where c.seller_id = $1 and c.code = l.connection)`;
}

/** The listings that sell a SKU, as a JSON array of `ListingNow`. */
export function listingsOf(sku: string, seq: string): string {
  return `coalesce((
    select json_agg(${listingNow(seq)} order by l.connection, l.external_id)
    from listing_component s
    join listing l on l.seller_id = $1 and l.connection = s.connection and l.external_id = s.external_id
    where s.seller_id = $1 and s.sku = ${sku}
  ), '[]'::json)`;
}
