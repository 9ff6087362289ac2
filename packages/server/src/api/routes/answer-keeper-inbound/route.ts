import { z } from "zod";

import { answerInbound } from "../../../publish/fulfilment/answer-given.ts";
import { type AnsweredThing, defineAnswerRoute } from "../../route/answer-route.ts";
import { code, lineOfText } from "../../schema/fields.ts";

const INBOUND: AnsweredThing = {
  about: "inbounds",
  tag: "Stock",
  unknown: "unknown_inbound",
  unknownProblem: (reference) => ({
    code: "unknown_inbound",
    field: "reference",
    message: `No keeper was told of a delivery ${reference}.`,
  }),
  answer: answerInbound,
};

export const acceptKeeperInbound = defineAnswerRoute(INBOUND, {
  word: "accept",
  summary: "A keeper expects a delivery",
  example: { keeperInboundId: "ASN-204" },
  body: z.strictObject({
    keeperInboundId: code.exactOptional().meta({ description: "What the keeper calls it." }),
  }),
  answerOf: ({ keeperInboundId }) => ({ kind: "accept", keeperId: keeperInboundId ?? null }),
});

export const refuseKeeperInbound = defineAnswerRoute(INBOUND, {
  word: "refuse",
  summary: "A keeper will not take a delivery",
  example: { reason: "The yard is full until Monday." },
  body: z.strictObject({ reason: lineOfText }),
  answerOf: ({ reason }) => ({ kind: "refuse", reason }),
});

export const keeperInboundCancelled = defineAnswerRoute(INBOUND, {
  word: "cancelled",
  summary: "A keeper expects a delivery no longer that was called off",
  body: null,
  answerOf: () => ({ kind: "cancelled" }),
});

export const keeperInboundTooLate = defineAnswerRoute(INBOUND, {
  word: "too-late",
  summary: "A delivery that was called off has arrived",
  body: null,
  answerOf: () => ({ kind: "too_late" }),
});
