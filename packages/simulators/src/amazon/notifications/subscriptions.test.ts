import {
  CreateQueueCommand,
  DeleteQueueCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { describe, expect, onTestFinished, test } from "vitest";

import { type Answer, call, SKU, startTestAmazon, type TestAmazon, US } from "../test-amazon.ts";
import { type Arrival, drainQueue, orderIn } from "./test-listeners.ts";

const DESTINATIONS = "/notifications/v1/destinations";
const SUBSCRIPTIONS = "/notifications/v1/subscriptions";
const ARN = "arn:aws:sqs:us-east-1:123456789012:elsewhere";

/** A token of the app alone. */
async function grantless(amazon: TestAmazon): Promise<string> {
  const { clientId, clientSecret } = amazon.first;
  const answer = await call<{ access_token: string }>(amazon.tokenUrl, "POST", {
    form: {
      grant_type: "client_credentials",
      scope: "sellingpartnerapi::notifications",
      client_id: clientId,
      client_secret: clientSecret,
    },
  });
  return answer.body.access_token;
}

interface Created {
  payload: { destinationId: string; subscriptionId: string };
}

type Ask = <Body = Created>(method: string, path: string, body?: unknown) => Promise<Answer<Body>>;

interface Wired {
  amazon: TestAmazon;
  /** As the app. */
  app: Ask;
  /** As the first seller. */
  seller: Ask;
}

async function wired(): Promise<Wired> {
  const amazon = await startTestAmazon({
    accounts: [{ account: "us-1", subscriptions: [], listings: [{ listing: SKU, availableQuantity: 10 }] }],
    settings: {
      limits: { factor: 1_000 },
      notificationLatencyMs: { min: 0, max: 0 },
      notifications: { pending: false },
    },
  });
  const token = await grantless(amazon);
  const asking =
    (more: { token?: string }): Ask =>
    (method, path, body) =>
      amazon.api(method, path, body === undefined ? more : { ...more, body });
  return { amazon, app: asking({ token }), seller: asking({}) };
}

const toQueue = (arn: string, name = "inv"): object => ({ name, resourceSpecification: { sqs: { arn } } });

const orderChange = (destinationId: string, filter: object = {}): object => ({
  payloadVersion: "1.0",
  destinationId,
  processingDirective: { eventFilter: { eventFilterType: "ORDER_CHANGE", ...filter } },
});

describe("destinations", () => {
  test("are the app's, made once per queue, and gone when deleted", async () => {
    const { app } = await wired();
    const created = await app("POST", DESTINATIONS, toQueue(ARN));
    expect([created.status, created.body]).toEqual([
      200,
      { payload: { destinationId: expect.any(String), name: "inv", resource: { sqs: { arn: ARN } } } },
    ]);
    expect((await app("POST", DESTINATIONS, toQueue(ARN, "again"))).status).toBe(409);
    const { destinationId } = created.body.payload;
    expect((await app("GET", DESTINATIONS)).body).toEqual({ payload: [created.body.payload] });
    expect((await app("GET", `${DESTINATIONS}/${destinationId}`)).body).toEqual(created.body);
    expect((await app("DELETE", `${DESTINATIONS}/${destinationId}`)).status).toBe(200);
    expect((await app("GET", `${DESTINATIONS}/${destinationId}`)).status).toBe(404);
  });

  test("of an event bus are one per AWS account", async () => {
    const { app } = await wired();
    const bus = (region: string): object => ({
      name: "bus",
      resourceSpecification: { eventBridge: { region, accountId: "123456789012" } },
    });
    expect((await app("POST", DESTINATIONS, bus("us-east-1"))).status).toBe(200);
    expect((await app("POST", DESTINATIONS, bus("eu-west-1"))).status).toBe(409);
  });

  test.each([
    ["no queue", { name: "inv", resourceSpecification: {} }],
    ["an ARN that is none", toQueue("arn:aws:sns:us-east-1:123456789012:x")],
    ["a FIFO queue", toQueue("arn:aws:sqs:us-east-1:123456789012:x.fifo")],
    ["a field nobody knows", { ...toQueue(ARN), tags: [] }],
    ["no name", { resourceSpecification: { sqs: { arn: ARN } } }],
  ])("with %s are refused", async (_, body) => {
    const { app } = await wired();
    const answer = await app<{ errors: { code: string }[] }>("POST", DESTINATIONS, body);
    expect([answer.status, answer.body.errors[0]?.code]).toEqual([400, "InvalidInput"]);
  });
});

test("who may call what: the app without a seller, the seller without the app", async () => {
  const { app, seller } = await wired();
  const { destinationId } = (await app("POST", DESTINATIONS, toQueue(ARN))).body.payload;
  const type = `${SUBSCRIPTIONS}/ORDER_CHANGE`;
  const { subscriptionId } = (await seller("POST", type, orderChange(destinationId))).body.payload;
  const probe = { destinationId, testNotification: { payloadVersion: "1.0", testScenario: "any" } };
  const appOnly: [string, string, unknown?][] = [
    ["POST", DESTINATIONS, toQueue(`${ARN}2`)],
    ["GET", DESTINATIONS],
    ["GET", `${DESTINATIONS}/${destinationId}`],
    ["GET", `${type}/${subscriptionId}`],
    ["POST", `${type}/testNotification`, probe],
    ["DELETE", `${type}/${subscriptionId}`],
    ["DELETE", `${DESTINATIONS}/${destinationId}`],
  ];
  for (const [method, path, body] of appOnly) {
    expect((await seller(method, path, body)).status, `${method} ${path}`).toBe(403);
    expect((await app(method, path, body)).status, `${method} ${path}`).toBe(200);
  }
  expect((await app("GET", type)).status).toBe(403);
  expect((await app("GET", `${SUBSCRIPTIONS}?notificationTypes=ORDER_CHANGE`)).status).toBe(403);
  expect((await app("POST", type, orderChange(destinationId))).status).toBe(403);
});

describe("subscriptions", () => {
  test("are one per seller and type, and keep their destination", async () => {
    const { app, seller } = await wired();
    const { destinationId } = (await app("POST", DESTINATIONS, toQueue(ARN))).body.payload;
    const type = `${SUBSCRIPTIONS}/ORDER_CHANGE`;
    expect((await seller("GET", type)).status).toBe(404);
    const created = await seller("POST", type, orderChange(destinationId));
    expect(created.status).toBe(200);
    expect((await seller("POST", type, orderChange(destinationId))).status).toBe(409);
    expect((await seller("GET", type)).body).toEqual(created.body);
    const listed = await seller<{ payload: object }>(
      "GET",
      `${SUBSCRIPTIONS}?notificationTypes=ORDER_CHANGE`,
    );
    expect(listed.body.payload).toEqual({ subscriptions: [created.body.payload] });
    expect((await app("DELETE", `${DESTINATIONS}/${destinationId}`)).status).toBe(409);
    expect((await app("DELETE", `${type}/${created.body.payload.subscriptionId}`)).status).toBe(200);
    expect((await app("DELETE", `${type}/${created.body.payload.subscriptionId}`)).status).toBe(404);
    expect((await app("DELETE", `${DESTINATIONS}/${destinationId}`)).status).toBe(200);
  });

  test.each([
    ["of a removed type", "ORDER_STATUS_CHANGE", {}],
    ["of another version", "ORDER_CHANGE", { payloadVersion: "2.0" }],
    ["of order changes without a directive", "ORDER_CHANGE", { processingDirective: undefined }],
    ["of an event type to a queue", "LISTINGS_ITEM_MFN_QUANTITY_CHANGE", { processingDirective: undefined }],
    ["with a filter where there is none", "PRICING_HEALTH", {}],
  ])("%s are refused", async (_, type, change) => {
    const { app, seller } = await wired();
    const { destinationId } = (await app("POST", DESTINATIONS, toQueue(ARN))).body.payload;
    const answer = await seller("POST", `${SUBSCRIPTIONS}/${type}`, {
      ...orderChange(destinationId),
      ...change,
    });
    expect(answer.status).toBe(400);
  });

  test("to a destination nobody made are not found", async () => {
    const { seller } = await wired();
    expect((await seller("POST", `${SUBSCRIPTIONS}/ORDER_CHANGE`, orderChange("x"))).status).toBe(404);
  });

  test("filter by store and kind of change", async () => {
    const { amazon, app, seller } = await wired();
    const arn = amazon.sqs.queues[0]?.arn ?? "";
    const { destinationId } = (await app("POST", DESTINATIONS, toQueue(arn))).body.payload;
    const filter = { marketplaceIds: [US], orderChangeTypes: ["BuyerRequestedChange"] };
    await seller("POST", `${SUBSCRIPTIONS}/ORDER_CHANGE`, orderChange(destinationId, filter));
    const id = await amazon.buy(SKU, 1, { closingGapMs: 0 });
    await amazon.sim("POST", `/orders/${id}/request-cancel`, {});
    amazon.clock.advance(1);
    const arrivals = await drainQueue(amazon);
    expect(arrivals.map((arrival) => orderIn(arrival)?.OrderChangeType)).toEqual(["BuyerRequestedChange"]);
  });
});

test("a test notification arrives, unless its scenario is empty", async () => {
  const { amazon, app } = await wired();
  const arn = amazon.sqs.queues[0]?.arn ?? "";
  const { destinationId } = (await app("POST", DESTINATIONS, toQueue(arn))).body.payload;
  const path = `${SUBSCRIPTIONS}/ORDER_CHANGE/testNotification`;
  const body = (testScenario: string): object => ({
    destinationId,
    testNotification: { payloadVersion: "1.0", testScenario },
  });
  expect((await app("POST", path, body(""))).status).toBe(400);
  expect((await app("POST", path, body("any"))).status).toBe(200);
  expect((await drainQueue(amazon)).map(({ NotificationType: type }) => type)).toEqual(["ORDER_CHANGE"]);
});

test("a queue whose policy does not name Amazon gets nothing, without a word", async () => {
  const { amazon, app, seller } = await wired();
  const { endpoint, region, accountId, accessKeyId, secretAccessKey } = amazon.sqs;
  const client = new SQSClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
  onTestFinished(() => client.destroy());
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: "own" }));
  const arn = `arn:aws:sqs:${region}:${accountId}:own`;
  const { destinationId } = (await app("POST", DESTINATIONS, toQueue(arn))).body.payload;
  await seller("POST", `${SUBSCRIPTIONS}/ORDER_CHANGE`, orderChange(destinationId));
  const arrivals = async (): Promise<Arrival[]> => {
    await amazon.buy(SKU, 1, { closingGapMs: 0 });
    amazon.clock.advance(1);
    const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl }));
    return Messages.map(({ Body = "" }) => JSON.parse(Body) as Arrival);
  };
  expect(await arrivals()).toEqual([]);
  const statement = { Effect: "Allow", Principal: { AWS: "437568002678" }, Action: ["SQS:SendMessage"] };
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  await client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  expect(await arrivals()).toMatchObject([{ NotificationType: "ORDER_CHANGE" }]);
  await client.send(new DeleteQueueCommand({ QueueUrl }));
  await amazon.buy(SKU, 1, { closingGapMs: 0 });
  amazon.clock.advance(1);
  const { body } = await amazon.sim<{ counts: object }>("GET", "/notifications");
  expect(body.counts).toMatchObject({ queued: 1, undeliverable: 2 });
});
