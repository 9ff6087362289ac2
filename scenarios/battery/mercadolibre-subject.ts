import { mercadolibre } from "@onepool/connectors/mercadolibre/connector.ts";
import { type MercadoLibreSimulator, startMercadoLibre } from "@onepool/simulators/mercadolibre/start.ts";
import { createSimulatorClock } from "@onepool/simulators/simulator-clock.ts";

import type { BatterySubject, FaultName, OrderStep, RunningChannel } from "./battery-subject.ts";
import { type NotificationSink, openNotificationSink } from "./notification-sink.ts";
import { simulatorControl } from "./simulator-control.ts";
import { untilDelivered } from "./until-delivered.ts";

const OPENING = 20;
const REDIRECT_URI = "https://onepool.example/oauth/callback";
const ours = "ar-1";
const theirs = "ar-2";

/** A batch of the channel's own size. */
const more = Array.from({ length: 18 }, (_, nth) => `MLA${1_000_000_101 + nth}`);
const plain = "MLA1000000001";
const varied = { item: "MLA1000000201", variation: 178_001 };
const full = "MLA1000000301";
/** Full and Flex at once: MercadoLibre's part and the seller's own lie in one user product. */
const shared = { item: "MLA1000000501", userProduct: "MLAU245334053", inventoryId: "LCQI05831" };
const locked = { under_review: "MLA1000000401", closed: "MLA1000000402" };
const foreign = "MLA2000000001";

/** How the simulator is told of each fault. */
const faultSetups: Readonly<Record<FaultName, object>> = {
  lost: { notifications: { loss: 1 } },
  doubled: { notifications: { duplicate: 1 } },
  reordered: { notifications: { reorder: 0.5, reorderMs: 600_000 } },
  revoked: { tokenRevoked: [ours] },
  notThereYet: { orderNotFoundMs: 3_600_000 },
  writeIgnored: { api: [{ kind: "writeIgnored" }] },
  conflict: { api: [{ kind: "conflict" }] },
  throttled: { api: [{ kind: "rateLimited", body: "overQuota" }] },
  serverError: { api: [{ kind: "serverError", status: 500, body: "json" }] },
};

const stepCalls: Readonly<Record<Exclude<OrderStep, "shipPart">, readonly [string, object]>> = {
  pay: ["pay", { closingGapMs: 0 }],
  ship: ["ship", {}],
  cancel: ["cancel", { requestedBy: "buyer" }],
  cancelAfterLeaving: ["cancel", { requestedBy: "meli" }],
  sendBack: ["return", {}],
};

export const mercadolibreSubject: BatterySubject = {
  kind: mercadolibre,
  start,
  listings: {
    plain,
    more: [...more, `${varied.item}:${varied.variation}`],
    opening: OPENING,
    unknown: "MLA999999999999",
    malformed: [
      "MLA",
      "mlm1000000001",
      "MLA1000000001/..",
      "MLA1000000001:",
      "MLA1:2:3",
      "MLA1,MLA2",
      "MLA1?x=1",
    ],
    locked: Object.values(locked),
    channelKept: full,
    foreign,
    // What a probe of the account has to show first.
    versioned: { externalId: shared.userProduct, settings: { salesMoveVersion: true } },
  },
  orders: { unknown: "999999999999999", shape: /^(shipment:)?\d{1,20}$/, morePages: 120 },
  notices: {
    orders_v2: /^\/orders\/\d{1,20}$/,
    shipments: /^\/shipments\/\d{1,20}$/,
    items: /^\/items\/[A-Z]{3}\d{1,15}$/,
    "stock-locations": /^\/user-products\/[A-Z]{3}U\d{1,15}\/stock$/,
  },
  faults: {
    lost: true,
    doubled: true,
    reordered: true,
    revoked: true,
    notThereYet: true,
    writeIgnored: true,
    conflict: true,
    throttled: true,
    serverError: true,
  },
  steps: {
    pay: true,
    ship: true,
    shipPart: { lacks: "an order is one shipment" },
    cancel: true,
    cancelAfterLeaving: true,
    sendBack: true,
  },
  refusal: { status: 401, body: { code: "unauthorized", message: "invalid access token" } },
  pending: true,
  learnsLimits: { lacks: "MercadoLibre publishes no limits" },
  endOfList: {
    page: "all.9950.10050",
    body: JSON.stringify({ results: rows(50), paging: { total: 10_050 } }),
  },
  queue: { lacks: "notifications are posted" },
  wrongSettings: { baseUrl: "api.mercadolibre.com", tokenUrl: 5, timeoutMs: -1 },
};

/** Rows of the search, as far as anybody reads them. */
function rows(count: number): object[] {
  return Array.from({ length: count }, (_, nth) => ({
    id: 2_000_000_000_000_000 + nth,
    status: "paid",
    last_updated: "2026-11-23T06:20:30.000-04:00",
    tags: ["paid"],
    shipping: { id: null },
  }));
}

async function start(seed: number): Promise<RunningChannel> {
  const sink = await openNotificationSink();
  const clock = createSimulatorClock({ factor: 0, startAt: Date.parse("2026-11-23T10:20:30.400Z") });
  const simulator = await startMercadoLibre({
    seed,
    clock,
    callbackUrl: sink.url,
    topics: Object.keys(mercadolibreSubject.notices),
    apps: [{ app: "main", redirectUris: [REDIRECT_URI], pkceRequired: true }],
    accounts: [
      { account: ours, app: "main", siteId: "MLA", listings: ourListings() },
      {
        account: theirs,
        app: "main",
        siteId: "MLA",
        listings: [{ listing: foreign, availableQuantity: OPENING }],
      },
    ],
  });
  const locations = [
    { type: "meli_facility", quantity: 4 },
    { type: "selling_address", quantity: OPENING },
  ];
  await simulatorControl(simulator.url, "PUT", "/_sim/accounts", {
    accounts: [{ account: ours, userProducts: [{ userProduct: shared.userProduct, locations }] }],
  });
  return running(simulator, sink);
}

function ourListings() {
  return [
    ...[plain, ...more].map((listing) => ({ listing, availableQuantity: OPENING })),
    {
      listing: varied.item,
      availableQuantity: 0,
      variations: [
        { variation: varied.variation, availableQuantity: OPENING },
        { variation: varied.variation + 1, availableQuantity: OPENING },
      ],
    },
    {
      listing: shared.item,
      userProductId: shared.userProduct,
      availableQuantity: 4,
      logisticType: "fulfillment",
      shippingTags: ["self_service_in"],
      inventoryId: shared.inventoryId,
    },
    { listing: full, availableQuantity: OPENING, logisticType: "fulfillment" },
    { listing: locked.under_review, availableQuantity: OPENING, status: "under_review" as const },
    { listing: locked.closed, availableQuantity: OPENING, status: "closed" as const },
  ];
}

function running(simulator: MercadoLibreSimulator, sink: NotificationSink): RunningChannel {
  const { url, clock } = simulator;
  const account = simulator.accounts.find((one) => one.account === ours);
  if (account === undefined) throw new Error(`the simulator has the account ${ours}`);
  const { clientId, clientSecret, refreshToken } = account;
  const control = (method: "GET" | "PUT" | "POST", path: string, body?: unknown) =>
    simulatorControl(url, method, path, body);
  const sell = async (sale: object): Promise<string> =>
    String((await control("POST", "/_sim/orders", { closingGapMs: 0, ...sale }))["orderId"]);
  return {
    baseUrl: url,
    tokenUrl: simulator.tokenUrl,
    accountId: String(account.userId),
    clock,
    advance: async (advanceMs) => {
      await control("POST", "/_sim/clock", { advanceMs });
    },
    settings: (at) => ({ ...at, authorizeUrl: simulator.authorizationUrl }),
    credentials: { clientId, clientSecret, refreshToken },
    consent: { redirectUri: REDIRECT_URI, agree },
    setFaults: async (...names) => {
      await control("PUT", "/_sim/faults", Object.assign({}, ...names.map((name) => faultSetups[name])));
    },
    sell: ({ externalId, units, isPaid }) => {
      const item = externalId === shared.userProduct ? shared.item : externalId;
      const [listing, variation] = item.split(":");
      const which = variation === undefined ? { listing } : { listing, variation: Number(variation) };
      return sell({ ...which, quantity: units, pay: isPaid });
    },
    sellElsewhere: () => sell({ account: theirs, listing: foreign, quantity: 1 }),
    step: async (orderId, step) => {
      if (step === "shipPart") throw new Error("an order is one shipment");
      const [act, body] = stepCalls[step];
      await control("POST", `/_sim/orders/${orderId}/${act}`, body);
    },
    takeNews: async () => {
      await untilDelivered(control, ({ pending, inFlight }) => ({
        waiting: Number(pending),
        onTheWire: Number(inFlight),
      }));
      return sink.take();
    },
    listen: (isListening) => sink.listen(isListening),
    close: async () => {
      await simulator.close();
      clock.close();
      await sink.close();
    },
  };
}

/** The seller agrees at once. */
async function agree(url: URL): Promise<URL> {
  const response = await fetch(url, { redirect: "manual" });
  const location = response.headers.get("location");
  if (location === null)
    throw new Error(`the seller is sent nowhere: ${response.status} ${await response.text()}`);
  return new URL(location);
}
