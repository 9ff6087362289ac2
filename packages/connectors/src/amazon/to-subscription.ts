// PURE. What the subscription to order changes must say, and what is wrong with one that was found.
import { createHash } from "node:crypto";

import type { ConnectorError } from "../contract/connector-error.ts";
import { capability } from "./capability.ts";
import type { ApiCall } from "./client.ts";
import type { WireSubscription } from "./wire.ts";

export const ORDER_CHANGE = "ORDER_CHANGE";

const DESTINATIONS = "/notifications/v1/destinations";
const SUBSCRIPTIONS = `/notifications/v1/subscriptions/${ORDER_CHANGE}`;
const PAYLOAD_VERSION = "1.0";

/** `DeliveryTipChange` tells nothing of stock. */
const CHANGES = ["OrderStatusChange", "BuyerRequestedChange"];

export const listDestinations: ApiCall = { method: "GET", path: DESTINATIONS };
export const readSubscription: ApiCall = { method: "GET", path: SUBSCRIPTIONS };

export function readDestination(destinationId: string): ApiCall {
  return { method: "GET", path: `${DESTINATIONS}/${encodeURIComponent(destinationId)}` };
}

/** Named after the queue, so that two queues never want one name. */
export function makeDestination(queueArn: string): ApiCall {
  const [, , , region = "", , name = ""] = queueArn.split(":");
  const mark = createHash("sha256").update(queueArn).digest("hex").slice(0, 8);
  const json = {
    name: `onepool-${region}-${name}`.slice(0, 200) + `-${mark}`,
    resourceSpecification: { sqs: { arn: queueArn } },
  };
  return { method: "POST", path: DESTINATIONS, json };
}

/**
 * Without marketplaces, although the model has them: Amazon refuses them for this type (400, "failed to validate": models issue
 * 4135), and its page on filters names the kinds of change alone. There is one subscription per seller and application in any case,
 * so that it serves every marketplace that the seller has a connection for. The filter itself has to be there (REPORTED).
 */
export function makeSubscription(destinationId: string): ApiCall {
  const eventFilter = { eventFilterType: ORDER_CHANGE, orderChangeTypes: CHANGES };
  return {
    method: "POST",
    path: SUBSCRIPTIONS,
    json: { payloadVersion: PAYLOAD_VERSION, destinationId, processingDirective: { eventFilter } },
  };
}

export function removeSubscription(subscriptionId: string): ApiCall {
  return { method: "DELETE", path: `${SUBSCRIPTIONS}/${encodeURIComponent(subscriptionId)}` };
}

/** Why what a subscription says leaves out orders of this marketplace, wherever it leads; null where it does not. */
export function gapOf(subscription: WireSubscription, marketplaceId: string): string | null {
  const { payloadVersion, processingDirective } = subscription;
  const { eventFilter, filterExpression } = processingDirective ?? {};
  const { marketplaceIds: places, orderChangeTypes: changes } = eventFilter ?? {};
  if (payloadVersion !== PAYLOAD_VERSION) return `it spoke version ${payloadVersion}`;
  if ((filterExpression ?? "") !== "") return "it was filtered by an expression";
  if (isLeftOut(places, marketplaceId)) return `it left out the marketplace ${marketplaceId}`;
  const missing = CHANGES.find((change) => isLeftOut(changes, change));
  return missing === undefined ? null : `it left out ${missing}`;
}

/** No list, or an empty one, filters nothing. */
function isLeftOut(list: readonly string[] | null | undefined, wanted: string): boolean {
  return (list?.length ?? 0) > 0 && list?.includes(wanted) === false;
}

/** The destination was not known: 404 by the model, 400 with these words where it was seen (docs issues 1988 and 2258). */
export function isUnknownDestination({ status, message }: ConnectorError): boolean {
  return status === 404 || (status === 400 && /no destination with id/i.test(message));
}

/**
 * Amazon refuses a queue that it may not use in the same words as all else (400 and 403), and more often says nothing at all: the
 * likeliest cause is named with it.
 */
export function withQueueHint(error: ConnectorError, queueArn: string): ConnectorError {
  if (error.kind !== "rejected") return error;
  const { sender } = capability.subscription ?? {};
  const allowed = `AWS account ${sender?.awsAccountId ?? ""} ${sender?.actions.join(" and ") ?? ""}`;
  const hint = `See whether the queue's policy allows ${allowed} on ${queueArn}, whether that is the queue, and whether the application has the role Inventory and Order Tracking.`;
  return { ...error, message: `${error.message} ${hint}` };
}
