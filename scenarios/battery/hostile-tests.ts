import { describe, expect, it } from "vitest";

import type { BatteryBench } from "./battery-bench.ts";
import { type BatteryParts, benchOfEachTest } from "./bench-of-each-test.ts";
import { hostileTexts, hostileValues, mutationsOf } from "./hostile-values.ts";

/** What anybody may send to the address of our notifications, and what may stand in a row that came from it. */
export function hostileTests(parts: BatteryParts): void {
  hostileNotification(parts);
  hostileId(parts);
}

function hostileNotification(parts: BatteryParts): void {
  const { kind, notices, orders } = parts.subject;

  describe("a hostile notification", () => {
    const bench = benchOfEachTest(parts);

    /** Whatever is understood is of a known shape, and would be understood again. */
    const check = (body: unknown): void => {
      const reading = kind.readNotification(body);
      if (reading.kind === "malformed") return;
      expect(typeof reading.accountId).toBe("string");
      expect(reading.accountId.length).toBeLessThan(200);
      if (reading.kind === "ignored") return;
      const { notice } = reading;
      expect(Object.hasOwn(notices, notice.topic), notice.topic).toBe(true);
      expect(notice.resource).toMatch(notices[notice.topic] ?? /^(?!)/);
      expect(kind.noticeOf(notice.topic, notice.resource)).toEqual(notice);
      if (notice.about.kind === "order") expect(notice.about.orderId).toMatch(orders.shape);
      expect(JSON.stringify(reading).length).toBeLessThan(20_000);
    };

    it("never throws and never yields a resource outside the known shapes, whichever part of it is forged", async () => {
      await bench().sell();
      const genuine = await bench().channel.takeNews();
      expect(genuine.map((body) => kind.readNotification(body).kind)).toContain("notice");
      for (const body of genuine) for (const forged of mutationsOf(body, hostileValues)) check(forged);
    });

    it("of no shape at all is malformed or nobody's, not an error", async () => {
      await bench().sell();
      const genuine = await bench().channel.takeNews();
      expect(genuine.map((body) => kind.readNotification(body).kind)).toContain("notice");
      for (const body of [undefined, null, 0, true, "", "x", [], [[]], {}, ...hostileValues]) {
        check(body);
        const kinds = ["malformed", "ignored"];
        expect(kind.readNotification(body)).toMatchObject({
          kind: expect.toBeOneOf(kinds),
          reason: expect.any(String),
        });
      }
    });

    it("leaves nothing in a stored notice but its known shape", async () => {
      const found = kind.noticeOfOrder(await bench().sell());
      expect(kind.noticeOf(found.topic, found.resource)).toEqual(found);
      for (const topic of [...Object.keys(notices), ...hostileTexts]) {
        for (const resource of hostileTexts) {
          const notice = kind.noticeOf(topic, resource);
          if (notice === null) continue;
          expect(notice.topic).toBe(topic);
          expect(notice.resource).toMatch(notices[topic] ?? /^(?!)/);
        }
      }
      expect(kind.noticeOf("a topic of tomorrow", "/orders/1")).toBeNull();
    });
  });
}

function hostileId(parts: BatteryParts): void {
  const { listings } = parts.subject;

  describe("a hostile id", () => {
    const bench = benchOfEachTest(parts);

    it("of an order reaches nothing but that order's own place at the channel", async () => {
      const places = await genuinePlaces(bench());
      for (const orderId of hostileTexts) {
        bench().wire.clear();
        const read = await bench().connector.fetchOrder(orderId);
        expect(read, orderId).toMatchObject({ ok: false });
        expectInside(bench(), places);
      }
    });

    it("of a listing is refused before anything is asked or written", async () => {
      await bench().read();
      for (const externalId of [...listings.malformed, ""]) {
        bench().wire.clear();
        const [read] = await bench().connector.readListings([externalId]);
        expect(read, externalId).toMatchObject({ ok: false, error: { kind: "rejected" } });
        const pushed = await bench().push(1, externalId);
        expect(pushed, externalId).toMatchObject({ ok: false, error: { kind: "rejected" } });
        expect(bench().wire.calls.filter(({ method }) => method !== "GET")).toEqual([]);
      }
    });
  });
}

/** The beginnings of the paths that a genuine order is read from. */
async function genuinePlaces(bench: BatteryBench): Promise<string[]> {
  const orderId = await bench.sell();
  bench.wire.clear();
  await bench.order(orderId);
  const paths = bench.wire.calls.filter(({ at }) => at === "api").map(({ target }) => pathOf(target));
  expect(paths.some((path) => path.includes(orderId))).toBe(true);
  return paths.map((path) => path.slice(0, path.lastIndexOf("/") + 1));
}

function expectInside(bench: BatteryBench, places: readonly string[]): void {
  for (const { target, method, at } of bench.wire.calls) {
    if (at === "token") continue;
    expect(method).toBe("GET");
    const path = pathOf(target);
    // One segment below a known place, whatever a server makes of dots and of encoded ones.
    const inside = places.some((place) => path.startsWith(place) && !path.slice(place.length).includes("/"));
    expect(inside, target).toBe(true);
    expect(decodeURIComponent(path).split("/")).not.toContain("..");
  }
}

/** The path as a server resolves it. */
function pathOf(target: string): string {
  return new URL(`http://channel${target}`).pathname;
}
