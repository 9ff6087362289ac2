import type { PostOutcome } from "../../http-poster.ts";
import type { KeyedRandom } from "../../keyed-random.ts";
import type { SimulatorClock } from "../../simulator-clock.ts";
import type { ShipHeroFaults } from "../faults.ts";
import type { Identifiers } from "../identifiers.ts";
import type { Catalogue } from "../inventory/catalogue.ts";
import type { LevelBook } from "../inventory/level-book.ts";
import type { OwnAccount } from "../own-account.ts";
import type { Settings } from "../settings.ts";
import { vendorTime } from "../vendor-time.ts";
import { snapshotFile, snapshotRow } from "./snapshot-file.ts";

export interface SnapshotRequest {
  /** A building; null: all. */
  facility: string | null;
  updatedFrom: number | null;
  hasInventory: boolean;
  notificationEmail: string | null;
  postUrl: string | null;
  postUrlPreCheck: boolean;
}

/** A walk through the products, each read when its turn comes. */
export interface SnapshotJob extends SnapshotRequest {
  id: string;
  status: "enqueued" | "processing" | "success" | "error" | "aborted";
  error: string | null;
  postError: string | null;
  createdAt: number;
  updatedAt: number;
  /** When the link dies; null until there is one. */
  expiresAt: number | null;
  file: string | null;
  /** In the link, so that it cannot be guessed. */
  signature: string;
}

interface SnapshotParts {
  clock: SimulatorClock;
  random: KeyedRandom;
  ids: Identifiers;
  faults: ShipHeroFaults;
  settings: () => Settings;
  catalogue: Catalogue;
  levels: LevelBook;
  account: OwnAccount;
  /** The address that the link begins with. */
  baseUrl: () => string;
  post: (url: string, body: object) => Promise<PostOutcome>;
}

/** Files are large: only the youngest are kept, whatever the links promise. */
const KEPT_JOBS = 50;

/** Runs snapshots, one step at a time: the building goes on working between two steps, and the file is torn. */
export class SnapshotRunner {
  readonly #parts: SnapshotParts;
  readonly #jobs = new Map<string, SnapshotJob>();

  constructor(parts: SnapshotParts) {
    this.#parts = parts;
  }

  start(request: SnapshotRequest): SnapshotJob {
    const { clock, random, ids, settings } = this.#parts;
    const id = ids.nextSnapshot();
    const at = clock.now();
    const job: SnapshotJob = {
      ...request,
      id,
      status: "enqueued",
      error: null,
      postError: null,
      createdAt: at,
      updatedAt: at,
      expiresAt: null,
      file: null,
      signature: random.hex(`snapshot link|${id}`, 32),
    };
    this.#jobs.set(id, job);
    const [oldest] = this.#jobs.keys();
    if (this.#jobs.size > KEPT_JOBS && oldest !== undefined) this.#jobs.delete(oldest);
    const { min, max } = settings().snapshots.startDelayMs;
    clock.schedule(random.between(`snapshot delay|${id}`, min, max), () => this.#begin(job));
    return job;
  }

  get(id: string): SnapshotJob | undefined {
    return this.#jobs.get(id);
  }

  all(): SnapshotJob[] {
    return [...this.#jobs.values()];
  }

  /** False when it is over already. */
  abort(job: SnapshotJob, reason: string | null): boolean {
    if (job.status !== "enqueued" && job.status !== "processing") return false;
    this.#move(job, "aborted", reason ?? "Aborted");
    return true;
  }

  /** The link, while it is good. */
  urlOf({ id, signature, expiresAt }: SnapshotJob): string | null {
    if (expiresAt === null) return null;
    return `${this.#parts.baseUrl()}/snapshots/${id}.json?Expires=${Math.floor(expiresAt / 1_000)}&Signature=${signature}`;
  }

  /** The file behind a link; undefined when the link is wrong or has expired. */
  fileOf(id: string, signature: string): string | undefined {
    const job = this.#jobs.get(id);
    if (job === undefined || job.file === null || job.signature !== signature) return undefined;
    return this.#parts.clock.now() < (job.expiresAt ?? 0) ? job.file : undefined;
  }

  #move(job: SnapshotJob, status: SnapshotJob["status"], error: string | null = null): void {
    Object.assign(job, { status, error, updatedAt: this.#parts.clock.now() });
  }

  #begin(job: SnapshotJob): void {
    if (job.status !== "enqueued") return;
    const { catalogue, random, faults, settings } = this.#parts;
    const skus = catalogue.products().map(({ sku }) => sku);
    this.#move(job, "processing");
    const isTooLarge = job.facility === null && skus.length > settings().snapshots.mostProducts;
    if (isTooLarge || random.chance(`snapshot fails|${job.id}`, faults.current().snapshots.fail)) {
      this.#end(job, "error", "Snapshot could not be generated");
      return;
    }
    this.#step(job, skus, { startedAt: this.#parts.clock.now(), rows: new Map() });
  }

  #step(job: SnapshotJob, left: string[], done: { startedAt: number; rows: Map<string, object> }): void {
    if (job.status !== "processing") return;
    const { clock, settings } = this.#parts;
    const { productsPerStep, stepMs } = settings().snapshots;
    for (const sku of left.slice(0, productsPerStep)) {
      const row = this.#readRow(job, sku);
      if (row !== undefined) done.rows.set(sku, row);
    }
    const rest = left.slice(productsPerStep);
    if (rest.length > 0) {
      clock.schedule(stepMs, () => this.#step(job, rest, done));
      return;
    }
    job.file = snapshotFile(this.#parts, job, done);
    job.expiresAt = clock.now() + settings().snapshots.linkTtlMs;
    this.#end(job, "success", null);
  }

  #readRow(job: SnapshotJob, sku: string): object | undefined {
    const { catalogue, levels, random, faults } = this.#parts;
    if (random.chance(`snapshot drops|${job.id}|${sku}`, faults.current().snapshots.dropProduct))
      return undefined;
    const read = catalogue
      .sites()
      .filter(({ facility }) => job.facility === null || facility === job.facility)
      .map(({ facility }) => levels.read(facility, sku))
      .filter((level) => level !== undefined)
      .filter(({ updatedAt }) => updatedAt >= (job.updatedFrom ?? -Infinity))
      .filter((level) => !job.hasInventory || level.onHand + level.nonSellable > 0);
    return read.length === 0 ? undefined : snapshotRow(this.#parts, sku, read);
  }

  #end(job: SnapshotJob, status: "success" | "error", error: string | null): void {
    this.#move(job, status, error);
    if (job.postUrl === null) return;
    void this.#parts.post(job.postUrl, this.#notice(job)).then((outcome) => {
      if (outcome.status < 200 || outcome.status >= 300) {
        job.postError = outcome.error ?? `The endpoint answered with status ${outcome.status}`;
      }
    });
  }

  /** ASSUMED: the page says that the post contains a link, not how. */
  #notice(job: SnapshotJob): object {
    return {
      snapshot_id: job.id,
      status: job.status,
      error: job.error,
      snapshot_url: this.urlOf(job),
      snapshot_expiration: job.expiresAt === null ? null : vendorTime(job.expiresAt),
    };
  }
}
