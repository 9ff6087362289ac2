import type { CallBudget } from "@onepool/connectors/contract/capability.ts";
import type { ConnectorError } from "@onepool/connectors/contract/connector-error.ts";
import type { Connector, ListingReading, OrderReading } from "@onepool/connectors/contract/connector.ts";
import type { Outcome } from "@onepool/connectors/contract/outcome.ts";
import { waitUntil } from "@onepool/server/testing/wait-until.ts";

import type { BatterySubject, RunningChannel, Sale } from "./battery-subject.ts";
import type { BatteryVaults, VaultRow } from "./battery-vaults.ts";
import { ChannelWire } from "./channel-wire.ts";
import { secretsOf } from "./secrets-of.ts";

/** Long enough for a busy machine, since only an answer that never comes waits for it. In milliseconds. */
const PATIENT_MS = 20_000;

/** For answers that never come: more if the machine was too busy for the calls before. In milliseconds. */
const HASTY_MS = [300, 1_500, 8_000];

export interface ConnectOptions {
  /** For one call, in milliseconds. */
  readonly timeoutMs?: number;
  /** The connection's idea of the time, in place of the channel's. */
  readonly clock?: { now(): number };
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly credentials?: unknown;
}

/** A simulated channel, a wire that can be spoiled, and a connection over both whose tokens lie in PostgreSQL. */
export class BatteryBench {
  readonly subject: BatterySubject;
  readonly channel: RunningChannel;
  readonly wire: ChannelWire;
  readonly row: VaultRow;
  readonly connector: Connector;
  /** Every error that a connection of this bench answered. */
  readonly errors: ConnectorError[] = [];
  readonly limits: { readonly budget: CallBudget; readonly perMinute: number }[] = [];

  private constructor(
    subject: BatterySubject,
    parts: { readonly channel: RunningChannel; readonly wire: ChannelWire; readonly row: VaultRow },
  ) {
    this.subject = subject;
    this.channel = parts.channel;
    this.wire = parts.wire;
    this.row = parts.row;
    this.connector = this.connect();
  }

  static async open(subject: BatterySubject, vaults: BatteryVaults): Promise<BatteryBench> {
    const channel = await subject.start(7);
    const wire = await ChannelWire.open({ api: new URL(channel.baseUrl), token: new URL(channel.tokenUrl) });
    const row = await vaults.add(subject.kind.capability.kind, channel.credentials);
    return new BatteryBench(subject, { channel, wire, row });
  }

  /** Opens the connection once more, as another process would: the same row of tokens, nothing else shared. */
  connect(options: ConnectOptions = {}): Connector {
    const opened = this.tryConnect(options);
    if (opened.ok) return this.watched(opened.value);
    throw new Error(`the connection did not open: ${opened.error.message}`);
  }

  /** Does something whose answer never comes, in as little time as it takes; null: it did not get that far. */
  async hastily<Value>(attempt: (connector: Connector) => Promise<Value | null>): Promise<Value> {
    for (const timeoutMs of HASTY_MS) {
      const done = await attempt(this.connect({ timeoutMs }));
      if (done !== null) return done;
    }
    throw new Error("the call in question was never made");
  }

  tryConnect(options: ConnectOptions = {}): Outcome<Connector> {
    const { baseUrl, tokenUrl } = this.wire;
    const { timeoutMs = PATIENT_MS } = options;
    const clock = options.clock ?? this.channel.clock;
    return this.subject.kind.connect({
      connection: this.row.connection,
      settings: { ...this.channel.settings({ baseUrl, tokenUrl, timeoutMs }), ...options.settings },
      credentials: "credentials" in options ? options.credentials : this.storedCredentials(),
      tokens: this.row.open(clock),
      clock,
      noteLimit: (budget, perMinute) => this.limits.push({ budget, perMinute }),
    });
  }

  /** As the server hands them over: without the refresh token, which is the vault's. */
  storedCredentials(): Record<string, string> {
    const { refreshToken: _, ...rest } = this.channel.credentials;
    return rest;
  }

  sell(sale: Partial<Sale> = {}): Promise<string> {
    return this.channel.sell({ externalId: this.subject.listings.plain, units: 1, isPaid: true, ...sale });
  }

  push(quantity: number, externalId = this.subject.listings.plain) {
    return this.connector.pushQuantity({ externalId, quantity });
  }

  async read(externalId = this.subject.listings.plain): Promise<Outcome<ListingReading>> {
    const [reading] = await this.connector.readListings([externalId]);
    if (reading === undefined) throw new Error("a reading per id asked for");
    return reading;
  }

  async shown(externalId?: string): Promise<number> {
    return valueOf(await this.read(externalId)).quantity;
  }

  /** What a listing shows once every write had the time that the channel takes. */
  async settled(externalId?: string): Promise<number> {
    await this.channel.advance(this.subject.kind.capability.writeAppliesWithinMs);
    return this.shown(externalId);
  }

  /** Lets the channel's list of changed orders catch up with what happened. */
  async listed(): Promise<void> {
    await this.channel.advance(this.subject.kind.capability.orderListLagMs + 1_000);
  }

  /** Waits for what a call left without an answer does all the same. */
  async untilShown(quantity: number): Promise<void> {
    await waitUntil(async () => (await this.settled()) === quantity);
  }

  async order(orderId: string): Promise<OrderReading> {
    return valueOf(await this.connector.fetchOrder(orderId));
  }

  /** Errors of this bench in which a token or a secret can be read. */
  leaks(): string[] {
    const secrets = secretsOf(this.channel.credentials, this.wire.grants);
    return this.errors
      .map((error) => JSON.stringify(error))
      .filter((text) => secrets.some((secret) => text.includes(secret)));
  }

  async close(): Promise<void> {
    await this.wire.close();
    await this.channel.close();
  }

  /** Keeps every error on its way to the test. */
  private watched(connector: Connector): Connector {
    const keep = (answer: unknown): unknown => {
      for (const outcome of [answer].flat() as Outcome<unknown>[])
        if (!outcome.ok) this.errors.push(outcome.error);
      return answer;
    };
    return new Proxy(connector, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== "function") return member;
        return async (...args: unknown[]) => keep(await (Reflect.apply(member, target, args) as unknown));
      },
    });
  }
}

/** The value of an outcome that has to be a success. */
export function valueOf<Value>(outcome: Outcome<Value>): Value {
  if (outcome.ok) return outcome.value;
  throw new Error(`${outcome.error.kind}: ${outcome.error.message}`);
}
