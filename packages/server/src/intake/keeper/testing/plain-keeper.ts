// A keeper of the plainest protocol: what it says stands in its answers as the contract has it. For tests of everything around a
// connector; the answers come over HTTP from a vendor that a test scripts.
import { createHmac, timingSafeEqual } from "node:crypto";

import { callHttp } from "@onepool/connectors/contract/http-call.ts";
import type { KeeperCapability } from "@onepool/connectors/contract/keeper/keeper-capability.ts";
import type { KeeperFact } from "@onepool/connectors/contract/keeper/keeper-fact.ts";
import type {
  Delivery,
  DeliveryAccess,
  DeliveryReading,
  Keeper,
  KeeperKind,
} from "@onepool/connectors/contract/keeper/keeper.ts";
import { failed, type Outcome, succeeded } from "@onepool/connectors/contract/outcome.ts";

const CAPABILITY: KeeperCapability = {
  kind: "plain",
  title: "Plain Warehouse",
  status: "experimental",
  levels: "poll",
  levelsAsOf: "interval",
  levelsPerRead: 2,
  onHandIncludesHeld: false,
  saysAllocated: false,
  movements: "webhook",
  movementsSayBefore: false,
  onHandDropsAt: "ship",
  documents: { shipments: true, receipts: false, returns: false },
  orders: "none",
  inbounds: "none",
  levelsIntervalMs: 3_600_000,
  movementsIntervalMs: 3_600_000,
  documentsIntervalMs: 3_600_000,
  documentsOverlapMs: 60_000,
  clockSkewMs: 1_000,
  limits: { reads: { perMinute: 6_000, burst: 100 }, writes: { perMinute: 600, burst: 10 } },
};

/** Reads, posts and signs. */
export const plain: KeeperKind = {
  capability: CAPABILITY,
  readDelivery: readSigned,
  connect: ({ settings }) => {
    const baseUrl = (settings as { readonly baseUrl?: string }).baseUrl;
    if (baseUrl === undefined)
      return failed({ kind: "auth", code: "wrong_settings", message: "The settings name no baseUrl." });
    return succeeded(keeperAt(baseUrl));
  },
};

/** Is told of through our API and by files, one fact in JSON per line. */
export const plainPushed: KeeperKind = {
  capability: {
    ...CAPABILITY,
    kind: "plain-pushed",
    levels: "pushed",
    movements: "pushed",
    levelsIntervalMs: null,
    movementsIntervalMs: null,
    documentsIntervalMs: null,
  },
  readFile({ bytes }) {
    const lines = Buffer.from(bytes).toString("utf8").split("\n");
    const wrong = lines.findIndex((line) => !line.startsWith("{"));
    if (wrong < 0) return succeeded(lines.map((line) => JSON.parse(line) as KeeperFact));
    return failed({ kind: "rejected", message: `Line ${wrong + 1} is no fact.` });
  },
  connect: () => succeeded(keeperAt("http://127.0.0.1:9")),
};

/** The header that carries a delivery's signature. */
export function signature(secret: string, body: string | Buffer): string {
  return createHmac("sha256", secret).update(body).digest("hex");
}

function readSigned({ headers, rawBody }: Delivery, { secrets }: DeliveryAccess): DeliveryReading {
  const given = Buffer.from(headers["x-signature"] ?? "");
  const isSigned = secrets.some((secret) => {
    const wanted = Buffer.from(signature(secret, Buffer.from(rawBody)));
    return wanted.length === given.length && timingSafeEqual(wanted, given);
  });
  if (!isSigned) return { kind: "unverified", reason: "The signature is not ours." };
  const said = JSON.parse(Buffer.from(rawBody).toString("utf8")) as DeliveryReading | null;
  return said ?? { kind: "malformed", reason: "There is nothing in it." };
}

function keeperAt(baseUrl: string): Keeper {
  const get = async <Value>(path: string, body?: object): Promise<Outcome<Value>> => {
    const url = new URL(`${baseUrl}${path}`);
    const answer = await callHttp(
      body === undefined ? { url, method: "GET" } : { url, method: "PUT", body: JSON.stringify(body) },
    );
    if (!answer.ok) return answer;
    const { status } = answer.value;
    if (status === 200) return succeeded(answer.value.body as Value);
    const message = `The warehouse answered ${status}.`;
    if (status === 429) return failed({ kind: "throttled", message, retryAfterMs: 50 });
    if (status === 401) return failed({ kind: "auth", code: "wrong_credentials", message });
    return failed({ kind: status < 500 ? "rejected" : "transient", message });
  };
  const query = (words: Readonly<Record<string, string>>): string => new URLSearchParams(words).toString();
  return {
    readAccount: () => get("/account"),
    readLevels: ({ items = [], page = "" }) => get(`/levels?${query({ items: items.join(), page })}`),
    collect: ({ cursor, since }) => get(`/log?${query({ cursor: cursor ?? "", since: String(since) })}`),
    listDocuments: ({ from, page = "" }) => get(`/documents?${query({ from: String(from), page })}`),
    readOrder: (asked) => get(`/order?${query({ ...asked })}`),
    keepSubscription: (wanted) => get("/subscription", wanted),
  };
}
