import type { Capability } from "../contract/capability.ts";

export const capability: Capability = {
  kind: "amazon",
  title: "Amazon",
  status: "experimental",
  push: "absolute",
  // A listing's quantity has no version, no difference and no condition (Listings Items 2021-08-01).
  compareAndSet: false,
  // Amazon takes the units off its own number when the order is placed, minutes before it tells of it: whatever order we know
  // is off already, and only what we do not know yet is put back by a write. Its word for that is of 2010 and 2011.
  quantityBasis: "net",
  ownOrderSettlesMs: 0,
  // Assumed: no maximum is published, and a listing that shows this much shows plenty.
  quantityMax: 999_999,
  // The most identifiers that a search of listings takes.
  readBatchSize: 20,
  // Seconds as a rule, minutes not rarely, hours reported. After two minutes it is written once more: a write states a
  // quantity, so doing it twice does no harm, and waiting for the tail would leave a lost one standing for hours.
  writeAppliesWithinMs: 120_000,
  orderNews: "queue",
  // searchOrders gives one call in 179 s.
  orderPollIntervalMs: 180_000,
  orderPollOverlapMs: 600_000,
  // Documented: most changes can be found two minutes later; a list cannot be asked for what is younger.
  orderListLagMs: 120_000,
  missedNoticesIntervalMs: null,
  // The documented rates per account and application. Every answer tells the account's own (`x-amzn-RateLimit-Limit`).
  limits: {
    orders: { perMinute: 30, burst: 30 },
    orderLists: { perMinute: 0.336, burst: 20 },
    reads: { perMinute: 300, burst: 5 },
    writes: { perMinute: 300, burst: 5 },
  },
  callsPerOrder: 1,
  subscription: {
    // Nothing is published about subscriptions that end by themselves; once a day costs two calls.
    everyMs: 86_400_000,
    // Documented for every operation of the Notifications API; those without a seller are the application's.
    limit: { perMinute: 60, burst: 5 },
    sender: { awsAccountId: "437568002678", actions: ["sqs:SendMessage", "sqs:GetQueueAttributes"] },
  },
};
