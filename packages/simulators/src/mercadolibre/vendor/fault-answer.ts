import type { FaultRule } from "../faults.ts";
import {
  accessDenied,
  callerRefused,
  optimisticLock,
  policyRefused,
  rateLimited,
  tokenRefused,
  type VendorAnswer,
  versionMismatch,
} from "./vendor-answer.ts";

const serverErrorBodies = {
  json: (status: number) => ({
    message: "Internal server error",
    error: "internal_server_error",
    status,
    cause: [],
  }),
  html: (status: number) =>
    `<html><head><title>${status} Error</title></head><body><center><h1>${status}</h1></center></body></html>`,
  text: () => "upstream connect error or disconnect/reset before headers",
};

const forbiddenBodies = {
  accessDenied,
  policies: policyRefused,
  callerNotAuthorized: callerRefused,
};

/** The answer a rule gives in place of the handler, if it is of that kind. */
export function faultAnswer(rule: FaultRule, url: string): VendorAnswer | undefined {
  switch (rule.kind) {
    case "serverError": {
      const headers = rule.body === "html" ? { "content-type": "text/html" } : {};
      return { status: rule.status, body: serverErrorBodies[rule.body](rule.status), headers };
    }
    case "rateLimited":
      return rateLimited(rule.body, rule.retryAfterSeconds);
    case "forbidden":
      return forbiddenBodies[rule.body];
    case "unauthorized":
      return tokenRefused(url);
    case "conflict":
      return url.startsWith("/user-products") ? versionMismatch : optimisticLock;
    default:
      return undefined;
  }
}
