import { z } from "zod";

import type { KeeperAccess, KeeperKind } from "../contract/keeper/keeper.ts";
import { failed, succeeded } from "../contract/outcome.ts";
import { capability } from "./capability.ts";

const settingsSchema = z.object({ locations: z.record(z.string(), z.string()).default({}) });

/** A warehouse without an API of its own: it writes to ours, and fetches its orders there. */
export const httpKeeper: KeeperKind = {
  capability,
  connect({ connection, settings: stored }: KeeperAccess) {
    const settings = settingsSchema.safeParse(stored);
    if (!settings.success) {
      const issue = settings.error.issues[0];
      const message = `The connection's settings are wrong at ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`;
      return failed({ kind: "auth", code: "wrong_settings", message });
    }
    const facilities = Object.keys(settings.data.locations).map((facility) => ({
      facility,
      title: facility,
    }));
    // Whose units they are is known by the connection alone.
    return succeeded({
      readAccount: () => Promise.resolve(succeeded({ accountId: connection, facilities })),
    });
  },
};
