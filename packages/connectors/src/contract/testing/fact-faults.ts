import type { KeeperFact } from "../keeper/keeper-fact.ts";

const MAX_ID = 200;
const IDS = /^(?:factId|item|facility|lineId|keeper\w+Id|reference|orderReference|reasonText|shortReason)$/;
const TIMES = /(?:At|^from|^to)$/;

/** What no fact of any keeper may be, whatever it tells; empty where it is well made. */
export function factFaults(fact: KeeperFact): string[] {
  return faultsIn(fact, "fact");
}

function faultsIn(value: unknown, path: string, name = ""): string[] {
  if (Array.isArray(value)) return value.flatMap((one, index) => faultsIn(one, `${path}[${index}]`, name));
  if (typeof value === "object" && value !== null)
    return Object.entries(value).flatMap(([key, one]) => faultsIn(one, `${path}.${key}`, key));
  if (value === undefined) return [`${path} is undefined`];
  if (typeof value === "number") return numberFaults(value, path, name);
  if (typeof value !== "string" || !IDS.test(name)) return [];
  if (value === "") return [`${path} is empty`];
  return value.length > MAX_ID || /\p{Cc}/u.test(value) ? [`${path} is no id: ${value}`] : [];
}

function numberFaults(value: number, path: string, name: string): string[] {
  if (!Number.isSafeInteger(value)) return [`${path} is no whole number: ${value}`];
  // A time in seconds, or of another century, is a mistake in units.
  const isOdd = TIMES.test(name) && (value < Date.UTC(2000, 0) || value > Date.UTC(2100, 0));
  return isOdd ? [`${path} is no time: ${value}`] : [];
}
