// What callers give the ledger and what they are told.
import type { Command } from "@onepool/core/ledger/command.ts";
import type { Answer } from "@onepool/core/ledger/entry.ts";
import type { Json } from "@onepool/core/ledger/json.ts";
import type { Rejection } from "@onepool/core/ledger/rejection.ts";
import type { Instant } from "@onepool/core/ledger/units.ts";

/** Commands of one caller: one transaction, in order, each failing alone. */
export interface Submission {
  readonly sellerId: number;
  readonly commands: readonly Command[];
  readonly idempotency?: {
    readonly key: string;
    /** Fingerprint of the request's body: the same key with another one is a conflict. */
    readonly requestHash: string;
    /** What a repeat will be answered, stored with the effect. */
    answerOf(results: readonly CommandResult[]): { readonly status: number; readonly answer: Json };
  };
}

/** A bug of ours or a value the database refuses: logged, and no fault of the other commands. */
export interface InternalError {
  readonly code: "internal_error";
  readonly field: "";
  readonly message: string;
}

export type CommandResult =
  | { readonly ok: true; readonly seq: number; readonly answer: Answer }
  | { readonly ok: false; readonly rejection: Rejection | InternalError };

export type SubmissionAnswer =
  | { readonly kind: "done"; readonly results: readonly CommandResult[] }
  | { readonly kind: "replayed"; readonly status: number; readonly answer: Json }
  | { readonly kind: "idempotency_conflict" }
  | { readonly kind: "overloaded"; readonly retryAfterSeconds: number }
  | { readonly kind: "stopping" };

/** What a commit changed, for listeners in this process. Other processes follow the entries. */
export interface CommitNotice {
  readonly sellerId: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly recordedAt: Instant;
  /** SKUs with a leg in these entries. */
  readonly skus: ReadonlySet<string>;
  readonly listingsChanged: boolean;
}

/** The answer to a command that failed for a reason of ours. */
export function internalError(message: string): CommandResult {
  return { ok: false, rejection: { code: "internal_error", field: "", message } };
}
