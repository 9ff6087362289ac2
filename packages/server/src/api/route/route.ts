// A route as data: what it takes and answers is said once, for checking, for OpenAPI and for the docs page.
import type { z } from "zod";

import type { Caller, Role } from "../../auth/caller.ts";
import type { ApiDeps } from "../api-deps.ts";
import type { ErrorCode } from "../error-catalogue.ts";
import type { Problem } from "../problem.ts";
import { fieldProblem } from "../schema/field-problem.ts";

export type Tag = "The map" | "Stock" | "Orders" | "Reservations" | "Numbers" | "History and work lists";

/** What people read about a route. */
export interface RouteDocs {
  readonly method: "GET" | "PUT" | "POST";
  /** With parameters in braces: `/v1/skus/{sku}`. */
  readonly path: string;
  readonly access: Role;
  readonly tag: Tag;
  readonly summary: string;
  readonly description?: string;
  /** A body as a caller sends it. */
  readonly example?: object;
  /** The answer when all went well. */
  readonly answer: { readonly status: 200 | 201; readonly description: string; readonly schema: z.ZodType };
  /** Problems beyond those any call may meet. */
  readonly problems: readonly ErrorCode[];
}

/** The caller's Idempotency-Key and what it was sent with. */
export interface IdempotencyRequest {
  readonly key: string;
  readonly requestHash: string;
}

/** A request before its parts are checked. */
export interface RawCall {
  readonly caller: Caller;
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly idempotency: IdempotencyRequest | null;
}

export type RouteAnswer =
  | { readonly ok: true; readonly status: number; readonly body: object; readonly replayed?: boolean }
  | { readonly ok: false; readonly problem: Problem };

/** A route that can be registered. */
export interface Route extends RouteDocs {
  readonly params: z.ZodType;
  readonly query: z.ZodType;
  /** Null: takes no body, or a file. */
  readonly body: z.ZodType | null;
  /** Bytes of the file at most that it takes in place of JSON, as it is and whatever its type. */
  readonly fileBytesMax?: number;
  respond(deps: ApiDeps, call: RawCall): Promise<RouteAnswer>;
}

/** A request whose parts are checked. */
export interface Call<Params, Query, Body> extends RawCall {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
}

interface RouteSpec<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType | null> extends RouteDocs {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly handle: (deps: ApiDeps, call: Call<z.output<P>, z.output<Q>, BodyOf<B>>) => Promise<RouteAnswer>;
}

type BodyOf<B extends z.ZodType | null> = B extends z.ZodType ? z.output<B> : undefined;

/** A route that takes and answers one thing. */
export function defineRoute<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType | null>(
  spec: RouteSpec<P, Q, B>,
): Route {
  const { handle, ...docs } = spec;
  return {
    ...docs,
    async respond(deps, call) {
      const params = spec.params.safeParse(call.params);
      if (!params.success) return refusal(fieldProblem(params.error, call.params, "path"));
      const query = spec.query.safeParse(call.query);
      if (!query.success) return refusal(fieldProblem(query.error, call.query, "query"));
      const body = checkBody(spec.body, call.body);
      if (!body.ok) return body;
      return handle(deps, { ...call, params: params.data, query: query.data, body: body.value as BodyOf<B> });
    },
  };
}

function checkBody(
  schema: z.ZodType | null,
  body: unknown,
): { ok: true; value: unknown } | (RouteAnswer & { ok: false }) {
  if (schema === null) return isNothing(body) ? { ok: true, value: undefined } : noBodyExpected();
  if (body === undefined) return missingBody();
  const checked = schema.safeParse(body);
  return checked.success
    ? { ok: true, value: checked.data }
    : refusal(fieldProblem(checked.error, body, "body"));
}

/** Clients that always send JSON may send an empty object. */
function isNothing(body: unknown): boolean {
  return body === undefined || (typeof body === "object" && body !== null && Object.keys(body).length === 0);
}

function noBodyExpected(): RouteAnswer & { ok: false } {
  return refusal({ code: "unknown_field", field: "body", message: "This call takes no body." });
}

export function missingBody(): RouteAnswer & { ok: false } {
  return refusal({
    code: "missing_body",
    field: "body",
    message: "This call takes a JSON object as its body.",
  });
}

export function refusal(problem: Problem): RouteAnswer & { ok: false } {
  return { ok: false, problem };
}

export function answer(status: number, body: object): RouteAnswer {
  return { ok: true, status, body };
}
