import type { Delivery, DeliveryReading } from "@onepool/connectors/contract/keeper/keeper.ts";
import { valueOf } from "@onepool/connectors/contract/testing/value-of.ts";
import { beforeAll, describe, expect, it } from "vitest";

import { needed } from "../battery/bench-of-each-test.ts";
import { benchOfEachPart } from "./bench-of-each-part.ts";
import type { KeeperSubject } from "./keeper-subject.ts";

export function deliveriesTests(subject: KeeperSubject): void {
  describe("a delivery", () => {
    const bench = benchOfEachPart(subject);
    let secrets: readonly string[] = [];
    let delivery: Delivery;
    const read = (one: Delivery, known: readonly string[] = secrets): DeliveryReading => {
      const reading = subject.kind.readDelivery?.(one, { settings: subject.settings, secrets: known });
      if (reading === undefined) throw new Error("it posts nothing");
      return reading;
    };
    beforeAll(async () => {
      const keeper = bench().connect();
      ({ secrets } = valueOf(await keeper.keepSubscription({ url: bench().sink.url, known: [] })));
      await bench().ship(valueOf(await keeper.createOrder(bench().order(1))).keeperOrderId);
      await bench().sink.until(({ length }) => length > 0);
      delivery = bench().sink.kept[0] as Delivery;
    });

    it("that is signed is read, also while the secret is being changed", () => {
      expect(read(delivery)).toMatchObject({ kind: "facts" });
      expect(read(delivery, ["whsec_bmV3LXNlY3JldA==", ...secrets])).toMatchObject({ kind: "facts" });
    });

    it("proves nothing by another secret, by none, without a signature, or with one byte changed", () => {
      const changed = Buffer.from(delivery.rawBody);
      changed[changed.length - 2] = (changed[changed.length - 2] ?? 0) ^ 1;
      const headers = { ...delivery.headers, [subject.signatureHeader]: undefined };
      expect(delivery.headers[subject.signatureHeader]).toBeTypeOf("string");
      for (const reading of [
        read(delivery, ["whsec_bmV3LXNlY3JldA=="]),
        read(delivery, []),
        read({ ...delivery, headers }),
        read({ ...delivery, rawBody: changed }),
        read({ ...delivery, rawBody: Buffer.from("{") }),
      ])
        expect(reading).toMatchObject({ kind: "unverified" });
    });

    it("that is too old proves nothing", ({ skip }) => {
      const ageMs = needed(skip, subject.replayAgeMs);
      const late = { ...delivery, receivedAt: delivery.receivedAt + ageMs };
      expect(read(late)).toMatchObject({ kind: "unverified" });
    });
  });

  describe("the subscription", () => {
    const bench = benchOfEachPart(subject);

    it("is made once, and left alone where all is well", async () => {
      const keeper = bench().connect();
      const keep = async (known: readonly string[]) =>
        valueOf(await keeper.keepSubscription({ url: bench().sink.url, known })).secrets;
      const made = await keep([]);
      expect(made.length).toBeGreaterThan(0);
      bench().wire.clear();
      expect(await keep(made)).toEqual(made);
      const changes = bench().wire.calls.filter(
        ({ method, body }) =>
          method === "DELETE" || (method === "POST" && !/^\{"query":"\s*query/.test(body)),
      );
      expect(changes.map(({ method, target }) => `${method} ${target}`)).toEqual([]);
      // What is missing is mended: a secret that was lost is not told again, so that a new one has to be made.
      expect((await keep(made.slice(1))).length).toBe(made.length);
    });
  });
}
