import { createHash } from "node:crypto";

import { z } from "zod";

import { newToken } from "../../../auth/token.ts";
import { beginAuthorization } from "../../../connections/authorization-store.ts";
import { openCredentials } from "../../../connections/open-credentials.ts";
import { readConnection } from "../../../ledger/read/connection-store.ts";
import type { Problem } from "../../problem.ts";
import { NOTHING } from "../../route/nothing.ts";
import { answer, defineRoute, refusal } from "../../route/route.ts";
import { code } from "../../schema/fields.ts";
import { instantText } from "../../view/instant-text.ts";
import { unknownConnection } from "../../view/unknown.ts";
import { authorizationAnswer, authorizationBody } from "./schema.ts";

export const authorizeConnection = defineRoute({
  method: "POST",
  path: "/v1/connections/{code}/authorize",
  access: "admin",
  tag: "The map",
  summary: "Let a person give us access at the channel, in a browser",
  description:
    "Answers the address to open. The channel sends the browser back to `/oauth/{kind}/callback` below ONEPOOL_PUBLIC_URL: register exactly that address at the channel. The address works once, for 15 minutes. Credentials need `clientId` and `clientSecret`, no `refreshToken`.",
  example: { redirect: "/connections" },
  answer: { status: 200, description: "Open `url` in a browser.", schema: authorizationAnswer },
  problems: ["unknown_connection", "authorization_unavailable"],
  params: z.strictObject({ code }),
  query: NOTHING,
  body: authorizationBody,
  async handle(deps, { caller, params, body }) {
    const { sellerId } = caller;
    const stored = await readConnection(deps.reader, sellerId, params.code);
    if (stored === null) return refusal(unknownConnection(params.code));
    const { kind, settings } = stored;
    const authorization = deps.kinds.get(kind)?.authorization;
    if (authorization === undefined)
      return refusal(unavailable("code", `A connection of kind ${kind} is not authorized in a browser.`));
    const credentials = openCredentials(stored.credentials, deps.secretBox);
    if (!credentials.ok) return refusal(unavailable("credentials", credentials.error.message));
    const verifier = newToken("");
    const redirectUri = `${deps.publicUrl()}/oauth/${encodeURIComponent(kind)}/callback`;
    const request = { settings, credentials: credentials.value, redirectUri };
    const codeChallenge = createHash("sha256").update(verifier).digest("base64url");
    // Asked for once without a state, so that nothing is stored for what cannot be asked for.
    const tried = authorization.urlOf({ ...request, state: "", codeChallenge });
    if (!tried.ok) return refusal(unavailable("code", tried.error.message));
    const pending = { sellerId, connection: params.code, kind, verifier, redirectUri };
    const returnTo = body.redirect ?? null;
    const now = deps.clock.now();
    const begun = await beginAuthorization(deps.pool, deps.secretBox, { ...pending, returnTo, now });
    const url = authorization.urlOf({ ...request, state: begun.state, codeChallenge });
    if (!url.ok) return refusal(unavailable("code", url.error.message));
    return answer(200, { url: url.value.href, expiresAt: instantText(begun.expiresAt) });
  },
});

function unavailable(field: string, message: string): Problem {
  return { code: "authorization_unavailable", field, message };
}
