import type { Command } from "@onepool/core/ledger/command.ts";
import type { Answer } from "@onepool/core/ledger/entry.ts";
import type { JsonObject } from "@onepool/core/ledger/json.ts";

import type { CommandResult, SubmissionAnswer } from "../../ledger/submission.ts";
import type { ApiDeps } from "../api-deps.ts";
import { problemBody, statusOf, type Problem } from "../problem.ts";
import { answer, refusal, type RawCall, type RouteAnswer } from "./route.ts";

/** Status and body of an answer, as they are kept under an Idempotency-Key. */
export interface StoredAnswer {
  readonly status: number;
  readonly answer: JsonObject;
}

/** Submits commands of a call and answers with what `answerOf` makes of their results, or made of them the first time. */
export async function submit(
  deps: ApiDeps,
  call: RawCall,
  commands: readonly Command[],
  answerOf: (results: readonly CommandResult[]) => StoredAnswer,
): Promise<RouteAnswer> {
  const { sellerId } = call.caller;
  const submitted = await deps.ledger.submit(
    call.idempotency === null
      ? { sellerId, commands }
      : { sellerId, commands, idempotency: { ...call.idempotency, answerOf } },
  );
  if (submitted.kind !== "done") return notDone(submitted);
  const { status, answer: body } = answerOf(submitted.results);
  return answer(status, body);
}

/** Submits one command and answers with what `answerOf` makes of it, or with the refusal. */
export function submitOne(
  deps: ApiDeps,
  call: RawCall,
  command: Command,
  answerOf: (seq: number, said: Answer) => StoredAnswer,
): Promise<RouteAnswer> {
  return submit(deps, call, [command], ([result]) => {
    if (result === undefined) throw new Error("the ledger answered no result for a command");
    if (result.ok) return answerOf(result.seq, result.answer);
    return { status: statusOf(result.rejection), answer: problemBody(result.rejection) };
  });
}

/** `{"ok":true,"seq":17}`. */
export function recorded(seq: number, said: Answer): StoredAnswer {
  return { status: 200, answer: recordedBody(seq, said) };
}

export function recordedBody(seq: number, said: Answer): JsonObject {
  return said.unmapped === undefined ? { ok: true, seq } : { ok: true, seq, unmapped: said.unmapped };
}

function notDone(submitted: Exclude<SubmissionAnswer, { kind: "done" }>): RouteAnswer {
  switch (submitted.kind) {
    case "replayed":
      return { ok: true, status: submitted.status, body: submitted.answer as JsonObject, replayed: true };
    case "idempotency_conflict":
      return refusal({
        code: "idempotency_conflict",
        field: "Idempotency-Key",
        message: "This Idempotency-Key was used for another request within the last 7 days.",
      });
    case "overloaded":
      return refusal(
        unavailable("overloaded", "Too many writes of this seller are waiting.", submitted.retryAfterSeconds),
      );
    case "stopping":
      return refusal(unavailable("stopping", "The server is stopping and takes no more writes.", 1));
    default:
      return submitted satisfies never;
  }
}

function unavailable(code: "overloaded" | "stopping", message: string, retryAfterSeconds: number): Problem {
  return { code, field: "", message, retryAfterSeconds };
}
