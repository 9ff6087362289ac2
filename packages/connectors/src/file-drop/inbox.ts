// New files of a place, each taken when it is whole, once.
import type { KeeperFact } from "../contract/keeper/keeper-fact.ts";
import type { Collected, KeeperFile } from "../contract/keeper/keeper.ts";
import type { Outcome } from "../contract/outcome.ts";
import { type InboxState, readCursor, type SeenFile, writeCursor } from "./inbox-cursor.ts";
import { noteAnswers } from "./order-answers.ts";
import type { FilePlace, PlacedFile } from "./place/file-place.ts";
import { sha256Of } from "./read-file.ts";

export interface InboxOptions {
  readonly moves: boolean;
  readonly settleMs: number;
  readonly clock: { now(): number };
  read(file: KeeperFile): Outcome<readonly KeeperFact[]>;
}

/** Files of one look: others have their turn, and a look has to end. */
const TAKEN_AT_ONCE = 10;

/** Read in memory. */
const LARGEST = 50 * 1024 * 1024;

/** Says that the file beside it is whole. */
const MARKER = ".done";

/** What programs call files that they are still writing, and hidden ones. */
const DRAFT = /^\.|~$|\.(?:tmp|temp|part|partial|filepart|crdownload|writing|swp|lock)$/i;

/**
 * One look at the place. A file is taken when its marker is there, or when it has not changed between two looks. What was read stays
 * where it is until the cursor that knows it was kept, which the next look shows: asked again with the same cursor it is read again.
 */
export async function lookInto(
  place: FilePlace,
  cursor: string | null,
  options: InboxOptions,
): Promise<Collected> {
  const look = new Look(place, readCursor(cursor), options);
  const listed = await place.list();
  const names = new Set(listed.map(({ name }) => name));
  const files = listed.filter(({ name }) => !DRAFT.test(name) && !name.endsWith(MARKER));
  const inOrder = files.toSorted((a, b) => a.modifiedAt - b.modifiedAt || (a.name < b.name ? -1 : 1));
  for (const file of inOrder) await look.at(file, names.has(file.name + MARKER));
  await noteAnswers(place, look.facts);
  return look.collected();
}

class Look {
  readonly facts: KeeperFact[] = [];
  private readonly refused: { readonly name: string; readonly reason: string }[] = [];
  private readonly next = new Map<string, SeenFile>();
  private readonly place: FilePlace;
  private readonly known: ReadonlyMap<string, SeenFile>;
  private readonly readBytes: Set<string>;
  private readonly options: InboxOptions;
  private readonly now: number;
  private taken = 0;
  private hasMore = false;

  constructor(place: FilePlace, { files, readBytes }: InboxState, options: InboxOptions) {
    this.place = place;
    this.known = files;
    this.readBytes = new Set(readBytes);
    this.options = options;
    this.now = options.clock.now();
  }

  collected(): Collected {
    return {
      facts: this.facts,
      cursor: writeCursor({ files: this.next, readBytes: [...this.readBytes] }),
      hasMore: this.hasMore,
      refused: this.refused,
    };
  }

  async at(file: PlacedFile, isMarked: boolean): Promise<void> {
    const before = this.known.get(file.name);
    const stood = before?.size === file.size && before.modifiedAt === file.modifiedAt ? before : null;
    const seen: SeenFile = stood ?? { ...seenOf(file), seenAt: this.now, sha256: null };
    this.next.set(file.name, seen);
    if (seen.sha256 !== null) return this.putAway(file.name, seen.sha256, isMarked);
    const isStill = stood !== null && this.now - stood.seenAt >= this.options.settleMs;
    if (!isMarked && !isStill) return;
    if (this.taken === TAKEN_AT_ONCE) {
      this.hasMore = true;
      return;
    }
    this.taken += 1;
    await this.take(file, seen, isMarked);
  }

  private async take(file: PlacedFile, seen: SeenFile, isMarked: boolean): Promise<void> {
    const { name, size, modifiedAt } = file;
    if (size > LARGEST)
      return this.putAside(
        name,
        isMarked,
        `${name} is larger than ${LARGEST / 1024 / 1024} MiB: have it cut.`,
      );
    const bytes = await this.place.read(name);
    // It grew since it was listed: the next look begins anew.
    if (bytes.length !== size) return void this.next.delete(name);
    const sha256 = sha256Of(bytes);
    this.next.set(name, { ...seen, sha256 });
    // The same under another name, or touched: its facts are told.
    if (this.readBytes.has(sha256)) return;
    const read = this.options.read({ name, bytes, modifiedAt, receivedAt: this.now });
    if (read.ok) {
      this.readBytes.add(sha256);
      this.facts.push(...read.value);
    } else await this.putAside(name, isMarked, read.error.message);
  }

  /** Nothing of it was read. One that cannot be moved is remembered as it is, and told once. */
  private async putAside(name: string, isMarked: boolean, reason: string): Promise<void> {
    this.refused.push({ name, reason });
    const path = await freeName(this.place, "refused", name, String(this.now));
    try {
      await this.place.write(`${path}.reason.txt`, `${reason}\n`);
      await this.place.move(name, path);
      if (isMarked) await this.place.remove(name + MARKER);
      this.next.delete(name);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.refused.push({ name, reason: `${name} could not be moved to refused/: ${error.message}` });
      this.next.set(name, { ...seenAs(this.next.get(name), this.now), sha256: `refused-${name}` });
    }
  }

  private async putAway(name: string, sha256: string, isMarked: boolean): Promise<void> {
    if (!this.options.moves || sha256.startsWith("refused-")) return;
    await this.place.move(name, await freeName(this.place, "done", name, sha256.slice(0, 8)));
    if (isMarked) await this.place.remove(name + MARKER);
    this.next.delete(name);
  }
}

function seenOf({ size, modifiedAt }: PlacedFile): Pick<SeenFile, "size" | "modifiedAt"> {
  return { size, modifiedAt };
}

function seenAs(seen: SeenFile | undefined, now: number): SeenFile {
  return seen ?? { size: 0, modifiedAt: 0, seenAt: now, sha256: null };
}

/** Keepers like to call every file the same. */
async function freeName(place: FilePlace, folder: string, name: string, mark: string): Promise<string> {
  const plain = `${folder}/${name}`;
  return (await place.has(plain)) ? `${folder}/${mark}-${name}` : plain;
}
