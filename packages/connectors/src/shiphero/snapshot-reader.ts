import { z } from "zod";

import { callHttp } from "../contract/http-call.ts";
import type { LevelsPage } from "../contract/keeper/keeper.ts";
import { failed, type Outcome, succeeded } from "../contract/outcome.ts";
import type { ShipHeroClient } from "./client.ts";
import { toUnreadableError } from "./error.ts";
import { SNAPSHOT, START_SNAPSHOT } from "./queries.ts";
import { toLevelsOfSnapshot } from "./to-levels.ts";
import { idOf } from "./vendor-id.ts";
import {
  jobStateSchema,
  snapshotFileSchema,
  startedJobSchema,
  type WireJob,
  type WireSnapshotProduct,
} from "./wire.ts";

export interface SnapshotReaderOptions {
  readonly client: ShipHeroClient;
  /** One job each: one for all may not succeed (documented). Empty: one for all. */
  readonly facilities: readonly string[];
  readonly email: string | null;
  readonly baseUrl: URL;
  readonly timeoutMs: number;
  readonly clock: { now(): number };
}

/** How often a job is asked about, in milliseconds. */
const ASK_AGAIN_MS = 15_000;

/** A job that takes longer is given up, in milliseconds. */
const GIVEN_UP_MS = 3_600_000;

/** A snapshot of a large account is larger than any other answer. In bytes. */
const LARGEST_FILE = 128 * 1024 * 1024;

/** Which warehouse's job is under way, its number, and when it was asked for: the file's rows are as of some time since then. */
const placeSchema = z.object({ index: z.number().int(), jobId: z.string(), askedAt: z.number() });
type Place = z.infer<typeof placeSchema>;

/** All levels by a job that walks through them and leaves a file: torn, so each line is as of the whole walk. */
export class SnapshotReader {
  private readonly options: SnapshotReaderOptions;

  constructor(options: SnapshotReaderOptions) {
    this.options = options;
  }

  async read(page: string | null): Promise<Outcome<LevelsPage>> {
    const place = page === null ? { index: 0, jobId: "", askedAt: 0 } : placeOf(page);
    if (place === null) {
      const message = "The page of ShipHero's snapshot cannot be read: it is not one of ours.";
      return failed({ kind: "bug", message });
    }
    return place.jobId === "" ? this.start(place.index) : this.look(place);
  }

  private async start(index: number): Promise<Outcome<LevelsPage>> {
    const { client, facilities, email, clock } = this.options;
    const facility = facilities[index];
    const askedAt = clock.now();
    const data = {
      new_format: true,
      ...(facility === undefined ? {} : { warehouse_id: idOf("Warehouse", facility) }),
      ...(email === null ? {} : { notification_email: email }),
    };
    const operation = { query: START_SNAPSHOT, variables: { data }, budget: "reads" } as const;
    const started = await client.call(startedJobSchema, operation);
    if (!started.ok) return started;
    const { snapshot_id: jobId } = started.value.inventory_generate_snapshot.snapshot;
    return succeeded(pending({ index, jobId, askedAt }));
  }

  private async look(place: Place): Promise<Outcome<LevelsPage>> {
    const { client, clock } = this.options;
    const operation = { query: SNAPSHOT, variables: { id: place.jobId }, budget: "reads" } as const;
    const state = await client.call(jobStateSchema, operation);
    if (!state.ok) return state;
    const { snapshot: job } = state.value.inventory_snapshot;
    if (hasFailed(job) || clock.now() - place.askedAt > GIVEN_UP_MS) {
      return nothing(job.error || job.status || "it takes too long");
    }
    return job.snapshot_url ? this.fetch(place, job.snapshot_url) : succeeded(pending(place));
  }

  private async fetch(place: Place, link: string): Promise<Outcome<LevelsPage>> {
    const { facilities, baseUrl, clock, timeoutMs } = this.options;
    const url = URL.canParse(link) ? new URL(link) : null;
    // The link is the only secret, and the file decides what is sold: it comes by a way as safe as the API's own.
    if (url === null || (url.protocol !== "https:" && url.protocol !== baseUrl.protocol))
      return failed(toUnreadableError("a snapshot", false));
    const read = await callHttp({ url, method: "GET", timeoutMs, largestAnswer: LARGEST_FILE });
    if (!read.ok) return read;
    const file = snapshotFileSchema.safeParse(read.value.body);
    // A link that has expired stays so, and a file does not change any more: the reading begins anew.
    if (read.value.status !== 200) return nothing(`its file was answered with ${read.value.status}`);
    if (!file.success) return nothing("its file cannot be read");
    const products = Object.values(file.data.products).flatMap((one) =>
      isProduct(one) ? [one] : Object.values(one),
    );
    const next = place.index + 1;
    return succeeded({
      kind: "levels",
      asOf: { from: place.askedAt, to: clock.now() },
      lines: products.flatMap(toLevelsOfSnapshot),
      nextPage: next < facilities.length ? JSON.stringify({ index: next, jobId: "", askedAt: 0 }) : null,
    });
  }
}

/** Nothing of it can be used. */
function nothing(why: string) {
  const message = `ShipHero's snapshot came to nothing: ${why}`;
  return failed({ kind: "rejected", code: "snapshot_failed", message });
}

/** Told apart by its own SKU: an account may well have one that is called "sku". */
function isProduct(
  one: WireSnapshotProduct | Readonly<Record<string, WireSnapshotProduct>>,
): one is WireSnapshotProduct {
  return typeof one.sku === "string";
}

function pending(place: Place): LevelsPage {
  return { kind: "pending", page: JSON.stringify(place), askAgainAfterMs: ASK_AGAIN_MS };
}

/** Statuses are not listed anywhere; these words were seen. */
function hasFailed({ status, error }: WireJob): boolean {
  return Boolean(error) || /error|fail|abort|cancel|expired/i.test(status ?? "");
}

function placeOf(page: string): Place | null {
  try {
    return placeSchema.safeParse(JSON.parse(page)).data ?? null;
  } catch {
    return null;
  }
}
