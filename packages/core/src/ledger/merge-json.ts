import { canonical } from "./content-hash.ts";
import type { Json, JsonObject } from "./json.ts";

/** A shallow merge: an absent member stays, a null one goes. */
export function mergeJson(known: JsonObject, changes: JsonObject): JsonObject {
  const members = new Map(Object.entries(known));
  for (const [key, value] of Object.entries(changes)) if (value !== undefined) members.set(key, value);
  return Object.fromEntries([...members].filter(([, value]) => value !== null));
}

/** True when two values are the same JSON. */
export function sameJson(left: unknown, right: unknown): boolean {
  return canonical(left as Json) === canonical(right as Json);
}
