// A simulated Amazon with one seller, whom nobody has subscribed to anything, and the queues of the seller's technical friend.
import { CreateQueueCommand, SetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { JsonObject } from "@onepool/core/ledger/json.ts";
import type { FaultSetup } from "@onepool/simulators/amazon/faults.ts";
import { type AmazonSimulator, startAmazon } from "@onepool/simulators/amazon/start.ts";

interface Told {
  readonly subscriptions: readonly { readonly subscriptionId: string; readonly destinationId: string }[];
}

interface Destinations {
  readonly payload: readonly {
    readonly destinationId: string;
    readonly resource: { readonly sqs: { readonly arn: string } };
  }[];
}

export class SubscribedMarket {
  private readonly simulator: AmazonSimulator;
  private readonly aws: SQSClient;

  private constructor(simulator: AmazonSimulator) {
    this.simulator = simulator;
    const { endpoint, region, accessKeyId, secretAccessKey } = simulator.sqs;
    this.aws = new SQSClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
  }

  static async open(): Promise<SubscribedMarket> {
    const listings = [{ listing: "KB-M", availableQuantity: 40 }];
    return new SubscribedMarket(
      await startAmazon({
        accounts: [{ account: "shop", subscriptions: [], listings }],
        settings: { notificationLatencyMs: { min: 0, max: 0 }, limits: { factor: 1_000 } },
      }),
    );
  }

  async close(): Promise<void> {
    this.aws.destroy();
    await this.simulator.close();
  }

  /** What the seller enters; null takes the queue away again. */
  settings(queue: string | null): JsonObject {
    const { url: baseUrl, tokenUrl, sqs } = this.simulator;
    const address = {
      queueUrl: this.urlOf(queue ?? ""),
      queueRegion: sqs.region,
      queueEndpoint: sqs.endpoint,
    };
    const { sellerId } = this.account;
    const settings = { baseUrl, tokenUrl, sellerId, marketplaceId: "ATVPDKIKX0DER" };
    return { ...settings, ...(queue === null ? { queueUrl: null } : address) };
  }

  get credentials(): JsonObject {
    const { clientId, clientSecret, refreshToken } = this.account;
    const { accessKeyId: awsAccessKeyId, secretAccessKey: awsSecretAccessKey } = this.simulator.sqs;
    return { clientId, clientSecret, refreshToken, awsAccessKeyId, awsSecretAccessKey };
  }

  arnOf(queue: string): string {
    const { region, accountId } = this.simulator.sqs;
    return `arn:aws:sqs:${region}:${accountId}:${queue}`;
  }

  /** A queue without a policy. */
  async makeQueue(name: string): Promise<void> {
    await this.aws.send(new CreateQueueCommand({ QueueName: name }));
  }

  /** The policy that the documentation asks for, as people paste it. */
  async setPolicy(name: string): Promise<void> {
    const statement = {
      Effect: "Allow",
      Principal: { AWS: "arn:aws:iam::437568002678:root" },
      Action: ["sqs:GetQueueAttributes", "sqs:SendMessage"],
      Resource: this.arnOf(name),
    };
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    const wish = { QueueUrl: this.urlOf(name), Attributes: { Policy } };
    await this.aws.send(new SetQueueAttributesCommand(wish));
  }

  async misbehave(faults: FaultSetup): Promise<void> {
    await this.call("PUT", "/_sim/faults", { body: faults });
  }

  /** Somebody buys; the order's id. */
  async buy(): Promise<string> {
    const body = { account: "shop", listing: "KB-M", quantity: 1, closingGapMs: 0 };
    return ((await this.call("POST", "/_sim/orders", { body })) as { orderId: string }).orderId;
  }

  /** The seller's subscriptions as Amazon has them, and the queues they lead to. */
  async subscriptions(): Promise<readonly { readonly subscriptionId: string; readonly queue: string }[]> {
    const { subscriptions } = (await this.call("GET", "/_sim/notifications")) as Told;
    const token = await this.applicationToken();
    const destinations = (await this.call("GET", "/notifications/v1/destinations", {
      token,
    })) as Destinations;
    return subscriptions.map(({ subscriptionId, destinationId }) => {
      const led = destinations.payload.find((destination) => destination.destinationId === destinationId);
      return { subscriptionId, queue: led?.resource.sqs.arn ?? "gone" };
    });
  }

  /** Somebody removes it with the application's own keys. */
  async removeSubscription(subscriptionId: string): Promise<void> {
    const path = `/notifications/v1/subscriptions/ORDER_CHANGE/${subscriptionId}`;
    await this.call("DELETE", path, { token: await this.applicationToken() });
  }

  private get account() {
    const [account] = this.simulator.accounts;
    if (account === undefined) throw new Error("the simulator has an account");
    return account;
  }

  private urlOf(queue: string): string {
    const { endpoint, accountId } = this.simulator.sqs;
    return `${endpoint}/${accountId}/${queue}`;
  }

  private async applicationToken(): Promise<string> {
    const { clientId: client_id, clientSecret: client_secret } = this.account;
    const scope = "sellingpartnerapi::notifications";
    const body = new URLSearchParams({ grant_type: "client_credentials", scope, client_id, client_secret });
    const answer = await fetch(this.simulator.tokenUrl, { method: "POST", body });
    return ((await answer.json()) as { access_token: string }).access_token;
  }

  private async call(
    method: string,
    path: string,
    { body, token }: { readonly body?: object; readonly token?: string } = {},
  ): Promise<unknown> {
    const answer = await fetch(new URL(path, this.simulator.url), {
      method,
      headers: {
        "user-agent": "somebody/1 (Language=TypeScript)",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(token === undefined ? {} : { "x-amz-access-token": token }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path} was answered ${answer.status}`);
    return answer.json();
  }
}
