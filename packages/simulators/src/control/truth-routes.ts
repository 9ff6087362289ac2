import type { FastifyInstance } from "fastify";
import { z } from "zod";

import type { Truth } from "../truth/truth.ts";
import { type ControlAnswer, ok, sendControl, unknown, withBody } from "./control-answer.ts";

const physicalSchema = z.strictObject({
  groups: z.array(
    z.strictObject({
      id: z.string().min(1).max(200),
      units: z.number().int().min(0),
      listings: z.array(
        z.strictObject({
          account: z.string(),
          listing: z.string(),
          variation: z.number().int().nullable().default(null),
          unitsPerSale: z.number().int().min(1).default(1),
        }),
      ),
    }),
  ),
});

/** What a simulator adds to the truth that it may share with others. */
interface OwnWorld {
  truth: Truth;
  /** True for accounts of others too: they may be another simulator's, sharing this truth. */
  mayHaveListing: (account: string, listing: string) => boolean;
  /** `GET /_sim/truth`. */
  describe: () => unknown;
}

function declare(
  { truth, mayHaveListing }: OwnWorld,
  { groups }: z.infer<typeof physicalSchema>,
): ControlAnswer {
  for (const { account, listing } of groups.flatMap(({ listings }) => listings)) {
    if (!mayHaveListing(account, listing)) return unknown("listing", `${account}/${listing}`);
  }
  truth.declarePhysical(groups);
  const ids = new Set(groups.map(({ id }) => id));
  return ok({ groups: truth.report().groups.filter(({ id }) => ids.has(id)) });
}

function utcTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

/** 100,000 groups in one call. */
const MOST_BYTES = 64 * 1_024 * 1_024;
const DEFAULT_PAGE = 1_000;

interface PageRequest {
  Querystring: { after?: string; limit?: string };
}

function pageOf({ after, limit }: PageRequest["Querystring"]): { after: number; limit: number } {
  return { after: Number(after ?? 0) || 0, limit: Number(limit ?? DEFAULT_PAGE) || DEFAULT_PAGE };
}

/** `/_sim/physical` and `/_sim/truth`. */
export function registerTruthRoutes(server: FastifyInstance, own: OwnWorld): void {
  const { truth } = own;
  server.put("/physical", { bodyLimit: MOST_BYTES }, (request, reply) =>
    sendControl(
      reply,
      withBody(physicalSchema, request.body, (body) => declare(own, body)),
    ),
  );

  server.get("/truth", (_, reply) => sendControl(reply, ok(own.describe())));

  server.get<PageRequest>("/truth/log", (request, reply) => {
    const { after, limit } = pageOf(request.query);
    const entries = truth.log(after, limit);
    const next = entries.at(-1)?.n ?? after;
    return sendControl(reply, ok({ entries, next, dropped: truth.droppedEntries() }));
  });

  server.get<PageRequest>("/truth/sales", (request, reply) => {
    const { after, limit } = pageOf(request.query);
    const found = truth.sales(after, limit);
    const sales = found.map((sale) => ({
      n: sale.n,
      orderId: sale.orderId,
      ...sale.key,
      at: utcTime(sale.acceptedAt),
      wallAt: utcTime(sale.wallAcceptedAt),
      state: sale.state,
      ms: sale.ms,
      wallMs: sale.wallMs,
      others: sale.watches.map((watch) => ({
        ...watch.key,
        group: watch.groupId,
        shownAtSale: watch.shownAtSale,
        limit: watch.limit,
        state: watch.state,
        confirmedAt: watch.confirmedAt === null ? null : utcTime(watch.confirmedAt),
        ms: watch.confirmedAt === null ? null : watch.confirmedAt - sale.acceptedAt,
      })),
    }));
    return sendControl(reply, ok({ sales, next: found.at(-1)?.n ?? after }));
  });
}
