import type { AttributeValue } from "./listing.ts";

/** One operation of a patch, after its form has been checked. */
export interface PatchOperation {
  op: "add" | "replace" | "merge" | "delete";
  attribute: string;
  /** undefined only for a delete of the whole attribute. */
  value: AttributeValue[] | undefined;
}

/** What tells the entries of an attribute apart. */
const selectors: Record<string, string[]> = {
  fulfillment_availability: ["fulfillment_channel_code"],
  purchasable_offer: ["marketplace_id", "currency", "audience"],
};

/** A selector that is left out has this value (documented for `audience`). */
const selectorDefaults: Record<string, string> = { audience: "ALL" };

/** The entry's selectors as one string. */
export function selectorOf(attribute: string, entry: AttributeValue): string {
  const names = selectors[attribute] ?? ["marketplace_id", "language_tag"];
  return names.map((name) => JSON.stringify(entry[name] ?? selectorDefaults[name] ?? null)).join("|");
}

/** An attribute's entries after one operation on them. */
export function patched(
  entries: readonly AttributeValue[],
  { op, attribute, value }: PatchOperation,
): AttributeValue[] {
  if (value === undefined) return [];
  const given = new Map(value.map((entry) => [selectorOf(attribute, entry), entry]));
  const untouched = entries.filter((entry) => !given.has(selectorOf(attribute, entry)));
  if (op === "delete") return untouched;
  // Reported: `replace` does not remove the entry of another channel, but drops every sub-field left out.
  if (op === "replace" || op === "add") return [...untouched, ...value];
  return [
    ...untouched,
    ...value.map((entry) => {
      const known = entries.find((old) => selectorOf(attribute, old) === selectorOf(attribute, entry));
      return { ...known, ...entry };
    }),
  ];
}
