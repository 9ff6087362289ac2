// What is given to a keeper by files: orders and deliveries, each once, named by its reference.
import type { FulfilmentOrder, InboundAnnouncement } from "../contract/keeper/keeper.ts";
import { failed, type Outcome, succeeded } from "../contract/outcome.ts";
import { hasNote, isReference, type Note, writeNote } from "./order-answers.ts";
import type { FilePlace, OpenPlace } from "./place/file-place.ts";
import { cancellationFile, inboundFile, orderFile } from "./to-files.ts";

export interface OutboxOptions {
  readonly open: OpenPlace;
  readonly clock: { now(): number };
  readonly confirmsCancels: boolean;
}

type Cancelled = "cancelled" | "too_late" | "unknown";

/** A keeper looks at its files a few times a day. In milliseconds. */
const ASK_AGAIN_MS = 15 * 60_000;

export class Outbox {
  private readonly options: OutboxOptions;

  constructor(options: OutboxOptions) {
    this.options = options;
  }

  async createOrder(order: FulfilmentOrder): Promise<Outcome<{ readonly keeperOrderId: string }>> {
    const { reference } = order;
    const given = await this.give("order", reference, orderFile(order));
    return given.ok ? succeeded({ keeperOrderId: reference }) : given;
  }

  async announceInbound(
    inbound: InboundAnnouncement,
  ): Promise<Outcome<{ readonly keeperInboundId: string }>> {
    const { reference } = inbound;
    const given = await this.give("inbound", reference, inboundFile(inbound));
    return given.ok ? succeeded({ keeperInboundId: reference }) : given;
  }

  /** Taken away before the keeper fetched it, or asked back by a file; then it is the keeper who says whether that was in time. */
  async cancel(what: "order" | "inbound", reference: string): Promise<Outcome<Cancelled>> {
    if (!isReference(reference)) return badReference(reference);
    const { open } = this.options;
    const asked = await open((place) => this.takeBack(place, what, reference));
    if (!asked.ok || asked.value !== "asked") return asked as Outcome<Cancelled>;
    return failed({
      kind: "transient",
      code: "awaits_answer",
      message: `The keeper has the file of ${reference} and was asked by another to cancel it; its answer is awaited.`,
      retryAfterMs: ASK_AGAIN_MS,
    });
  }

  private async give(what: "order" | "inbound", reference: string, text: string): Promise<Outcome<null>> {
    if (!isReference(reference)) return badReference(reference);
    const path = pathOf(what, reference);
    return this.options.open(async (place) => {
      // The note stays when the keeper has taken the file away.
      if (await hasNote(place, what, reference)) return null;
      if (!(await place.has(path))) await place.write(path, text);
      await writeNote(place, what, reference, this.options.clock.now());
      return null;
    });
  }

  private async takeBack(
    place: FilePlace,
    what: "order" | "inbound",
    reference: string,
  ): Promise<Cancelled | "asked"> {
    const { clock, confirmsCancels } = this.options;
    if (await hasNote(place, "too-late", reference)) return "too_late";
    if (await hasNote(place, "cancelled", reference)) return "cancelled";
    const wasFetched = (await hasNote(place, what, reference)) && !(await place.has(pathOf(what, reference)));
    const wasWritten = wasFetched || (await place.has(pathOf(what, reference)));
    const note: Note = `cancel-${what}`;
    if (!(await hasNote(place, note, reference))) {
      if (!wasWritten) return "unknown";
      // Told even of a file that is taken away here: the keeper may have read it and left it.
      await place.write(
        `out/cancel-${what}-${reference}.csv`,
        cancellationFile(what, reference, clock.now()),
      );
      await writeNote(place, note, reference, clock.now());
    }
    const wasInTime = await place.remove(pathOf(what, reference));
    if (!wasInTime && confirmsCancels) return "asked";
    await writeNote(place, "cancelled", reference, clock.now());
    return "cancelled";
  }
}

function pathOf(what: "order" | "inbound", reference: string): string {
  return `out/${what}-${reference}.csv`;
}

function badReference(reference: string): Outcome<never> {
  return failed({ kind: "bug", message: `${reference} cannot be part of a file's name.` });
}
