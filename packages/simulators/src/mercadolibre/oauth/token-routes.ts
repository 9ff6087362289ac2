import type { FastifyInstance } from "fastify";

import type { App } from "../seller.ts";
import type { EndpointLimits } from "../vendor/endpoint-limits.ts";
import { sendAnswer } from "../vendor/send-answer.ts";
import {
  applicationBlocked,
  invalidGrant,
  oauthError,
  rateLimited,
  type VendorAnswer,
} from "../vendor/vendor-answer.ts";
import { sellerOf, type World } from "../world.ts";

type TokenForm = Partial<Record<string, string>>;

const parameterMissing = (name: string): VendorAnswer =>
  oauthError("invalid_request", `${name} is a required parameter`);

function tokenAnswer(world: World, account: string, app: App): VendorAnswer {
  const seller = sellerOf(world, account);
  const grant = world.grants.issue(seller, app);
  return {
    status: 200,
    body: {
      access_token: grant.accessToken,
      token_type: "bearer",
      expires_in: Math.floor((grant.accessExpiresAt - world.clock.now()) / 1_000),
      scope: "offline_access read write",
      user_id: seller.userId,
      refresh_token: grant.refreshToken,
    },
  };
}

function refresh(world: World, app: App, form: TokenForm): VendorAnswer {
  if (form.refresh_token === undefined) return parameterMissing("refresh_token");
  const grant = world.grants.findByRefreshToken(form.refresh_token, app.clientId);
  if (grant === undefined || world.faults.current().tokenRevoked.includes(grant.account)) return invalidGrant;
  return tokenAnswer(world, grant.account, app);
}

function exchangeCode(world: World, app: App, form: TokenForm): VendorAnswer {
  if (form.code === undefined) return parameterMissing("code");
  if (form.redirect_uri === undefined) return parameterMissing("redirect_uri");
  if (app.pkceRequired && form.code_verifier === undefined) return parameterMissing("code_verifier");
  const account = world.codes.redeem(form.code, {
    clientId: app.clientId,
    redirectUri: form.redirect_uri,
    verifier: form.code_verifier,
  });
  return account === undefined ? invalidGrant : tokenAnswer(world, account, app);
}

function secretFits(world: World, { clientSecret, oldSecret }: App, secret: string): boolean {
  if (secret === clientSecret) return true;
  return oldSecret?.value === secret && oldSecret.until > world.clock.now();
}

function answerTokenRequest(world: World, form: TokenForm): VendorAnswer {
  if (form.grant_type === undefined) return parameterMissing("grant_type");
  if (form.grant_type !== "refresh_token" && form.grant_type !== "authorization_code") {
    return oauthError(
      "unsupported_grant_type",
      "Allowed values for grant_type are authorization_code or refresh_token",
    );
  }
  if (form.client_id === undefined) return parameterMissing("client_id");
  if (form.client_secret === undefined) return parameterMissing("client_secret");
  const app = [...world.apps.values()].find(({ clientId }) => clientId === form.client_id);
  if (app === undefined || !secretFits(world, app, form.client_secret)) {
    return oauthError("invalid_client", "invalid client_id or client_secret.");
  }
  if (app.blocked) return applicationBlocked;
  return form.grant_type === "refresh_token" ? refresh(world, app, form) : exchangeCode(world, app, form);
}

/** `POST /oauth/token`: form fields in the body, never in the address. */
export function registerTokenRoutes(server: FastifyInstance, world: World, limits: EndpointLimits): void {
  server.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (_, body, done) => {
    done(null, Object.fromEntries(new URLSearchParams(String(body))));
  });

  server.post("/oauth/token", (request, reply) => {
    const isForm = request.headers["content-type"]?.startsWith("application/x-www-form-urlencoded") ?? false;
    const form = isForm ? (request.body as TokenForm) : {};
    const app = form.client_id ?? "";
    const answer = limits.take(app, "POST /oauth/token")
      ? answerTokenRequest(world, form)
      : rateLimited("localRateLimited");
    return sendAnswer(reply, answer);
  });
}
