// Writers that keep sending until the server is gone: orders in small batches, receipts, and reservations that they commit.
import type { ServerProcess } from "../harness/server-process.ts";
import type { AuditedFacts, SentFact } from "./audit-facts.ts";

const WRITERS = 8;
const SKUS = ["KB-S", "KB-M", "KB-L"] as const;

export interface Load {
  /** Resolves when every writer has an answer: writes are in flight from here on. */
  readonly underWay: Promise<void>;
  /** Waits for the last answers. */
  stop(): Promise<void>;
}

export function startLoad(server: ServerProcess, facts: AuditedFacts, round: number): Load {
  const stopping = { now: false };
  const first = Array.from({ length: WRITERS }, () => Promise.withResolvers<void>());
  const writers = first.map(async ({ resolve }, writer) => {
    await ensureSkus(server).catch(() => undefined);
    for (let turn = 0; !stopping.now; turn += 1) {
      const batch = Array.from({ length: 1 + (turn % 4) }, (_, item) =>
        fact(`${round}-${writer}-${turn}-${item}`, turn + item),
      );
      const alive = await send(server, facts, batch);
      resolve();
      if (!alive) return;
    }
  });
  return {
    underWay: Promise.all(first.map(({ promise }) => promise)).then(() => undefined),
    stop: async () => {
      stopping.now = true;
      await Promise.all(writers);
    },
  };
}

async function ensureSkus(server: ServerProcess): Promise<void> {
  for (const sku of SKUS) await call(server, "PUT", `/v1/skus/${sku}`, {});
}

function fact(id: string, draw: number): SentFact {
  const sku = SKUS[draw % SKUS.length] ?? "KB-M";
  const units = 1 + (draw % 5);
  return draw % 3 === 0 ? { kind: "receipt", id, sku, units } : { kind: "order", id, sku, units };
}

/** Sends a batch (all of one kind per call) and notes what was acknowledged; false when the server did not answer. */
export async function send(
  server: ServerProcess,
  facts: AuditedFacts,
  batch: readonly SentFact[],
): Promise<boolean> {
  for (const kind of ["order", "receipt"] as const) {
    const ofKind = batch.filter((candidate) => candidate.kind === kind);
    if (ofKind.length === 0) continue;
    for (const item of ofKind) facts.sent.set(item.id, item);
    const answer = await post(server, kind, ofKind).catch(() => null);
    if (answer === null) return false;
    for (const [index, item] of ofKind.entries()) {
      const result = answer[index];
      if (result?.ok === true) facts.acknowledged.set(item.id, result.seq);
    }
  }
  return true;
}

async function post(
  server: ServerProcess,
  kind: SentFact["kind"],
  items: readonly SentFact[],
): Promise<readonly { ok: boolean; seq: number }[]> {
  const path = kind === "order" ? "/v1/orders" : "/v1/movements";
  const body = kind === "order" ? { orders: items.map(asOrder) } : { movements: items.map(asReceipt) };
  return (await call(server, "POST", path, body))["results"] as { ok: boolean; seq: number }[];
}

function asOrder({ id, sku, units }: SentFact): object {
  return { channel: "web", orderId: id, status: "paid", lines: [{ lineId: "1", sku, quantity: units }] };
}

function asReceipt({ id, sku, units }: SentFact): object {
  return { kind: "receipt", sku, location: "main", units, externalId: id };
}

async function call(
  server: ServerProcess,
  method: string,
  path: string,
  body: unknown,
): Promise<Record<string, unknown>> {
  const headers = { authorization: `Bearer ${server.key}`, "content-type": "application/json" };
  const answer = await fetch(`${server.url}${path}`, { method, headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as Record<string, unknown>;
}
