import { SQSClient } from "@aws-sdk/client-sqs";
import Fastify from "fastify";
import { onTestFinished } from "vitest";

import { createKeyedRandom } from "../keyed-random.ts";
import { createSimulatorClock, type SimulatorClock } from "../simulator-clock.ts";
import { QueueService } from "./queue-service.ts";
import { queueFaultsSchema, type QueueFaultSetup } from "./sqs-faults.ts";
import { registerQueueRoutes } from "./sqs-routes.ts";

/** Where the simulated clock of these tests begins. */
export const START_AT = Date.parse("2026-11-23T10:20:30.400Z");

interface TestQueueService {
  service: QueueService;
  /** Replaces the faults in force. */
  setFaults: (setup: QueueFaultSetup) => void;
  url: string;
  /** Both stand still until a test moves them. */
  clock: SimulatorClock;
  wallClock: SimulatorClock;
  /** The real client, told of nothing but where the service is. */
  client: SQSClient;
  /** Another one; every test's clients are closed with it. */
  clientWith: (changes: { region?: string; secretAccessKey?: string; accessKeyId?: string }) => SQSClient;
}

/** A queue service over real HTTP, with a client. */
export async function startQueueService(setup: QueueFaultSetup = {}): Promise<TestQueueService> {
  let faults = queueFaultsSchema.parse(setup);
  const clock = createSimulatorClock({ startAt: START_AT, factor: 0 });
  const wallClock = createSimulatorClock({ startAt: START_AT, factor: 0 });
  const service = new QueueService({
    clock,
    wallClock,
    random: createKeyedRandom(1),
    faults: () => faults,
  });
  const setFaults = (next: QueueFaultSetup): void => {
    faults = queueFaultsSchema.parse(next);
  };
  const server = Fastify({ forceCloseConnections: true });
  registerQueueRoutes(server, service);
  const url = await server.listen({ port: 0, host: "127.0.0.1" });
  const clients: SQSClient[] = [];
  const clientWith: TestQueueService["clientWith"] = ({ region = service.region, ...changes }) => {
    const [key] = service.accessKeys;
    if (key === undefined) throw new Error("a test needs an access key");
    const client = new SQSClient({
      endpoint: url,
      region,
      credentials: { ...key, ...changes },
      maxAttempts: 1,
    });
    clients.push(client);
    return client;
  };
  onTestFinished(async () => {
    for (const client of clients) client.destroy();
    service.close();
    await server.close();
  });
  return { service, setFaults, url, clock, wallClock, client: clientWith({}), clientWith };
}
