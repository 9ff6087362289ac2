import { createHash } from "node:crypto";

import type { KeeperFact, SnapshotFact } from "@onepool/connectors/contract/keeper/keeper-fact.ts";
import { canonical } from "@onepool/core/ledger/content-hash.ts";
import type { Json } from "@onepool/core/ledger/json.ts";
import type { Instant } from "@onepool/core/ledger/units.ts";

/** A fact as it is stored. */
export interface FactRow {
  readonly factId: string;
  readonly kind: KeeperFact["kind"];
  /** JSON. */
  readonly body: string;
  readonly contentHash: string;
  readonly occurredAt: Instant;
  /** Null for what is no snapshot. */
  readonly snapshot: SnapshotPart | null;
}

/** A snapshot is whole when its last part is here. */
export interface SnapshotPart {
  readonly id: string;
  /** From 1 on. */
  readonly part: number;
  readonly isLast: boolean;
}

/** Lines of a snapshot that are worked on together. */
const LINES_MAX = 1_000;

const ID_LENGTH_MAX = 200;

/** The rows of a fact: one, or as many as its lines need. */
export function factRows(told: KeeperFact): FactRow[] {
  const fact = { ...told, factId: keptId(told.factId) };
  if (fact.kind !== "snapshot") return [rowOf(fact, fact.occurredAt, null)];
  if (fact.lines.length <= LINES_MAX)
    return [rowOf(fact, fact.asOf.to, { id: fact.factId, part: 1, isLast: true })];
  return partsOf(fact, { from: 1, isEnd: true });
}

/** A snapshot's lines as parts, numbered from `from` on; `isEnd`: none follows. At least one, so that the end is told. */
export function partsOf(
  snapshot: SnapshotFact,
  { from, isEnd }: { readonly from: number; readonly isEnd: boolean },
): FactRow[] {
  const { factId: id, lines, asOf } = snapshot;
  const count = Math.max(1, Math.ceil(lines.length / LINES_MAX));
  return Array.from({ length: count }, (_, index) => {
    const part = from + index;
    const its = lines.slice(index * LINES_MAX, (index + 1) * LINES_MAX);
    const isLast = isEnd && index === count - 1;
    return rowOf({ ...snapshot, factId: `${id}#${part}`, lines: its }, asOf.to, { id, part, isLast });
  });
}

function rowOf(fact: KeeperFact, occurredAt: Instant, snapshot: SnapshotPart | null): FactRow {
  const contentHash = createHash("sha256").update(contentOf(fact)).digest("base64url");
  return {
    factId: fact.factId,
    kind: fact.kind,
    body: JSON.stringify(fact),
    contentHash,
    occurredAt,
    snapshot,
  };
}

/** What makes it the same fact. A state is told again whenever it is read, and mostly with the time of that reading. */
function contentOf(fact: KeeperFact): string {
  if (fact.kind !== "shipment" && fact.kind !== "receipt" && fact.kind !== "return")
    return canonical(fact as unknown as Json);
  const { occurredAt: _, updatedAt: __, ...state } = fact;
  return canonical(state as unknown as Json);
}

/** What PostgreSQL can keep as text, and no longer than it is promised to be: otherwise what its hash is. */
function keptId(factId: string): string {
  if (factId.length > 0 && factId.length <= ID_LENGTH_MAX && factId.isWellFormed() && !factId.includes("\0"))
    return factId;
  return `sha256:${createHash("sha256").update(factId).digest("base64url")}`;
}
