import type { FastifyInstance } from "fastify";

import { sendAnswer } from "../vendor/send-answer.ts";
import { oauthError, type VendorAnswer } from "../vendor/vendor-answer.ts";
import type { World } from "../world.ts";

type Query = Partial<Record<string, string>>;

function challengeFrom(query: Query): { value: string; method: "S256" | "plain" } | null | "wrong" {
  if (query.code_challenge === undefined) return null;
  const method = query.code_challenge_method ?? "plain";
  return method === "S256" || method === "plain" ? { value: query.code_challenge, method } : "wrong";
}

/** Where the seller's browser goes after consenting, or why it goes nowhere. */
function authorize(world: World, query: Query): { location: string } | VendorAnswer {
  const app = [...world.apps.values()].find(({ clientId }) => clientId === query.client_id);
  if (app === undefined) return oauthError("invalid_client", "invalid client_id or client_secret.");
  if (query.response_type !== "code") return oauthError("invalid_request", "response_type must be code");
  if (query.redirect_uri === undefined || !app.redirectUris.includes(query.redirect_uri)) {
    return oauthError("invalid_request", "redirect_uri does not match the one of the application");
  }
  const challenge = challengeFrom(query);
  if (challenge === "wrong")
    return oauthError("invalid_request", "code_challenge_method must be S256 or plain");
  if (challenge === null && app.pkceRequired) {
    return oauthError("invalid_request", "code_challenge is a required parameter");
  }
  // Who is logged in: the real page knows by its cookie, here the caller says it.
  const seller =
    query.account === undefined ? [...world.sellers.values()][0] : world.sellers.get(query.account);
  if (seller === undefined) return oauthError("access_denied", `no account ${query.account ?? ""}`, 403);
  const code = world.grants.createCode(
    { account: seller.account, clientId: app.clientId, redirectUri: query.redirect_uri, challenge },
    seller.userId,
  );
  const location = new URL(query.redirect_uri);
  location.searchParams.set("code", code);
  if (query.state !== undefined) location.searchParams.set("state", query.state);
  return { location: location.href };
}

/** `GET /authorization`: the consent page, answered as a seller who agrees at once. */
export function registerAuthorizationRoutes(server: FastifyInstance, world: World): void {
  server.get("/authorization", (request, reply) => {
    const outcome = authorize(world, request.query as Query);
    return "location" in outcome ? reply.redirect(outcome.location, 302) : sendAnswer(reply, outcome);
  });
}
