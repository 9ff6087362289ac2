import { createHash } from "node:crypto";

import type { Delivery, DeliveryReading, KeeperKind } from "@onepool/connectors/contract/keeper/keeper.ts";
import type { FastifyInstance, FastifyPluginCallback, FastifyReply, FastifyRequest } from "fastify";
import type pg from "pg";

import { sendProblem } from "../../api/problem.ts";
import type {} from "../../auth/caller.ts";
import { type SecretBox, WrongSecretKey } from "../../auth/secret-box.ts";
import { inTransaction } from "../../connections/in-transaction.ts";
import type { Log } from "../../log/log.ts";
import type { ConnectionKey } from "../notice-store.ts";
import { type Stored, storeFacts } from "./keeper-fact-store.ts";
import type { KeeperMetrics } from "./keeper-metrics.ts";
import { askForLook } from "./look-store.ts";
import { noteStored } from "./reading.ts";
import { openSecrets } from "./secret-store.ts";

export interface KeeperHooksDeps {
  /** Connections of its own: a delivery is stored while every other part waits for the database. */
  readonly pool: pg.Pool;
  readonly kinds: ReadonlyMap<string, KeeperKind>;
  readonly secretBox: SecretBox;
  readonly clock: { now(): number };
  readonly log: Log;
  readonly metrics: KeeperMetrics;
  /** Facts were stored, or something is to be looked at. */
  onStored(): void;
}

/** A delivery of ShipHero's carries all lines of an order. */
const BODY_BYTES_MAX = 1024 * 1024;

/** What ShipHero wants to read, within 10 seconds; others take any 2xx. */
const TAKEN = { code: "200", Status: "Success" };

interface HookRequest {
  Params: { secret: string };
}

/**
 * `POST /hooks/{kind}/{secret}` for keepers. Their deliveries name no account, so that the secret in the address finds the
 * connection; what it says is believed because of its signature. Stored before it is answered, answered before anything is read.
 */
export function keeperHooks(deps: KeeperHooksDeps): FastifyPluginCallback {
  return (app, _, done) => {
    readBytes(app);
    for (const [name, kind] of deps.kinds) {
      if (kind.readDelivery === undefined) continue;
      app.post<HookRequest>(
        `/hooks/${name}/:secret`,
        { bodyLimit: BODY_BYTES_MAX, config: { access: "open" } },
        (request, reply) => takeDelivery(deps, kind, request, reply),
      );
    }
    done();
  };
}

async function takeDelivery(
  deps: KeeperHooksDeps,
  kind: KeeperKind,
  request: FastifyRequest<HookRequest>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { metrics, clock } = deps;
  const connections = await readAddressed(deps.pool, kind.capability.kind, request.params.secret);
  if (connections.length === 0) {
    metrics.delivery("unknown");
    return sendProblem(reply, { code: "not_found", field: "", message: "There is nothing at this address." });
  }
  const delivery = {
    headers: headersOf(request),
    rawBody: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    receivedAt: clock.now(),
  };
  const { connection, reading } = readFor(deps, kind, connections, delivery);
  switch (reading.kind) {
    case "unverified":
      metrics.delivery("unverified");
      return sendProblem(reply, { code: "signature_invalid", field: "", message: reading.reason });
    case "malformed":
      metrics.delivery("malformed");
      return sendProblem(reply, { code: "invalid_field", field: "body", message: reading.reason });
    case "ignored":
      metrics.delivery("ignored");
      return reply.code(200).send(TAKEN);
    case "facts":
      await storeReading(deps, connection, reading, delivery.receivedAt);
      metrics.delivery("stored");
      deps.onStored();
      return reply.code(200).send(TAKEN);
    default:
      return reading satisfies never;
  }
}

interface Addressed extends ConnectionKey {
  readonly settings: unknown;
  readonly secrets: Buffer | null;
}

/** More than one where somebody restored a seller's connection under another code. */
const ADDRESSED_MAX = 4;

async function readAddressed(pool: pg.Pool, kind: string, secret: string): Promise<Addressed[]> {
  const { rows } = await pool.query<Addressed>({
    name: "keeper_read_addressed",
    text: `select c.seller_id as "sellerId", c.code, c.settings, s.secrets
      from connection c left join keeper_secret s on s.seller_id = c.seller_id and s.connection = c.code
      where c.kind = $1 and sha256((c.settings ->> 'hookSecret')::bytea) = $2
      order by c.seller_id, c.code limit ${ADDRESSED_MAX}`,
    values: [kind, createHash("sha256").update(secret).digest()],
  });
  return rows;
}

/** The first connection whose signature it bears; otherwise what is wrong with it. */
function readFor(
  deps: KeeperHooksDeps,
  kind: KeeperKind,
  connections: readonly Addressed[],
  delivery: Delivery,
): { readonly connection: Addressed; readonly reading: DeliveryReading } {
  const readings = connections.map((connection) => ({
    connection,
    reading: readDelivery(deps, kind, connection, delivery),
  }));
  const [first] = readings;
  if (first === undefined) throw new Error("there is no connection to read for");
  return readings.find(({ reading }) => reading.kind !== "unverified") ?? first;
}

function readDelivery(
  { secretBox, log }: KeeperHooksDeps,
  kind: KeeperKind,
  { sellerId: seller, code: connection, settings, secrets }: Addressed,
  delivery: Delivery,
): DeliveryReading {
  const nothing = { kind: "unverified", reason: "Nothing is known that could have signed it." } as const;
  try {
    return kind.readDelivery?.(delivery, { settings, secrets: openSecrets(secretBox, secrets) }) ?? nothing;
  } catch (error) {
    if (!(error instanceof WrongSecretKey)) throw error;
    log.warn({ stage: "intake", seller, connection, err: error }, "a delivery cannot be verified");
    return nothing;
  }
}

async function storeReading(
  deps: KeeperHooksDeps,
  key: ConnectionKey,
  reading: DeliveryReading & { readonly kind: "facts" },
  receivedAt: number,
): Promise<void> {
  const { facts, look, deliveryId } = reading;
  const origin = { ...key, way: "delivery", deliveryId, receivedAt } as const;
  const stored = await inTransaction(deps.pool, async (client): Promise<readonly Stored[]> => {
    if (look !== undefined) await askForLook(client, key, look, receivedAt);
    return storeFacts(client, origin, facts);
  });
  noteStored(deps, key, "delivery", stored);
}

function headersOf(request: FastifyRequest): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : value,
    ]),
  );
}

/** Bodies as they come, byte for byte: that is what was signed. */
function readBytes(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_, body, done) => done(null, body));
}
