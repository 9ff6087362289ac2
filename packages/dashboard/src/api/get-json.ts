import { askServer } from "./ask-server.ts";

/** Reads one answer of the API. Throws `ApiProblem` for everything that is not an answer. */
export function getJson<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
  return askServer<Answer>(path, { headers: { accept: "application/json" }, signal: signal ?? null });
}
