import { z } from "zod";

import { answerOrder } from "../../../publish/fulfilment/answer-given.ts";
import { type AnsweredThing, defineAnswerRoute } from "../../route/answer-route.ts";
import { code, lineOfText } from "../../schema/fields.ts";
import { unknownKeeperOrder } from "../../view/unknown.ts";

const ORDER: AnsweredThing = {
  about: "orders",
  tag: "Orders",
  unknown: "unknown_keeper_order",
  unknownProblem: unknownKeeperOrder,
  answer: answerOrder,
};

export const acceptKeeperOrder = defineAnswerRoute(ORDER, {
  word: "accept",
  summary: "A keeper takes an order",
  description: "Before it is picked: an order that was cancelled answers keeper_answer_conflict.",
  example: { keeperOrderId: "SO-1187" },
  body: z.strictObject({
    keeperOrderId: code.exactOptional().meta({ description: "What the keeper calls it." }),
  }),
  answerOf: ({ keeperOrderId }) => ({ kind: "accept", keeperId: keeperOrderId ?? null }),
});

export const refuseKeeperOrder = defineAnswerRoute(ORDER, {
  word: "refuse",
  summary: "A keeper will not ship an order",
  description:
    "Taken or not. Somebody is alarmed; it is not given again until its cause is mended and it is retried.",
  example: { reason: "The item is damaged." },
  body: z.strictObject({ reason: lineOfText }),
  answerOf: ({ reason }) => ({ kind: "refuse", reason }),
});

export const keeperOrderCancelled = defineAnswerRoute(ORDER, {
  word: "cancelled",
  summary: "A keeper ships nothing of an order that was asked back",
  body: null,
  answerOf: () => ({ kind: "cancelled" }),
});

export const keeperOrderTooLate = defineAnswerRoute(ORDER, {
  word: "too-late",
  summary: "A keeper ships an order that was asked back",
  body: null,
  answerOf: () => ({ kind: "too_late" }),
});
