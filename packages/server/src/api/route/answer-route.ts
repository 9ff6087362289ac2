// How a keeper answers about what it fetched: the same four answers for orders and for deliveries.
import type pg from "pg";
import { z } from "zod";

import { inTransaction } from "../../connections/in-transaction.ts";
import type { Answered, KeeperAnswer } from "../../publish/fulfilment/answer-given.ts";
import type { ErrorCode } from "../error-catalogue.ts";
import type { Problem } from "../problem.ts";
import { keeperOrderState } from "../routes/list-keeper-orders/schema.ts";
import { code } from "../schema/fields.ts";
import { findFetchingKeeper } from "./find-fetching-keeper.ts";
import { NOTHING } from "./nothing.ts";
import { answer, defineRoute, refusal, type Route, type RouteDocs } from "./route.ts";

/** What is answered about. */
export interface AnsweredThing {
  readonly about: "orders" | "inbounds";
  readonly tag: RouteDocs["tag"];
  readonly unknown: Extract<ErrorCode, "unknown_keeper_order" | "unknown_inbound">;
  unknownProblem(reference: string): Problem;
  answer(
    client: pg.ClientBase,
    asked: {
      readonly sellerId: number;
      readonly connection: string;
      readonly reference: string;
      readonly answer: KeeperAnswer;
      readonly now: number;
    },
  ): Promise<Answered>;
}

/** One of the answers. */
interface AnswerSpec<Body extends z.ZodType | null> {
  /** The last part of its address. */
  readonly word: string;
  readonly summary: string;
  readonly description?: string;
  /** A body as a caller sends it. */
  readonly example?: object;
  readonly body: Body;
  readonly answerOf: (body: Body extends z.ZodType ? z.output<Body> : undefined) => KeeperAnswer;
}

export function defineAnswerRoute<Body extends z.ZodType | null>(
  thing: AnsweredThing,
  { word, summary, description, example, body: schema, answerOf }: AnswerSpec<Body>,
): Route {
  const { about, tag, unknown } = thing;
  return defineRoute({
    method: "POST",
    path: `/v1/keepers/{connection}/${about}/{reference}/${word}`,
    access: "operate",
    tag,
    summary,
    ...(description === undefined ? {} : { description }),
    ...(example === undefined ? {} : { example }),
    answer: {
      status: 200,
      description: "How it stands by then. The same answer again is the same.",
      schema: z.strictObject({ reference: z.string(), state: keeperOrderState }),
    },
    problems: ["unknown_connection", unknown, "keeper_not_live", "keeper_answer_conflict"],
    params: z.strictObject({ connection: code, reference: code }),
    query: NOTHING,
    body: schema,
    async handle(deps, { caller, params, body }) {
      const { sellerId } = caller;
      const { connection, reference } = params;
      const found = await findFetchingKeeper(deps, sellerId, { connection, about });
      if (!found.ok) return refusal(found.problem);
      const asked = { sellerId, connection, reference, answer: answerOf(body), now: deps.clock.now() };
      const answered = await inTransaction(deps.pool, (client) => thing.answer(client, asked));
      if (answered.kind === "none") return refusal(thing.unknownProblem(reference));
      const { state } = answered;
      if (answered.kind !== "conflict") return answer(200, { reference, state });
      const message = `${reference} is ${state}: "${word}" does not fit.`;
      return refusal({ code: "keeper_answer_conflict", field: "reference", message });
    },
  });
}
