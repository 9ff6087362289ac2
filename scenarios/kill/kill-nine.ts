// Kills the server, PostgreSQL or both at random moments under load, again and again, and proves after each time that no
// acknowledged event is lost and none is applied twice. Usage: node scenarios/kill/kill-nine.ts [kills=100] [seed=1]
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

import { seededRandom } from "../harness/seeded-random.ts";
import { startServerProcess, type ServerProcess } from "../harness/server-process.ts";
import { audit, type AuditedFacts, type Findings } from "./audit-facts.ts";
import { startLoad } from "./load.ts";

type Victim = "server" | "postgres" | "both";

export interface KillReport {
  kills: number;
  seed: number;
  byVictim: Record<Victim, number>;
  acknowledged: number;
  retried: number;
  lost: number;
  wrongBalances: number;
}

/** Kills `times` times and reports what was found. The seed repeats victims and moments, as far as a machine does. */
export async function killAgainAndAgain(times: number, withSeed: number): Promise<KillReport> {
  const random = seededRandom(withSeed);
  const dataFolder = await mkdtemp(join(tmpdir(), "onepool-kill-"));
  const key = `opk_${"k".repeat(32)}`;
  const facts: AuditedFacts = { sent: new Map(), acknowledged: new Map(), retried: 0 };
  const totals: KillReport = {
    kills: 0,
    seed: withSeed,
    byVictim: { server: 0, postgres: 0, both: 0 },
    acknowledged: 0,
    retried: 0,
    lost: 0,
    wrongBalances: 0,
  };
  let server = await startServerProcess({ dataFolder, key });
  try {
    while (totals.kills < times) {
      const victim = (["server", "postgres", "both"] as const)[Math.floor(random() * 3)] ?? "both";
      const load = startLoad(server, facts, totals.kills);
      await load.underWay; // kills come while writes are in flight
      await wait(20 + random() * 400);
      await strike(victim, server, dataFolder);
      await load.stop();
      if (victim !== "postgres") server = await startServerProcess({ dataFolder, key });
      const found = await audit(server, facts);
      totals.byVictim[victim] += 1;
      note(totals, facts, found);
    }
  } finally {
    await server.stop();
    await rm(dataFolder, { recursive: true, force: true });
  }
  return totals;
}

function note(totals: KillReport, facts: AuditedFacts, found: Findings): void {
  totals.kills += 1;
  totals.acknowledged = facts.acknowledged.size;
  totals.retried = facts.retried;
  totals.lost += found.lost.length;
  totals.wrongBalances += found.wrongBalances.length;
  if (found.lost.length + found.wrongBalances.length > 0)
    process.stderr.write(`after kill ${totals.kills}: ${JSON.stringify(found)}\n`);
  if (totals.kills % 10 === 0)
    process.stderr.write(`${totals.kills} kills, ${totals.acknowledged} acknowledged, ${totals.lost} lost\n`);
}

async function strike(victim: Victim, server: ServerProcess, dataFolder: string): Promise<void> {
  if (victim !== "server") await killPostgres(dataFolder);
  if (victim !== "postgres") await server.kill();
}

/** The postmaster's own pid file names it; it is a child of the server this script started. */
async function killPostgres(dataFolder: string): Promise<void> {
  const [pid = ""] = (await readFile(join(dataFolder, "postgres", "postmaster.pid"), "utf8")).split("\n");
  process.kill(Number(pid), "SIGKILL");
}

if (import.meta.main) {
  const report = await killAgainAndAgain(Number(process.argv[2] ?? "100"), Number(process.argv[3] ?? "1"));
  process.stdout.write(`${JSON.stringify(report)}\n`);
  process.exitCode = report.lost + report.wrongBalances === 0 ? 0 : 1;
}
