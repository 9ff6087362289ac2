// The channel as a program of its own: sells, notifies, and sees what it is asked to show. Sender and receiver of one process have one clock. It
// tells its port in a message.
import { setTimeout as delay } from "node:timers/promises";

import { percentileOf } from "../measure/percentile.ts";
import { skuNumberDraw } from "../workload/sku-draw.ts";
import { ChannelStub, SELLING_ACCOUNT } from "./channel-stub.ts";
import { IssuedTracker } from "./issued-tracker.ts";
import { offer } from "./offered-load.ts";
import { OPENING_UNITS } from "./opening-units.ts";
import type { WebhookFigures, WebhookJob, WebhookJobAnswer } from "./webhook-job.ts";

const POLL_MS = 20;

const tracker = new IssuedTracker(OPENING_UNITS);
const stub = new ChannelStub({
  openingUnits: OPENING_UNITS,
  onPush: (sku, quantity) => tracker.push(sku, quantity, performance.now()),
});

process.on("message", (job: WebhookJob) => void answer(job));
process.channel?.ref();
const url = await stub.app.listen({ host: "127.0.0.1", port: 0 });
process.send?.({ port: Number(new URL(url).port) });

async function answer(job: WebhookJob): Promise<void> {
  process.send?.(await answerTo(job));
}

async function answerTo(job: WebhookJob): Promise<WebhookJobAnswer> {
  try {
    if (job.kind === "sell") return { ok: true, figures: await sell(job) };
    while (stub.listingsRead < job.listings) await delay(POLL_MS);
    return { ok: true, figures: null };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

async function sell(job: WebhookJob & { readonly kind: "sell" }): Promise<WebhookFigures> {
  const nextSku = skuNumberDraw("spread", job.skus, job.seed);
  tracker.takeLatencies();
  const before = tracker.outstanding;
  const acks = await offer({
    ...job,
    nextRequest(dueAt) {
      const sku = nextSku();
      tracker.announce(sku, dueAt);
      return notification(job, stub.sell(sku));
    },
  });
  const patientUntil = performance.now() + job.patienceMs;
  while (tracker.outstanding > 0 && performance.now() < patientUntil) await delay(POLL_MS);
  const issued = tracker.takeLatencies().toSorted((left, right) => left - right);
  const acked = acks.toSorted((left, right) => left - right);
  return {
    sales: before + acks.length,
    ackP50Ms: percentileOf(acked, 0.5),
    ackP99Ms: percentileOf(acked, 0.99),
    issued: issued.length,
    issuedP50Ms: percentileOf(issued, 0.5),
    issuedP99Ms: percentileOf(issued, 0.99),
  };
}

function notification(job: WebhookJob & { readonly kind: "sell" }, orderId: string): string {
  const now = new Date().toISOString();
  const body = `{"_id":"${orderId}","topic":"orders_v2","resource":"/orders/${orderId}","user_id":${SELLING_ACCOUNT.accountId},"application_id":1,"attempts":1,"sent":"${now}","received":"${now}"}`;
  return `POST ${job.hookPath} HTTP/1.1\r\nhost: 127.0.0.1:${job.port}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
}
