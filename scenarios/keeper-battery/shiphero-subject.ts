import { shiphero } from "@onepool/connectors/shiphero/connector.ts";

import type { KeeperSubject } from "./keeper-subject.ts";

/** Past the opening stock, which the log tells too. */
const SETTLED_MS = 10_000;

export const shipheroSubject: KeeperSubject = {
  kind: shiphero,
  facility: { code: "76733", building: "north" },
  items: ["KB-M", "KB-L", "KB-S"],
  opening: 40,
  async prepare(simulator) {
    await simulator.control("PUT", "/_sim/settings", {
      credits: { restorePerSecond: 1_000_000 },
      webhooks: { latencyMs: { min: 0, max: 0 } },
      duplicateOrders: "accepted",
    });
    await simulator.control("PUT", "/_sim/account", {
      warehouses: [
        { facility: "north", identifier: "Primary", legacyId: 76_733 },
        { facility: "south", identifier: "Secondary", legacyId: 12_345 },
      ],
      items: ["KB-M", "KB-L", "KB-S"].map((sku) => ({ sku, units: { north: 40 } })),
    });
    await simulator.control("POST", "/_sim/clock", { advanceMs: SETTLED_MS });
    return SETTLED_MS;
  },
  async credentials(simulator) {
    const { refreshToken } = await simulator.control("GET", "/_sim/account");
    return { stored: {}, refreshToken: String(refreshToken) };
  },
  settings: { locations: { 76733: "main", 12345: "south" } },
  wrongSettings: { baseUrl: "nowhere", tokenUrl: "nowhere", timeZone: "Mars/Base", timeoutMs: -1 },
  wrongCredentials: { lacks: "it has no credentials besides the refresh token, which the vault keeps" },
  buildingId: (id) => Buffer.from(id, "base64").toString("utf8").split(":")[1] ?? "",
  whatLeft: "shipment",
  signatureHeader: "x-shiphero-hmac-sha256",
  replayAgeMs: { lacks: "ShipHero signs the body alone, without a time" },
  refusal: { status: 401, body: '{"message":"Unauthorized"}' },
  unknownItem: "NO-SUCH-SKU",
};
