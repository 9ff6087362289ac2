import type { JsonObject } from "@onepool/core/ledger/json.ts";
import { fastify, type FastifyInstance } from "fastify";
import { afterAll } from "vitest";

/** A MercadoLibre that lets account 100 in and answers beside that what a test has it answer. Closed at the end of the test file. */
export async function fakeMarketplace(
  answers: (marketplace: FastifyInstance) => void,
): Promise<{ readonly settings: JsonObject }> {
  const marketplace = fastify({ forceCloseConnections: true });
  marketplace.addContentTypeParser("*", { parseAs: "string" }, (_, body, done) => done(null, body));
  marketplace.post("/oauth/token", () => ({
    access_token: "APP_USR-1",
    token_type: "bearer",
    expires_in: 21_600,
    user_id: 100,
    refresh_token: "TG-2",
  }));
  answers(marketplace);
  const baseUrl = await marketplace.listen({ port: 0, host: "127.0.0.1" });
  afterAll(() => marketplace.close());
  // Of a connection to it.
  return { settings: { hookSecret: "one", baseUrl, tokenUrl: `${baseUrl}/oauth/token`, accountId: "100" } };
}
