import { QueryClient } from "@tanstack/react-query";
import { beforeEach, describe, expect, it } from "vitest";

import type { Availability } from "../../api/contract.ts";
import { alertsQuery } from "../../features/ledger/api/get-alerts.ts";
import { explanationKey } from "../../features/ledger/api/get-explanation.ts";
import { availabilityQuery } from "../../features/ledger/api/get-places.ts";
import { poolKey } from "../../features/ledger/api/get-pool.ts";
import { emptyPool, withRows, type Pool } from "../../features/ledger/api/pool.ts";
import type { LedgerNews } from "../../features/live/api/stream-event.ts";
import { aListing, aSku } from "../../testing/a-row.ts";
import { applyEvents } from "./apply-events.ts";

let client: QueryClient;

beforeEach(() => {
  client = new QueryClient();
  const skus = [aSku("A", { listings: [aListing()] }), aSku("B")];
  client.setQueryData(poolKey, withRows(emptyPool(), { seq: 5, skus }, 0));
  client.setQueryData(alertsQuery.queryKey, { alerts: [], nextCursor: null });
  client.setQueryData(explanationKey("A"), { pages: [], pageParams: [] });
  client.setQueryData(explanationKey("B"), { pages: [], pageParams: [] });
  client.setQueryData(availabilityQuery("A").queryKey, {} as Availability);
  client.setQueryData(availabilityQuery("B").queryKey, {} as Availability);
});

const rows = () => client.getQueryData<Pool>(poolKey)?.rows ?? [];
const isOld = (key: readonly unknown[]) => client.getQueryState(key)?.isInvalidated === true;

function ledger(seq: number, kind: string, ...skus: ReturnType<typeof aSku>[]): LedgerNews {
  const entry = { seq, kind, recordedAt: "2026-11-23T14:00:00Z", channel: null, orderId: null };
  return { type: "ledger", seq, entries: [entry], skus };
}

describe("events of the ledger", () => {
  it("change the numbers at once, the newest last, and name the rows whose listings are to be read", () => {
    const { stale } = applyEvents(client, [
      ledger(6, "order", aSku("A", { available: 6 })),
      ledger(7, "order", aSku("A", { available: 5 })),
    ]);
    expect(rows()[0]).toMatchObject({ sku: "A", available: 5, seq: 7 });
    expect([...stale]).toEqual(["A"]);
  });

  it("make the explanation of their SKUs old, and no other", () => {
    applyEvents(client, [ledger(6, "order", aSku("A"))]);
    expect([isOld(explanationKey("A")), isOld(explanationKey("B"))]).toEqual([true, false]);
  });

  it("make old where their SKUs lie, and say that what keepers told is to be held against it", () => {
    expect(applyEvents(client, [ledger(6, "count", aSku("A"))]).moved).toBe(true);
    const places = ["A", "B"].map((sku) => isOld(availabilityQuery(sku).queryKey));
    expect(places).toEqual([true, false]);
    expect(applyEvents(client, [ledger(7, "connection")]).moved).toBe(false);
  });

  it("name SKUs the pool does not hold yet, so that they are read", () => {
    expect([...applyEvents(client, [ledger(6, "sku", aSku("NEW"))]).stale]).toEqual(["NEW"]);
  });

  it.each([
    ["listing", true],
    ["connection", true],
    ["location", true],
    ["order", false],
  ])("of kind %s say that the map changed: %s", (kind, remapped) => {
    expect(applyEvents(client, [ledger(6, kind)]).remapped).toBe(remapped);
  });
});

describe("observations", () => {
  it("name the rows that sell through the listing", () => {
    const observations = [
      { connection: "meli-mx", externalId: "MLM1", kind: "confirmed" },
      { connection: "meli-mx", externalId: "OTHER", kind: "read" },
      { connection: "meli-mx", externalId: null, kind: "received" },
    ];
    expect([...applyEvents(client, [{ type: "observation", cursor: 4, observations }]).stale]).toEqual(["A"]);
  });
});

it("an alert makes the list of alerts old; anything else leaves it", () => {
  applyEvents(client, [ledger(6, "order", aSku("A"))]);
  expect(isOld(alertsQuery.queryKey)).toBe(false);
  applyEvents(client, [{ type: "alert" }]);
  expect(isOld(alertsQuery.queryKey)).toBe(true);
});

it("what changes nothing on the screen leaves the very same pool", () => {
  const before = client.getQueryData(poolKey);
  applyEvents(client, [ledger(5, "order", aSku("A", { available: 0 }))]);
  expect(client.getQueryData(poolKey)).toBe(before);
});
