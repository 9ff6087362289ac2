import type { Connector } from "@onepool/connectors/contract/connector.ts";
import type { Outcome } from "@onepool/connectors/contract/outcome.ts";
import { describe, expect, it } from "vitest";

import { BAD_ANSWERS, type BadAnswer } from "./bad-answers.ts";
import type { BatteryBench } from "./battery-bench.ts";
import { type BatteryParts, benchOfEachTest } from "./bench-of-each-test.ts";
import type { WireCall } from "./channel-wire.ts";
import { type Answers, type Operation, operationsOf } from "./operations.ts";

/** Whatever comes back from the channel is taken for what it is, at every call of every operation. */
export function answersTests(parts: BatteryParts): void {
  describe.each(operationsOf(parts.subject))("$name", (operation) => {
    const bench = benchOfEachTest(parts);

    it("is built", async () => {
      const at = { orderId: parts.subject.orders.unknown, now: bench().channel.clock.now() };
      const answers = await operation.run(bench().connector, at);
      const missing = answers.flatMap((each) => (each.ok ? [] : [each.error]));
      expect(missing.filter(({ code }) => code === "not_built_yet").map(({ message }) => message)).toEqual(
        [],
      );
    });

    it("answers when nothing is wrong", async () => {
      expect(failuresOf(await undisturbed(bench(), operation))).toEqual([]);
    });

    it.for(BAD_ANSWERS)("takes for what it is: $name", async (bad, { skip }) => {
      const orderId = await bench().sell();
      const before = await undisturbed(bench(), operation, orderId);
      expect(failuresOf(before)).toEqual([]);
      const calls = bench().wire.count("api");
      if (calls === 0) skip("not applicable: it needs no call");
      for (let nth = 1; nth <= calls; nth++) await disturb(bench(), operation, { bad, nth, orderId });
    });
  });
}

async function undisturbed(bench: BatteryBench, operation: Operation, orderId?: string): Promise<Answers> {
  const sold = orderId ?? (await bench.sell());
  bench.wire.clear();
  return operation.run(bench.connect(), { orderId: sold, now: bench.channel.clock.now() });
}

interface Disturbance {
  readonly bad: BadAnswer;
  readonly nth: number;
  readonly orderId: string;
}

async function disturb(bench: BatteryBench, operation: Operation, how: Disturbance): Promise<void> {
  const { bad, nth } = how;
  const attempt = (connector: Connector) => strike(bench, connector, { ...how, operation });
  const done = bad.isSlow === true ? await bench.hastily(attempt) : await attempt(bench.connect());
  if (done === null) throw new Error(`${operation.name} made no ${nth}. call this time`);
  const { outcomes, spoiled } = done;
  expect(outcomes.length).toBeGreaterThan(0);
  for (const outcome of outcomes) {
    if (isReadAgain(operation.name, outcome, nth)) continue;
    expect(outcome, `call ${nth}: ${spoiled.method} ${spoiled.target}`).toMatchObject({
      ok: false,
      error: { kind: expect.toBeOneOf([...bad.kinds]), message: expect.stringMatching(/\S/) },
    });
    checkDetails(outcome, bad, spoiled);
  }
  expect(bench.wire.calls.filter(({ target }) => target.startsWith("/trap"))).toEqual([]);
  expect(bench.wire.count("api"), "tried again by itself").toBeLessThanOrEqual(nth + 3);
}

/** Runs the operation with its n-th call spoiled; null if it never came to that call. */
async function strike(
  bench: BatteryBench,
  connector: Connector,
  { bad, nth, orderId, operation }: Disturbance & { readonly operation: Operation },
): Promise<{ readonly outcomes: Answers; readonly spoiled: WireCall } | null> {
  const now = bench.channel.clock.now();
  const struck: WireCall[] = [];
  bench.wire.spoil((call, count) => {
    if (call.at !== "api" || count !== nth) return null;
    struck.push(call);
    return bad.spoil({ baseUrl: bench.wire.baseUrl, now });
  });
  const outcomes = await operation.run(connector, { orderId, now });
  const [spoiled] = struck;
  return spoiled === undefined ? null : { outcomes, spoiled };
}

/** Only an order is worth something without its every part, and then it says that it has to be read again. */
function isReadAgain(name: keyof Connector, outcome: Outcome<unknown>, nth: number): boolean {
  if (name !== "fetchOrder" || nth === 1 || !outcome.ok) return false;
  expect(outcome.value).toMatchObject({ readAgainAfterMs: expect.any(Number) });
  return true;
}

function checkDetails(outcome: Outcome<unknown>, bad: BadAnswer, spoiled: WireCall): void {
  const error = outcome.ok ? {} : outcome.error;
  if (bad.retryAfterMs === null) expect(error).not.toHaveProperty("retryAfterMs");
  // A time is told in whole seconds.
  else if (bad.retryAfterMs !== undefined) {
    const { retryAfterMs = Number.NaN } = error as { retryAfterMs?: number };
    expect(retryAfterMs).toBeGreaterThanOrEqual(bad.retryAfterMs);
    expect(retryAfterMs).toBeLessThanOrEqual(bad.retryAfterMs + 1_000);
  }
  const { mayHaveApplied = false } = error as { mayHaveApplied?: boolean };
  if (spoiled.method === "GET") expect(mayHaveApplied).toBe(false);
  else if (bad.isDoubtful === true) expect(mayHaveApplied).toBe(true);
}

function failuresOf(outcomes: Answers): unknown[] {
  return outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.error]));
}
