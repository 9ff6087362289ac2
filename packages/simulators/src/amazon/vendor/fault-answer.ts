import type { FaultRule } from "../faults.ts";
import { internalFailure, rateLimited, tokenRefused, type VendorAnswer } from "./vendor-answer.ts";

function serverError(status: number, body: "json" | "html" | "text"): VendorAnswer {
  if (body === "json") return internalFailure(status);
  if (body === "text") return { status, body: "upstream connect error or disconnect/reset before headers" };
  const page = `<html><head><title>${status} Error</title></head><body><center><h1>${status}</h1></center></body></html>`;
  return { status, body: page, headers: { "content-type": "text/html" } };
}

/** The answer a rule gives in place of the handler, if it is of that kind. */
export function faultAnswer(rule: FaultRule): VendorAnswer | undefined {
  switch (rule.kind) {
    case "serverError":
      return serverError(rule.status, rule.body);
    case "rateLimited":
      return rateLimited(rule.body, rule.retryAfterSeconds);
    case "unauthorized":
      return tokenRefused;
    default:
      return undefined;
  }
}
