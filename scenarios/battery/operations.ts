import type { Connector } from "@onepool/connectors/contract/connector.ts";
import type { Outcome } from "@onepool/connectors/contract/outcome.ts";

import type { BatterySubject } from "./battery-subject.ts";

/** One thing that a connector is asked for. */
export interface Operation {
  readonly name: keyof Connector;
  /** Against an order and listings that are there. */
  run(connector: Connector, at: { readonly orderId: string; readonly now: number }): Promise<Answers>;
}

export type Answers = readonly Outcome<unknown>[];

const HOUR_MS = 3_600_000;

/** All that the port has, apart from what the channel's capability says it has not. */
export function operationsOf({ kind, listings }: BatterySubject): Operation[] {
  const operations: Operation[] = [
    { name: "readAccountId", run: async (connector) => [await connector.readAccountId()] },
    { name: "fetchOrder", run: async (connector, { orderId }) => [await connector.fetchOrder(orderId)] },
    {
      name: "listChangedOrders",
      run: async (connector, { now }) => [await connector.listChangedOrders({ from: now - HOUR_MS })],
    },
    {
      name: "readListings",
      run: (connector) => connector.readListings([listings.plain, ...listings.more.slice(0, 1)]),
    },
    {
      name: "pushQuantity",
      run: async (connector) => [
        await connector.pushQuantity({ externalId: listings.plain, quantity: listings.opening }),
      ],
    },
  ];
  if (kind.capability.missedNoticesIntervalMs !== null)
    operations.push({
      name: "listMissedNotices",
      run: async (connector) => {
        if (connector.listMissedNotices === undefined) throw new Error("the capability promises it");
        return [await connector.listMissedNotices()];
      },
    });
  return operations;
}
