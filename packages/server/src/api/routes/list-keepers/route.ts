import { readKeeperMap } from "@onepool/core/intake/keeper/keeper-map.ts";
import { z } from "zod";

import { readStandings } from "../../../intake/keeper/reconciliation-store.ts";
import { NOTHING } from "../../route/nothing.ts";
import { answer, defineRoute } from "../../route/route.ts";
import { instantText } from "../../view/instant-text.ts";
import { keeperStanding } from "./schema.ts";

export const listKeepers = defineRoute({
  method: "GET",
  path: "/v1/keepers",
  access: "read",
  tag: "Stock",
  summary: "Keepers: since when each agrees with the ledger, what differs, and when it was last heard",
  answer: {
    status: 200,
    description: "All of them, by connection.",
    schema: z.strictObject({ keepers: z.array(keeperStanding) }),
  },
  problems: [],
  params: NOTHING,
  query: NOTHING,
  body: null,
  async handle({ reader, keepers }, { caller }) {
    const kinds = keepers?.kinds ?? new Map();
    const standings = await readStandings(reader, caller.sellerId, [...kinds.keys()]);
    return answer(200, {
      keepers: standings.map(({ settings, verifiedAsOf, toldAsOf, heard, held, ...standing }) => ({
        ...standing,
        title: keepers?.kinds.get(standing.kind)?.capability.title ?? standing.kind,
        locations: [...new Set(readKeeperMap(settings).locations.values())],
        verifiedAsOf: instantText(verifiedAsOf),
        toldAsOf: instantText(toldAsOf),
        heard: heard.map(({ way, at }) => ({ way, at: instantText(at) })),
        heldSnapshot:
          held === null
            ? null
            : { ...held, since: instantText(held.since), acceptedAt: instantText(held.acceptedAt) },
      })),
    });
  },
});
