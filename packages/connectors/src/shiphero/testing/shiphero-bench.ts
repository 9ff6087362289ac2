import type { Keeper } from "../../contract/keeper/keeper.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { MemoryTokenVault } from "../../contract/testing/memory-token-vault.ts";
import { type Answer, type Asked, ScriptedVendor } from "../../contract/testing/scripted-vendor.ts";
import { valueOf } from "../../contract/testing/value-of.ts";
import { shiphero } from "../connector.ts";

/** An operation as it was asked. */
export interface AskedOperation {
  readonly name: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

type Route = Answer | ((operation: AskedOperation) => Answer);

/** A keeper over HTTP, the vendor that its calls go to, and the time. */
export class ShipHeroBench {
  now = Date.parse("2026-11-23T10:00:00Z");
  readonly clock = { now: () => this.now };
  readonly limits: [budget: string, perMinute: number][] = [];
  readonly vendor: ScriptedVendor;

  private constructor(vendor: ScriptedVendor) {
    this.vendor = vendor;
    vendor.token = () => [200, { access_token: "access-1234", expires_in: 2_419_200, token_type: "Bearer" }];
  }

  static async open(): Promise<ShipHeroBench> {
    return new ShipHeroBench(await ScriptedVendor.open());
  }

  get asked(): AskedOperation[] {
    return this.vendor.calls.map(operationIn);
  }

  close(): Promise<void> {
    return this.vendor.close();
  }

  connect(settings: object = {}): Outcome<Keeper> {
    const { baseUrl, tokenUrl } = this.vendor;
    return shiphero.connect({
      connection: "3pl",
      settings: { baseUrl, tokenUrl, locations: { 76733: "main", 12345: "west" }, ...settings },
      credentials: {},
      tokens: new MemoryTokenVault("refresh-1234", this.clock),
      clock: this.clock,
      noteLimit: (budget, perMinute) => this.limits.push([budget, perMinute]),
    });
  }

  keeper(settings: object = {}): Required<Keeper> {
    return valueOf(this.connect(settings)) as Required<Keeper>;
  }

  /** Answers by the operation's name; anything else is an error of ShipHero's. */
  answers(routes: Readonly<Record<string, Route>>): void {
    this.vendor.api = (call) => {
      const operation = operationIn(call);
      const route = routes[operation.name];
      if (route === undefined) return failure(`no script for ${operation.name}`, 1);
      return typeof route === "function" ? route(operation) : route;
    };
  }
}

function operationIn({ body }: Asked): AskedOperation {
  const { query, variables = {} } = JSON.parse(body) as {
    readonly query: string;
    readonly variables?: Readonly<Record<string, unknown>>;
  };
  return { name: /^\s*(?:query|mutation) (\w+)/.exec(query)?.[1] ?? "", query, variables };
}

/** A refusal, as GraphQL tells it: with status 200. */
export function failure(message: string, code: number, more: object = {}): Answer {
  return [200, { errors: [{ message, code, request_id: "5da7dc13f3079f0def208711", ...more }], data: null }];
}

/** One field's answer. */
export function answer(field: string, content: object, complexity = 1): Answer {
  return [200, { data: { [field]: { request_id: "5da7dc13f3079f0def208711", complexity, ...content } } }];
}

/** Rows of a list, as a connection. */
export function rows(nodes: readonly object[], endCursor: string | null = null): { readonly data: object } {
  const edges = nodes.map((node) => ({ node }));
  return { data: { pageInfo: { hasNextPage: endCursor !== null, endCursor }, edges } };
}
