import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";

import { struckAnswer } from "../graphql/struck-answer.ts";
import type { World } from "../world.ts";

const refreshSchema = z.object({ refresh_token: z.string() });
const loginSchema = z.object({ username: z.string(), password: z.string() });

/** In the manner of Auth0, which stands behind it. ASSUMED: no document shows a refusal. */
function refuse(reply: FastifyReply, status: number, error: string, description: string): FastifyReply {
  return reply.code(status).send({ error, error_description: description });
}

/** `POST /auth/token` and `POST /auth/refresh`. */
export function registerTokenRoutes(server: FastifyInstance, world: World): void {
  const tokenBody = () => {
    const { accessToken, expiresAt } = world.grants.issue();
    return {
      access_token: accessToken,
      expires_in: Math.floor((expiresAt - world.clock.now()) / 1_000),
      scope: "openid profile offline_access",
      token_type: "Bearer",
    };
  };
  const isRevoked = (): boolean => world.faults.current().tokenRevoked;

  const strike = async (request: FastifyRequest, reply: FastifyReply) => {
    const rule = world.faults.strike({ names: [`POST ${request.routeOptions.url ?? ""}`] });
    if (rule === undefined) return undefined;
    request.shipHeroStrike = rule;
    return (await struckAnswer(world, { fields: [] }, rule, [request, reply])) ? reply : undefined;
  };

  server.post("/auth/refresh", { preHandler: strike }, (request, reply) => {
    const form = refreshSchema.safeParse(request.body);
    if (!form.success)
      return refuse(reply, 400, "invalid_request", "Missing required parameter: refresh_token");
    if (form.data.refresh_token !== world.grants.refreshToken || isRevoked()) {
      return refuse(reply, 403, "invalid_grant", "Unknown or invalid refresh token.");
    }
    return reply.send(tokenBody());
  });

  server.post("/auth/token", { preHandler: strike }, (request, reply) => {
    const form = loginSchema.safeParse(request.body);
    if (!form.success) return refuse(reply, 400, "invalid_request", "Missing required parameter: username");
    const { username, password, refreshToken } = world.grants;
    if (form.data.username !== username || form.data.password !== password || isRevoked()) {
      return refuse(reply, 403, "invalid_grant", "Wrong email or password.");
    }
    return reply.send({ ...tokenBody(), refresh_token: refreshToken });
  });
}
