import type { KeeperKind } from "@onepool/connectors/contract/keeper/keeper.ts";
import { fileDrop } from "@onepool/connectors/file-drop/connector.ts";
import { httpKeeper } from "@onepool/connectors/http-keeper/connector.ts";
import { shipbob } from "@onepool/connectors/shipbob/connector.ts";
import { shiphero } from "@onepool/connectors/shiphero/connector.ts";

/** The keepers this server speaks to. */
export const KEEPER_KINDS: readonly KeeperKind[] = [shipbob, shiphero, fileDrop, httpKeeper];
