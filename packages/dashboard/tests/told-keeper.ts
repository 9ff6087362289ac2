// A keeper that leaves files, told of as its people do: by uploading them.
import type { Call, ServedScreen } from "./served-screen.ts";

const PROFILES = [
  {
    kind: "levels",
    match: "levels-*.csv",
    columns: { sku: "sku", location: "location", onHand: "on_hand", asOf: "as_of" },
  },
  {
    kind: "adjustments",
    match: "lost-*.csv",
    reasons: { lost: "lost" },
    columns: { sku: "sku", location: "location", quantity: "quantity", at: "at", reason: "reason" },
  },
];

export interface ToldKeeper {
  connect(call: Call): Promise<void>;
  /** Uploads levels as of some minutes ago, and waits until they were worked on. */
  tell(screen: Pick<ServedScreen, "upload" | "call">, levels: Levels, minutesAgo: number): Promise<void>;
  /** Uploads that a unit was lost. */
  tellLost(screen: Pick<ServedScreen, "upload" | "call">, sku: string): Promise<void>;
}

type Levels = Readonly<Record<string, number>>;

/** `location`: of the seller; the keeper calls it `F1`. */
export function toldKeeper(code: string, location: string, mode: "shadow" | "live" = "live"): ToldKeeper {
  return {
    async connect(call) {
      await call("PUT", `/v1/locations/${location}`, { kind: "3pl" });
      await call("PUT", `/v1/connections/${code}`, {
        kind: "file-drop",
        mode,
        locations: { F1: location },
        files: PROFILES,
      });
    },
    async tell({ upload, call }, levels, minutesAgo) {
      const asOf = new Date(Date.now() - minutesAgo * 60_000).toISOString();
      const rows = Object.entries(levels).map(([place, units]) => {
        const [sku, facility = "F1"] = place.split("@");
        return `${sku},${facility},${units},${asOf}`;
      });
      const text = ["sku,location,on_hand,as_of", ...rows].join("\n");
      await upload(`/v1/keepers/${code}/files?name=levels-${minutesAgo}.csv`, text);
      await workedOn(call, code);
    },
    async tellLost({ upload, call }, sku) {
      const text = `sku,location,quantity,at,reason\n${sku},F1,-1,${new Date().toISOString()},lost`;
      await upload(`/v1/keepers/${code}/files?name=lost-${sku}.csv`, text);
      await workedOn(call, code);
    },
  };
}

/** Nothing that it told is still to be looked at. */
async function workedOn(call: Call, code: string): Promise<void> {
  for (;;) {
    const { keepers } = await call("GET", "/v1/keepers");
    const listed = keepers as { connection: string; facts: { due: number } }[];
    if (listed.find(({ connection }) => connection === code)?.facts.due === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
