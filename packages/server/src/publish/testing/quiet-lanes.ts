import type { Connector } from "@onepool/connectors/contract/connector.ts";
import { mercadolibre } from "@onepool/connectors/mercadolibre/connector.ts";
import type pg from "pg";

import { ConnectionRegistry } from "../../connections/connection-registry.ts";
import { clock, secretBox, silentLog } from "../../connections/testing/channel-seller.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { LatencyRecorder } from "../../observe/latency-recorder.ts";
import { ObservationLog } from "../../observe/observation-log.ts";
import type { LaneContext } from "../lane-context.ts";
import { publishMetrics } from "../publish-metrics.ts";

/** Opens lanes of MercadoLibre connections in which nothing is called, and nobody is woken. */
export function quietLanes({ pool, ledger }: { readonly pool: pg.Pool; readonly ledger: Ledger }) {
  const registry = new ConnectionRegistry({ pool, secretBox, clock, kinds: [mercadolibre] });
  const observations = new ObservationLog({ pool, clock, log: silentLog });
  const latency = new LatencyRecorder({ pool, clock, log: silentLog });
  return async (
    key: { readonly sellerId: number; readonly connection: string },
    heard: Partial<Pick<LaneContext, "onOrdersWanted">> = {},
  ): Promise<LaneContext> => {
    const open = await registry.open(key.sellerId, key.connection);
    if (open === null) throw new Error("the connection is there");
    return {
      ...key,
      pool,
      ledger,
      clock,
      observations,
      latency,
      metrics: publishMetrics(undefined),
      open,
      connector: (open.connector.ok ? open.connector.value : null) as Connector,
      kinds: registry.kinds,
      pushTimes: new Map(),
      wakeIn: () => undefined,
      onScarceMoved: () => undefined,
      onOrdersWanted: () => undefined,
      onFailure: () => undefined,
      onSuccess: () => undefined,
      ...heard,
    };
  };
}
