import type { Permission } from "../seller.ts";

/** Which functional permission a path asks for (documented by area; which path is in which is ASSUMED for some). */
const areas: [RegExp, Permission][] = [
  [/^\/(items|user-products|inventories|stock|sites|pricing-automation)\b/, "publishing"],
  [/^\/users\/[^/]+\/(items|stores)\b/, "publishing"],
  [/^\/(orders|packs|shipments)\b/, "sales"],
  [/^\/post-purchase\b/, "communication"],
];

/** The permission that a path asks for; undefined where everybody may. */
export function permissionFor(path: string): Permission | undefined {
  return areas.find(([pattern]) => pattern.test(path))?.[1];
}
