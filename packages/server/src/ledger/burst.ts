// Several prepared statements sent at once and ended by one Sync: one round trip, and one transaction that commits as a
// whole or not at all (PostgreSQL documentation, "Pipelining": statements up to a Sync are one implicit transaction). The
// statement that fails ends it; those behind it are skipped in silence instead of failing one by one.
import pg from "pg";

/** A prepared statement; its name is unique per text. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

export type Value = string | number | boolean | Buffer | null;

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
  readonly stream: { cork(): void; uncork(): void };
  parse(statement: Statement): void;
  bind(config: {
    statement: string;
    values: readonly Value[];
    valueMapper(value: Value): string | Buffer | null;
  }): void;
  execute(): void;
  close(target: { type: "S"; name: string }): void;
  sync(): void;
}

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
    wire.stream.cork();
    try {
      for (const step of this.steps) this.sendStep(wire, step);
      wire.sync();
    } finally {
      wire.stream.uncork();
    }
  };

  private sendStep(wire: Wire, { statement, values }: Step): void {
    const state = this.prepared.get(statement.name);
    if (state === undefined || state === "unsure") {
      if (state === "unsure") wire.close({ type: "S", name: statement.name });
      wire.parse(statement);
      this.prepared.set(statement.name, "sent");
    }
    wire.bind({ statement: statement.name, values, valueMapper: toWire });
    wire.execute();
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

function toWire(value: Value): string | Buffer | null {
  return value === null || Buffer.isBuffer(value) ? value : String(value);
}
