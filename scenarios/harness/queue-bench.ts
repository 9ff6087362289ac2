// A queue that speaks the real protocol, and Onepool processes that read it as Amazon sellers do.
import { amazon } from "@onepool/connectors/amazon/connector.ts";
import type { Command } from "@onepool/core/ledger/command.ts";
import { sealed } from "@onepool/server/auth/secret-box.ts";
import { startChannels } from "@onepool/server/connections/start-channels.ts";
import { createSeller } from "@onepool/server/ledger/create-seller.ts";
import { openLedger } from "@onepool/server/ledger/ledger.ts";
import { createLog } from "@onepool/server/log/log.ts";
import type { TestDatabase } from "@onepool/server/testing/test-database.ts";
import { createKeyedRandom } from "@onepool/simulators/keyed-random.ts";
import { createSimulatorClock } from "@onepool/simulators/simulator-clock.ts";
import { QueueService } from "@onepool/simulators/sqs/queue-service.ts";
import type { Queue } from "@onepool/simulators/sqs/queue.ts";
import { type QueueFaultSetup, queueFaultsSchema } from "@onepool/simulators/sqs/sqs-faults.ts";
import { registerQueueRoutes } from "@onepool/simulators/sqs/sqs-routes.ts";
import { fastify } from "fastify";

import { submit } from "./thread-bench.ts";

const clock = { now: () => Date.now() };
const secretBox = sealed("s".repeat(32));
const MARKETPLACE = "ATVPDKIKX0DER";

export interface QueueBench {
  readonly service: QueueService;
  readonly sellerId: number;
  queue(name: string): Queue;
  /** Another process on the same database. What it logs comes to `onLine`. */
  startProcess(onLine?: (line: string) => void): Promise<void>;
  /** In the middle of whatever they do. */
  stopProcesses(): Promise<void>;
  /** How the queue misbehaves from now on; well where nothing is said. */
  misbehave(faults: QueueFaultSetup): void;
  /** Tells the ledger. */
  tell(...commands: Command[]): Promise<void>;
  /** A connection of an Amazon seller whose notifications go to a queue. */
  connect(code: string, amazonSeller: string, queue: string, secret?: string): Promise<void>;
  /** Puts a text into a queue as Amazon does. */
  send(queue: string, body: unknown): void;
  close(): Promise<void>;
}

export async function buildQueueBench(database: TestDatabase): Promise<QueueBench> {
  const simulated = createSimulatorClock({ startAt: Date.now(), factor: 1 });
  let faults = queueFaultsSchema.parse({});
  const service = new QueueService({
    clock: simulated,
    wallClock: simulated,
    random: createKeyedRandom(3),
    faults: () => faults,
  });
  const server = fastify({ forceCloseConnections: true });
  registerQueueRoutes(server, service);
  const url = await server.listen({ port: 0, host: "127.0.0.1" });
  const { sellerId } = await createSeller(database.pool, { code: "bench", name: "Bench", timeZone: "UTC" });
  const log = createLog({ level: "silent" });
  const ledger = openLedger({ pool: database.openPool({ max: 2, pipeline: true }), clock, log });
  const closers: (() => Promise<void>)[] = [];
  const bench: QueueBench = {
    service,
    sellerId,
    queue: (name) => service.byName(name) ?? service.create(name),
    startProcess: (onLine) => {
      const destination = onLine === undefined ? {} : { destination: { write: onLine } };
      const channels = startChannels({
        database,
        ledger,
        secretBox,
        kinds: [amazon],
        clock,
        log: createLog({ level: onLine === undefined ? "silent" : "debug", ...destination }),
      });
      closers.push(() => channels.close());
      return Promise.resolve();
    },
    misbehave(given) {
      faults = queueFaultsSchema.parse(given);
    },
    async stopProcesses() {
      await Promise.all(closers.splice(0).map((close) => close()));
    },
    tell: (...commands) => submit(ledger, sellerId, commands),
    connect: (code, amazonSeller, queue, secret) => {
      bench.queue(queue);
      return bench.tell(connectionTo(service, url, { code, amazonSeller, queue, secret }));
    },
    send(queue, body) {
      bench.queue(queue).send({
        body: typeof body === "string" ? body : JSON.stringify(body),
        attributes: {},
        systemAttributes: {},
        delaySeconds: null,
      });
    },
    async close() {
      await bench.stopProcesses();
      await ledger.close();
      service.close();
      await server.close();
      simulated.close();
    },
  };
  return bench;
}

function connectionTo(
  service: QueueService,
  url: string,
  ask: {
    readonly code: string;
    readonly amazonSeller: string;
    readonly queue: string;
    readonly secret: string | undefined;
  },
): Command {
  const [key] = service.accessKeys;
  // Nothing answers there: whatever comes through comes from the queue alone.
  const nowhere = "http://127.0.0.1:9";
  const settings = {
    baseUrl: nowhere,
    tokenUrl: `${nowhere}/auth/o2/token`,
    sellerId: ask.amazonSeller,
    marketplaceId: MARKETPLACE,
    queueUrl: `${url}/${service.accountId}/${ask.queue}`,
    queueRegion: service.region,
    queueEndpoint: url,
  };
  const credentials = {
    clientId: "client",
    clientSecret: "client-secret",
    refreshToken: "Atzr|refresh",
    awsAccessKeyId: key?.accessKeyId ?? "",
    awsSecretAccessKey: ask.secret ?? key?.secretAccessKey ?? "",
  };
  return {
    kind: "put_connection",
    code: ask.code,
    connectionKind: "amazon",
    mode: "import",
    settings,
    credentials: secretBox.seal(JSON.stringify(credentials)).toString("base64"),
  };
}

/** The account becomes known, as it does at the first poll or when the seller enters it. */
export async function knowAccount(
  database: TestDatabase,
  sellerId: number,
  code: string,
  amazonSeller: string,
): Promise<void> {
  await database.pool.query("insert into channel_account values ('amazon', $1, $2, $3)", [
    `${amazonSeller}:${MARKETPLACE}`,
    sellerId,
    code,
  ]);
}

/** An order as ORDER_CHANGE tells it. */
export function orderChange(
  amazonSeller: string,
  order: { readonly id: string; readonly sku: string; readonly units: number; readonly status: string },
): object {
  const at = new Date().toISOString();
  return {
    NotificationVersion: "1.0",
    NotificationType: "ORDER_CHANGE",
    PayloadVersion: "1.0",
    EventTime: at,
    Payload: {
      OrderChangeNotification: {
        NotificationLevel: "OrderLevel",
        SellerId: amazonSeller,
        AmazonOrderId: order.id,
        OrderChangeType: "OrderStatusChange",
        OrderChangeTrigger: { TimeOfOrderChange: at, ChangeReason: "Status change" },
        Summary: {
          MarketplaceId: MARKETPLACE,
          OrderStatus: order.status,
          PurchaseDate: at,
          DestinationPostalCode: "48110",
          FulfillmentType: "MFN",
          OrderType: "StandardOrder",
          NumberOfItemsShipped: 0,
          NumberOfItemsUnshipped: order.units,
          OrderItems: [
            {
              OrderItemId: `${order.id}-1`,
              SellerSKU: order.sku,
              OrderItemStatus: order.status,
              Quantity: order.units,
              QuantityShipped: 0,
            },
          ],
        },
      },
    },
    NotificationMetadata: {
      ApplicationId: "app",
      SubscriptionId: "subscription",
      PublishTime: at,
      NotificationId: crypto.randomUUID(),
    },
  };
}
