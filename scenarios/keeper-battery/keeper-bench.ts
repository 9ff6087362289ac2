import type { FulfilmentOrder, Keeper } from "@onepool/connectors/contract/keeper/keeper.ts";
import type { Outcome } from "@onepool/connectors/contract/outcome.ts";
import { anOrder } from "@onepool/connectors/contract/testing/an-order.ts";
import { type DeliverySink, openDeliverySink } from "@onepool/connectors/contract/testing/delivery-sink.ts";
import { MemoryTokenVault } from "@onepool/connectors/contract/testing/memory-token-vault.ts";
import {
  type SimulatorProcess,
  startSimulator,
} from "@onepool/connectors/contract/testing/simulator-process.ts";
import { valueOf } from "@onepool/connectors/contract/testing/value-of.ts";

import { ChannelWire } from "../battery/channel-wire.ts";
import type { KeeperSubject } from "./keeper-subject.ts";

interface Parts {
  readonly subject: KeeperSubject;
  readonly simulator: SimulatorProcess;
  readonly wire: ChannelWire;
  readonly sink: DeliverySink;
  readonly clock: { now(): number };
  readonly credentials: { readonly stored: object; readonly refreshToken: string };
}

/** A simulated keeper, the wire to it, and the connection that is tried. */
export class KeeperBench {
  readonly subject: KeeperSubject;
  readonly simulator: SimulatorProcess;
  readonly wire: ChannelWire;
  readonly sink: DeliverySink;
  readonly clock: { now(): number };
  readonly since: number;
  private readonly credentials: Parts["credentials"];
  private references = 0;

  private constructor(parts: Parts) {
    this.subject = parts.subject;
    this.simulator = parts.simulator;
    this.wire = parts.wire;
    this.sink = parts.sink;
    this.clock = parts.clock;
    this.credentials = parts.credentials;
    this.since = parts.clock.now() - 5_000;
  }

  static async open(subject: KeeperSubject): Promise<KeeperBench> {
    const simulator = await startSimulator(subject.kind.capability.kind, 7);
    const offsetMs = await subject.prepare(simulator);
    const clock = { now: () => Date.now() + offsetMs };
    const wire = await ChannelWire.open({
      api: new URL(simulator.url),
      token: new URL(simulator.tokenUrl ?? simulator.url),
    });
    const sink = await openDeliverySink(clock);
    const credentials = await subject.credentials(simulator);
    return new KeeperBench({ subject, simulator, wire, sink, clock, credentials });
  }

  tryConnect(settings: object = {}, credentials: object = this.credentials.stored): Outcome<Keeper> {
    const { baseUrl, tokenUrl } = this.wire;
    return this.subject.kind.connect({
      connection: "3pl",
      settings: { baseUrl, tokenUrl, ...this.subject.settings, ...settings },
      credentials,
      tokens: new MemoryTokenVault(this.credentials.refreshToken, this.clock),
      clock: this.clock,
    });
  }

  connect(settings: object = {}): Required<Keeper> {
    return valueOf(this.tryConnect(settings)) as Required<Keeper>;
  }

  order(units: number, item: string = this.subject.items[0]): FulfilmentOrder {
    const { code: facility } = this.subject.facility;
    return anOrder({ reference: this.reference(), facility, placedAt: this.clock.now(), item, units });
  }

  reference(): string {
    this.references += 1;
    return `OP-${this.references}`;
  }

  act(name: string, body: object): Promise<Record<string, unknown>> {
    return this.simulator.control("POST", `/_sim/warehouse/${name}`, body);
  }

  async ship(keeperOrderId: string): Promise<void> {
    const id = this.subject.buildingId(keeperOrderId);
    for (const act of ["pick", "pack", "ship"]) await this.act(act, { id });
  }

  /** Texts that no error may hold. */
  secrets(): string[] {
    const granted = this.wire.grants.flatMap((grant) => Object.values(JSON.parse(grant) as object));
    const kept = [...Object.values(this.credentials.stored), this.credentials.refreshToken];
    return [...kept, ...granted].filter((one): one is string => typeof one === "string" && one.length > 10);
  }

  async close(): Promise<void> {
    await this.wire.close();
    await this.simulator.stop();
    await this.sink.close();
  }
}
