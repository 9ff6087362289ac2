import { randomBytes } from "node:crypto";

import type { PutConnection } from "@onepool/core/ledger/command.ts";
import { canonical } from "@onepool/core/ledger/content-hash.ts";
import type { Json } from "@onepool/core/ledger/json.ts";
import type { z } from "zod";

import { WrongSecretKey, type SecretBox } from "../../../auth/secret-box.ts";
import type { StoredConnection } from "../../../ledger/read/connection-store.ts";
import type { WentLive } from "../../view/went-live.ts";
import type { connectionBody } from "./schema.ts";

/** A channel of the seller's own: it has no notifications. */
export const OWN_CHANNEL = "api";

/** Bytes of the secret in a connection's hook address: nobody guesses it. */
const HOOK_SECRET_BYTES = 24;

/**
 * The command for what was sent. The same again must be the same command, although sealing never gives the same bytes and
 * the hook's secret is random: both are only made where they are new.
 */
export function connectionCommand(
  code: string,
  sent: z.output<typeof connectionBody>,
  stored: StoredConnection | null,
  { secretBox, wentLive }: { readonly secretBox: SecretBox; readonly wentLive: WentLive | null },
): PutConnection {
  const { kind, mode, since, credentials, options, previewedSeq: _, ...settings } = sent;
  return {
    kind: "put_connection",
    code,
    ...(kind === undefined ? {} : { connectionKind: kind }),
    ...(mode === undefined ? {} : { mode }),
    ...(since === undefined ? {} : { since }),
    settings: {
      ...settings,
      ...options,
      ...newHookSecret(kind ?? stored?.kind, stored),
      ...(wentLive === null ? {} : { wentLive: { ...wentLive } }),
    },
    ...newCredentials(credentials, stored?.credentials ?? null, secretBox),
  };
}

function newHookSecret(
  kind: string | undefined,
  stored: StoredConnection | null,
): { readonly hookSecret?: string } {
  if (kind === OWN_CHANNEL || stored?.settings["hookSecret"] !== undefined) return {};
  return { hookSecret: randomBytes(HOOK_SECRET_BYTES).toString("base64url") };
}

function newCredentials(
  sent: Json | undefined,
  stored: Buffer | null,
  secretBox: SecretBox,
): { readonly credentials?: string } {
  if (sent === undefined || isSame(sent, stored, secretBox)) return {};
  return { credentials: secretBox.seal(JSON.stringify(sent)).toString("base64") };
}

function isSame(sent: Json, stored: Buffer | null, secretBox: SecretBox): boolean {
  if (stored === null) return false;
  try {
    return canonical(JSON.parse(secretBox.open(stored)) as Json) === canonical(sent);
  } catch (error) {
    // Sealed with another key: entering them again is the mend.
    if (error instanceof WrongSecretKey) return false;
    throw error;
  }
}
