import { z } from "zod";

import type { ConnectionAccess } from "../contract/connector.ts";
import { failed, type Outcome, succeeded } from "../contract/outcome.ts";
import type { QueueAddress } from "../contract/queue-address.ts";
import { type Credentials, credentialsSchema } from "./auth.ts";
import type { SellerAccount } from "./to-push.ts";

const settingsSchema = z.object({
  /** The region's endpoint; North America by default. */
  baseUrl: z.url().default("https://sellingpartnerapi-na.amazon.com"),
  tokenUrl: z.url().default("https://api.amazon.com/auth/o2/token"),
  sellerId: z.string().regex(/^[A-Z0-9]{5,30}$/, "not a seller id (Merchant Token)"),
  /** One connection is one seller in one marketplace. */
  marketplaceId: z.string().regex(/^[A-Z0-9]{5,30}$/, "not a marketplace id"),
  /** For one call, in milliseconds. */
  timeoutMs: z.number().int().positive().max(60_000).default(10_000),
});

const queueSettingsSchema = z.object({
  queueUrl: z.url().optional(),
  /** Only where the address does not tell it. */
  queueRegion: z.string().min(1).optional(),
  queueEndpoint: z.url().optional(),
  /** The queue's name at Amazon, where its address does not tell it. */
  queueArn: z
    .string()
    .max(1_000)
    .regex(/^arn:aws:sqs:[^\s:]+:[^\s:]+:[^\s:]+$/, "not the ARN of an SQS queue")
    .optional(),
});

/** A connection's settings and credentials, checked. */
export interface ConnectionParts {
  readonly account: SellerAccount;
  readonly baseUrl: URL;
  readonly tokenUrl: URL;
  readonly timeoutMs: number;
  readonly credentials: Credentials;
}

type Stored = Pick<ConnectionAccess, "settings" | "credentials">;

export function connectionOf(stored: Stored): Outcome<ConnectionParts> {
  const settings = settingsSchema.safeParse(stored.settings);
  const credentials = credentialsSchema.safeParse(stored.credentials);
  if (!settings.success) return failed(wrong("settings", settings.error));
  if (!credentials.success) return failed(wrong("credentials", credentials.error));
  const { baseUrl, tokenUrl, sellerId, marketplaceId, timeoutMs } = settings.data;
  return succeeded({
    account: { sellerId, marketplaceId },
    baseUrl: new URL(baseUrl),
    tokenUrl: new URL(tokenUrl),
    timeoutMs,
    credentials: credentials.data,
  });
}

/** The queue of the operator's own AWS account that Amazon delivers to; null where the settings name none. */
export function queueOf(stored: Stored): Outcome<QueueAddress | null> {
  const settings = queueSettingsSchema.safeParse(stored.settings);
  if (!settings.success) return failed(wrong("settings", settings.error));
  const { queueUrl, queueEndpoint } = settings.data;
  if (queueUrl === undefined) return succeeded(null);
  const credentials = credentialsSchema.safeParse(stored.credentials);
  if (!credentials.success) return failed(wrong("credentials", credentials.error));
  const { awsAccessKeyId: accessKeyId, awsSecretAccessKey: secretAccessKey } = credentials.data;
  const region = regionOf(settings.data);
  if (region === undefined) return failed(missing("settings", "queueRegion"));
  if (accessKeyId === undefined) return failed(missing("credentials", "awsAccessKeyId"));
  if (secretAccessKey === undefined) return failed(missing("credentials", "awsSecretAccessKey"));
  const endpoint = queueEndpoint === undefined ? {} : { endpoint: queueEndpoint };
  return succeeded({ queueUrl, region, ...endpoint, accessKeyId, secretAccessKey });
}

/** The same queue as Amazon's destinations name it; null where the settings name none. */
export function queueArnOf(stored: Pick<Stored, "settings">): Outcome<string | null> {
  const settings = queueSettingsSchema.safeParse(stored.settings);
  if (!settings.success) return failed(wrong("settings", settings.error));
  const { queueUrl, queueArn } = settings.data;
  if (queueUrl === undefined) return succeeded(null);
  // https://sqs.REGION.amazonaws.com/ACCOUNT/NAME
  const [, awsAccountId, name] = /\/([^/]+)\/([^/]+)\/?$/.exec(new URL(queueUrl).pathname) ?? [];
  const region = regionOf(settings.data);
  const isTold = awsAccountId !== undefined && name !== undefined && region !== undefined;
  const arn = queueArn ?? (isTold ? `arn:aws:sqs:${region}:${awsAccountId}:${name}` : undefined);
  if (arn === undefined) return failed(missing("settings", "queueArn"));
  return arn.endsWith(".fifo") ? failed(FIFO) : succeeded(arn);
}

/** Documented for the older service, where only standard queues were sent to; nothing says otherwise of this one. */
const FIFO = {
  kind: "auth",
  code: "wrong_settings",
  message: "The connection's queue is a FIFO queue: Amazon sends to standard queues only.",
} as const;

function regionOf({ queueUrl, queueRegion }: z.output<typeof queueSettingsSchema>): string | undefined {
  if (queueUrl === undefined || queueRegion !== undefined) return queueRegion;
  return /^sqs\.([a-z0-9-]+)\.amazonaws\./.exec(new URL(queueUrl).host)?.[1];
}

function missing(what: "settings" | "credentials", field: string) {
  const message = `The connection's ${what} lack ${field}, which the queue needs.`;
  return { kind: "auth", code: `wrong_${what}`, message } as const;
}

function wrong(what: string, error: z.ZodError) {
  const issue = error.issues[0];
  const message = `The connection's ${what} are wrong at ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`;
  return { kind: "auth", code: `wrong_${what}`, message } as const;
}
