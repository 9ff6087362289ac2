import type { FastifyInstance, FastifyRequest } from "fastify";
import {
  type DocumentNode,
  execute,
  getOperationAST,
  getVariableValues,
  GraphQLError,
  type GraphQLSchema,
  parse,
  validate,
} from "graphql";
import { z } from "zod";

import { spoilAnswer } from "../../broken-answer.ts";
import type { FaultRule } from "../faults.ts";
import type { World } from "../world.ts";
import { type PricedField, priceOf } from "./price.ts";
import type { RequestContext } from "./request-context.ts";
import { resolvers } from "./resolvers.ts";
import { createSchema } from "./schema.ts";
import { struckAnswer } from "./struck-answer.ts";
import { emptyData, throttled } from "./throttled.ts";
import { VendorRefusal } from "./vendor-refusal.ts";

declare module "fastify" {
  interface FastifyRequest {
    shipHeroStrike: FaultRule | null;
  }
}

const bodySchema = z.object({
  query: z.string().min(1),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});

interface Asked {
  document: DocumentNode;
  variables: Record<string, unknown>;
  operationName: string | undefined;
  fields: PricedField[];
  isMutation: boolean;
}

function describeErrors(errors: readonly GraphQLError[]): object[] {
  return errors.map(({ message, locations }) => ({ message, locations: locations ?? [] }));
}

/** Parses and checks a request; a query that is not valid is answered with errors and status 400, ASSUMED. */
function readRequest(schema: GraphQLSchema, body: unknown): Asked | readonly GraphQLError[] {
  const form = bodySchema.safeParse(body);
  if (!form.success) return [new GraphQLError("Must provide query string.")];
  const { query, variables, operationName } = form.data;
  let document: DocumentNode;
  try {
    document = parse(query);
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
  const errors = validate(schema, document);
  if (errors.length > 0) return errors;
  const asked = { document, variables: variables ?? {}, operationName: operationName ?? undefined };
  const operation = getOperationAST(document, operationName);
  if (!operation)
    return [new GraphQLError("Must provide operation name if query contains multiple operations.")];
  const { errors: wrong } = getVariableValues(schema, operation.variableDefinitions ?? [], asked.variables);
  if (wrong !== undefined) return wrong;
  return { ...asked, fields: priceOf(schema, asked), isMutation: operation.operation === "mutation" };
}

/** How a failed field is told: with the top-level field that it lies under. */
function describeFailure(error: GraphQLError, requestId: string, fields: readonly PricedField[]): object {
  const key = error.path?.[0];
  const operation = fields.find((field) => field.key === key)?.name ?? String(key ?? "");
  const { originalError } = error;
  const refusal = originalError instanceof VendorRefusal ? originalError : undefined;
  if (refusal === undefined && originalError) throw originalError;
  const code = refusal?.code ?? 1;
  return { message: error.message, operation, field: operation, request_id: requestId, code };
}

/** Carries a request out, and charges it for the rows that came. */
async function carryOut(world: World, schema: GraphQLSchema, asked: Asked): Promise<object> {
  const requestId = world.ids.nextRequest();
  const context: RequestContext = { world, requestId, prices: asked.fields, rows: 0 };
  const charged = asked.fields.filter(({ analyze }) => !analyze);
  const required = charged.reduce((sum, { credits }) => sum + credits, 0);
  if (!world.credits.take(required)) return throttled(world, { fields: charged }, requestId);
  const outcome = await execute({
    schema,
    document: asked.document,
    variableValues: asked.variables,
    operationName: asked.operationName,
    rootValue: resolvers,
    contextValue: context,
  });
  const owed = charged.length * (asked.isMutation ? 10 : 1) + context.rows;
  world.credits.giveBack(Math.max(0, required - owed));
  const errors = outcome.errors?.map((error) => describeFailure(error, requestId, asked.fields));
  return { ...(errors === undefined ? {} : { errors }), data: outcome.data ?? emptyData(asked.fields) };
}

/** ASSUMED: the answers to a missing token, and to too many requests, are shown nowhere. */
function refuseAtTheDoor(
  world: World,
  request: FastifyRequest,
): { status: number; body: object } | undefined {
  const [scheme, token = ""] = (request.headers.authorization ?? "").split(" ");
  const known = scheme === "Bearer" && world.grants.isValid(token) && !world.faults.current().tokenRevoked;
  if (!known) return { status: 401, body: { message: "Unauthorized" } };
  if (!world.credits.admit()) return { status: 429, body: { message: "Too Many Requests" } };
  return undefined;
}

function strikeOn(world: World, { fields, isMutation }: Asked): FaultRule | undefined {
  const kind = isMutation ? "mutation *" : "query *";
  return world.faults.strike({ names: [...fields.map(({ name }) => name), kind] });
}

/** `POST /graphql`. */
export function registerGraphqlRoute(server: FastifyInstance, world: World): void {
  const schema = createSchema();
  server.decorateRequest("shipHeroStrike", null);
  server.addHook("onSend", (request, _, payload) =>
    spoilAnswer(request, payload, request.shipHeroStrike?.kind),
  );

  server.post("/graphql", async (request, reply) => {
    const refusal = refuseAtTheDoor(world, request);
    if (refusal !== undefined) return reply.code(refusal.status).send(refusal.body);
    const asked = readRequest(schema, request.body);
    if (!("document" in asked)) return reply.code(400).send({ errors: describeErrors(asked) });
    const strike = strikeOn(world, asked);
    if (strike !== undefined) {
      request.shipHeroStrike = strike;
      if (await struckAnswer(world, asked, strike, [request, reply])) return reply;
    }
    return reply.send(await carryOut(world, schema, asked));
  });
}
