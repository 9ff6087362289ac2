import type { FastifyInstance, FastifyRequest } from "fastify";

import { reputationBody } from "../reputation/reputation.ts";
import { type Seller, siteOf } from "../seller.ts";
import { sendAnswer } from "../vendor/send-answer.ts";
import { accessDenied, standardError, type VendorAnswer } from "../vendor/vendor-answer.ts";
import { callerOf } from "../vendor/vendor-api.ts";
import { utcTime } from "../vendor/vendor-time.ts";
import type { World } from "../world.ts";
import { searchItems, type SearchQuery } from "./item-search.ts";
import { searchStores } from "./store-search.ts";

interface UserRequest {
  Params: { id: string };
  Querystring: SearchQuery;
}

function userBody(world: World, seller: Seller, isSelf: boolean): Record<string, unknown> {
  return {
    id: seller.userId,
    nickname: seller.nickname,
    country_id: siteOf(seller.siteId).country,
    user_type: "normal",
    site_id: seller.siteId,
    permalink: `http://perfil.mercadolibre.com/${seller.nickname}`,
    seller_reputation: reputationBody(world, seller),
    status: { site_status: "active" },
    ...(isSelf
      ? {
          registration_date: utcTime(seller.registeredAt),
          email: `${seller.nickname.toLowerCase()}@example.com`,
          tags: seller.tags,
        }
      : // Measured by integrators: the tags that decide how to write stock are there for the owner's token.
        { tags: ["normal"] }),
  };
}

function findSeller(world: World, id: string): Seller | undefined {
  return [...world.sellers.values()].find(({ userId }) => String(userId) === id);
}

function answerUser(world: World, request: FastifyRequest<UserRequest>): VendorAnswer {
  const seller = findSeller(world, request.params.id);
  if (seller === undefined) {
    return standardError(404, "not_found", `The User with id ${request.params.id} not found.`);
  }
  const isSelf = callerOf(request).seller.account === seller.account;
  return { status: 200, body: userBody(world, seller, isSelf) };
}

/** `/users`: who somebody is, and what they sell. */
export function registerUserRoutes(server: FastifyInstance, world: World): void {
  server.get("/users/me", (request, reply) =>
    sendAnswer(reply, { status: 200, body: userBody(world, callerOf(request).seller, true) }),
  );

  server.get<UserRequest>("/users/:id", (request, reply) => sendAnswer(reply, answerUser(world, request)));

  server.get<UserRequest>("/users/:id/items/search", (request, reply) => {
    const { seller } = callerOf(request);
    const isSelf = String(seller.userId) === request.params.id;
    return sendAnswer(reply, isSelf ? searchItems(world, seller, request.query) : accessDenied);
  });

  server.get<UserRequest>("/users/:id/stores/search", (request, reply) => {
    const { seller } = callerOf(request);
    const isSelf = String(seller.userId) === request.params.id;
    return sendAnswer(reply, isSelf ? searchStores(seller, request.query) : accessDenied);
  });
}
