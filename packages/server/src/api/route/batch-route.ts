import type { Command } from "@onepool/core/ledger/command.ts";
import type { JsonObject } from "@onepool/core/ledger/json.ts";
import { z } from "zod";

import type { CommandResult } from "../../ledger/submission.ts";
import { problemInBatch, type Problem } from "../problem.ts";
import { fieldProblem } from "../schema/field-problem.ts";
import { NOTHING } from "./nothing.ts";
import { missingBody, refusal, answer, type Route, type RouteDocs } from "./route.ts";
import { recordedBody, submit, type StoredAnswer } from "./submit.ts";

/** The most items of one batch. */
const BATCH_SIZE = 1_000;

interface BatchSpec<I extends z.ZodType> extends Omit<RouteDocs, "answer"> {
  /** The body's only field: an array of items. */
  readonly name: string;
  readonly item: I;
  readonly command: (item: z.output<I>) => Command;
}

/**
 * A route that takes up to 1,000 items and answers each in the order sent. An item that is malformed or refused fails
 * alone; only a body that is no batch is refused as a whole.
 */
export function defineBatchRoute<I extends z.ZodType>(spec: BatchSpec<I>): Route {
  const { name, item, command, ...docs } = spec;
  const envelope = z.strictObject({ [name]: z.array(z.unknown()).max(BATCH_SIZE) });
  return {
    ...docs,
    answer: { status: 200, description: "Each item's answer, in the order sent.", schema: BATCH_ANSWER },
    params: NOTHING,
    query: NOTHING,
    body: z.strictObject({ [name]: z.array(item).max(BATCH_SIZE) }),
    async respond(deps, call) {
      const query = NOTHING.safeParse(call.query);
      if (!query.success) return refusal(fieldProblem(query.error, call.query, "query"));
      if (call.body === undefined) return missingBody();
      const body = envelope.safeParse(call.body);
      if (!body.success) return refusal(fieldProblem(body.error, call.body, "body"));
      const items = checkItems(body.data[name] ?? [], item);
      const commands = items.flatMap((checked) => (checked.ok ? [command(checked.value)] : []));
      const answerOf = (results: readonly CommandResult[]): StoredAnswer => batchAnswer(items, results);
      // Nothing to submit: the answer is the body's alone, and no Idempotency-Key is used up.
      if (commands.length === 0) return answer(200, batchAnswer(items, []).answer);
      return submit(deps, call, commands, answerOf);
    },
  };
}

/** An item of a batch: what it says, or what is wrong with it. */
export type CheckedItem<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: Problem };

/** Checks each item alone. */
export function checkItems<I extends z.ZodType>(
  values: readonly unknown[],
  item: I,
): CheckedItem<z.output<I>>[] {
  return values.map((value) => {
    const checked = item.safeParse(value);
    return checked.success
      ? { ok: true, value: checked.data }
      : { ok: false, problem: fieldProblem(checked.error, value, "item") };
  });
}

function batchAnswer(
  items: readonly CheckedItem<unknown>[],
  results: readonly CommandResult[],
): StoredAnswer {
  let next = 0;
  const answers = items.map((checked): JsonObject => {
    if (!checked.ok) return problemInBatch(checked.problem);
    const result = results[next++];
    if (result === undefined) throw new Error("the ledger answered fewer results than commands");
    return result.ok ? recordedBody(result.seq, result.answer) : problemInBatch(result.rejection);
  });
  return { status: 200, answer: { results: answers } };
}

export const RECORDED = z.strictObject({
  ok: z.literal(true),
  seq: z
    .int()
    .meta({ description: "The entry that records it; for a repeat, the one that recorded it first." }),
  unmapped: z
    .array(z.string())
    .optional()
    .meta({ description: "Lines that name nothing known: posted once they are mapped." }),
});

/** An item's refusal. */
export const REFUSED = z.looseObject({
  ok: z.literal(false),
  code: z.string(),
  field: z.string().meta({ description: "A path in the item." }),
  message: z.string(),
});

const BATCH_ANSWER = z.strictObject({ results: z.array(z.union([RECORDED, REFUSED])) });
