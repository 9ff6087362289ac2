import { parseArgs } from "node:util";

import { startMercadoLibre } from "./mercadolibre/start.ts";
import { createSimulatorClock } from "./simulator-clock.ts";

const usage = "usage: npm run simulator -- mercadolibre [--port N] [--seed N] [--factor N] [--callback URL]";

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
  if (positionals.length !== 1 || positionals[0] !== "mercadolibre") throw new RangeError(usage);
  const clock = createSimulatorClock({ factor: wholeNumber("factor", values.factor, 1) });
  const simulator = await startMercadoLibre({
    port: wholeNumber("port", values.port, 9101),
    seed: wholeNumber("seed", values.seed, 1),
    callbackUrl: values.callback ?? null,
    clock,
  });
  const { url, tokenUrl, authorizationUrl, seed, apps, accounts } = simulator;
  console.log(
    JSON.stringify({ simulator: "mercadolibre", url, tokenUrl, authorizationUrl, seed, apps, accounts }),
  );
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
