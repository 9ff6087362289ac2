import { z } from "zod";

/** Amazon's own account, which sends the notifications (documented). */
const AMAZON_ACCOUNT = "437568002678";

const listSchema = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());

const policySchema = z.object({
  Statement: z.array(
    z.object({
      Effect: z.string(),
      Principal: z.union([z.literal("*"), z.object({ AWS: listSchema })]),
      Action: listSchema,
    }),
  ),
});

/** The policy that an operator has to put on a queue for notifications to arrive. */
export function policyForNotifications(queueArn: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${AMAZON_ACCOUNT}:root` },
        Action: ["SQS:SendMessage", "SQS:GetQueueAttributes"],
        Resource: queueArn,
      },
    ],
  });
}

/** Whether a queue's policy lets Amazon send to it. Conditions and denials are not looked at. */
export function letsAmazonSend(policy: string): boolean {
  if (policy === "") return false;
  const parsed = policySchema.safeParse(JSON.parse(policy));
  if (!parsed.success) return false;
  return parsed.data.Statement.some(({ Effect, Principal, Action }) => {
    const principals = Principal === "*" ? ["*"] : Principal.AWS;
    const isAmazon = principals.some((name) => name === "*" || name.includes(AMAZON_ACCOUNT));
    const maySend = Action.some((name) => /^(\*|sqs:(\*|sendmessage))$/i.test(name));
    return Effect === "Allow" && isAmazon && maySend;
  });
}
