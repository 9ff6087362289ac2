import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import type { QueueAddress } from "@onepool/connectors/contract/queue-address.ts";
import type { SubscriptionCapability } from "@onepool/connectors/contract/subscription.ts";
import { z } from "zod";

import { queueProblem } from "./queue-client.ts";
import { sqsClientOf } from "./sqs-client.ts";

const REQUEST_TIMEOUT_MS = 10_000;

/** The queue's own policy: empty where it has none, null where we are not allowed to know or nobody answers. */
export async function readQueuePolicy(address: QueueAddress): Promise<string | null> {
  const { queueUrl: QueueUrl } = address;
  const client = sqsClientOf(address, { requestTimeoutMs: REQUEST_TIMEOUT_MS });
  try {
    const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["Policy"] });
    const { Attributes } = await client.send(command);
    return Attributes?.["Policy"] ?? "";
  } catch (error) {
    // A queue that cannot be reached is told by who reads it.
    if (queueProblem(error) === null) throw error;
    return null;
  } finally {
    client.destroy();
  }
}

const words = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());

/** Statements that say whom or what they do not mean are not understood, and not held against the queue. */
const statementSchema = z.object({
  Effect: z.string(),
  Principal: z.union([z.string(), z.object({ AWS: words.optional() })]).optional(),
  Action: words.optional(),
});

const policySchema = z.object({
  Statement: z
    .union([statementSchema, z.array(statementSchema)])
    .transform((value) => [value].flat())
    .optional(),
});

/** What a sender needs for a message to arrive; the rest of its actions is asked for by its documentation. */
const SENDING = "sqs:SendMessage";

/**
 * Whether a policy surely keeps the sender out: then nothing arrives, and nobody says so. Conditions, denials and whatever is not
 * understood are taken to let it in, since a false alarm every day would be worse than silence, which is noticed anyway.
 */
export function keepsOut(policy: string, { awsAccountId }: SubscriptionCapability["sender"]): boolean {
  if (policy === "") return true;
  const parsed = policySchema.safeParse(parsedOrNull(policy));
  if (!parsed.success) return false;
  return !(parsed.data.Statement ?? []).some(({ Effect, Principal, Action }) => {
    if (Effect !== "Allow") return false;
    const principals = typeof Principal === "object" ? (Principal.AWS ?? []) : [Principal];
    const isSender = principals.some(
      (name) => name === undefined || name === "*" || name.split(":").includes(awsAccountId),
    );
    return isSender && (Action === undefined || Action.some(allowsSending));
  });
}

/** Wildcards stand for any letters. */
function allowsSending(action: string): boolean {
  const pattern = action
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${pattern}$`, "i").test(SENDING);
}

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
