// Receipts, adjustments, counts, damage, transfers, returns and gradings. (kind, externalId) is unique per seller: the same
// content gets the same answer, other content is a conflict.
import type { Movement } from "./command.ts";
import { contentHash } from "./content-hash.ts";
import { draft, refuse } from "./draft.ts";
import type { Decision } from "./entry.ts";
import type { JsonObject } from "./json.ts";
import { adjustmentLegs, countLegs, damageLegs, receiptLegs, type MovementEffect } from "./movement-legs.ts";
import { withOversoldAlerts } from "./oversold.ts";
import { gradeLegs, returnLegs } from "./return-legs.ts";
import { transferLegs } from "./transfer-legs.ts";
import { MAX_FUTURE_MS, type Instant } from "./units.ts";
import type { LedgerView } from "./view.ts";

export function decideMovement(view: LedgerView, command: Movement, now: Instant): Decision {
  const { kind: _, ...said } = command;
  const body = said as unknown as JsonObject;
  const hash = contentHash(body);
  const known = view.externalEntry(command.movement, command.externalId);
  if (known !== null) return repeated(command, known, hash);
  const refusal = checkMovement(view, command, now);
  if (refusal !== null) return refusal;
  const occurredAt = command.occurredAt ?? (command.movement === "count" ? command.asOf : now);
  const effect = effectOf(view, command, occurredAt);
  if ("ok" in effect) return effect;
  const order = command.movement === "return" || command.movement === "grade" ? command.order : undefined;
  const entry = draft({
    kind: command.movement,
    occurredAt,
    channel: order?.channel ?? null,
    orderId: order?.orderId ?? null,
    externalId: command.externalId,
    contentHash: hash,
    body,
    legs: effect.legs,
    changes: effect.changes,
  });
  return { ok: true, entries: withOversoldAlerts(view, [entry]), answer: {} };
}

function repeated(command: Movement, known: { seq: number; contentHash: string }, hash: string): Decision {
  if (known.contentHash === hash) return { ok: true, seq: known.seq, answer: {} };
  return refuse(
    "external_id_conflict",
    "externalId",
    `The ${command.movement} ${command.externalId} was recorded with other content: use a new externalId.`,
  );
}

function checkMovement(view: LedgerView, command: Movement, now: Instant): (Decision & { ok: false }) | null {
  if (view.sku(command.sku) === null)
    return refuse("unknown_sku", "sku", `There is no SKU ${command.sku}: create it first.`);
  const location = view.location(command.location);
  if (location === null)
    return refuse(
      "unknown_location",
      "location",
      `There is no location ${command.location}: create it first.`,
    );
  if (location.kind === "channel") {
    return refuse(
      "invalid_field",
      "location",
      `${command.location} is counted by its channel: only the channel's own summaries change it.`,
    );
  }
  const latest = now + MAX_FUTURE_MS;
  if ((command.occurredAt ?? now) > latest) {
    return refuse(
      "occurred_in_future",
      "occurredAt",
      "occurredAt lies more than 5 minutes in the future: check the sender's clock.",
    );
  }
  if (command.movement === "count" && command.asOf > latest) {
    return refuse(
      "occurred_in_future",
      "asOf",
      "asOf lies more than 5 minutes in the future: check the sender's clock.",
    );
  }
  return null;
}

function effectOf(view: LedgerView, command: Movement, occurredAt: Instant): MovementEffect {
  switch (command.movement) {
    case "receipt":
      return receiptLegs(view, command, occurredAt);
    case "adjustment":
      return adjustmentLegs(view, command, occurredAt);
    case "count":
      return countLegs(view, command);
    case "damage":
      return damageLegs(view, command, occurredAt);
    case "transfer":
      return transferLegs(view, command, occurredAt);
    case "return":
      return returnLegs(view, command, occurredAt);
    case "grade":
      return gradeLegs(view, command, occurredAt);
    default:
      return command satisfies never;
  }
}
