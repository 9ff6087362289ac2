import type { World } from "../world.ts";
import type { PricedField } from "./price.ts";

/** Every field that was asked for, without an answer. */
export function emptyData(fields: readonly PricedField[]): Record<string, null> {
  return Object.fromEntries(fields.map(({ key }) => [key, null]));
}

/** Code 30, with the wording that integrators quote. */
export function throttled(
  world: World,
  asked: { fields: readonly PricedField[] },
  requestId: string,
): object {
  const { restorePerSecond } = world.settings.credits;
  const required = asked.fields.reduce((sum, { credits }) => sum + credits, 0);
  const remaining = world.credits.available();
  const seconds = Math.max(1, Math.ceil((required - remaining) / restorePerSecond));
  const message =
    `There are not enough credits to perform the requested operation, which requires ${required} credits, ` +
    `but there are only ${remaining} left. ` +
    `In ${seconds} seconds you will have enough credits to perform the operation`;
  const failure = {
    code: 30,
    message,
    operation: asked.fields[0]?.name ?? "",
    request_id: requestId,
    required_credits: required,
    remaining_credits: remaining,
    time_remaining: `${seconds} seconds`,
  };
  return { errors: [failure], data: emptyData(asked.fields) };
}
