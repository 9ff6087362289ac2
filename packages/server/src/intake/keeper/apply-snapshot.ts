// Levels that a keeper told, held against the ledger as of their time. Only what differs becomes a command.
import type { LevelLine, SnapshotFact } from "@onepool/connectors/contract/keeper/keeper-fact.ts";
import { placeKey } from "@onepool/core/intake/keeper/booking.ts";
import { judgeSnapshot } from "@onepool/core/intake/keeper/judge-snapshot.ts";
import { sharedItems } from "@onepool/core/intake/keeper/keeper-map.ts";
import { type Missing, missingText, type OurLine, translate } from "@onepool/core/intake/keeper/translate.ts";

import { type ApplyContext, type FactPlan, readOurCodes } from "./apply-context.ts";
import {
  countSnapshotLines,
  holdSnapshots,
  letSnapshotIn,
  namesUnknown,
  noteUnknown,
  readSnapshotItems,
  readWatch,
} from "./apply-desk-store.ts";
import { judgeLevels, type ToldPlace } from "./judge-levels.ts";
import { openKeeperAlert, resolveKeeperAlert } from "./keeper-alert-store.ts";
import { type LevelRow, readLevels, readLevelsBefore } from "./keeper-level-store.ts";

export async function applySnapshot(context: ApplyContext, fact: SnapshotFact): Promise<FactPlan> {
  const { client, key, map } = context;
  const ours = await readOurCodes(client, key, map, fact.lines);
  const { lines, missing } = translate(map, ours, fact.lines);
  await noteMissing(context, fact, missing);
  const told = await wholePlaces(context, fact, toldPlaces(context, fact, lines));
  const known = await readLevels(client, key, told);
  const watched = await watchSnapshot(context, fact, { told, known });
  if (watched === "overtaken") return { kind: "nothing", why: "A newer snapshot was let in." };
  if (watched === "held") {
    const why =
      "The snapshot looks cut off or emptied: it is held until another one says the same and somebody accepts it.";
    return { kind: "wait", why };
  }
  const absent = await absentPlaces(context, fact);
  const commands = await judgeLevels(context, [...told, ...absent.told], [...known, ...absent.known]);
  return { kind: "book", commands };
}

/** Without SKUs of which the keeper has several items and only some are told here: a part is no level. */
async function wholePlaces(
  { client, key, map, claimed }: ApplyContext,
  { scope, lines }: SnapshotFact,
  places: readonly ToldPlace[],
): Promise<readonly ToldPlace[]> {
  const shared = sharedItems(map);
  const here = new Set(lines.map(({ item }) => item));
  const lacking = new Map<string, readonly string[]>();
  for (const { sku } of places) {
    const others = shared.get(sku)?.filter((item) => !here.has(item)) ?? [];
    if (others.length > 0) lacking.set(sku, others);
  }
  const { snapshot } = claimed;
  if (lacking.size === 0 || (scope === "full" && snapshot?.part === 1 && snapshot.isLast)) return places;
  // What no part names is not kept there: kits mostly are not.
  const isWhole = scope === "full" && snapshot !== null;
  const elsewhere = new Set(
    isWhole ? (await readSnapshotItems(client, key, snapshot.id)).map(({ item }) => item) : [],
  );
  return places.filter(({ sku }) => {
    const others = lacking.get(sku);
    return others === undefined || (isWhole && !others.some((item) => elsewhere.has(item)));
  });
}

/** What is told of each of our SKUs at each place: several items of the keeper may be the same SKU. */
function toldPlaces(
  { capability }: ApplyContext,
  { asOf }: SnapshotFact,
  lines: readonly OurLine<LevelLine>[],
): readonly ToldPlace[] {
  const places = new Map<string, ToldPlace>();
  for (const line of lines) {
    const { sku, location, perItem, told } = line;
    const { onHand, held, allocated, item } = told;
    const level: ToldPlace = {
      sku,
      location,
      item,
      asOf,
      sellable: (capability.onHandIncludesHeld ? onHand - held : onHand) * perItem,
      held: Math.max(0, held) * perItem,
      allocated: allocated === undefined ? null : allocated * perItem,
    };
    const before = places.get(placeKey(line));
    places.set(placeKey(line), before === undefined ? level : added(before, level));
  }
  return [...places.values()];
}

function added(one: ToldPlace, other: ToldPlace): ToldPlace {
  const isSaid = one.allocated !== null || other.allocated !== null;
  return {
    ...one,
    sellable: one.sellable + other.sellable,
    held: one.held + other.held,
    allocated: isSaid ? (one.allocated ?? 0) + (other.allocated ?? 0) : null,
  };
}

/** One alert while levels name what is not known here; only a whole snapshot without any ends it. */
async function noteMissing(
  { client, key, claimed, now }: ApplyContext,
  { scope }: SnapshotFact,
  missing: readonly Missing[],
): Promise<void> {
  const { snapshot } = claimed;
  if (missing.length > 0) {
    const message = `${key.code} tells levels of what is not known here: ${missingText(missing)}`;
    const units = missing.length;
    await openKeeperAlert(
      client,
      key,
      { kind: "keeper_code_unknown", severity: "warning", units, message },
      now,
    );
    if (snapshot !== null) await noteUnknown(client, key, snapshot.id);
  } else if (
    scope === "full" &&
    snapshot?.isLast === true &&
    !(await namesUnknown(client, key, snapshot.id))
  ) {
    await resolveKeeperAlert(client, key, "keeper_code_unknown", now);
  }
}

/** Whether the snapshot may be believed; what single items say always is. */
async function watchSnapshot(
  context: ApplyContext,
  fact: SnapshotFact,
  { told, known }: { readonly told: readonly ToldPlace[]; readonly known: readonly LevelRow[] },
): Promise<"let_in" | "held" | "overtaken"> {
  const { client, key, claimed, now } = context;
  const { snapshot } = claimed;
  if (fact.scope !== "full" || snapshot === null) return "let_in";
  const lines = await countSnapshotLines(client, key, snapshot.id);
  const had = new Set(known.filter((row) => row.sellable + row.held > 0).map((row) => placeKey(row)));
  const emptied = told.filter((place) => had.has(placeKey(place)) && place.sellable + place.held <= 0).length;
  const shape = { id: snapshot.id, asOf: fact.asOf.to, lines, hadUnits: had.size, emptied };
  const watch = await readWatch(client, key);
  const judged = judgeSnapshot(shape, watch);
  if (judged.kind === "let_in") {
    if (lines === null || !snapshot.isLast) return "let_in";
    await letSnapshotIn(client, key, { lines, asOf: fact.asOf.to });
    await resolveKeeperAlert(client, key, "keeper_snapshot_suspicious", now);
    return "let_in";
  }
  if (watch.letInAt !== null && fact.asOf.to < watch.letInAt) return "overtaken";
  await holdSnapshots(client, key, { id: snapshot.id, asOf: fact.asOf.to, ...judged }, now);
  const message = `${key.code} told levels that look wrong: ${judged.why}. Nothing of it is booked until another snapshot says the same and you accept it.`;
  await openKeeperAlert(
    client,
    key,
    { kind: "keeper_snapshot_suspicious", severity: "critical", units: judged.strikes, message },
    now,
  );
  return "held";
}

/** SKUs that a whole snapshot does not name are gone where the keeper says so; otherwise nothing is known of them. */
async function absentPlaces(
  context: ApplyContext,
  fact: SnapshotFact,
): Promise<{ readonly told: readonly ToldPlace[]; readonly known: readonly LevelRow[] }> {
  const { client, key, claimed, map } = context;
  const { snapshot } = claimed;
  const isAsked = fact.scope === "full" && fact.absentMeansZero === true && snapshot?.isLast === true;
  if (!isAsked) return { told: [], known: [] };
  const items = await readSnapshotItems(client, key, snapshot.id);
  const { lines } = translate(map, await readOurCodes(client, key, map, items), items);
  const named = new Set(lines.map((line) => placeKey(line)));
  const locations = [...new Set(lines.map(({ location }) => location))];
  const before = await readLevelsBefore(client, key, locations, fact.asOf.to);
  const known = before.filter((row) => !named.has(placeKey(row)));
  const told = known.map(({ sku, location, item }): ToldPlace => ({
    sku,
    location,
    item,
    asOf: fact.asOf,
    sellable: 0,
    held: 0,
    allocated: null,
  }));
  return { told, known };
}
