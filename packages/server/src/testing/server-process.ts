import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const SERVER_PROGRAM = fileURLToPath(new URL("../main.ts", import.meta.url));
const COMMAND_PROGRAM = fileURLToPath(new URL("../cli/onepool.ts", import.meta.url));

/** A whole server in a process of its own. */
export interface ServerProcess {
  readonly pid: number;
  /** The printed address, with its one-time token; throws what the server said when it ended instead. */
  ready(): Promise<URL>;
  /** Every line it printed on its standard output. */
  readonly printed: readonly string[];
  /** Every line on its standard error output: the log. */
  readonly logged: readonly string[];
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
  signal(signal: NodeJS.Signals): void;
}

/** Settings of the machine the tests run on must not reach the programs they start. */
function environment(settings: Readonly<Record<string, string>>): Record<string, string> {
  const own = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined &&
      !entry[0].startsWith("ONEPOOL_") &&
      entry[0] !== "DATABASE_URL" &&
      entry[0] !== "INIT_CWD",
  );
  return { ...Object.fromEntries(own), ...settings };
}

/** Starts one; `ONEPOOL_PORT` is any free port unless it is given. */
export function startServerProcess(settings: Readonly<Record<string, string>>): ServerProcess {
  const child = spawn(process.execPath, [SERVER_PROGRAM], {
    stdio: ["ignore", "pipe", "pipe"],
    cwd: "/",
    env: environment({ ONEPOOL_PORT: "0", ...settings }),
  });
  const printed: string[] = [];
  const logged: string[] = [];
  const isReady = Promise.withResolvers<URL>();
  isReady.promise.catch(() => undefined);
  createInterface({ input: child.stdout }).on("line", (line) => {
    printed.push(line);
    const address = /^Onepool is ready: (.*)$/.exec(line)?.[1];
    if (address !== undefined) isReady.resolve(new URL(address));
  });
  createInterface({ input: child.stderr }).on("line", (line) => logged.push(line));
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    // `close` and not `exit`: by then everything it said was heard.
    child.once("close", (code, signal) => resolve(code ?? signal));
  });
  void ended.then(() => isReady.reject(new Error(`the server ended: ${logged.join("\n")}`)));
  return {
    pid: child.pid ?? 0,
    ready: () => isReady.promise,
    printed,
    logged,
    ended,
    signal: (signal) => void child.kill(signal),
  };
}

/** What a command answered. */
export interface CommandAnswer {
  readonly code: number | null;
  readonly printed: string;
  readonly noted: string;
}

/** Runs `onepool` with these words in a process of its own. */
export function runOnepool(
  words: readonly string[],
  settings: Readonly<Record<string, string>>,
  folder = "/",
): Promise<CommandAnswer> {
  const child = spawn(process.execPath, [COMMAND_PROGRAM, ...words], {
    stdio: ["ignore", "pipe", "pipe"],
    cwd: folder,
    env: environment(settings),
  });
  let printed = "";
  let noted = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (printed += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (noted += text));
  return new Promise((resolve) => {
    child.once("close", (code) => resolve({ code, printed, noted }));
  });
}
