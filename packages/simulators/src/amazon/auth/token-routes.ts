import type { FastifyInstance } from "fastify";

import type { App } from "../seller.ts";
import { sendAnswer } from "../vendor/send-answer.ts";
import { answered, oauthError, type VendorAnswer } from "../vendor/vendor-answer.ts";
import type { World } from "../world.ts";

type TokenForm = Partial<Record<string, unknown>>;

const scopes = new Set(["sellingpartnerapi::notifications", "sellingpartnerapi::client_credential:rotation"]);

const fields = new Set(["grant_type", "refresh_token", "scope", "client_id", "client_secret"]);

const missing = (name: string): VendorAnswer =>
  oauthError("invalid_request", `The request is missing a required parameter : ${name}`);

function tokenBody(
  world: World,
  token: { accessToken: string; expiresAt: number },
  more: object,
): VendorAnswer {
  return answered({
    access_token: token.accessToken,
    token_type: "bearer",
    expires_in: Math.floor((token.expiresAt - world.clock.now()) / 1_000),
    ...more,
  });
}

function refresh(world: World, app: App, form: TokenForm): VendorAnswer {
  const { refresh_token: refreshToken } = form;
  if (typeof refreshToken !== "string") return missing("refresh_token");
  const account = world.grants.accountOf(refreshToken, app.clientId);
  if (account === undefined || world.faults.current().tokenRevoked.includes(account)) {
    return oauthError("invalid_grant", "The request has an invalid grant parameter : refresh_token");
  }
  // The same refresh token comes back: it lasts until the seller revokes it.
  return tokenBody(world, world.grants.issueForSeller(account, app.clientId), {
    refresh_token: refreshToken,
  });
}

function grantless(world: World, app: App, { scope }: TokenForm): VendorAnswer {
  if (typeof scope !== "string") return missing("scope");
  if (!scopes.has(scope)) return oauthError("invalid_scope", "The request has an invalid parameter : scope");
  return tokenBody(world, world.grants.issueGrantless(app.clientId, scope), {});
}

function answerTokenRequest(world: World, form: TokenForm): VendorAnswer {
  const stranger = Object.keys(form).find((name) => !fields.has(name));
  if (stranger !== undefined) {
    return oauthError("invalid_request", `The request has an unknown parameter : ${stranger}`);
  }
  const { grant_type: grantType, client_id: clientId, client_secret: clientSecret } = form;
  if (typeof grantType !== "string") return missing("grant_type");
  if (typeof clientId !== "string") return missing("client_id");
  if (typeof clientSecret !== "string") return missing("client_secret");
  const app = [...world.apps.values()].find((candidate) => candidate.clientId === clientId);
  if (app === undefined || app.clientSecret !== clientSecret) {
    return oauthError("invalid_client", "Client authentication failed", 401);
  }
  if (grantType === "refresh_token") return refresh(world, app, form);
  if (grantType === "client_credentials") return grantless(world, app, form);
  return oauthError(
    "unsupported_grant_type",
    "The authorization grant type is not supported by the authorization server",
  );
}

/** `POST /auth/o2/token`, form-encoded as the documentation has it or JSON as clients in production send it. */
export function registerTokenRoutes(server: FastifyInstance, world: World): void {
  server.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (_, body, done) => {
    done(null, Object.fromEntries(new URLSearchParams(String(body))));
  });
  server.post("/auth/o2/token", (request, reply) => {
    const form = request.body;
    const isForm = typeof form === "object" && form !== null && !Array.isArray(form);
    return sendAnswer(reply, isForm ? answerTokenRequest(world, form as TokenForm) : missing("grant_type"));
  });
}
