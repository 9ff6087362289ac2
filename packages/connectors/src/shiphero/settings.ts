import { z } from "zod";

import type { KeeperAccess } from "../contract/keeper/keeper.ts";
import { failed, type Outcome, succeeded } from "../contract/outcome.ts";
import { isTimeZone } from "../contract/zone-offset.ts";

function namesIn(text: string): string[] {
  const names = text.split(",").map((name) => name.trim());
  return text.trim() === "none" ? [] : names.filter((name) => name !== "");
}

const settingsSchema = z.object({
  baseUrl: z.url().default("https://public-api.shiphero.com"),
  /** Where a refresh token is traded. */
  tokenUrl: z.url().default("https://public-api.shiphero.com/auth/refresh"),
  /** Warehouses by their (legacy) numbers. */
  locations: z.record(z.string(), z.string()).default({}),
  /** Of all times without a zone. */
  timeZone: z.string().refine(isTimeZone, "not an IANA time zone").default("UTC"),
  /** How all levels are read: page by page, each as of its own seconds; or by a job, for fewer credits and as of minutes. */
  fullLevels: z.enum(["pages", "snapshot"]).default("pages"),
  /** A snapshot's end is told to somebody, documented as required; it is fetched by its number here. */
  snapshotEmail: z.email().optional(),
  /**
   * The bins whose units are not to be sold, all of them, by name: a list, or a text with commas between them; `none`. A webhook about a
   * change does not say what kind its bin is: with this list it is taken as it is, without it the change is read from the log, which
   * says so.
   */
  nonSellableBins: z.union([z.array(z.string()), z.string().min(1).transform(namesIn)]).optional(),
  /** The shop that our orders belong to, and that our webhooks are registered for. */
  shopName: z.string().min(1).max(100).default("onepool"),
  /** Credits restored each second: 60 (second hand); ShipHero grants some accounts more. */
  creditsPerSecond: z.number().positive().max(100_000).default(60),
  shippingMethod: z.string().min(1).default("cheapest"),
  /** For one call, in milliseconds. */
  timeoutMs: z.number().int().positive().max(120_000).default(30_000),
});

/** A connection's settings, checked. */
export interface ConnectionParts extends Omit<
  z.output<typeof settingsSchema>,
  "baseUrl" | "tokenUrl" | "locations"
> {
  readonly baseUrl: URL;
  readonly tokenUrl: URL;
  readonly facilities: readonly string[];
}

/** There are no credentials but the tokens. */
export function connectionOf(stored: Pick<KeeperAccess, "settings">): Outcome<ConnectionParts> {
  const settings = settingsSchema.safeParse(stored.settings);
  if (!settings.success) {
    const issue = settings.error.issues[0];
    const message = `The connection's settings are wrong at ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`;
    return failed({ kind: "auth", code: "wrong_settings", message });
  }
  const { baseUrl, tokenUrl, locations, ...rest } = settings.data;
  return succeeded({
    ...rest,
    baseUrl: new URL(baseUrl),
    tokenUrl: new URL(tokenUrl),
    facilities: Object.keys(locations),
  });
}
