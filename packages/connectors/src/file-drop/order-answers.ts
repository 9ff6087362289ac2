// What keepers told of orders that we want back: their files come by one way and are asked for by another.
import type { KeeperFact } from "../contract/keeper/keeper-fact.ts";
import type { FilePlace } from "./place/file-place.ts";

/** Notes of ours beside the files, by reference: no addresses in them. */
export type Note = "order" | "cancel-order" | "inbound" | "cancel-inbound" | "cancelled" | "too-late";

const FOLDER = "sent";

export function hasNote(place: FilePlace, note: Note, reference: string): Promise<boolean> {
  return place.has(pathOf(note, reference));
}

export async function writeNote(place: FilePlace, note: Note, reference: string, at: number): Promise<void> {
  await place.write(pathOf(note, reference), `${new Date(at).toISOString()}\n`);
}

function pathOf(note: Note, reference: string): string {
  return `${FOLDER}/${note}-${reference}.txt`;
}

/** A shipment of an order that we asked back says whether that was in time. */
export async function noteAnswers(place: FilePlace, facts: readonly KeeperFact[]): Promise<void> {
  for (const fact of facts) {
    if (fact.kind !== "shipment" && fact.kind !== "receipt") continue;
    const { kind, reference, occurredAt } = fact;
    if (reference === null || !isReference(reference)) continue;
    const answer = kind === "shipment" ? answerOf(fact.status, fact.lines) : null;
    const told = kind === "receipt" && fact.status === "cancelled" ? "cancelled" : answer;
    const asked = kind === "shipment" ? "cancel-order" : "cancel-inbound";
    if (told !== null && (await hasNote(place, asked, reference)))
      await writeNote(place, told, reference, occurredAt);
  }
}

function answerOf(
  status: string,
  lines: readonly { readonly shipped: number }[],
): "cancelled" | "too-late" | null {
  if (lines.some(({ shipped }) => shipped > 0)) return "too-late";
  return status === "cancelled" || status === "short" ? "cancelled" : null;
}

/** Ours are letters, digits and hyphens; anything else is no name of a file of ours. */
export function isReference(reference: string): boolean {
  return /^[A-Za-z0-9][\w.-]{0,39}$/.test(reference);
}
