import type { Keeper, KeeperAccess, KeeperKind } from "../contract/keeper/keeper.ts";
import { type Outcome, succeeded } from "../contract/outcome.ts";
import { capability } from "./capability.ts";
import { lookInto } from "./inbox.ts";
import { Outbox } from "./outbox.ts";
import type { OpenPlace } from "./place/file-place.ts";
import { openFolder } from "./place/folder-place.ts";
import { openSftp } from "./place/sftp-place.ts";
import { readDropped } from "./read-file.ts";
import { credentialsOf, type FileDropSettings, settingsOf } from "./settings.ts";

/** Keepers that leave files: in a folder, on an SFTP server, or uploaded by somebody. */
export const fileDrop: KeeperKind = {
  capability,
  readFile(file, stored) {
    const settings = settingsOf(stored);
    return settings.ok ? readDropped(file, settings.value) : settings;
  },
  connect(access) {
    const settings = settingsOf(access.settings);
    if (!settings.ok) return settings;
    const open = placeOf(settings.value, access);
    if (!open.ok) return open;
    return succeeded(keeperOn(settings.value, open.value, access));
  },
};

/** Null where files are only uploaded. */
function placeOf(
  { folder, sftp, timeoutMs }: FileDropSettings,
  access: Pick<KeeperAccess, "credentials">,
): Outcome<OpenPlace | null> {
  if (sftp === undefined) return succeeded(folder === undefined ? null : openFolder(folder));
  const credentials = credentialsOf(access);
  return credentials.ok ? succeeded(openSftp(sftp, credentials.value, timeoutMs)) : credentials;
}

function keeperOn(
  settings: FileDropSettings,
  open: OpenPlace | null,
  { connection, clock }: KeeperAccess,
): Keeper {
  const facilities = Object.keys(settings.locations).map((facility) => ({ facility, title: facility }));
  // Whose files they are is known by the connection alone.
  const readAccount = () => Promise.resolve(succeeded({ accountId: connection, facilities }));
  if (open === null)
    return {
      readAccount,
      collect: ({ cursor }) => Promise.resolve(succeeded({ facts: [], cursor, hasMore: false })),
    };
  const outbox = new Outbox({ open, clock, confirmsCancels: settings.confirmsCancels });
  const inbox = {
    moves: settings.moves,
    settleMs: settings.settleSeconds * 1_000,
    clock,
    read: (file: Parameters<typeof readDropped>[0]) => readDropped(file, settings),
  };
  return {
    readAccount,
    collect: ({ cursor }) => open((place) => lookInto(place, cursor, inbox)),
    createOrder: (order) => outbox.createOrder(order),
    cancelOrder: ({ reference }) => outbox.cancel("order", reference),
    announceInbound: (inbound) => outbox.announceInbound(inbound),
    cancelInbound: ({ reference }) => outbox.cancel("inbound", reference),
  };
}
