// The independent auditor of the kill scenario: what was sent and acknowledged, against what the server says afterwards.
import { setTimeout as wait } from "node:timers/promises";

import { onepoolClient, type OnepoolClient } from "../harness/onepool-client.ts";
import type { ServerProcess } from "../harness/server-process.ts";
import { send } from "./load.ts";

export interface SentFact {
  readonly kind: "order" | "receipt";
  readonly id: string;
  readonly sku: string;
  readonly units: number;
}

export interface AuditedFacts {
  /** Everything ever sent, by id. */
  readonly sent: Map<string, SentFact>;
  /** What was answered with ok, with its sequence number. */
  readonly acknowledged: Map<string, number>;
  retried: number;
}

export interface Findings {
  /** Acknowledged, and now under another number or gone. */
  readonly lost: string[];
  /** A fact applied twice, or in part, shows here. */
  readonly wrongBalances: string[];
}

/**
 * Sends everything that was never acknowledged once more (a caller would), and everything that was again (it must be a no-op
 * under its old number), then compares the balances with the sum of what was sent.
 */
export async function audit(server: ServerProcess, facts: AuditedFacts): Promise<Findings> {
  const client = onepoolClient(server.url, server.key);
  await Promise.race([untilReady(server), server.failed]);
  const lost: string[] = [];
  const unanswered = [...facts.sent.values()].filter(({ id }) => !facts.acknowledged.has(id));
  facts.retried += unanswered.length;
  for (const batch of chunks(unanswered, 500))
    // Whatever outlived its killed postmaster for a moment may have said "ready": then it is asked again.
    while (!(await send(server, facts, batch))) await untilReady(server);
  const recent = [...facts.acknowledged].slice(-2000);
  const before = new Map(recent);
  for (const batch of chunks(
    recent.map(([id]) => facts.sent.get(id) as SentFact),
    500,
  ))
    await send(server, facts, batch);
  for (const [id, seq] of before) if (facts.acknowledged.get(id) !== seq) lost.push(id);
  return { lost, wrongBalances: await wrongBalances(client, facts) };
}

async function wrongBalances(client: OnepoolClient, facts: AuditedFacts): Promise<string[]> {
  const expected = new Map<string, { onHand: number; committed: number }>();
  for (const { kind, sku, units } of facts.sent.values()) {
    const figures = expected.get(sku) ?? { onHand: 0, committed: 0 };
    if (kind === "receipt") figures.onHand += units;
    else figures.committed += units;
    expected.set(sku, figures);
  }
  const wrong: string[] = [];
  for (const [sku, { onHand, committed }] of expected) {
    const found = await client.get(`/v1/skus/${sku}/availability`);
    if (found["onHand"] !== onHand || found["committed"] !== committed) {
      wrong.push(
        `${sku}: on hand ${String(found["onHand"])} instead of ${onHand}, committed ${String(found["committed"])} instead of ${committed}`,
      );
    }
  }
  return wrong;
}

async function untilReady(server: ServerProcess): Promise<void> {
  for (;;) {
    const ready = await fetch(`${server.url}/ready`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ready) return;
    await wait(25);
  }
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
