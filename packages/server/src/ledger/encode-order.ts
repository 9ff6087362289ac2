// Writes an order as the JSON of `sales_order.state` (stored-order.ts has its shape). By hand: building the shape first and
// `JSON.stringify` after it cost three times as much, and every order line pays for it.
import type {
  Claim,
  ClaimLine,
  CountPeak,
  LeftUnits,
  LineFacts,
  OrderRecord,
  SourceFacts,
  StateKey,
} from "@onepool/core/ledger/order-record.ts";

const SOURCES = ["channel", "keeper", "api"] as const;

const quote = (text: string): string => JSON.stringify(text);

/** The JSON text to store. */
export function encodeOrder(order: OrderRecord): string {
  let json = `{"status":"${order.status}"`;
  if (order.placedAt !== null) json += `,"placed":${order.placedAt}`;
  if (order.updatedAt !== null) json += `,"updated":${order.updatedAt}`;
  if (order.reservationId !== null) json += `,"hold":${quote(order.reservationId)}`;
  if (order.doNotShip) json += `,"doNotShip":true`;
  if (order.cancelRequested) json += `,"cancelRequested":true`;
  json += `,"lines":[`;
  let separator = "";
  for (const line of order.lines) {
    json += separator + encodeLine(line);
    separator = ",";
  }
  json += `],"seen":[`;
  separator = "";
  for (const [hash, seq] of order.seen) {
    json += `${separator}[${quote(hash)},${seq}]`;
    separator = ",";
  }
  return `${json}]}`;
}

function encodeLine(line: ClaimLine): string {
  let json = `{"id":${quote(line.lineId)}`;
  if (line.sku !== null) json += `,"sku":${quote(line.sku)}`;
  if (line.listing !== null) json += `,"listing":${quote(line.listing)}`;
  json += `,"by":"${line.namedBy}"`;
  if (line.recipe !== null) json += `,"recipe":${encodeRecipe(line.sku, line.recipe)}`;
  json += `,"said":{`;
  let separator = "";
  for (const source of SOURCES) {
    const facts = line.sources[source];
    if (facts === undefined) continue;
    json += `${separator}"${source}":${encodeSource(facts)}`;
    separator = ",";
  }
  json += "}";
  if (hasKeys(line.received)) json += `,"received":${JSON.stringify(line.received)}`;
  if (line.lost !== undefined) json += `,"lost":${JSON.stringify(line.lost)}`;
  if (line.shipsFrom !== undefined) json += `,"shipsFrom":${quote(line.shipsFrom)}`;
  return `${json}${encodeClaim(line.posted)}}`;
}

function encodeRecipe(sku: string | null, recipe: NonNullable<ClaimLine["recipe"]>): string {
  const [first] = recipe;
  if (recipe.length === 1 && first !== undefined && first.sku === sku && first.units === 1) return "1";
  return JSON.stringify(recipe.map((component) => [component.sku, component.units]));
}

function encodeClaim({ reserved, committed, shipped, returning, parts }: Claim): string {
  let json = "";
  if (reserved !== 0) json += `,"reserved":${reserved}`;
  if (committed !== 0) json += `,"committed":${committed}`;
  if (hasKeys(shipped)) json += `,"shipped":${JSON.stringify(shipped)}`;
  if (returning !== 0) json += `,"returning":${returning}`;
  if (parts !== undefined) json += `,"parts":${JSON.stringify(parts)}`;
  return json === "" ? "" : `,"posted":{${json.slice(1)}}`;
}

function encodeSource({ latest, peaks, correctedAt, untimed, history }: SourceFacts): string {
  let json = "";
  if (latest !== null) json += `,"key":${encodeKey(latest.key)},"facts":${encodeFacts(latest.facts)}`;
  if (peaks.length > 0) json += `,"peaks":[${peaks.map(encodePeak).join(",")}]`;
  if (correctedAt !== null) json += `,"corrected":${encodeKey(correctedAt)}`;
  if (untimed !== null) json += `,"untimed":${encodeFacts(untimed)}`;
  if (history.shipped !== 0 || history.cancelled !== 0 || history.left !== undefined)
    json += `,"history":${JSON.stringify(history)}`;
  return `{${json.slice(1)}}`;
}

function encodePeak({ key, shipped, returning, left }: CountPeak): string {
  return `[${encodeKey(key)},${shipped},${returning}${left === undefined ? "" : `,${encodeLeft(left)}`}]`;
}

function encodeLeft(left: readonly LeftUnits[]): string {
  return JSON.stringify(left.map(({ sku, location, units }) => [sku, location, units]));
}

function encodeKey({ updatedAt, rank }: StateKey): string {
  return `[${updatedAt},${rank}]`;
}

function encodeFacts(facts: LineFacts): string {
  let json = `{"rank":${facts.rank},"quantity":${facts.quantity}`;
  if (facts.cancelled !== 0) json += `,"cancelled":${facts.cancelled}`;
  if (facts.shipped !== 0) json += `,"shipped":${facts.shipped}`;
  if (facts.returning !== 0) json += `,"returning":${facts.returning}`;
  if (facts.fulfilledBy !== "seller") json += `,"fulfilledBy":"${facts.fulfilledBy}"`;
  if (facts.location !== null) json += `,"location":${quote(facts.location)}`;
  if (facts.left !== undefined) json += `,"left":${encodeLeft(facts.left)}`;
  return `${json}}`;
}

function hasKeys(record: object): boolean {
  for (const _ in record) return true;
  return false;
}
