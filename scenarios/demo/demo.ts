// `npm run demo`: Onepool as a seller would run it, two simulated marketplaces, and a day of real orders between them.
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { onepoolClient } from "../harness/onepool-client.ts";
import { startServerProcess, type ServerProcess } from "../harness/server-process.ts";
import { pushAll, startBatches } from "./batch-policy.ts";
import { demoOptions, type DemoOptions } from "./demo-options.ts";
import { type DemoPace, demoPace } from "./demo-pace.ts";
import { CHANNELS, planDemo, type DemoPlan } from "./demo-plan.ts";
import { demoReport } from "./demo-report.ts";
import { buildWorld, type DemoWorld } from "./demo-world.ts";
import { readOrderFile } from "./order-file.ts";
import { playAttempts, type Progress } from "./play-attempts.ts";
import { untilQuiet } from "./quiet.ts";
import { seedOnepool } from "./seed-onepool.ts";

const FIXTURE = fileURLToPath(new URL("../fixtures/online-retail-day.csv", import.meta.url));

const DATA_FOLDER = fileURLToPath(new URL("../../data/demo", import.meta.url));

/** Longest wait for the last numbers to arrive after the last order, in milliseconds. */
const PATIENCE_MS = 30_000;

const options = demoOptions(process.argv.slice(2));
if (typeof options === "string") {
  process.stderr.write(`${options}\n`);
  process.exit(2);
}
const ending = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => ending.abort());
process.exitCode = await runDemo(options, ending.signal);

async function runDemo(chosen: DemoOptions, signal: AbortSignal): Promise<number> {
  const { rows, bad } = await readOrderFile(chosen.file ?? FIXTURE, CHANNELS);
  for (const { line, reason } of bad) say(`line ${line} is left out: ${reason}`);
  if (rows.length === 0) throw new Error("The order file holds no good row: there is nothing to play.");
  const plan = planDemo(rows, chosen.seed);
  const pace = demoPace(chosen.factor);
  const world = await buildWorld(plan, { seed: chosen.seed, pace });
  let server: ServerProcess | null = null;
  try {
    const dataFolder = process.env["ONEPOOL_DATA"] ?? DATA_FOLDER;
    await rm(dataFolder, { recursive: true, force: true }); // every demo begins with an empty one
    server = await startServerProcess({ dataFolder, port: chosen.port });
    return await Promise.race([playDay(chosen, { plan, world, pace, server, signal }), server.failed]);
  } finally {
    await server?.stop();
    await world.close();
  }
}

interface Stage {
  readonly plan: DemoPlan;
  readonly world: DemoWorld;
  readonly server: ServerProcess;
  readonly pace: DemoPace;
  readonly signal: AbortSignal;
}

async function playDay(chosen: DemoOptions, stage: Stage): Promise<number> {
  const { plan, world, pace, server, signal } = stage;
  const client = onepoolClient(server.url, server.key);
  await seedOnepool(client, world, plan, { policy: chosen.policy, pace });
  say(`Watch it here: ${server.signInUrl}`);
  const units = plan.attempts.reduce((sum, { quantity }) => sum + quantity, 0);
  say(
    `${plan.attempts.length} buyers want ${units} units of ${plan.skus.length} SKUs on ${CHANNELS.join(" and ")}; policy ${chosen.policy}.`,
  );
  say(`All simulated time is divided by ${chosen.factor}.`);
  world.begin(chosen.factor);
  const batches = chosen.policy === "real-time" ? null : startBatches(client, world, chosen.policy);
  await playAttempts(world, plan, { signal, onProgress: progressLine(plan) });
  await batches?.stop();
  if (signal.aborted) return 130;
  if (chosen.policy !== "real-time") await pushAll(client, world); // the batch after the last sale
  const why = await untilQuiet(client, world, PATIENCE_MS);
  for (const sentence of why.slice(0, 10)) say(`not quiet: ${sentence}`);
  const report = await demoReport(client, world, plan, {
    policy: chosen.policy,
    timeFactor: chosen.factor,
    isQuiet: why.length === 0,
  });
  if (!chosen.exit) {
    say(
      `${JSON.stringify(report)}\nThe day is over. The page stays open: ${server.signInUrl} (Ctrl-C ends it)`,
    );
    await aborted(signal);
    return 0;
  }
  await server.stop();
  process.stdout.write(`${JSON.stringify(report)}\n`);
  return report.isQuiet && report.wrongSkus.length === 0 ? 0 : 1;
}

/** Says every tenth of the way where the day stands. */
function progressLine(plan: DemoPlan): (progress: Progress) => void {
  let tenth = 0;
  return ({ done, of, at }) => {
    const reached = Math.floor((done * 10) / of);
    if (reached === tenth) return;
    tenth = reached;
    say(
      `${String(reached * 10).padStart(3)} %  ${new Date(at).toISOString()}  ${done} of ${of} (${plan.skus.length} SKUs)`,
    );
  };
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, "abort");
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
