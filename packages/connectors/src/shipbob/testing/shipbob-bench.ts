import type { Keeper } from "../../contract/keeper/keeper.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { MemoryTokenVault } from "../../contract/testing/memory-token-vault.ts";
import { type Answer, type Asked, ScriptedVendor } from "../../contract/testing/scripted-vendor.ts";
import { valueOf } from "../../contract/testing/value-of.ts";
import { shipbob } from "../connector.ts";

type Routes = Readonly<Record<string, Answer | ((call: Asked) => Answer)>>;

/** What the numbers of the fixtures' orders stand for. */
export const INVENTORY = {
  items: [501, 502, 503].map((id) => ({ inventory_id: id, sku: `SKU-${id}` })),
  next: null,
};

/** A keeper over HTTP, the vendor that its calls go to, and the time. */
export class ShipBobBench {
  now = Date.parse("2026-11-23T10:00:00Z");
  readonly clock = { now: () => this.now };
  readonly vendor: ScriptedVendor;

  private constructor(vendor: ScriptedVendor) {
    this.vendor = vendor;
  }

  static async open(): Promise<ShipBobBench> {
    return new ShipBobBench(await ScriptedVendor.open());
  }

  get asked(): Asked[] {
    return this.vendor.asked;
  }

  close(): Promise<void> {
    return this.vendor.close();
  }

  connect(settings: object = {}, credentials: object = { accessToken: "pat-12345678" }): Outcome<Keeper> {
    const locations = { 8: "main", 12: "west" };
    return shipbob.connect({
      connection: "3pl",
      settings: { baseUrl: this.vendor.baseUrl, channelId: 433038, locations, ...settings },
      credentials,
      tokens: new MemoryTokenVault("", this.clock),
      clock: this.clock,
    });
  }

  keeper(settings: object = {}): Required<Keeper> {
    return valueOf(this.connect(settings)) as Required<Keeper>;
  }

  /** Answers by method and path; anything else is not there. */
  answers(routes: Routes): void {
    this.vendor.api = (call) => {
      const route = routes[`${call.method} ${pathOf(call)}`];
      if (route === undefined) return [404, { title: "Not found" }];
      return typeof route === "function" ? route(call) : route;
    };
  }
}

/** Behind the version. */
export function pathOf({ target }: Asked): string {
  return (target.split("?")[0] ?? "").replace("/api/2026-01", "");
}

export function queryOf({ target }: Asked): Record<string, string> {
  return Object.fromEntries(new URL(`http://vendor${target}`).searchParams);
}

export function bodyOf({ body }: Asked): Record<string, unknown> {
  return JSON.parse(body) as Record<string, unknown>;
}
