/** An opaque handle for one receive of one message. */
export function createReceiptHandle(
  queueName: string,
  { key, id, receiveCount }: { key: number; id: string; receiveCount: number },
): string {
  return Buffer.from(JSON.stringify([queueName, key, id, receiveCount])).toString("base64");
}

/** The key of the message that a handle is for; undefined when this queue never gave it out. */
export function readReceiptHandle(queueName: string, handle: string): number | undefined {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(handle, "base64").toString());
  } catch {
    return undefined;
  }
  if (!Array.isArray(parts) || parts.length !== 4) return undefined;
  const [name, key] = parts as unknown[];
  return name === queueName && typeof key === "number" ? key : undefined;
}
