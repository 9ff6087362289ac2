import type { z } from "zod";

import type { Caller } from "../../auth/caller.ts";
import type { StoredConnection } from "../../ledger/read/connection-store.ts";
import { readHealth } from "../../observe/connection-health-store.ts";
import { readLatencies } from "../../observe/latency-store.ts";
import type { ApiDeps } from "../api-deps.ts";
import type { connectionAnswer } from "../routes/get-connection/schema.ts";
import { healthView, hopsView } from "./connection-health.ts";
import { connectionView } from "./connection-view.ts";

const HOUR_MS = 3_600_000;

/** Connections with how they are doing. `withDay`: with the latencies of a day, where it is one. */
export async function connectionsNow(
  deps: ApiDeps,
  caller: Pick<Caller, "sellerId" | "role">,
  connections: readonly StoredConnection[],
  { withDay }: { readonly withDay: boolean },
): Promise<z.output<typeof connectionAnswer>[]> {
  const { sellerId, role } = caller;
  const now = deps.clock.now();
  const only = withDay ? (connections[0]?.code ?? null) : null;
  const [health, hour, day] = await Promise.all([
    readHealth(
      deps.reader,
      sellerId,
      connections.map(({ code }) => code),
    ),
    readLatencies(deps.pool, sellerId, now - HOUR_MS, only),
    withDay ? readLatencies(deps.pool, sellerId, now - 24 * HOUR_MS, only) : null,
  ]);
  return connections.map((connection) => {
    const { code, kind } = connection;
    const budgets = deps.budgetsOf?.(sellerId, code) ?? null;
    return {
      ...connectionView(deps, connection, role),
      health: healthView(health.get(code), { code, speaks: speaks(deps, kind), budgets, now }),
      latency: {
        lastHour: hopsView(hour.get(code)),
        lastDay: day === null ? null : hopsView(day.get(code)),
      },
    };
  });
}

function speaks({ kinds, keepers }: ApiDeps, kind: string): Parameters<typeof healthView>[1]["speaks"] {
  if (kinds.has(kind)) return "to a channel";
  return keepers?.kinds.has(kind) === true ? "to a keeper" : "none";
}
