import { z } from "zod";

import { RECORDED } from "../../route/batch-route.ts";
import { NOTHING } from "../../route/nothing.ts";
import { defineRoute } from "../../route/route.ts";
import { recorded, submitOne } from "../../route/submit.ts";
import { code } from "../../schema/fields.ts";
import { inboundBody } from "./schema.ts";

export const putInbound = defineRoute({
  method: "PUT",
  path: "/v1/inbounds/{inboundId}",
  access: "operate",
  tag: "Stock",
  summary: "Announce goods on their way to you, or change what is announced",
  description:
    "The whole of it each time. What is expected and not received is `incoming`. What arrives is told by receipts (POST /v1/movements) that name the inboundId: in parts, late, and more than was expected as well. The same call closes a transfer under way, by the transfer's externalId.",
  example: {
    location: "main",
    expectedAt: "2026-12-04T09:00:00Z",
    status: "announced",
    lines: [{ sku: "KB-M", units: 200 }],
  },
  answer: { status: 200, description: "Recorded.", schema: RECORDED },
  problems: ["unknown_location", "unknown_sku"],
  params: z.strictObject({ inboundId: code }),
  query: NOTHING,
  body: inboundBody,
  handle(deps, call) {
    const { location, expectedAt, status, lines } = call.body;
    const command = {
      kind: "put_inbound",
      inboundId: call.params.inboundId,
      location,
      expectedAt: expectedAt ?? null,
      status: status ?? "announced",
      lines,
    } as const;
    return submitOne(deps, call, command, recorded);
  },
});
