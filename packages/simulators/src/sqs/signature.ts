import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

import type { SqsFailure } from "./sqs-answer.ts";

/** A key pair of the AWS account that owns the queues. */
export interface AccessKey {
  accessKeyId: string;
  secretAccessKey: string;
}

/** The parts of a request that its signature covers. */
export interface SignedRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

interface Scheme {
  region: string;
  keys: Map<string, string>;
  wallNow: () => number;
}

/** Older or younger requests are refused (documented for Signature Version 4). */
const TOLERANCE_MS = 5 * 60_000;

const sha256 = (data: string | Buffer): string => createHash("sha256").update(data).digest("hex");
const hmac = (key: string | Buffer, data: string): Buffer => createHmac("sha256", key).update(data).digest();

interface Authorization {
  accessKeyId: string;
  day: string;
  region: string;
  service: string;
  signedHeaders: string[];
  signature: string;
}

const authorizationPattern =
  /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\/(\d{8})\/([^/,\s]+)\/([^/,\s]+)\/aws4_request,\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/;

function parseAuthorization(header: string): Authorization | undefined {
  const [, accessKeyId, day, region, service, names, signature] = authorizationPattern.exec(header) ?? [];
  if (accessKeyId === undefined || day === undefined || region === undefined) return undefined;
  if (service === undefined || names === undefined || signature === undefined) return undefined;
  return { accessKeyId, day, region, service, signedHeaders: names.split(";"), signature };
}

/** `20261123T101112Z` as milliseconds; NaN when it is anything else. */
function amzTime(text: string): number {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (parts === null) return Number.NaN;
  const [, year, month, day, hour, minute, second] = parts;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

function expectedSignature(request: SignedRequest, claim: Authorization, secret: string): string {
  const amzDate = String(request.headers["x-amz-date"] ?? "");
  const canonicalHeaders = claim.signedHeaders.map((name) => {
    const value = request.headers[name];
    const text = Array.isArray(value) ? value.join(",") : (value ?? "");
    return `${name}:${text.trim().replaceAll(/ +/g, " ")}\n`;
  });
  const canonical = [
    request.method,
    request.path,
    "",
    canonicalHeaders.join(""),
    claim.signedHeaders.join(";"),
    sha256(request.body),
  ].join("\n");
  const scope = `${claim.day}/${claim.region}/${claim.service}/aws4_request`;
  const toSign = ["AWS4-HMAC-SHA256", amzDate, scope, sha256(canonical)].join("\n");
  const dayKey = hmac(`AWS4${secret}`, claim.day);
  const key = hmac(hmac(hmac(dayKey, claim.region), claim.service), "aws4_request");
  return createHmac("sha256", key).update(toSign).digest("hex");
}

function isSameSignature(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

const invalidSignature = (message: string): SqsFailure => ({ error: "InvalidSignature", message });

/**
 * Checks a Signature Version 4 in full: known key, time, region, service, signed headers and body. Undefined when it
 * is good. Session tokens, presigned URLs and the other ways to authenticate are not known here.
 */
export function checkSignature(request: SignedRequest, scheme: Scheme): SqsFailure | undefined {
  const header = request.headers.authorization;
  if (header === undefined) {
    return { error: "MissingAuthenticationToken", message: "Request is missing Authentication Token" };
  }
  const claim = parseAuthorization(header);
  if (claim === undefined || !claim.signedHeaders.includes("host")) {
    return {
      error: "IncompleteSignature",
      message: "The request signature does not conform to AWS standards.",
    };
  }
  const secret = scheme.keys.get(claim.accessKeyId);
  if (secret === undefined) {
    return {
      error: "UnrecognizedClient",
      message: "The security token included in the request is invalid.",
    };
  }
  if (claim.region !== scheme.region || claim.service !== "sqs") {
    return invalidSignature(`Credential should be scoped to a valid region, not '${claim.region}'.`);
  }
  const amzDate = String(request.headers["x-amz-date"] ?? "");
  const ageMs = scheme.wallNow() - amzTime(amzDate);
  if (!(Math.abs(ageMs) <= TOLERANCE_MS) || !amzDate.startsWith(claim.day)) {
    return invalidSignature(`Signature expired: ${amzDate} is not within 5 min. of the server's time.`);
  }
  if (isSameSignature(expectedSignature(request, claim, secret), claim.signature)) return undefined;
  return invalidSignature(
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.",
  );
}
