import type { Capability } from "@onepool/connectors/contract/capability.ts";
import type { ConnectorKind } from "@onepool/connectors/contract/connector.ts";

import { withPace } from "./connection-pace.ts";

/** What one connection's channel can do: its kind's capability, as the connection's settings change it. */
export function capabilityOf(kind: ConnectorKind, settings: unknown): Capability {
  return withPace(kind.capabilityOf?.(settings) ?? kind.capability, settings);
}
