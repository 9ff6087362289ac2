import { z } from "zod";

import type { ConnectorError } from "../contract/connector-error.ts";
import { callHttp, type HttpAnswer } from "../contract/http-call.ts";
import type { KeeperBudget } from "../contract/keeper/keeper-capability.ts";
import { failed, type Outcome, succeeded } from "../contract/outcome.ts";
import type { TokenExchange, TokenVault } from "../contract/token-vault.ts";
import type { CreditMeter } from "./credit-meter.ts";
import { toError, toFailure, toUnreadableError } from "./error.ts";
import { envelopeSchema, type WireFailure } from "./wire.ts";

/** One operation. */
export interface Operation {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly budget: KeeperBudget;
  /** A field that was not found is null, and no failure of the others. */
  readonly mayMiss?: boolean;
}

/** The transport: tokens, GraphQL's errors, credits. Knows nothing of stock. */
export interface ShipHeroClient {
  /** `data` in the shape asked for. */
  call<Schema extends z.ZodType>(schema: Schema, operation: Operation): Promise<Outcome<z.infer<Schema>>>;
}

export interface ClientOptions {
  readonly baseUrl: URL;
  readonly timeoutMs: number;
  readonly exchange: TokenExchange;
  readonly tokens: TokenVault;
  readonly meter: CreditMeter;
}

export function createClient(options: ClientOptions): ShipHeroClient {
  return {
    async call(schema, operation) {
      const answer = await sendWithToken(options, operation);
      if (!answer.ok) return failed(withDoubt(operation, answer.error));
      const { status, body } = answer.value;
      if (status !== 200) return failed(withDoubt(operation, toError(answer.value)));
      const envelope = envelopeSchema.safeParse(body);
      if (!envelope.success) return failed(unreadable(operation));
      const { data, errors } = envelope.data;
      noteCredits(options.meter, operation, { data, errors: errors ?? [] });
      const parsed = schema.safeParse(data);
      const failures = failuresIn(errors ?? [], operation);
      const failure = parsed.success ? failures.find(isOfAll(operation)) : failures[0];
      if (failure !== undefined) return failed(withDoubt(operation, failure));
      return parsed.success ? succeeded(parsed.data) : failed(unreadable(operation));
    },
  };
}

async function sendWithToken(options: ClientOptions, operation: Operation): Promise<Outcome<HttpAnswer>> {
  const { tokens, exchange } = options;
  const token = await tokens.current(exchange);
  if (!token.ok) return token;
  const first = await send(options, operation, token.value);
  if (!first.ok || first.value.status !== 401) return first;
  const renewed = await tokens.replace(token.value, exchange);
  return renewed.ok ? send(options, operation, renewed.value) : renewed;
}

function send(
  { baseUrl, timeoutMs }: ClientOptions,
  { query, variables }: Operation,
  token: string,
): Promise<Outcome<HttpAnswer>> {
  const url = new URL(baseUrl);
  url.pathname = `${baseUrl.pathname.replace(/\/$/, "")}/graphql`;
  return callHttp({
    url,
    method: "POST",
    headers: {
      accept: "application/json",
      "content-type": "application/json",
      authorization: `Bearer ${token}`,
    },
    body: JSON.stringify({ query, ...(variables === undefined ? {} : { variables }) }),
    timeoutMs,
  });
}

function failuresIn(errors: readonly WireFailure[], { mayMiss }: Operation): ConnectorError[] {
  const failures = errors.map(toFailure);
  return mayMiss === true ? failures.filter(({ kind }) => kind !== "not_found") : failures;
}

/**
 * Whether a failure spoils an answer whose data reads well. Warnings about scopes stand among the errors too; but where fields may
 * be missing, or something stumbled, what is not there proves nothing.
 */
function isOfAll({ mayMiss }: Operation) {
  return ({ kind }: ConnectorError): boolean =>
    mayMiss === true || kind === "transient" || kind === "throttled";
}

const pricedSchema = z.object({ complexity: z.number() });

function noteCredits(
  meter: CreditMeter,
  { budget }: Operation,
  { data, errors }: { readonly data: unknown; readonly errors: readonly WireFailure[] },
): void {
  const missing = errors.find(({ required_credits: credits }) => typeof credits === "number");
  if (missing !== undefined) return meter.note(budget, missing.required_credits ?? 0);
  const fields = typeof data === "object" && data !== null ? Object.values(data) : [];
  const prices = fields.map((field) => pricedSchema.safeParse(field).data?.complexity ?? 0);
  meter.note(
    budget,
    prices.reduce((sum, price) => sum + price, 0),
  );
}

function unreadable(operation: Operation): ConnectorError {
  const name = /\b(?:query|mutation) (\w+)/.exec(operation.query)?.[1] ?? "a call";
  return toUnreadableError(name, isWrite(operation));
}

function isWrite({ query }: Operation): boolean {
  return query.trimStart().startsWith("mutation");
}

/** Every call is a POST: only a mutation can have changed something when nobody said so. */
function withDoubt(operation: Operation, { mayHaveApplied, ...error }: ConnectorError): ConnectorError {
  const isUncertain = mayHaveApplied === true || error.kind === "transient";
  return isWrite(operation) && isUncertain ? { ...error, mayHaveApplied: true } : error;
}
