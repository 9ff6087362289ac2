// What Fastify alone does with the same requests on the same machine: reads and checks an order's JSON by a schema, answers by a schema. Nothing
// is stored. It tells its port in a message.
import { fastify } from "fastify";

const text = { type: "string", minLength: 1, maxLength: 200 };

const line = {
  type: "object",
  required: ["lineId", "sku", "quantity"],
  additionalProperties: false,
  properties: { lineId: text, sku: text, quantity: { type: "integer", minimum: 1 } },
};

const order = {
  type: "object",
  required: ["channel", "orderId", "status", "lines"],
  additionalProperties: false,
  properties: {
    channel: text,
    orderId: text,
    status: text,
    updatedAt: text,
    placedAt: text,
    lines: { type: "array", items: line },
  },
};

const result = { type: "object", properties: { ok: { type: "boolean" }, seq: { type: "integer" } } };

interface Body {
  readonly orders: readonly object[];
}

const app = fastify({ logger: false, bodyLimit: 16 * 1024 * 1024 });

app.post<{ Body: Body }>(
  "/v1/orders",
  {
    schema: {
      body: { type: "object", required: ["orders"], properties: { orders: { type: "array", items: order } } },
      response: { 200: { type: "object", properties: { results: { type: "array", items: result } } } },
    },
  },
  // A handler that waits for something answers like this.
  async (request) => ({ results: request.body.orders.map((_, index) => ({ ok: true, seq: index })) }),
);

const url = await app.listen({ host: "127.0.0.1", port: 0 });
process.send?.({ port: Number(new URL(url).port) });
