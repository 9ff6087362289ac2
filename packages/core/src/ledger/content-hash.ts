import type { Json } from "./json.ts";

/**
 * A short fingerprint of a value's content, equal for equal JSON whatever the order of its keys. 106 bits, not
 * cryptographic: it tells a seller's own repeats from changes, it does not keep out an attacker.
 */
export function contentHash(value: Json): string {
  const text = canonical(value);
  return fingerprint(text, 0x9e3779b9) + fingerprint(text, 0x85ebca6b);
}

/** JSON with sorted keys and without undefined members. */
export function canonical(value: Json | undefined): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value ?? null);
  if (Array.isArray(value)) return `[${value.map((item: Json) => canonical(item)).join(",")}]`;
  const object = value as { readonly [key: string]: Json | undefined };
  const keys = Object.keys(object).filter((key) => object[key] !== undefined);
  return `{${keys
    .toSorted()
    .map((key) => `${JSON.stringify(key)}:${canonical(object[key])}`)
    .join(",")}}`;
}

/** 53 bits of a text, for telling a handful of values of one owner apart, in base 36 (cyrb53: two 32-bit multiplicative hashes, mixed at the end; public domain). */
export function fingerprint(text: string, seed = 0): string {
  let high = 0xdeadbeef ^ seed;
  let low = 0x41c6ce57 ^ seed;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return (4294967296 * (2097151 & low) + (high >>> 0)).toString(36).padStart(11, "0");
}
