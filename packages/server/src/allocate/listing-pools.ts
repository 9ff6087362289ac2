import {
  type ComponentPool,
  type DesiredQuantity,
  desiredQuantity,
} from "@onepool/core/allocate/desired-quantity.ts";
import { listingPolicy } from "@onepool/core/allocate/listing-policy.ts";
import type { JsonObject } from "@onepool/core/ledger/json.ts";
import type { Units } from "@onepool/core/ledger/units.ts";

/**
 * SQL: what is available of a SKU of seller $1, as of the statement's snapshot. Balances are the `after` of each account's
 * last leg: one step down the chain's index each (the ledger's README says why `account_id + 0`).
 */
export function availableOf(sku: string): string {
  return `(
      select coalesce(sum(case when a.bucket = 'sellable' then b.units else -b.units end), 0)
      from account a
      left join location o on o.seller_id = a.seller_id and o.code = a.location
      cross join lateral (
        select m.after as units from movement m
        where m.seller_id = a.seller_id and (m.account_id + 0) = a.account_id
        order by m.prev_seq desc nulls last, m.prev_leg desc nulls last limit 1
      ) b
      where a.seller_id = $1 and a.sku = ${sku}
        and (a.bucket in ('reserved', 'committed') or (a.bucket = 'sellable' and o.kind is distinct from 'channel'))
    )`;
}

/** SQL: the most of a SKU that a channel can still sell from places that serve it; null where every place serves everybody. */
export function deployableOf(sku: string, connection: string): string {
  return `(
      select r.units from channel_reach r where r.seller_id = $1 and r.sku = ${sku} and r.connection = ${connection}
    )`;
}

/**
 * SQL: the pools of one listing's components as a JSON array of `ComponentPool`. By the recipe that stands in the listing's own
 * row: `listing_component` finds the listings of a SKU, not the SKUs of a listing.
 */
export function componentPools(listing: string): string {
  return `(select coalesce(json_agg(json_build_object('sku', lc.sku, 'unitsPerSale', lc.units, 'available', ${availableOf("lc.sku")},
        'deployable', ${deployableOf("lc.sku", `${listing}.connection`)}) order by lc.sku), '[]'::json)
    from json_to_recordset(${listing}.components) as lc (sku text collate "C", units int8))`;
}

/**
 * SQL: whether the order of an open sale is pending in the ledger. A scalar, so that orders are looked up by their whole key: joined, all
 * of a channel's would be gone through per sale while statistics are young.
 */
export function isPending(sale: string): string {
  return `(select d.state ->> 'status' from sales_order d
        where d.seller_id = ${sale}.seller_id and d.channel = ${sale}.connection and d.order_id = ${sale}.order_id) = 'pending'`;
}

/** What is held back where everything is: more than any pool has. */
const EVERYTHING = 1_000_000_000_000;

/**
 * SQL: units of each pool that a listing holds back because other connections that sell of it are not seen; the most of any of
 * its pools.
 */
export function heldWhileBlind(listing: string): string {
  return `(
      select coalesce(max(held.units), 0)::int8 from (
        select (
          select sum(coalesce(h.units, ${EVERYTHING})) from blind_hold h
          where h.seller_id = $1 and h.sku = lc.sku and h.connection <> ${listing}.connection) as units
        from json_to_recordset(${listing}.components) as lc (sku text collate "C")
      ) held
    )`;
}

/** What a listing's own rows say about what it should show. */
export interface ListingPools {
  readonly components: readonly ComponentPool[];
  readonly settings: JsonObject;
  readonly openSales: Units;
  /** While its pools are in the end game. */
  readonly quota: Units | null;
  /** While other channels are not seen: units of each pool. */
  readonly heldBack: Units;
}

/** What the listing should show; with the channel's own limit. */
export function desiredOf(listing: ListingPools, channelMax: Units): DesiredQuantity {
  return desiredQuantity({
    components: listing.components,
    policy: listingPolicy(listing.settings),
    channelMax,
    openSales: listing.openSales,
    quota: listing.quota,
    heldBack: listing.heldBack,
  });
}
