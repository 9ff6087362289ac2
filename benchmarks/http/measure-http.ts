import type { Database } from "@onepool/server/postgres/open-database.ts";

import { openBenchLedger } from "../database/open-bench-ledger.ts";
import { interleave, type Measured, type Pace } from "../measure/interleave.ts";
import type { Setting } from "../workload/setting.ts";
import { startProgram } from "./child-program.ts";
import { httpVariants, type ThroughHttp } from "./http-variants.ts";
import { withServer } from "./with-server.ts";

/** What is measured over HTTP. */
export interface HttpPlan {
  readonly settings: readonly Setting[];
  readonly skus: number;
  readonly pace: Pace;
  readonly profileFolder: string | undefined;
}

/** The server and, in turn, Fastify with nothing behind it, asked by one loader. */
export async function measureHttp(
  database: Database,
  plan: HttpPlan,
): Promise<readonly Measured<ThroughHttp>[]> {
  plan.pace.onProgress("laying stock");
  // The key that the server is started with names the seller `default`.
  const bench = await openBenchLedger(database, { code: "default", skus: plan.skus });
  await bench.ledger.close();
  const { signal } = plan.pace;
  const loader = startProgram(new URL("load-process.ts", import.meta.url), signal);
  const plain = startProgram(new URL("plain-fastify-process.ts", import.meta.url), signal);
  try {
    const { port: plainPort } = (await plain.ask()) as { port: number };
    const { databaseUrl, profileFolder } = { databaseUrl: database.url, profileFolder: plan.profileFolder };
    return await withServer({ databaseUrl, profileFolder }, (server) => {
      const port = Number(new URL(server.url).port);
      const { settings, skus } = plan;
      const plainSettings = settings.filter(({ spread }) => spread === "spread");
      const variants = [
        ...httpVariants(loader, { kind: "http", port, key: server.key }, { settings, skus }),
        ...httpVariants(
          loader,
          { kind: "plain fastify", port: plainPort, key: server.key },
          { settings: plainSettings, skus },
        ),
      ];
      return interleave(variants, plan.pace);
    });
  } finally {
    await plain.stop();
    await loader.stop();
  }
}
