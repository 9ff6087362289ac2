import { amazon } from "@onepool/connectors/amazon/connector.ts";
import type { ConnectorKind } from "@onepool/connectors/contract/connector.ts";
import { mercadolibre } from "@onepool/connectors/mercadolibre/connector.ts";

/** The channels this server speaks to. */
export const CHANNEL_KINDS: readonly ConnectorKind[] = [mercadolibre, amazon];
