import type { KeeperKind } from "@onepool/connectors/contract/keeper/keeper.ts";

/** The keepers this server speaks to. */
export const KEEPER_KINDS: readonly KeeperKind[] = [];
