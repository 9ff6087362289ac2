import { once } from "node:events";
import net from "node:net";
import type { AddressInfo } from "node:net";

import pg from "pg";

/** Stands between a client and PostgreSQL, lets one direction through no more when told to, and cuts the line. */
export class CuttingProxy {
  readonly url: string;
  private readonly server: net.Server;
  private readonly lines = new Set<{ readonly client: net.Socket; readonly server: net.Socket }>();
  private holding: "answers" | "requests" | null = null;
  private notifyHeld: (() => void) | null = null;
  private readonly heldSomething: Promise<void>;

  private constructor(server: net.Server, url: string) {
    this.server = server;
    this.url = url;
    this.heldSomething = new Promise((resolve) => {
      this.notifyHeld = resolve;
    });
  }

  /** A proxy before the database of a URL. */
  static async before(url: string): Promise<CuttingProxy> {
    const { host, port, user, password, database } = new pg.Client({ connectionString: url });
    const target = host.startsWith("/") ? { path: `${host}/.s.PGSQL.${port}` } : { host, port };
    const server = net.createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const through = new URL("postgres://127.0.0.1");
    through.port = String((server.address() as AddressInfo).port);
    through.username = user ?? "";
    through.password = password ?? "";
    through.pathname = `/${database ?? ""}`;
    const proxy = new CuttingProxy(server, through.href);
    server.on("connection", (client) => proxy.join(client, net.connect(target as net.TcpNetConnectOpts)));
    return proxy;
  }

  /** Swallows one direction from now on. */
  hold(direction: "answers" | "requests"): void {
    this.holding = direction;
  }

  /** Resolves once something was swallowed. */
  held(): Promise<void> {
    return this.heldSomething;
  }

  /** Breaks every line; later ones work again. */
  cut(): void {
    this.holding = null;
    for (const { client, server } of this.lines) {
      client.destroy();
      server.destroy();
    }
  }

  async close(): Promise<void> {
    this.cut();
    this.server.close();
    await once(this.server, "close");
  }

  private join(client: net.Socket, server: net.Socket): void {
    const line = { client, server };
    this.lines.add(line);
    const pass = (direction: "answers" | "requests", to: net.Socket) => (bytes: Buffer) => {
      if (this.holding === direction) this.notifyHeld?.();
      else to.write(bytes);
    };
    client.on("data", pass("requests", server));
    server.on("data", pass("answers", client));
    for (const socket of [client, server]) {
      socket.on("error", () => {});
      socket.on("close", () => {
        client.destroy();
        server.destroy();
        this.lines.delete(line);
      });
    }
  }
}
