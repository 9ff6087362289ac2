import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

/** A call as it came in. */
export interface Asked {
  readonly method: string;
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export type Answer = readonly [status: number, body: unknown, headers?: Readonly<Record<string, string>>];

/** Decides about a call; `nth` counts from 1, token calls apart. */
export type Script = (call: Asked, nth: number) => Answer;

/** A vendor that answers what a script says and remembers what it was asked: for what no simulator can be made to say. */
export class ScriptedVendor {
  readonly asked: Asked[] = [];
  api: Script = () => [500, "no script"];
  token: Script = () => [500, "no script"];
  private readonly server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url: target = "", headers } = request;
      const call = { method, target, headers, body: Buffer.concat(chunks).toString("utf8") };
      this.asked.push(call);
      const [status, body, more = {}] = this.answer(call);
      response.writeHead(status, { "content-type": "application/json", ...more });
      response.end(typeof body === "string" ? body : JSON.stringify(body));
    });
  });

  static async open(): Promise<ScriptedVendor> {
    const vendor = new ScriptedVendor();
    vendor.server.listen(0, "127.0.0.1");
    await once(vendor.server, "listening");
    return vendor;
  }

  /** Has a path of its own, as behind a proxy. */
  get baseUrl(): string {
    return `${this.origin}/api`;
  }

  get tokenUrl(): string {
    return `${this.origin}/token`;
  }

  /** Calls but those for tokens. */
  get calls(): Asked[] {
    return this.asked.filter((call) => !isToken(call));
  }

  get tokenCalls(): Asked[] {
    return this.asked.filter(isToken);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }

  private answer(call: Asked): Answer {
    return isToken(call) ? this.token(call, this.tokenCalls.length) : this.api(call, this.calls.length);
  }

  private get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }
}

function isToken({ target }: Asked): boolean {
  return target === "/token";
}
