import { once } from "node:events";

import type pg from "pg";
import { type CopyStreamQuery, from as copyFrom } from "pg-copy-streams";

import { copyIn } from "./backup-tables.ts";

/**
 * Rows of one COPY. Its foreign keys are checked at its end from a list in the server's memory, so that a table of many millions
 * of rows is not loaded by a single one. Where a table refers to itself, its key's order puts a row behind those it refers to.
 */
const ROWS_PER_COPY = 20_000;

/** Loads the rows of one table. */
export class RowLoader {
  readonly #client: pg.ClientBase;
  readonly #sql: string;
  #copy: CopyStreamQuery | undefined;
  #failure: Error | undefined;
  #rows = 0;

  constructor(client: pg.ClientBase, table: string, columns: readonly string[]) {
    this.#client = client;
    this.#sql = copyIn(table, columns);
  }

  /** Takes whole lines as COPY wrote them; settles when there is room for more. */
  async load(bytes: Buffer, rows: number): Promise<void> {
    const copy = (this.#copy ??= this.#begin());
    this.#rows += rows;
    const hasRoom = copy.write(bytes);
    this.#throwFailure();
    if (!hasRoom) await once(copy, "drain");
    if (this.#rows >= ROWS_PER_COPY) await this.end();
  }

  /** Settles when the server has taken every row. */
  async end(): Promise<void> {
    const copy = this.#copy;
    if (copy === undefined) return;
    this.#throwFailure();
    copy.end();
    await once(copy, "finish");
    this.#copy = undefined;
    this.#rows = 0;
  }

  /** Gives up: until then the connection takes rows and nothing else, not even a rollback. */
  async abort(): Promise<void> {
    const copy = this.#copy;
    // After an error of the server's the COPY is over already.
    if (copy === undefined || this.#failure !== undefined) return;
    const closed = new Promise<void>((resolve) => copy.once("close", () => resolve()));
    copy.destroy();
    await closed;
  }

  #begin(): CopyStreamQuery {
    const copy = this.#client.query(copyFrom(this.#sql));
    // The server may speak up at any row, also while nobody waits for it.
    copy.on("error", (error) => {
      this.#failure ??= error;
    });
    return copy;
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }
}
