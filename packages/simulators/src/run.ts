import { parseArgs } from "node:util";

import { startAmazon } from "./amazon/start.ts";
import { startMercadoLibre } from "./mercadolibre/start.ts";
import { startShipBob } from "./shipbob/start.ts";
import { startShipHero } from "./shiphero/start.ts";
import { createSimulatorClock, type SimulatorClock } from "./simulator-clock.ts";

/** What every simulator takes from the command line. */
interface RunOptions {
  port: number;
  seed: number;
  callbackUrl: string | null;
  clock: SimulatorClock;
}

/** A running simulator; where to find it and its credentials stand in one printed line. */
type Running = { close(): Promise<void> } & Record<string, unknown>;

const starters: Record<string, (options: RunOptions) => Promise<Running>> = {
  amazon: async (options) => ({ ...(await startAmazon(options)) }),
  mercadolibre: async (options) => ({ ...(await startMercadoLibre(options)) }),
  shipbob: async (options) => ({ ...(await startShipBob(options)) }),
  // The buildings are nothing to read in a line.
  shiphero: async (options) => ({ ...(await startShipHero(options)), warehouse: undefined }),
};

const kinds = Object.keys(starters).join(" | ");
const usage = `usage: npm run simulator -- ${kinds} [--port N] [--seed N] [--factor N] [--callback URL]`;

function wholeNumber(name: string, text: string | undefined, fallback: number): number {
  const value = text === undefined ? fallback : Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new RangeError(`--${name} must be a whole number from 0 up`);
}

async function run(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      port: { type: "string" },
      seed: { type: "string" },
      factor: { type: "string" },
      callback: { type: "string" },
    },
  });
  const [kind = ""] = positionals;
  const start = Object.hasOwn(starters, kind) ? starters[kind] : undefined;
  if (positionals.length !== 1 || start === undefined) throw new RangeError(usage);
  const clock = createSimulatorClock({ factor: wholeNumber("factor", values.factor, 1) });
  const simulator = await start({
    port: wholeNumber("port", values.port, 9101),
    seed: wholeNumber("seed", values.seed, 1),
    callbackUrl: values.callback ?? null,
    clock,
  });
  // Functions fall out of JSON by themselves; the clock is nothing to read.
  console.log(JSON.stringify({ simulator: kind, ...simulator, clock: undefined }));
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      clock.close();
      void simulator.close();
    });
  }
}

run().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
