import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("../../../../simulators/src/run.ts", import.meta.url));

/** An account as the simulator announces it. */
export interface SimulatedAccount {
  readonly account: string;
  readonly userId: number;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
  readonly listings: readonly { readonly listing: string; readonly variation: number | null }[];
}

/** A simulator in a process of its own, reached over HTTP alone: it and the connector share no code. */
export interface SimulatorProcess {
  readonly url: string;
  readonly tokenUrl: string;
  readonly accounts: readonly SimulatedAccount[];
  /** A control call (`/_sim/…`); throws when it is refused. */
  control(method: "GET" | "PUT" | "POST", path: string, body?: unknown): Promise<Record<string, unknown>>;
  stop(): Promise<void>;
}

export async function startSimulator(name: string, seed: number): Promise<SimulatorProcess> {
  const child = spawn(process.execPath, [PROGRAM, name, "--port", "0", "--seed", String(seed)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface(child.stdout);
  const announced = await Promise.race([
    once(lines, "line").then(([line]) => String(line)),
    once(child, "exit").then(() => null),
  ]);
  if (announced === null) throw new Error(`the simulator ${name} ended before it was ready`);
  const { url, tokenUrl, accounts } = JSON.parse(announced) as SimulatorProcess;
  return {
    url,
    tokenUrl,
    accounts,
    control: (method, path, body) => control(new URL(path, url), method, body),
    async stop() {
      child.kill("SIGTERM");
      if (child.exitCode === null) await once(child, "exit");
    },
  };
}

async function control(url: URL, method: string, body: unknown): Promise<Record<string, unknown>> {
  const response = await fetch(url, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url.pathname} was refused with ${response.status}: ${text}`);
  return JSON.parse(text) as Record<string, unknown>;
}
