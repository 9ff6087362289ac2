import { badListingRequest, type VendorAnswer } from "../vendor/vendor-answer.ts";
import type { PatchOperation } from "./attribute-patch.ts";
import type { AttributeValue } from "./listing.ts";

/** A patch whose form is right; its content has still to be checked against the listing. */
export interface PatchRequest {
  productType: string;
  patches: PatchOperation[];
}

type Fields = Record<string, unknown>;

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function strangerIn(fields: Fields, allowed: readonly string[]): VendorAnswer | undefined {
  const stranger = Object.keys(fields).find((name) => !allowed.includes(name));
  return stranger === undefined ? undefined : badListingRequest(`The field '${stranger}' is not known.`);
}

const operations = ["add", "replace", "merge", "delete"];

/** Documented: only top-level attributes can be patched. */
function attributeIn(path: unknown): string | undefined {
  return typeof path === "string" ? /^\/attributes\/([A-Za-z0-9_]+)$/.exec(path)?.[1] : undefined;
}

function isValue(value: unknown): value is AttributeValue[] {
  return Array.isArray(value) && value.length > 0 && value.every(isFields);
}

function readOperation(patch: unknown, index: number): PatchOperation | VendorAnswer {
  if (!isFields(patch)) return badListingRequest(`The patch at index of ${index} is not an object.`);
  const stranger = strangerIn(patch, ["op", "path", "value"]);
  if (stranger !== undefined) return stranger;
  const { op, path, value } = patch;
  if (typeof op !== "string" || !operations.includes(op)) {
    return badListingRequest(`The operation is invalid for patch at index of ${index}.`);
  }
  const attribute = attributeIn(path);
  if (attribute === undefined)
    return badListingRequest(`The path is invalid for patch at index of ${index}.`);
  // Quoted by integrators.
  if (value === undefined && op !== "delete") {
    return badListingRequest(`Value is missing for patch at index of ${index}.`);
  }
  if (value !== undefined && !isValue(value)) {
    return badListingRequest(`The value is not a list of objects for patch at index of ${index}.`);
  }
  return { op: op as PatchOperation["op"], attribute, value };
}

/** Reads the body of `patchListingsItem`, or answers what is wrong with its form. */
export function readPatchRequest(body: unknown): PatchRequest | VendorAnswer {
  if (!isFields(body)) return badListingRequest("The body is not an object.");
  const stranger = strangerIn(body, ["productType", "patches"]);
  if (stranger !== undefined) return stranger;
  const { productType, patches } = body;
  if (typeof productType !== "string" || productType === "")
    return badListingRequest("The product type is missing.");
  if (!Array.isArray(patches) || patches.length === 0) return badListingRequest("The patches are missing.");
  const read: PatchOperation[] = [];
  for (const [index, patch] of patches.entries()) {
    const operation = readOperation(patch, index);
    if ("status" in operation) return operation;
    read.push(operation);
  }
  return { productType, patches: read };
}
