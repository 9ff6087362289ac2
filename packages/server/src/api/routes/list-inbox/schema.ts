import { z } from "zod";

import { INBOX_STATES } from "../../../intake/inbox-list-store.ts";
import { instantAnswer, nextCursor } from "../../schema/answers.ts";

export const inboxState = z.enum(INBOX_STATES);

const inboxAnswer = z
  .strictObject({
    id: z.string().meta({ description: "For `inbox show` and `inbox replay` of the command line." }),
    state: inboxState,
    connection: z.string().nullable().meta({ description: "Null for a stray message." }),
    topic: z.string().meta({ description: "What it is about; of a stray message the queue." }),
    resource: z.string().meta({ description: "What it points at; of a stray message its id." }),
    reason: z
      .string()
      .nullable()
      .meta({ description: "Why it waits or was put aside, where that is known." }),
    attempts: z.int().meta({ description: "Since it last worked." }),
    arrivals: z.int().meta({ description: "How often it came." }),
    receivedAt: instantAnswer,
    ageMs: z.int().meta({ description: "Since it was received." }),
    nextAttemptAt: instantAnswer.nullable().meta({ description: "Null while it is put aside." }),
    putAsideAt: instantAnswer.nullable(),
  })
  .meta({ id: "InboxItem" });

export const inboxList = z.strictObject({ notifications: z.array(inboxAnswer), nextCursor });
