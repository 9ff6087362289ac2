// One day of the demo from its first server to its report.
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { onepoolClient } from "../harness/onepool-client.ts";
import { startServerProcess, type ServerProcess } from "../harness/server-process.ts";
import { pushAll, startBatches } from "./batch-policy.ts";
import type { DemoOptions } from "./demo-options.ts";
import { type DemoPace, demoPace } from "./demo-pace.ts";
import { CHANNELS, planDemo, type DemoPlan } from "./demo-plan.ts";
import { demoReport, type DemoReport } from "./demo-report.ts";
import { buildWorld, type DemoWorld } from "./demo-world.ts";
import { readOrderFile } from "./order-file.ts";
import { playAttempts, type Progress } from "./play-attempts.ts";
import { untilQuiet } from "./quiet.ts";
import { seedOnepool } from "./seed-onepool.ts";

const FIXTURE = fileURLToPath(new URL("../fixtures/online-retail-day.csv", import.meta.url));

const DATA_FOLDER = fileURLToPath(new URL("../../data/demo", import.meta.url));

/** Longest wait for the last numbers to arrive after the last order, in milliseconds. */
const PATIENCE_MS = 30_000;

export interface DemoStage {
  /** Ends the day early. */
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  /** The day is over, and Onepool and its page stay for as long as this takes. */
  beforeEnd?(report: DemoReport, signInUrl: string): Promise<void>;
}

/** Plays the day under the chosen policy; null when it was ended early. */
export async function playDemo(chosen: DemoOptions, stage: DemoStage): Promise<DemoReport | null> {
  const { rows, bad } = await readOrderFile(chosen.file ?? FIXTURE, CHANNELS);
  for (const { line, reason } of bad) stage.say(`line ${line} is left out: ${reason}`);
  if (rows.length === 0) throw new Error("The order file holds no good row: there is nothing to play.");
  const plan = planDemo(rows, chosen.seed);
  const pace = demoPace(chosen.factor);
  const world = await buildWorld(plan, { seed: chosen.seed, pace });
  let server: ServerProcess | null = null;
  try {
    server = await startOnepool(chosen);
    return await Promise.race([playDay(chosen, { ...stage, plan, world, pace, server }), server.failed]);
  } finally {
    await server?.stop();
    await world.close();
  }
}

async function startOnepool({ policy, port }: DemoOptions): Promise<ServerProcess> {
  const dataFolder = process.env["ONEPOOL_DATA"] ?? DATA_FOLDER;
  await rm(dataFolder, { recursive: true, force: true }); // every demo begins with an empty one
  // A tool that synchronises by the clock shows all that is left, down to the last unit.
  const environment: Record<string, string> = policy === "real-time" ? {} : { ONEPOOL_OVERSELL_RISK: "1" };
  return startServerProcess({ dataFolder, port, environment });
}

interface SetStage extends DemoStage {
  readonly plan: DemoPlan;
  readonly world: DemoWorld;
  readonly pace: DemoPace;
  readonly server: ServerProcess;
}

async function playDay({ policy, factor }: DemoOptions, stage: SetStage): Promise<DemoReport | null> {
  const { plan, world, pace, server, signal, say } = stage;
  const client = onepoolClient(server.url, server.key);
  await seedOnepool(client, world, plan, { policy, pace });
  say(`Watch it here: ${server.signInUrl}`);
  const units = plan.attempts.reduce((sum, { quantity }) => sum + quantity, 0);
  say(
    `${plan.attempts.length} buyers want ${units} units of ${plan.skus.length} SKUs on ${CHANNELS.join(" and ")}; policy ${policy}.`,
  );
  say(`All simulated time is divided by ${factor}.`);
  world.pace(factor);
  const batches = policy === "real-time" ? null : startBatches(client, world, policy);
  await playAttempts(world, plan, { signal, onProgress: progressLine(plan, say) });
  await batches?.stop();
  if (signal.aborted) return null;
  // Under a batch policy one more batch comes after the last sale.
  const untilDone = policy === "real-time" ? untilQuiet : pushAll;
  const why = await untilDone(client, world, PATIENCE_MS);
  for (const sentence of why.slice(0, 10)) say(`not quiet: ${sentence}`);
  const report = await demoReport(client, world, plan, {
    policy,
    timeFactor: factor,
    isQuiet: why.length === 0,
  });
  await stage.beforeEnd?.(report, server.signInUrl);
  return report;
}

/** Says every tenth of the way where the day stands. */
function progressLine(plan: DemoPlan, say: DemoStage["say"]): (progress: Progress) => void {
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
