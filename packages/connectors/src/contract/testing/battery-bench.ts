import type { Connector, ConnectorKind, ListingReading, OrderReading } from "../connector.ts";
import type { Outcome } from "../outcome.ts";
import { type NotificationSink, openNotificationSink } from "./notification-sink.ts";
import type { SimulatorProcess } from "./simulator-process.ts";

/** What the battery has to know of one channel. */
export interface BatteryChannel {
  readonly kind: ConnectorKind;
  /** The simulator, with the account and the listing below. */
  start(): Promise<SimulatorProcess>;
  /** Opens the connection of that account anew. */
  open(simulator: SimulatorProcess, timeoutMs: number): Promise<Connector>;
  /** A listing of that account, and how the simulator's control calls name it. */
  readonly listing: {
    readonly externalId: string;
    readonly control: { readonly account: string; readonly listing: string };
  };
  /** Well formed, and at no channel. */
  readonly unknownListing: string;
  readonly unknownOrder: string;
  /** Where the simulator's faults strike: `METHOD /route`. */
  readonly endpoints: { readonly write: string; readonly read: string };
}

/** Short, since the tests wait for it; an answer of a simulator takes a few milliseconds. In milliseconds. */
const TIMEOUT_MS = 1_500;

/** A simulator, a callback address and a connector between them. */
export class BatteryBench {
  readonly channel: BatteryChannel;
  private running: { simulator: SimulatorProcess; sink: NotificationSink; connector: Connector } | null =
    null;

  constructor(channel: BatteryChannel) {
    this.channel = channel;
  }

  async start(): Promise<void> {
    const simulator = await this.channel.start();
    const sink = await openNotificationSink();
    await simulator.control("PUT", "/_sim/accounts", { callbackUrl: sink.url });
    this.running = { simulator, sink, connector: await this.channel.open(simulator, TIMEOUT_MS) };
  }

  /** No faults, and a connection that knows no token yet. */
  async reset(): Promise<void> {
    await this.setFaults({});
    const running = this.parts();
    this.running = { ...running, connector: await this.channel.open(running.simulator, TIMEOUT_MS) };
  }

  async stop(): Promise<void> {
    await this.running?.simulator.stop();
    await this.running?.sink.close();
  }

  get connector(): Connector {
    return this.parts().connector;
  }

  get sink(): NotificationSink {
    return this.parts().sink;
  }

  control(method: "PUT" | "POST", path: string, body: unknown): Promise<Record<string, unknown>> {
    return this.parts().simulator.control(method, path, body);
  }

  setFaults(faults: object): Promise<Record<string, unknown>> {
    return this.control("PUT", "/_sim/faults", faults);
  }

  strike(...api: readonly object[]): Promise<Record<string, unknown>> {
    return this.setFaults({ api });
  }

  push(quantity: number) {
    return this.connector.pushQuantity({ externalId: this.channel.listing.externalId, quantity });
  }

  async read(externalId = this.channel.listing.externalId): Promise<Outcome<ListingReading>> {
    const [reading] = await this.connector.readListings([externalId]);
    if (reading === undefined) throw new Error("there is one reading per id asked for");
    return reading;
  }

  async shown(): Promise<number> {
    return valueOf(await this.read()).quantity;
  }

  /** A sale that is paid at once; answers its order id. */
  async sell(quantity: number): Promise<string> {
    const sale = { ...this.channel.listing.control, quantity, closingGapMs: 0 };
    return String((await this.control("POST", "/_sim/orders", sale))["orderId"]);
  }

  async order(orderId: string): Promise<OrderReading> {
    return valueOf(await this.connector.fetchOrder(orderId));
  }

  private parts() {
    if (this.running === null) throw new Error("the bench is not started");
    return this.running;
  }
}

/** The value of an outcome that has to be a success. */
export function valueOf<Value>(outcome: Outcome<Value>): Value {
  if (!outcome.ok) throw new Error(`${outcome.error.kind}: ${outcome.error.message}`);
  return outcome.value;
}
