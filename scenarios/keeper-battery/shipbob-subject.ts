import { shipbob } from "@onepool/connectors/shipbob/connector.ts";

import type { KeeperSubject } from "./keeper-subject.ts";

export const shipbobSubject: KeeperSubject = {
  kind: shipbob,
  facility: { code: "8", building: "Cicero (IL)" },
  items: ["KB-M", "KB-L", "KB-S"],
  opening: 40,
  async prepare(simulator) {
    await simulator.control("PUT", "/_sim/settings", {
      requestsPerMinute: 1_000_000,
      webhookLatencyMs: { min: 0, max: 0 },
    });
    return 0;
  },
  async credentials(simulator) {
    const { token } = await simulator.control("GET", "/_sim/account");
    return { stored: { accessToken: token }, refreshToken: "" };
  },
  settings: { locations: { 8: "main", 25: "west" } },
  wrongSettings: { baseUrl: "nowhere", channelId: "shop", locations: { main: "8" }, timeoutMs: -1 },
  wrongCredentials: {},
  buildingId: (id) => id,
  whatLeft: "pick",
  signatureHeader: "webhook-signature",
  replayAgeMs: 3_600_000,
  refusal: { status: 401, body: '{"title":"Unauthorized"}' },
  unknownItem: "NO-SUCH-SKU",
};
