import { invalidParameter, isFailure, type SqsFailure } from "./sqs-answer.ts";

/** Settings of one queue. Durations in seconds, as the service names them. */
export interface QueueSettings {
  visibilityTimeoutSeconds: number;
  delaySeconds: number;
  receiveWaitSeconds: number;
  retentionSeconds: number;
  maximumMessageBytes: number;
  /** JSON text; empty when the owner has set none. */
  policy: string;
  redrive: { deadLetterTargetArn: string; maxReceiveCount: number } | null;
}

export const defaultQueueSettings: QueueSettings = {
  visibilityTimeoutSeconds: 30,
  delaySeconds: 0,
  receiveWaitSeconds: 0,
  retentionSeconds: 345_600,
  maximumMessageBytes: 1_048_576,
  policy: "",
  redrive: null,
};

interface NumberAttribute {
  field:
    | "visibilityTimeoutSeconds"
    | "delaySeconds"
    | "receiveWaitSeconds"
    | "retentionSeconds"
    | "maximumMessageBytes";
  min: number;
  max: number;
}

const numberAttributes: Record<string, NumberAttribute> = {
  VisibilityTimeout: { field: "visibilityTimeoutSeconds", min: 0, max: 43_200 },
  DelaySeconds: { field: "delaySeconds", min: 0, max: 900 },
  ReceiveMessageWaitTimeSeconds: { field: "receiveWaitSeconds", min: 0, max: 20 },
  MessageRetentionPeriod: { field: "retentionSeconds", min: 60, max: 1_209_600 },
  MaximumMessageSize: { field: "maximumMessageBytes", min: 1_024, max: 1_048_576 },
};

type Redrive = QueueSettings["redrive"];

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An empty value takes the policy away. */
function parseRedrive(text: string): { redrive: Redrive } | SqsFailure {
  if (text === "") return { redrive: null };
  const policy = parsedJson(text);
  const { deadLetterTargetArn, maxReceiveCount } = (policy ?? {}) as Record<string, unknown>;
  const count = Number(maxReceiveCount);
  if (typeof deadLetterTargetArn !== "string") {
    return invalidParameter("RedrivePolicy", text, "Invalid value for deadLetterTargetArn.");
  }
  if (!Number.isInteger(count) || count < 1 || count > 1_000) {
    return invalidParameter(
      "RedrivePolicy",
      text,
      "Invalid value for maxReceiveCount: must be between 1 and 1000.",
    );
  }
  return { redrive: { deadLetterTargetArn, maxReceiveCount: count } };
}

function parseOne(name: string, value: string): Partial<QueueSettings> | SqsFailure {
  const numeric = numberAttributes[name];
  if (numeric !== undefined) {
    const amount = Number(value);
    const isGood = /^\d+$/.test(value) && amount >= numeric.min && amount <= numeric.max;
    if (isGood) return { [numeric.field]: amount };
    return { error: "InvalidAttributeValue", message: `Invalid value for the parameter ${name}.` };
  }
  if (name === "RedrivePolicy") return parseRedrive(value);
  if (name === "Policy") {
    if (value === "" || parsedJson(value) !== undefined) return { policy: value };
    return { error: "InvalidAttributeValue", message: "Invalid value for the parameter Policy." };
  }
  return { error: "InvalidAttributeName", message: `Unknown Attribute ${name}.` };
}

/** What `Attributes` of CreateQueue or SetQueueAttributes change. Attributes of FIFO queues and of encryption are unknown. */
export function parseQueueAttributes(
  attributes: Record<string, string>,
): Partial<QueueSettings> | SqsFailure {
  let change: Partial<QueueSettings> = {};
  for (const [name, value] of Object.entries(attributes)) {
    const parsed = parseOne(name, value);
    if (isFailure(parsed)) return parsed;
    change = { ...change, ...parsed };
  }
  return change;
}

/** The settings as attributes: text, all of them. */
export function renderQueueSettings(settings: QueueSettings): Record<string, string> {
  const numbers = Object.entries(numberAttributes).map(([name, { field }]) => [
    name,
    String(settings[field]),
  ]);
  return {
    ...(Object.fromEntries(numbers) as Record<string, string>),
    ...(settings.policy === "" ? {} : { Policy: settings.policy }),
    ...(settings.redrive === null ? {} : { RedrivePolicy: JSON.stringify(settings.redrive) }),
  };
}
