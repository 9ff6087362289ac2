import { z } from "zod";

import type { ConnectorError } from "../contract/connector-error.ts";
import { failed, type Outcome, succeeded } from "../contract/outcome.ts";
import type { SubscriptionState } from "../contract/subscription.ts";
import type { AmazonClient } from "./client.ts";
import {
  gapOf,
  isUnknownDestination,
  listDestinations,
  makeDestination,
  makeSubscription,
  ORDER_CHANGE,
  readDestination,
  readSubscription,
  removeSubscription,
  withQueueHint,
} from "./to-subscription.ts";
import {
  destinationAnswerSchema,
  destinationsSchema,
  subscriptionAnswerSchema,
  type WireSubscription,
} from "./wire.ts";

/** Who asks: destinations and deletions are the application's (grantless), the rest the seller's; each is refused the other's. */
interface Callers {
  readonly seller: AmazonClient;
  readonly app: AmazonClient;
}

interface Wanted {
  readonly queueArn: string;
  readonly marketplaceId: string;
}

/** A subscription as it stands, and the queue that it leads to; null where its destination is gone or is no queue. */
interface Standing {
  readonly subscription: WireSubscription;
  readonly queueArn: string | null;
}

/**
 * Others may do the same at once, or undo it: then it is looked at anew. So often, and no operation is called more often than may be
 * at once.
 */
const LOOKS = 3;

/**
 * Has order changes of the seller sent into the queue. Nothing can be changed in a subscription, so a wrong one is removed and made
 * anew, once a destination for the new one is there; what happens in between is found by polling.
 */
export async function keepSubscription(
  callers: Callers,
  wanted: Wanted,
): Promise<Outcome<SubscriptionState>> {
  let mended: string | null = null;
  let refused: ConnectorError | null = null;
  for (let look = 1; look <= LOOKS; look++) {
    const standing = await lookUp(callers);
    if (!standing.ok) return failed(withQueueHint(standing.error, wanted.queueArn));
    const fault = faultOf(standing.value, wanted);
    if (fault === null && standing.value !== null)
      return succeeded(stateOf(standing.value.subscription, wanted, mended));
    mended ??= fault;
    const made = await makeAnew(callers, wanted, standing.value);
    if (made.ok) return succeeded(stateOf(made.value, wanted, mended));
    refused = made.error;
    if (!isOvertaken(refused)) return failed(withQueueHint(refused, wanted.queueArn));
  }
  const message = `Somebody else keeps changing the subscription to order changes or its destination: ${refused?.message ?? ""}`;
  return failed({ kind: "transient", code: "subscription_contended", message });
}

/** Somebody else was faster, or has removed what this was to stand on. */
function isOvertaken(error: ConnectorError): boolean {
  return error.status === 409 || isUnknownDestination(error);
}

function stateOf(
  { subscriptionId }: WireSubscription,
  { queueArn }: Wanted,
  mended: string | null,
): SubscriptionState {
  return { topic: ORDER_CHANGE, subscriptionId, queue: queueArn, mended };
}

function faultOf(standing: Standing | null, { queueArn, marketplaceId }: Wanted): string | null {
  if (standing === null) return "there was none";
  if (standing.queueArn === null) return "its destination was gone";
  if (standing.queueArn !== queueArn) return `it led to ${standing.queueArn}`;
  return gapOf(standing.subscription, marketplaceId);
}

async function lookUp({ seller, app }: Callers): Promise<Outcome<Standing | null>> {
  const found = await seller.call(subscriptionAnswerSchema, readSubscription);
  if (!found.ok) return found.error.kind === "not_found" ? succeeded(null) : found;
  const subscription = found.value.payload;
  const led = await app.call(destinationAnswerSchema, readDestination(subscription.destinationId));
  if (!led.ok) return isUnknownDestination(led.error) ? succeeded({ subscription, queueArn: null }) : led;
  return succeeded({ subscription, queueArn: led.value.payload.resource?.sqs?.arn ?? null });
}

async function makeAnew(
  { seller, app }: Callers,
  { queueArn }: Wanted,
  wrong: Standing | null,
): Promise<Outcome<WireSubscription>> {
  const destination = await destinationFor(app, queueArn);
  if (!destination.ok) return destination;
  if (wrong !== null) {
    const removed = await app.call(z.unknown(), removeSubscription(wrong.subscription.subscriptionId));
    if (!removed.ok && removed.error.kind !== "not_found") return removed;
  }
  const made = await seller.call(subscriptionAnswerSchema, makeSubscription(destination.value));
  return made.ok ? succeeded(made.value.payload) : made;
}

/** One destination per queue: a second one is a conflict, also with one that somebody else has made meanwhile. */
async function destinationFor(app: AmazonClient, queueArn: string): Promise<Outcome<string>> {
  const found = await findDestination(app, queueArn);
  if (!found.ok) return found;
  if (found.value !== null) return succeeded(found.value);
  const made = await app.call(destinationAnswerSchema, makeDestination(queueArn));
  return made.ok ? succeeded(made.value.payload.destinationId) : made;
}

async function findDestination(app: AmazonClient, queueArn: string): Promise<Outcome<string | null>> {
  const listed = await app.call(destinationsSchema, listDestinations);
  if (!listed.ok) return listed;
  const own = listed.value.payload?.find(({ resource }) => resource?.sqs?.arn === queueArn);
  return succeeded(own?.destinationId ?? null);
}
