import type { LevelsPage } from "../contract/keeper/keeper.ts";
import { type Outcome, succeeded } from "../contract/outcome.ts";
import type { ShipHeroClient } from "./client.ts";
import { LEVELS, levelsOf } from "./queries.ts";
import type { SnapshotReader } from "./snapshot-reader.ts";
import { toLevel } from "./to-levels.ts";
import { aliasedLevelsSchema, levelsSchema } from "./wire.ts";

export interface LevelReader {
  readonly client: ShipHeroClient;
  /** Where all levels are read by a job; null where they are read page by page. */
  readonly snapshots: SnapshotReader | null;
  readonly clock: { now(): number };
}

/** All levels, a page at a time, or those of some items at once. */
export function readLevels(
  reader: LevelReader,
  { items, page }: { readonly items?: readonly string[]; readonly page?: string },
): Promise<Outcome<LevelsPage>> {
  if (items !== undefined) return readItems(reader, items);
  return reader.snapshots === null ? readPage(reader, page ?? null) : reader.snapshots.read(page ?? null);
}

async function readPage({ client, clock }: LevelReader, after: string | null): Promise<Outcome<LevelsPage>> {
  const from = clock.now();
  const levels = await client.call(levelsSchema, { query: LEVELS, variables: { after }, budget: "reads" });
  if (!levels.ok) return levels;
  const { edges, pageInfo } = levels.value.warehouse_products.data;
  return succeeded({
    kind: "levels",
    asOf: { from, to: clock.now() },
    lines: edges.map(({ node }) => toLevel(node)),
    nextPage: pageInfo.hasNextPage && edges.length > 0 ? (pageInfo.endCursor ?? null) : null,
  });
}

async function readItems(
  { client, clock }: LevelReader,
  items: readonly string[],
): Promise<Outcome<LevelsPage>> {
  const from = clock.now();
  const nothing = { kind: "levels", asOf: { from, to: from }, lines: [], nextPage: null } as const;
  if (items.length === 0) return succeeded(nothing);
  const operation = { ...levelsOf(items), budget: "reads", mayMiss: true } as const;
  const levels = await client.call(aliasedLevelsSchema, operation);
  if (!levels.ok) return levels;
  const lines = Object.values(levels.value).flatMap((found) =>
    (found?.data.edges ?? []).map(({ node }) => toLevel(node)),
  );
  return succeeded({ ...nothing, asOf: { from, to: clock.now() }, lines });
}
