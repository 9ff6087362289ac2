import type { FastifyInstance } from "fastify";

import type { App } from "../seller.ts";
import { sendAnswer } from "../vendor/send-answer.ts";
import { applicationBlocked, oauthError, type VendorAnswer } from "../vendor/vendor-answer.ts";
import type { World } from "../world.ts";
import type { Challenge } from "./authorization-codes.ts";

type Query = Partial<Record<string, string>>;

interface Request {
  app: App;
  redirectUri: string;
  challenge: Challenge | null;
}

const refused = (description: string): VendorAnswer => oauthError("invalid_request", description);

function challengeFrom(query: Query, app: App): Challenge | null | VendorAnswer {
  const { code_challenge: value, code_challenge_method: method = "plain" } = query;
  if (value === undefined) {
    return app.pkceRequired ? refused("code_challenge is a required parameter") : null;
  }
  if (method === "S256" || method === "plain") return { value, method };
  return refused("code_challenge_method must be S256 or plain");
}

/** What the app asks the seller for, or why the page does not open. */
function readRequest(world: World, query: Query): Request | VendorAnswer {
  const app = [...world.apps.values()].find(({ clientId }) => clientId === query.client_id);
  if (app === undefined) return oauthError("invalid_client", "invalid client_id or client_secret.");
  if (app.blocked) return applicationBlocked;
  if (query.response_type !== "code") return refused("response_type must be code");
  const { redirect_uri: redirectUri } = query;
  if (redirectUri === undefined || !app.redirectUris.includes(redirectUri)) {
    return refused("redirect_uri does not match the one of the application");
  }
  const challenge = challengeFrom(query, app);
  if (challenge !== null && "status" in challenge) return challenge;
  return { app, redirectUri, challenge };
}

/** Where the seller's browser goes after consenting, or why it goes nowhere. */
function authorize(world: World, query: Query): { location: string } | VendorAnswer {
  const request = readRequest(world, query);
  if ("status" in request) return request;
  const { app, redirectUri, challenge } = request;
  // Who is logged in: the real page knows by its cookie, here the caller says it.
  const [first] = world.sellers.values();
  const seller = query.account === undefined ? first : world.sellers.get(query.account);
  if (seller === undefined) return oauthError("access_denied", `no account ${query.account ?? ""}`, 403);
  // Documented: only the administrator of an account may agree. That no redirect follows is ASSUMED.
  if (query.operator !== undefined) {
    return oauthError("invalid_operator_user_id", "The user is an operator, not the administrator", 403);
  }
  const { account, userId } = seller;
  const location = new URL(redirectUri);
  if (query.state !== undefined) location.searchParams.set("state", query.state);
  if (query.deny !== undefined) location.searchParams.set("error", "access_denied");
  else {
    const code = world.codes.create({ account, clientId: app.clientId, redirectUri, challenge }, userId);
    location.searchParams.set("code", code);
  }
  return { location: location.href };
}

/** `GET /authorization`: the consent page, answered as a seller who agrees at once. */
export function registerAuthorizationRoutes(server: FastifyInstance, world: World): void {
  server.get("/authorization", (request, reply) => {
    const outcome = authorize(world, request.query as Query);
    return "location" in outcome ? reply.redirect(outcome.location, 302) : sendAnswer(reply, outcome);
  });
}
