// The wire between a connector and a channel: passes calls on byte for byte, remembers them, and spoils answers on demand.
import { once } from "node:events";
import { createServer, type IncomingMessage, request as callUpstream, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** One call as it came in. */
export interface WireCall {
  /** A call to the token endpoint, or any other. */
  readonly at: "api" | "token";
  readonly method: string;
  /** Path and query as sent, still encoded, without what the wire itself put before them. */
  readonly target: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** What becomes of a call in place of the channel's own answer. */
export type Spoil =
  /** Answered without the channel. */
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body: string | Buffer;
    }
  /** Cut off, left without a word, or left in the middle of an answer; the channel never hears of it. */
  | { readonly kind: "dropped" | "silent" | "stalled" | "truncated" }
  /** The same, after the channel did what was asked. */
  | { readonly kind: "droppedAfter" | "silentAfter" | "halfAfter" };

/** Decides about a call; `nth` counts the calls since the last `clear`, from 1, token calls apart. */
export type Spoiler = (call: WireCall, nth: number) => Spoil | null;

interface Upstream {
  readonly api: URL;
  readonly token: URL;
}

interface UpstreamAnswer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

export class ChannelWire {
  readonly baseUrl: string;
  readonly tokenUrl: string;
  /** Since the last `clear`. */
  readonly calls: WireCall[] = [];
  /** Bodies of the token endpoint's good answers, ever. */
  readonly grants: string[] = [];
  private readonly server: ReturnType<typeof createServer>;
  private readonly upstream: Upstream;
  private spoiler: Spoiler | null = null;

  private constructor(server: ReturnType<typeof createServer>, upstream: Upstream) {
    this.server = server;
    this.upstream = upstream;
    const { port } = server.address() as AddressInfo;
    // A path of its own: a connector that forgets the base URL's path does not get through a seller's proxy either.
    this.baseUrl = `http://127.0.0.1:${port}/api`;
    this.tokenUrl = `http://127.0.0.1:${port}/token`;
    server.on("request", (request: IncomingMessage, response: ServerResponse) => {
      this.pass(request, response).catch(() => response.destroy());
    });
  }

  static async open(upstream: Upstream): Promise<ChannelWire> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new ChannelWire(server, upstream);
  }

  /** Spoils what comes from now on. */
  spoil(spoiler: Spoiler): void {
    this.clear();
    this.spoiler = spoiler;
  }

  /** Passes everything on, and forgets the calls so far. */
  clear(): void {
    this.spoiler = null;
    this.calls.length = 0;
  }

  count(at: WireCall["at"]): number {
    return this.calls.filter((call) => call.at === at).length;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }

  private async pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = await readCall(request);
    if (call === null) {
      response.writeHead(404).end("this is neither the API nor the token endpoint");
      return;
    }
    this.calls.push(call);
    const spoil = this.spoiler?.(call, this.count(call.at)) ?? null;
    if (spoil === null) send(response, await this.forward(call));
    else await this.ruin(call, spoil, response);
  }

  private async ruin(call: WireCall, spoil: Spoil, response: ServerResponse): Promise<void> {
    if (spoil.kind === "answer") {
      response.writeHead(spoil.status, { "content-type": "application/json", ...spoil.headers });
      response.end(spoil.body);
      return;
    }
    const answer = spoil.kind.endsWith("After") ? await this.forward(call) : null;
    if (spoil.kind === "halfAfter" && answer !== null) {
      send(response, { ...answer, body: answer.body.subarray(0, Math.ceil(answer.body.length / 2)) });
    } else if (spoil.kind === "truncated" || spoil.kind === "stalled") {
      response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
      response.write('{"id":');
      // Written out before the cut, so that it is an answer that breaks off and not a missing one.
      if (spoil.kind === "truncated") setImmediate(() => response.destroy());
    } else if (spoil.kind.startsWith("dropped")) response.destroy();
    // Silence ends when the caller goes, or with the wire.
  }

  private async forward(call: WireCall): Promise<UpstreamAnswer> {
    const { api, token } = this.upstream;
    const base = call.at === "token" ? token : api;
    const outgoing = callUpstream({
      host: base.hostname,
      port: base.port,
      method: call.method,
      path: `${base.pathname.replace(/\/$/, "")}${call.target}`,
      headers: { ...call.headers, host: base.host, connection: "close", "accept-encoding": "identity" },
      agent: false,
    });
    outgoing.end(call.body);
    const [incoming] = (await once(outgoing, "response")) as [IncomingMessage];
    const body = await bodyOf(incoming);
    const status = incoming.statusCode ?? 0;
    if (call.at === "token" && status === 200) this.grants.push(body.toString("utf8"));
    return { status, headers: incoming.headers, body };
  }
}

async function readCall(request: IncomingMessage): Promise<WireCall | null> {
  const [, place, target = ""] = /^\/(api|token)(?=[/?]|$)(.*)$/s.exec(request.url ?? "") ?? [];
  const body = (await bodyOf(request)).toString("utf8");
  if (place !== "api" && place !== "token") return null;
  return { at: place, method: request.method ?? "", target, headers: request.headers, body };
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Headers that belong to one hop, and the length, which is that of the body sent. */
const OF_ONE_HOP = new Set(["connection", "keep-alive", "transfer-encoding", "content-length"]);

function send(response: ServerResponse, answer: UpstreamAnswer): void {
  const kept = Object.entries(answer.headers).filter(([name]) => !OF_ONE_HOP.has(name));
  response.writeHead(answer.status, Object.fromEntries(kept) as Record<string, string>);
  response.end(answer.body);
}
