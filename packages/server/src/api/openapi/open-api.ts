// The OpenAPI 3.1 document, made of the same routes and schemas that answer requests.
import type { z } from "zod";

import { ERROR_CATALOGUE, type ErrorCode } from "../error-catalogue.ts";
import type { Route } from "../route/route.ts";
import { JsonSchemas, type JsonSchema } from "./json-schema.ts";
import { OTHER_PATHS } from "./other-paths.ts";

/** What any call may be answered. */
const GENERAL_PROBLEMS: readonly ErrorCode[] = [
  "invalid_field",
  "missing_field",
  "unknown_field",
  "bad_request",
  "invalid_utf8",
  "unauthorized",
  "forbidden_role",
  "host_not_allowed",
  "internal_error",
  "database_unavailable",
];

/** What any call that takes a body may be answered besides. */
const BODY_PROBLEMS: readonly ErrorCode[] = [
  "invalid_json",
  "missing_body",
  "duplicate_field",
  "too_deep",
  "cross_site_request",
  "body_too_large",
  "unsupported_media_type",
  "idempotency_conflict",
  "overloaded",
  "stopping",
];

export interface OpenApi {
  readonly openapi: "3.1.1";
  readonly info: JsonSchema;
  readonly tags: readonly { readonly name: string }[];
  readonly security: readonly object[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, JsonSchema>>>>;
  readonly components: JsonSchema;
}

/** The document of these routes. */
export function openApi(routes: readonly Route[]): OpenApi {
  const schemas = new JsonSchemas();
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const route of routes) {
    const address = (paths[route.path] ??= {});
    address[route.method.toLowerCase()] = operation(route, schemas);
  }
  return {
    openapi: "3.1.1",
    info: { title: "Onepool", version: "1", license: { name: "Apache-2.0", identifier: "Apache-2.0" } },
    tags: [...new Set(routes.map((route) => route.tag))].map((name) => ({ name })),
    security: [{ key: [] }],
    paths: { ...paths, ...OTHER_PATHS },
    components: {
      securitySchemes: { key: { type: "http", scheme: "bearer" } },
      schemas: { ...schemas.shared, Problem: PROBLEM_SCHEMA },
    },
  };
}

function operation(route: Route, schemas: JsonSchemas): JsonSchema {
  const body =
    route.body === null ? fileBody(route) : { requestBody: requestBody(route, route.body, schemas) };
  return {
    operationId: operationId(route),
    tags: [route.tag],
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    "x-role": route.access,
    parameters: [
      ...parameters(schemas.of(route.params, "input"), "path"),
      ...parameters(schemas.of(route.query, "input"), "query"),
      ...(route.method === "GET" ? [] : [IDEMPOTENCY_KEY]),
    ],
    ...body,
    responses: responses(route, schemas),
  };
}

function operationId({ method, path }: Route): string {
  const words = path
    .replace("/v1/", "")
    .split(/[^\w]+/)
    .filter((word) => word !== "");
  return [method.toLowerCase(), ...words].join("_");
}

/** A file as it is; nothing for a route that takes none. */
function fileBody({ fileBytesMax }: Route): object {
  if (fileBytesMax === undefined) return {};
  const schema = { type: "string", format: "binary", maxLength: fileBytesMax };
  return { requestBody: { required: true, content: { "application/octet-stream": { schema } } } };
}

function requestBody(route: Route, schema: z.ZodType, schemas: JsonSchemas): object {
  const example = route.example === undefined ? {} : { example: route.example };
  return {
    required: true,
    content: { "application/json": { schema: schemas.of(schema, "input"), ...example } },
  };
}

function parameters(schema: JsonSchema, place: "path" | "query"): object[] {
  return Object.entries(schema.properties ?? {}).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    required: schema.required?.includes(name) ?? false,
    ...(description === undefined ? {} : { description }),
    schema: rest,
  }));
}

const IDEMPOTENCY_KEY = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  description:
    "The same key with the same request gets the same answer for 7 days; with another request, 422.",
  schema: { type: "string", minLength: 1, maxLength: 200 },
};

/** The codes a route may answer with. */
export function problemsOf(route: Route): ErrorCode[] {
  return [...GENERAL_PROBLEMS, ...(route.method === "GET" ? [] : BODY_PROBLEMS), ...route.problems];
}

function responses(route: Route, schemas: JsonSchemas): JsonSchema {
  const { status, description, schema } = route.answer;
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of problemsOf(route)) {
    const { status: problemStatus } = ERROR_CATALOGUE[code];
    byStatus.set(problemStatus, [...(byStatus.get(problemStatus) ?? []), code]);
  }
  const problems = [...byStatus].map(
    ([problemStatus, codes]) => [String(problemStatus), problemResponse(codes)] as const,
  );
  return Object.fromEntries([
    [
      String(status),
      { description, content: { "application/json": { schema: schemas.of(schema, "output") } } },
    ],
    ...problems,
  ]);
}

function problemResponse(codes: readonly ErrorCode[]): JsonSchema {
  const schema = {
    allOf: [{ $ref: "#/components/schemas/Problem" }, { properties: { code: { enum: codes } } }],
  };
  return { description: codes.join(", "), content: { "application/problem+json": { schema } } };
}

const PROBLEM_SCHEMA: JsonSchema = {
  type: "object",
  description: "RFC 9457. Some codes carry figures beside these fields.",
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    code: { type: "string", description: "Stable: decide by it." },
    field: { type: "string", description: "What to mend: a path in the body, a parameter or a header." },
    message: { type: "string", description: "One sentence with the particulars." },
  },
  required: ["type", "title", "status", "code", "field", "message"],
};
