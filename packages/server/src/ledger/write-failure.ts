import pg from "pg";

// What a failed batch means, and so what becomes of its submissions.
import { SQLSTATE, isConnectionLost, isSqlState } from "../postgres/sqlstate.ts";
import { BurstRefused, type Statement } from "./burst.ts";
import { isCombined } from "./combined-step.ts";
import {
  CHECK_FAILED,
  CHECK_HEAD,
  INSERT_ANSWERS,
  INSERT_ENTRIES,
  INSERT_ORDERS,
  INSERT_RESERVATIONS,
  MOVE_HEAD,
} from "./write-statements.ts";

export type WriteFailure =
  /** Another process wrote first: what was decided from memory counts no longer. */
  | "head_moved"
  /** A row that was taken for new exists: the batch is decided again with what is there. */
  | "guessed_wrong"
  /** The connection broke: the batch may or may not be committed. */
  | "connection_lost"
  /** PostgreSQL took it back for a reason that passes. */
  | "passing"
  /** One of the batch's commands carries what the database or our own code refuses. */
  | "refused";

const PASSING: readonly string[] = [
  SQLSTATE.serializationFailure,
  SQLSTATE.deadlockDetected,
  SQLSTATE.lockNotAvailable,
  SQLSTATE.queryCanceled,
  SQLSTATE.tooManyConnections,
  SQLSTATE.diskFull,
  "53200", // out of memory
  "26000", // a statement that was to be prepared by a burst that failed
];

/** Statements that insert what a batch may have taken for new. */
const GUESSING: readonly Statement[] = [INSERT_ORDERS, INSERT_RESERVATIONS, INSERT_ENTRIES];

/** The seller has no head: it does not exist. */
export class UnknownSeller extends Error {
  constructor(sellerId: number) {
    super(`there is no seller ${sellerId}`);
    this.name = "UnknownSeller";
  }
}

export function failureOf(error: unknown): WriteFailure {
  if (isConnectionLost(error)) return "connection_lost";
  if (!(error instanceof BurstRefused)) return "refused";
  const { cause, statement } = error;
  if (isCombined(statement)) return failureOfCombined(cause);
  const isHeadCheck = statement === MOVE_HEAD || statement === CHECK_HEAD;
  if (isHeadCheck && isSqlState(cause, CHECK_FAILED)) return "head_moved";
  // The same key was used at the same moment through another process.
  if (statement === INSERT_ANSWERS && isSqlState(cause, SQLSTATE.uniqueViolation)) return "head_moved";
  if (isSqlState(cause, SQLSTATE.uniqueViolation) && GUESSING.includes(statement)) return "guessed_wrong";
  return isSqlState(cause, ...PASSING) ? "passing" : "refused";
}

/** One statement for everything does not say which part failed. Under the head's lock it is not used, so that is found there. */
function failureOfCombined(cause: unknown): WriteFailure {
  if (isSqlState(cause, CHECK_FAILED)) return "head_moved";
  if (isSqlState(cause, SQLSTATE.uniqueViolation))
    return cause instanceof pg.DatabaseError && cause.constraint === "sales_order_pkey"
      ? "guessed_wrong"
      : "head_moved";
  return isSqlState(cause, ...PASSING) ? "passing" : "refused";
}
