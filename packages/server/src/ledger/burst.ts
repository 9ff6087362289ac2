// Several prepared statements sent at once and ended by one Sync: one round trip, and one transaction that commits as a
// whole or not at all (PostgreSQL documentation, "Pipelining": statements up to a Sync are one implicit transaction). The
// statement that fails ends it; those behind it are skipped in silence instead of failing one by one.
import pg from "pg";

import { WireBuffer, type Value } from "./wire-buffer.ts";

/** A prepared statement; its name is unique per text. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

export interface Step {
  readonly statement: Statement;
  readonly values: readonly Value[];
}

export interface StepResult {
  /** Rows written or read. */
  readonly count: number;
  /** Columns as text. */
  readonly rows: readonly (readonly (string | null)[])[];
}

/** A burst that PostgreSQL refused: nothing of it was applied. */
export class BurstRefused extends Error {
  /** The statement that failed. */
  readonly statement: Statement;

  constructor(statement: Statement, cause: unknown) {
    super(`${statement.name} was refused: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
    this.name = "BurstRefused";
    this.statement = statement;
  }
}

/** What `pg` offers to a query while it is sent, beyond what its types tell. */
interface Wire {
  readonly stream: { write(bytes: Buffer): boolean };
}

/** Used by one burst at a time: a burst is written and sent without waiting. */
const out = new WireBuffer();

/** Statements known to each connection. `unsure`: sent in a burst that failed before or after it was prepared. */
const preparedOn = new WeakMap<object, Map<string, "sent" | "ready" | "unsure">>();

/** Sends the steps as one transaction. Rejects with `BurstRefused`, or with the error of a broken connection. */
export function sendBurst(client: pg.ClientBase, steps: readonly Step[]): Promise<readonly StepResult[]> {
  return new Promise((resolve, reject) => {
    client.query(new Burst(steps, (error, results) => (error === null ? resolve(results) : reject(error))));
  });
}

type Settle = (error: Error | null, results: readonly StepResult[]) => void;

/** `pg` refuses foreign query classes in pipeline mode because of those that keep portals open; this one keeps none. */
class Burst extends pg.Query {
  readonly steps: readonly Step[];
  private readonly settle: Settle;
  private readonly results: StepResult[] = [];
  private received: (readonly (string | null)[])[] = [];
  private prepared = new Map<string, "sent" | "ready" | "unsure">();

  constructor(steps: readonly Step[], settle: Settle) {
    super({ text: "" });
    this.steps = steps;
    this.settle = settle;
  }

  override submit = (connection: unknown): void => {
    const wire = connection as Wire;
    const known = preparedOn.get(wire);
    if (known === undefined) preparedOn.set(wire, this.prepared);
    else this.prepared = known;
    for (const step of this.steps) this.writeStep(step);
    out.sync();
    wire.stream.write(out.take());
  };

  private writeStep({ statement, values }: Step): void {
    const { name, text } = statement;
    const state = this.prepared.get(name);
    if (state === undefined || state === "unsure") {
      if (state === "unsure") out.close(name);
      out.parse(name, text);
      this.prepared.set(name, "sent");
    }
    out.bind(name, values);
    out.execute();
  }

  // What `pg` calls as the answers arrive.

  handleRowDescription(): void {}

  handleDataRow(message: { readonly fields: readonly (string | null)[] }): void {
    this.received.push(message.fields);
  }

  handleCommandComplete(message: { readonly text: string }): void {
    const count = Number(message.text.slice(message.text.lastIndexOf(" ") + 1));
    this.results.push({ count, rows: this.received });
    this.received = [];
  }

  handleEmptyQuery(): void {}

  handlePortalSuspended(): void {}

  handleReadyForQuery(): void {
    for (const { statement } of this.steps) this.prepared.set(statement.name, "ready");
    this.settle(null, this.results);
  }

  handleError(error: Error): void {
    for (const [name, state] of this.prepared) if (state === "sent") this.prepared.set(name, "unsure");
    const step = this.steps[this.results.length];
    const isAnswer = error instanceof pg.DatabaseError && error.severity === "ERROR";
    this.settle(isAnswer && step !== undefined ? new BurstRefused(step.statement, error) : error, []);
  }
}
