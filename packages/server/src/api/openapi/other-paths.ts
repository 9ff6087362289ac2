import type { JsonSchema } from "./json-schema.ts";

const TEXT = { schema: { type: "string" } };

function answered(status: string, description: string, content?: object): JsonSchema {
  return { [status]: content === undefined ? { description } : { description, content } };
}

/** Addresses that other stages serve, which are no calls with a body and an answer of ours. */
export const OTHER_PATHS: Readonly<Record<string, Readonly<Record<string, JsonSchema>>>> = {
  "/v1/stream": {
    get: {
      operationId: "get_stream",
      tags: ["Numbers"],
      summary: "Live changes as server-sent events",
      description:
        "Events ledger, observation and alert, each with an id; send the last one as Last-Event-ID to go on without a gap.",
      "x-role": "read",
      parameters: [{ name: "Last-Event-ID", in: "header", required: false, schema: { type: "string" } }],
      responses: answered("200", "Events, until either side ends it.", { "text/event-stream": TEXT }),
    },
  },
  "/hooks/{channel}/{secret}": {
    post: {
      operationId: "post_hooks_channel_secret",
      tags: ["Orders"],
      summary: "Where channels and keepers send their news: a connection's hookUrl",
      description:
        "Of keepers, 1 MiB at most and only what bears their signature is taken; stored before it is answered.",
      security: [],
      parameters: ["channel", "secret"].map((name) => ({ name, in: "path", required: true, ...TEXT })),
      requestBody: { required: true, content: { "application/json": { schema: {} } } },
      responses: {
        ...answered("200", "Stored."),
        ...answered("401", "A keeper's delivery without its signature."),
        ...answered("404", "Nothing here for this account."),
      },
    },
  },
  "/oauth/{kind}/callback": {
    get: {
      operationId: "get_oauth_kind_callback",
      tags: ["The map"],
      summary: "Where a channel sends the browser back after POST /v1/connections/{code}/authorize",
      description: "A page for a browser, JSON for a program.",
      security: [],
      parameters: [
        { name: "kind", in: "path", required: true, ...TEXT },
        ...["state", "code", "error", "error_description"].map((name) => ({
          name,
          in: "query",
          required: name === "state",
          ...TEXT,
        })),
      ],
      responses: {
        ...answered("200", "Connected."),
        ...answered("409", "The channel did not give access."),
        ...answered("410", "Used, too old, or never asked for."),
        ...answered("503", "The channel does not answer."),
      },
    },
  },
  "/health": { get: operation("get_health", "The process is alive", true) },
  "/ready": { get: operation("get_ready", "The server can take requests; 503 if not", true) },
  "/metrics": { get: operation("get_metrics", "Figures for Prometheus", false) },
};

function operation(operationId: string, summary: string, isOpen: boolean): JsonSchema {
  const responses = answered("200", summary);
  return { operationId, tags: ["Operations"], summary, responses, ...(isOpen ? { security: [] } : {}) };
}
