import type { Warnings } from "../../../api/contract.ts";
import { putJson } from "../../../api/put-json.ts";

interface WentLive {
  readonly seq: number;
  readonly warnings?: Warnings;
}

/** Puts a connection into another mode. `previewedSeq`: of the preview that the person has before them. */
export function setMode(
  connection: string,
  body: { readonly mode: "shadow" } | { readonly mode: "live"; readonly previewedSeq: number },
): Promise<WentLive> {
  return putJson<WentLive>(`/v1/connections/${encodeURIComponent(connection)}`, body);
}
