import { onepoolClient } from "@onepool/scenarios/harness/onepool-client.ts";
import type { ServerProcess } from "@onepool/scenarios/harness/server-process.ts";
import type { Database } from "@onepool/server/postgres/open-database.ts";

import { openBenchLedger } from "../database/open-bench-ledger.ts";
import { startProgram, type ChildProgram } from "../http/child-program.ts";
import { withServer } from "../http/with-server.ts";
import { SELLING_ACCOUNT, SHOWING_ACCOUNT } from "./channel-stub.ts";
import { layChannels } from "./lay-channels.ts";
import { OPENING_UNITS } from "./opening-units.ts";
import type { WebhookFigures, WebhookJob, WebhookJobAnswer } from "./webhook-job.ts";

export interface WebhookPlan {
  readonly skus: number;
  /** Notifications a second, rising: after the first that the server cannot keep up with, the rest is left out. */
  readonly rates: readonly number[];
  readonly rounds: number;
  readonly roundMs: number;
  readonly patienceMs: number;
  readonly profileFolder: string | undefined;
  readonly signal: AbortSignal;
  onProgress(text: string): void;
}

/** What one offered rate came to; no rounds: not tried, since a lower one was too much already. */
export interface WebhookRow {
  readonly perSecond: number;
  readonly rounds: readonly WebhookFigures[];
}

/** Notifications of one account's sales at a rate, until another account's listing of the SKU is asked to show them. */
export async function measureWebhook(database: Database, plan: WebhookPlan): Promise<readonly WebhookRow[]> {
  plan.onProgress("laying stock and listings");
  const { skus, profileFolder } = plan;
  const bench = await openBenchLedger(database, { code: "default", skus, unitsEach: OPENING_UNITS });
  try {
    await layChannels(bench, skus);
  } finally {
    await bench.ledger.close();
  }
  const channel = startProgram(new URL("channel-process.ts", import.meta.url), plan.signal);
  try {
    const { port } = (await channel.ask()) as { port: number };
    return await withServer({ databaseUrl: database.url, profileFolder }, async (server) => {
      const hookPath = await connectAccounts(server, `http://127.0.0.1:${port}`);
      plan.onProgress("waiting until every listing was read");
      await askFor(channel, { kind: "wait until read", listings: 2 * skus });
      return measureRates(channel, { port: Number(new URL(server.url).port), hookPath }, plan);
    });
  } finally {
    await channel.stop();
  }
}

/** Answers the path of the address for notifications. */
async function connectAccounts(server: ServerProcess, baseUrl: string): Promise<string> {
  const client = onepoolClient(server.url, server.key);
  for (const { code, accountId } of [SELLING_ACCOUNT, SHOWING_ACCOUNT])
    await client.put(`/v1/connections/${code}`, {
      baseUrl,
      tokenUrl: `${baseUrl}/oauth/token`,
      accountId,
      credentials: { clientId: "bench", clientSecret: "bench", refreshToken: accountId },
      mode: "live",
    });
  const { hookUrl } = await client.get(`/v1/connections/${SELLING_ACCOUNT.code}`);
  return new URL(String(hookUrl)).pathname;
}

async function measureRates(
  channel: ChildProgram,
  hook: { readonly port: number; readonly hookPath: string },
  plan: WebhookPlan,
): Promise<readonly WebhookRow[]> {
  const { skus, patienceMs, signal } = plan;
  const rows: WebhookRow[] = [];
  let keepsUp = true;
  for (const perSecond of plan.rates) {
    const rounds: WebhookFigures[] = [];
    // Round 0 is the warm-up.
    for (let round = 0; round <= plan.rounds && keepsUp; round++) {
      signal.throwIfAborted();
      plan.onProgress(round === 0 ? `${perSecond}/s: warming up` : `${perSecond}/s: round ${round}`);
      const forMs = round === 0 ? plan.roundMs / 4 : plan.roundMs;
      const job = { kind: "sell", ...hook, perSecond, forMs, patienceMs, skus, seed: round } as const;
      const figures = await askFor(channel, job);
      if (figures === null) throw new Error("the channel sold nothing");
      keepsUp = figures.issued === figures.sales;
      if (round > 0 || !keepsUp) rounds.push(figures);
    }
    rows.push({ perSecond, rounds });
  }
  return rows;
}

async function askFor(channel: ChildProgram, job: WebhookJob): Promise<WebhookFigures | null> {
  const answer = (await channel.ask(job)) as WebhookJobAnswer;
  if (!answer.ok) throw new Error(`the channel's process: ${answer.message}`);
  return answer.figures;
}
