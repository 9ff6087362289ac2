import type { AccountGrant } from "@onepool/connectors/contract/authorization.ts";
import type { ConnectorError } from "@onepool/connectors/contract/connector-error.ts";
import type { ConnectorKind } from "@onepool/connectors/contract/connector.ts";
import type { Outcome } from "@onepool/connectors/contract/outcome.ts";
import type { FastifyPluginCallback } from "fastify";
import type pg from "pg";

import type { Problem } from "../api/problem.ts";
import type { SecretBox } from "../auth/secret-box.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Log } from "../log/log.ts";
import { answerBrowser, type CallbackAnswer } from "./authorization-page.ts";
import { endAuthorization, type PendingAuthorization } from "./authorization-store.ts";
import { type ConnectionRow, readConnection, claimAccount } from "./connection-store.ts";
import { openCredentials } from "./open-credentials.ts";
import { StoredTokenVault } from "./stored-token-vault.ts";

export interface CallbackDeps {
  readonly pool: pg.Pool;
  readonly ledger: Pick<Ledger, "submit">;
  readonly secretBox: SecretBox;
  readonly kinds: ReadonlyMap<string, Pick<ConnectorKind, "authorization">>;
  readonly clock: { now(): number };
  readonly log: Log;
}

type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * `GET /oauth/{kind}/callback`: where a channel sends the browser of a person who was asked for access. Open, since that
 * browser need not be signed in here: the state it brings names the connection, once.
 */
export function authorizationCallback(deps: CallbackDeps): FastifyPluginCallback {
  return (app, _, done) => {
    app.get<{ Params: { kind: string }; Querystring: Query }>(
      "/oauth/:kind/callback",
      { config: { access: "open" } },
      async (request, reply) =>
        answerBrowser(request, reply, await finish(deps, request.params.kind, request.query)),
    );
    done();
  };
}

async function finish(deps: CallbackDeps, kind: string, query: Query): Promise<CallbackAnswer> {
  const { pool, secretBox, clock, log } = deps;
  const authorization = deps.kinds.get(kind)?.authorization;
  const state = textOf(query["state"]);
  if (authorization === undefined || state === null) return ended();
  const pending = await endAuthorization(pool, secretBox, { state, kind, now: clock.now() });
  const row = pending === null ? null : await readConnection(pool, pending.sellerId, pending.connection);
  if (pending === null || row === null || row.kind !== kind) return ended();
  const error = textOf(query["error"]);
  const code = textOf(query["code"]);
  const finished =
    error !== null
      ? refused(authorization.refusalOf(error, textOf(query["error_description"])))
      : code === null
        ? refused({ kind: "rejected", message: "The channel sent the browser back without a code." })
        : await exchange(deps, { pending, row, code, authorization });
  log.info(
    { stage: "auth", seller: row.sellerId, connection: row.code, ok: finished.ok },
    "a person came back from a channel",
  );
  return { ...finished, returnTo: pending.returnTo };
}

interface Exchange {
  readonly pending: PendingAuthorization;
  readonly row: ConnectionRow;
  readonly code: string;
  readonly authorization: NonNullable<ConnectorKind["authorization"]>;
}

async function exchange(deps: CallbackDeps, asked: Exchange): Promise<CallbackAnswer> {
  const { pending, row, code, authorization } = asked;
  const credentials = openCredentials(row.credentials, deps.secretBox);
  if (!credentials.ok) return refused(credentials.error);
  const granted: Outcome<AccountGrant> = await authorization.exchange({
    settings: row.settings,
    credentials: credentials.value,
    redirectUri: pending.redirectUri,
    code,
    codeVerifier: pending.verifier,
    clock: deps.clock,
  });
  if (!granted.ok) return refused(granted.error);
  const problem = await accountProblem(deps.pool, row, granted.value);
  if (problem !== null) return { ok: false, problem, returnTo: null };
  await store(deps, row, granted.value);
  return { ok: true, connection: row.code, returnTo: null };
}

/** The grant has to be of the account that the connection is to, and of none that another connection has. */
async function accountProblem(
  pool: pg.Pool,
  row: ConnectionRow,
  { accountId }: AccountGrant,
): Promise<Problem | null> {
  const known = (row.settings as { readonly accountId?: unknown } | null)?.accountId;
  const expected = typeof known === "string" ? known : null;
  if (accountId !== undefined && expected !== null && accountId !== expected) {
    const message = `The account ${accountId} was signed in at the channel, and ${row.code} is a connection to ${expected}: sign in as that one.`;
    return { code: "authorization_refused", field: "code", message };
  }
  if (accountId === undefined || (await claimAccount(pool, row, accountId)) === "ours") return null;
  const message = `The account ${accountId} belongs to another connection.`;
  return { code: "account_taken", field: "code", message };
}

/** Under the lock of the token's row; then the connection is told to be another, so that every process opens it anew. */
async function store(deps: CallbackDeps, row: ConnectionRow, grant: AccountGrant): Promise<void> {
  const { sellerId, code } = row;
  const vault = new StoredTokenVault({ ...deps, sellerId, connection: code });
  await vault.adopt(grant);
  const settings = {
    authorizedAt: new Date(deps.clock.now()).toISOString(),
    ...(grant.accountId === undefined ? {} : { accountId: grant.accountId }),
  };
  const told = await deps.ledger.submit({
    sellerId,
    commands: [{ kind: "put_connection", code, settings }],
  });
  // The tokens are there all the same; without the news, who paused looks again within a minute.
  if (told.kind !== "done")
    deps.log.warn(
      { stage: "auth", seller: sellerId, connection: code },
      "the ledger took no news of a grant",
    );
}

function refused({ kind, code, message }: ConnectorError): CallbackAnswer {
  const isAway = kind === "transient" || kind === "throttled";
  const problem: Problem = isAway
    ? { code: "channel_unavailable", field: "", message, retryAfterSeconds: 60 }
    : { code: "authorization_refused", field: code === undefined ? "code" : "error", message };
  return { ok: false, problem, returnTo: null };
}

function ended(): CallbackAnswer {
  const message =
    "This authorization was used before, took longer than 15 minutes, or never was: begin again.";
  return { ok: false, problem: { code: "authorization_ended", field: "state", message }, returnTo: null };
}

/** A parameter given once, not too long to be meant. */
function textOf(value: string | readonly string[] | undefined): string | null {
  return typeof value === "string" && value !== "" && value.length <= 4_000 ? value : null;
}
