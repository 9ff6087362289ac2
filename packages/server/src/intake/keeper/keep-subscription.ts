import type { SecretBox } from "../../auth/secret-box.ts";
import type { HeldReading } from "./progress-store.ts";
import { callKeeper, type ReadingContext, type ReadingResult, storeStep } from "./reading.ts";
import { keepSecrets, readSecrets } from "./secret-store.ts";

/** How often it is looked whether the keeper still posts to us, in milliseconds: keepers switch off what failed too often. */
const LOOK_AFTER_MS = 3_600_000;

/** Has the keeper post its news to us, and keeps what it signs them with. */
export async function keepSubscription(
  context: ReadingContext,
  held: HeldReading,
  { secretBox, publicUrl }: { readonly secretBox: SecretBox; readonly publicUrl: () => string },
): Promise<ReadingResult> {
  const { keeper, connection, pool, clock } = context;
  const startedAt = clock.now();
  const keep = keeper.keepSubscription?.bind(keeper);
  const address = hookAddress(connection.row, publicUrl());
  if (keep === undefined || address === null)
    return { kind: "complete", held, startedAt, nextMs: LOOK_AFTER_MS };
  if (isUnreachable(connection.row.settings, address)) return { kind: "failed", held, error: NOT_PUBLIC };
  const known = await readSecrets(pool, secretBox, connection.row);
  const called = await callKeeper(context, () => keep({ url: address, known }));
  if (called.kind !== "answered") return { ...called, held };
  const { secrets } = called.value;
  const next = await storeStep(context, held, { progress: null }, async (client) => {
    const isNew = secrets.join("\n") !== known.join("\n");
    if (isNew) await keepSecrets(client, secretBox, connection.row, { secrets, at: clock.now() });
    return [];
  });
  if (next === null) return { kind: "lost" };
  return { kind: "complete", held: next, startedAt, nextMs: LOOK_AFTER_MS };
}

const NOT_PUBLIC = {
  kind: "rejected",
  code: "no_public_url",
  message:
    "Set ONEPOOL_PUBLIC_URL to where the keeper reaches this server: it cannot post to a local address.",
} as const;

/** Null: the connection has no secret yet, since it was made without our API. */
function hookAddress(
  { kind, settings }: { readonly kind: string; readonly settings: unknown },
  publicUrl: string,
): string | null {
  const secret = (settings as { readonly hookSecret?: unknown } | null)?.hookSecret;
  if (typeof secret !== "string" || publicUrl === "") return null;
  return `${publicUrl}/hooks/${encodeURIComponent(kind)}/${encodeURIComponent(secret)}`;
}

/** A keeper elsewhere cannot reach this machine by the name that it calls itself. */
function isUnreachable(settings: unknown, address: string): boolean {
  const baseUrl = (settings as { readonly baseUrl?: unknown } | null)?.baseUrl;
  const isNear = typeof baseUrl === "string" && isLoopback(baseUrl);
  return isLoopback(address) && !isNear;
}

function isLoopback(address: string): boolean {
  const host = URL.parse(address)?.hostname ?? "";
  return host === "localhost" || host.endsWith(".localhost") || host === "[::1]" || host.startsWith("127.");
}
