// What a keeper that fetches its orders and deliveries answers about them.
import type { Instant } from "@onepool/core/ledger/units.ts";
import type pg from "pg";

import { type CommandEnd, INBOUNDS, ORDERS } from "./command-store.ts";
import { endDelivery, endOrder } from "./end-telling.ts";
import { type CommandState, findGivenInbound, findGivenOrder, lockGivenState } from "./fetched-store.ts";
import { markDue } from "./keeper-order-store.ts";

export type KeeperAnswer =
  | { readonly kind: "accept"; readonly keeperId: string | null }
  | { readonly kind: "refuse"; readonly reason: string }
  | { readonly kind: "cancelled" }
  | { readonly kind: "too_late" };

/** `conflict`: the answer does not fit how it stands. `known`: it was answered so before. */
export type Answered =
  | { readonly kind: "done" | "known"; readonly state: CommandState }
  | { readonly kind: "conflict"; readonly state: CommandState }
  | { readonly kind: "none" };

interface Answering {
  readonly sellerId: number;
  readonly connection: string;
  readonly reference: string;
  readonly answer: KeeperAnswer;
  readonly now: Instant;
}

export async function answerOrder(client: pg.ClientBase, asked: Answering): Promise<Answered> {
  const { sellerId, reference, now } = asked;
  const found = await findGivenOrder(client, asked);
  if (found === null) return { kind: "none" };
  const key = { sellerId, ...found };
  // As in `endOrder`: before what was given is held.
  await markDue(client, key, now);
  const held = await lockGivenState(client, ORDERS, asked);
  const subject = `order ${found.orderId} of ${found.channel}`;
  const next = nextOf(held, asked, subject);
  if (next.kind !== "end") return { kind: next.kind, state: held.state };
  await endOrder(client, { ...key, reference }, next.end, now);
  return { kind: "done", state: next.end.state };
}

export async function answerInbound(client: pg.ClientBase, asked: Answering): Promise<Answered> {
  const { sellerId, reference, now } = asked;
  const found = await findGivenInbound(client, asked);
  if (found === null) return { kind: "none" };
  const held = await lockGivenState(client, INBOUNDS, asked);
  const next = nextOf(held, asked, `delivery ${found.inboundId}`);
  if (next.kind !== "end") return { kind: next.kind, state: held.state };
  await endDelivery(client, { sellerId, reference, ...found }, next.end, now);
  return { kind: "done", state: next.end.state };
}

type Next = { readonly kind: "known" | "conflict" } | { readonly kind: "end"; readonly end: CommandEnd };

const STATES = { accept: "sent", refuse: "refused", cancelled: "cancelled", too_late: "too_late" } as const;

/** What may be answered in which state; `refuse` of what was accepted: it could not be shipped after all. */
const FITTING: Readonly<Record<KeeperAnswer["kind"], readonly CommandEnd["from"][]>> = {
  accept: ["wanted"],
  refuse: ["wanted", "sent"],
  cancelled: ["cancelling"],
  too_late: ["cancelling"],
};

function nextOf(
  held: { readonly state: CommandState; readonly keeperId: string | null },
  { answer, connection }: Pick<Answering, "answer" | "connection">,
  subject: string,
): Next {
  const state = STATES[answer.kind];
  const keeperId = answer.kind === "accept" ? answer.keeperId : null;
  if (held.state === state) {
    const isOther = keeperId !== null && keeperId !== held.keeperId;
    return { kind: isOther ? "conflict" : "known" };
  }
  const from = FITTING[answer.kind].find((fitting) => fitting === held.state);
  if (from === undefined) return { kind: "conflict" };
  const error = sentenceOf(answer, connection, subject);
  return { kind: "end", end: { from, state, keeperId, error, nextAttemptAt: null } };
}

/** For people. */
function sentenceOf(answer: KeeperAnswer, connection: string, subject: string): string | null {
  if (answer.kind === "refuse") return `${connection} does not take ${subject}: ${answer.reason}`;
  if (answer.kind !== "too_late") return null;
  return `${connection} goes on with ${subject} although it was cancelled: it was too late to stop it.`;
}
