import type { FastifyInstance } from "fastify";

import { JSON_TYPE } from "../http/register-route.ts";
import { ROUTES } from "../routes.ts";
import { docsPage } from "./docs-page.ts";
import { openApi } from "./open-api.ts";

/** The document for tools and the page for people, each made once. */
export async function documentation(app: FastifyInstance): Promise<void> {
  const document = JSON.stringify(openApi(ROUTES));
  const page = docsPage(ROUTES);
  app.get("/openapi.json", { config: { access: "read" } }, (_request, reply) =>
    reply.header("content-type", JSON_TYPE).send(document),
  );
  app.get("/docs", { config: { access: "read" } }, (_request, reply) =>
    reply.header("content-type", "text/html; charset=utf-8").send(page),
  );
}
