import { z } from "zod";

import type { KeeperAccess } from "../contract/keeper/keeper.ts";
import { failed, type Outcome, succeeded } from "../contract/outcome.ts";
import { credentialsSchema } from "./auth.ts";

const settingsSchema = z.object({
  /** `https://sandbox-api.shipbob.com` for the sandbox. */
  baseUrl: z.url().default("https://api.shipbob.com"),
  /** The channel that our orders stand in; only needed where the token writes to several. */
  channelId: z.coerce.string().regex(/^\d+$/, "not a channel id").optional(),
  /** Facilities by their ids at ShipBob: the log of movements is read for these. */
  locations: z.record(z.string().regex(/^\d+$/, "not a facility id"), z.string()).default({}),
  /** What ShipBob calls the way of shipping where an order names none; an unknown name makes a new one there. */
  shippingMethod: z.string().min(1).default("Standard"),
  /** For one call, in milliseconds. */
  timeoutMs: z.number().int().positive().max(60_000).default(15_000),
});

/** A connection's settings and credentials, checked. */
export interface ConnectionParts {
  readonly baseUrl: URL;
  readonly accessToken: string;
  readonly channelId: string | null;
  readonly facilities: readonly string[];
  readonly shippingMethod: string;
  readonly timeoutMs: number;
}

export function connectionOf(
  stored: Pick<KeeperAccess, "settings" | "credentials">,
): Outcome<ConnectionParts> {
  const settings = settingsSchema.safeParse(stored.settings);
  const credentials = credentialsSchema.safeParse(stored.credentials);
  if (!settings.success) return failed(wrong("settings", settings.error));
  if (!credentials.success) return failed(wrong("credentials", credentials.error));
  const { baseUrl, channelId, locations, shippingMethod, timeoutMs } = settings.data;
  return succeeded({
    baseUrl: new URL(baseUrl),
    accessToken: credentials.data.accessToken,
    channelId: channelId ?? null,
    facilities: Object.keys(locations).toSorted(),
    shippingMethod,
    timeoutMs,
  });
}

function wrong(what: string, error: z.ZodError) {
  const issue = error.issues[0];
  const message = `The connection's ${what} are wrong at ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`;
  return { kind: "auth", code: `wrong_${what}`, message } as const;
}
