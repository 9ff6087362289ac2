import { Agent, request as httpRequest } from "node:http";
import { Agent as SecureAgent, request as httpsRequest } from "node:https";

/** How a callback answered; status 0 when it did not. */
export interface PostOutcome {
  status: number;
  wallMs: number;
  body: string;
  error?: string;
}

/** The rest of a longer answer is read and thrown away. */
const KEPT_BODY_CHARACTERS = 1_000;

interface Post {
  url: string;
  body: string;
  contentType: string;
  /** More headers: a signature, an id of the message. */
  headers?: Readonly<Record<string, string>>;
  timeoutWallMs: number;
}

/** Sends notifications over connections of its own, so that closing it leaves nothing behind. */
export interface Poster {
  post(post: Post): Promise<PostOutcome>;
  close(): void;
}

export function createPoster(): Poster {
  const agents = { http: new Agent({ keepAlive: true }), https: new SecureAgent({ keepAlive: true }) };
  const closing = new AbortController();

  return {
    post({ url, body, contentType, headers, timeoutWallMs }) {
      const startedAt = performance.now();
      const elapsed = (): number => Math.round(performance.now() - startedAt);
      const secure = url.startsWith("https:");
      return new Promise((resolve) => {
        const failed = (error: Error): void => {
          resolve({ status: 0, wallMs: elapsed(), body: "", error: error.message });
        };
        // One limit for the whole exchange: a callback that dribbles its answer is as late as a silent one.
        const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(timeoutWallMs)]);
        const request = (secure ? httpsRequest : httpRequest)(url, {
          method: "POST",
          agent: secure ? agents.https : agents.http,
          signal,
          headers: {
            ...headers,
            "content-type": contentType,
            "content-length": Buffer.byteLength(body),
            accept: "application/json",
          },
        });
        request.on("error", failed);
        request.on("response", (response) => {
          let kept = "";
          response.setEncoding("utf8");
          response.on("data", (chunk: string) => {
            if (kept.length < KEPT_BODY_CHARACTERS) kept += chunk.slice(0, KEPT_BODY_CHARACTERS);
          });
          response.on("error", failed);
          response.on("end", () =>
            resolve({ status: response.statusCode ?? 0, wallMs: elapsed(), body: kept }),
          );
        });
        request.end(body);
      });
    },
    close() {
      closing.abort();
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}
