import type { FastifyInstance } from "fastify";

import { parseJson } from "../json/parse-json.ts";
import { RefusedBody } from "./refused-body.ts";

/**
 * Bytes of a body at most. A thousand orders of forty lines fit; a body of this size takes some 200 ms of the one thread
 * that answers everybody.
 */
export const BODY_BYTES_MAX = 8 * 1024 * 1024;

/** Takes JSON in UTF-8 and nothing else. */
export function readJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>("application/json", { parseAs: "buffer" }, (request, body, done) => {
    const { "content-type": type = "", "content-encoding": encoding } = request.headers;
    const mend = unreadable(type, encoding);
    if (mend !== null) {
      done(new RefusedBody(mend));
      return;
    }
    // No body at all is the route's business: some take none.
    if (body.length === 0) {
      done(null, undefined);
      return;
    }
    const parsed = parseJson(body);
    if (parsed.ok) done(null, parsed.value);
    else done(new RefusedBody(parsed.problem));
  });
}

function unreadable(type: string, encoding: string | undefined): RefusedBody["problem"] | null {
  const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(type)?.[1]?.toLowerCase() ?? "utf-8";
  if (charset !== "utf-8" && charset !== "utf8")
    return {
      code: "unsupported_media_type",
      field: "Content-Type",
      message: `Bodies are JSON in UTF-8, not in ${charset}.`,
    };
  if (encoding !== undefined && encoding !== "identity")
    return {
      code: "unsupported_media_type",
      field: "Content-Encoding",
      message: `Bodies are taken as they are, not with Content-Encoding: ${encoding}.`,
    };
  return null;
}
