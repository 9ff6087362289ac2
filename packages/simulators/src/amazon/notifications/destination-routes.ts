import type { FastifyInstance } from "fastify";
import { z } from "zod";

import type { App } from "../seller.ts";
import { sendAnswer } from "../vendor/send-answer.ts";
import { answered, conflict, invalidInput, notFound, type VendorAnswer } from "../vendor/vendor-answer.ts";
import { appBehind } from "../vendor/vendor-api.ts";
import { eventSourceName, type Notifier } from "./notifier.ts";
import type { Destination } from "./subscription-registry.ts";

const createSchema = z.strictObject({
  name: z.string().min(1).max(256),
  resourceSpecification: z.strictObject({
    sqs: z
      .strictObject({
        arn: z
          .string()
          .max(1_000)
          .regex(/^arn:aws:sqs:\S+:\S+:\S+/),
      })
      .optional(),
    eventBridge: z
      .strictObject({ region: z.string().min(1), accountId: z.string().regex(/^\d{12}$/) })
      .optional(),
  }),
});

const described = ({ destinationId, name, resource }: Destination) => ({ destinationId, name, resource });

/** What is wrong with a body, in the vendor's envelope. */
export function wrongBody(error: z.ZodError): VendorAnswer {
  const [issue] = error.issues;
  return invalidInput(`${issue?.path.join(".") ?? ""}: ${issue?.message ?? "is wrong"}`);
}

function create(notifier: Notifier, app: App, body: unknown): VendorAnswer {
  const parsed = createSchema.safeParse(body);
  if (!parsed.success) return wrongBody(parsed.error);
  const { name, resourceSpecification } = parsed.data;
  const { sqs, eventBridge } = resourceSpecification;
  if ((sqs === undefined) === (eventBridge === undefined)) {
    return invalidInput("resourceSpecification: exactly one of sqs and eventBridge");
  }
  // FIFO queues are refused, as the older service documented it.
  if (sqs?.arn.endsWith(".fifo") === true) return invalidInput("FIFO queues are not supported.");
  const resource =
    sqs === undefined && eventBridge !== undefined
      ? { eventBridge: { name: eventSourceName(app, eventBridge.accountId), ...eventBridge } }
      : { sqs: { arn: sqs?.arn ?? "" } };
  const destination = notifier.registry.addDestination(app, name, resource);
  if (destination === undefined) return conflict("A destination for this resource already exists.");
  return answered({ payload: described(destination) });
}

function remove(notifier: Notifier, app: App, destinationId: string): VendorAnswer {
  const outcome = notifier.registry.removeDestination(app, destinationId);
  if (outcome === "unknown") return notFound(`destinationId ${destinationId}`);
  if (outcome === "inUse") return conflict("A subscription still uses this destination.");
  return answered({});
}

/** `/notifications/v1/destinations`: the app's own, without any seller. */
export function registerDestinationRoutes(server: FastifyInstance, notifier: Notifier): void {
  const path = "/notifications/v1/destinations";
  server.post(path, { config: { operation: "createDestination" } }, (request, reply) =>
    sendAnswer(reply, create(notifier, appBehind(request), request.body)),
  );
  server.get(path, { config: { operation: "getDestinations" } }, (request, reply) => {
    const destinations = notifier.registry.destinationsOf(appBehind(request));
    return sendAnswer(reply, answered({ payload: destinations.map(described) }));
  });
  server.get<{ Params: { destinationId: string } }>(
    `${path}/:destinationId`,
    { config: { operation: "getDestination" } },
    (request, reply) => {
      const { destinationId } = request.params;
      const destination = notifier.registry.destination(appBehind(request), destinationId);
      if (destination === undefined) return sendAnswer(reply, notFound(`destinationId ${destinationId}`));
      return sendAnswer(reply, answered({ payload: described(destination) }));
    },
  );
  server.delete<{ Params: { destinationId: string } }>(
    `${path}/:destinationId`,
    { config: { operation: "deleteDestination" } },
    (request, reply) => sendAnswer(reply, remove(notifier, appBehind(request), request.params.destinationId)),
  );
}
