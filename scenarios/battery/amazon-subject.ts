import { amazon } from "@onepool/connectors/amazon/connector.ts";
import { type AmazonSimulator, startAmazon } from "@onepool/simulators/amazon/start.ts";
import { createSimulatorClock } from "@onepool/simulators/simulator-clock.ts";

import type { BatterySubject, FaultName, OrderStep, RunningChannel } from "./battery-subject.ts";
import { type NotificationSink, openNotificationSink } from "./notification-sink.ts";
import { simulatorControl } from "./simulator-control.ts";
import { untilDelivered } from "./until-delivered.ts";

const OPENING = 20;
const MARKETPLACE = "ATVPDKIKX0DER";
const ours = "us-1";
const theirs = "us-2";
const plain = "KB-M";

/** SKUs are free text: a path, a fragment, spaces, what looks encoded. */
const more = ["KB/M #1 & co", "knee brace 50%", "KB%2FM", "rodillera-ñ", ...plainSkus(15)];
const full = "KB-FBA";
const foreign = "THEIRS-1";

/** How the simulator is told of each fault. */
const faultSetups: Readonly<Record<Exclude<FaultName, "conflict">, object>> = {
  lost: { notifications: { loss: 1 } },
  doubled: { notifications: { duplicate: 1 } },
  reordered: { notifications: { reorder: 0.5, reorderMs: 600_000 } },
  revoked: { tokenRevoked: [ours] },
  notThereYet: { orderNotFoundMs: 3_600_000 },
  writeIgnored: { submissions: { lost: 1 } },
  throttled: { api: [{ kind: "rateLimited", body: "quotaExceeded" }] },
  serverError: { api: [{ kind: "serverError", status: 500, body: "json" }] },
};

const orderId = "[A-Z0-9]{3}-\\d{7}-\\d{7}";
const listingResource = /^\/listings\/(?!\.{1,2}$)[\w\-.!~*'()%]{1,2000}$/;

export const amazonSubject: BatterySubject = {
  kind: amazon,
  start,
  listings: {
    plain,
    more,
    opening: OPENING,
    unknown: "NO-SUCH-SKU",
    malformed: ["..", ".", "KB\u0000M", "KB\nM", "x".repeat(201), "\ud800"],
    locked: [],
    channelKept: full,
    foreign,
    versioned: { lacks: "a listing's quantity has no version" },
  },
  orders: { unknown: "999-9999999-9999999", shape: new RegExp(`^${orderId}$`), morePages: 120 },
  notices: {
    ORDER_CHANGE: new RegExp(`^/orders/${orderId}(/changes/[0-9a-z]{1,40})?$`),
    LISTINGS_ITEM_STATUS_CHANGE: listingResource,
    LISTINGS_ITEM_ISSUES_CHANGE: listingResource,
    LISTINGS_ITEM_MFN_QUANTITY_CHANGE: listingResource,
  },
  faults: {
    lost: true,
    doubled: true,
    reordered: true,
    revoked: true,
    notThereYet: true,
    writeIgnored: true,
    conflict: { lacks: "writes are queued, and the latest wins" },
    throttled: true,
    serverError: true,
  },
  steps: {
    pay: true,
    ship: true,
    shipPart: true,
    cancel: true,
    cancelAfterLeaving: { lacks: "what was shipped is not cancelled" },
    sendBack: { lacks: "orders tell nothing of returns" },
  },
  refusal: {
    status: 403,
    body: {
      errors: [
        {
          code: "Unauthorized",
          message: "Access to requested resource is denied.",
          details: "The access token you provided is revoked, malformed or invalid.",
        },
      ],
    },
  },
  pending: true,
  learnsLimits: true,
  endOfList: { lacks: "a list goes on to its end" },
  queue: {
    settings: { queueUrl: "https://sqs.eu-west-1.amazonaws.com/123456789012/orders" },
    credentials: { awsAccessKeyId: "AKIAEXAMPLE", awsSecretAccessKey: "an-aws-secret" },
    address: {
      queueUrl: "https://sqs.eu-west-1.amazonaws.com/123456789012/orders",
      region: "eu-west-1",
      accessKeyId: "AKIAEXAMPLE",
      secretAccessKey: "an-aws-secret",
    },
  },
  wrongSettings: {
    baseUrl: "sellingpartnerapi-na.amazon.com",
    tokenUrl: 5,
    timeoutMs: -1,
    sellerId: "a seller/../x",
    marketplaceId: "",
  },
};

function plainSkus(count: number): string[] {
  return Array.from({ length: count }, (_, nth) => `KB-${nth + 1}`);
}

async function start(seed: number): Promise<RunningChannel> {
  const sink = await openNotificationSink();
  const clock = createSimulatorClock({ factor: 0, startAt: Date.parse("2026-11-23T10:20:30.400Z") });
  const simulator = await startAmazon({
    seed,
    clock,
    callbackUrl: sink.url,
    accounts: [
      {
        account: ours,
        marketplaceIds: [MARKETPLACE],
        subscriptions: Object.keys(amazonSubject.notices),
        listings: [
          ...[plain, ...more].map((listing) => ({ listing, availableQuantity: OPENING })),
          { listing: full, fulfilledBy: "AMAZON", availableQuantity: OPENING },
        ],
      },
      { account: theirs, listings: [{ listing: foreign, availableQuantity: OPENING }] },
    ],
    settings: {
      // The battery asks for more than an account may; being told so is a test of its own.
      limits: { factor: 1_000_000, header: "always" },
      // The tail is the publisher's to bear: it reads back and writes again.
      writeTail: { share: 0, minMs: 0, maxMs: 0 },
    },
  });
  return running(simulator, sink);
}

function running(simulator: AmazonSimulator, sink: NotificationSink): RunningChannel {
  const { url, clock } = simulator;
  const account = simulator.accounts.find((one) => one.account === ours);
  if (account === undefined) throw new Error(`the simulator has the account ${ours}`);
  const { sellerId, clientId, clientSecret, refreshToken } = account;
  const control = (method: "GET" | "PUT" | "POST", path: string, body?: unknown) =>
    simulatorControl(url, method, path, body);
  const sell = async (sale: object): Promise<string> =>
    String((await control("POST", "/_sim/orders", { closingGapMs: 0, ...sale }))["orderId"]);
  return {
    baseUrl: url,
    tokenUrl: simulator.tokenUrl,
    accountId: `${sellerId}:${MARKETPLACE}`,
    clock,
    advance: async (advanceMs) => {
      await control("POST", "/_sim/clock", { advanceMs });
    },
    settings: (at) => ({ ...at, sellerId, marketplaceId: MARKETPLACE }),
    credentials: { clientId, clientSecret, refreshToken },
    consent: { lacks: "a seller lets an application in at Amazon, where the refresh token is shown" },
    setFaults: async (...names) => {
      const setups = names.map((name) => (name === "conflict" ? {} : faultSetups[name]));
      await control("PUT", "/_sim/faults", Object.assign({}, ...setups));
    },
    sell: ({ externalId, units, isPaid }) =>
      sell({ account: ours, listing: externalId, quantity: units, pay: isPaid }),
    sellElsewhere: () => sell({ account: theirs, listing: foreign, quantity: 1 }),
    step: async (id, step) => {
      const [act, body] = await stepCall(control, id, step);
      await control("POST", `/_sim/orders/${id}/${act}`, body);
    },
    takeNews: async () => {
      await untilDelivered(control, ({ pending, tap }) => ({
        waiting: Number(pending),
        onTheWire: Number((tap as { inFlight?: unknown }).inFlight),
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

type Control = (
  method: "GET" | "PUT" | "POST",
  path: string,
  body?: unknown,
) => Promise<Record<string, unknown>>;

async function stepCall(control: Control, id: string, step: OrderStep): Promise<readonly [string, object]> {
  switch (step) {
    case "pay":
      return ["pay", { closingGapMs: 0 }];
    case "ship":
      return ["ship", {}];
    case "shipPart":
      return ["ship", { items: [{ orderItemId: await itemIdOf(control, id), quantity: 1 }] }];
    case "cancel":
      return ["cancel", { requestedBy: "buyer" }];
    default:
      throw new Error(`an order of Amazon takes no step ${step}`);
  }
}

async function itemIdOf(control: Control, id: string): Promise<string> {
  const { orders } = (await control("GET", "/_sim/orders")) as {
    orders: readonly {
      readonly orderId: string;
      readonly items: readonly { readonly orderItemId: string }[];
    }[];
  };
  const item = orders.find((order) => order.orderId === id)?.items[0];
  if (item === undefined) throw new Error(`the simulator has no order ${id}`);
  return item.orderItemId;
}
