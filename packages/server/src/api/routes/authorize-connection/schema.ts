import { z } from "zod";

import { instantAnswer } from "../../schema/answers.ts";

const PATH = "a path of this server such as /connections";

/** Never an address: whoever follows a link to the channel must not end up somewhere else. */
const path = z
  .string({ error: PATH })
  .max(500, { error: PATH })
  .regex(/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/, { error: PATH });

export const authorizationBody = z
  .strictObject({
    redirect: path.exactOptional().meta({ description: "Where the browser goes on to afterwards." }),
  })
  .meta({ id: "AuthorizationBody" });

export const authorizationAnswer = z
  .strictObject({
    url: z.string().meta({ description: "The channel's page on which a person agrees." }),
    expiresAt: instantAnswer,
  })
  .meta({ id: "Authorization" });
