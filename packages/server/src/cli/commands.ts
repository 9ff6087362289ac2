import { backupCommand, restoreCommand } from "./backup-commands.ts";
import type { Command } from "./command.ts";
import { inboxList, inboxReplay, inboxShow } from "./inbox-commands.ts";
import { keeperFacts, keeperReplay } from "./keeper-commands.ts";
import { keyAdd, keyList, keyRevoke, link } from "./key-commands.ts";
import { migrateCommand } from "./migrate-command.ts";
import { sellerAdd, sellerList } from "./seller-commands.ts";
import { verifyCommand } from "./verify-command.ts";

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  sellerAdd,
  sellerList,
  keyAdd,
  keyList,
  keyRevoke,
  link,
  backupCommand,
  restoreCommand,
  verifyCommand,
  inboxList,
  inboxShow,
  inboxReplay,
  keeperFacts,
  keeperReplay,
  migrateCommand,
];
