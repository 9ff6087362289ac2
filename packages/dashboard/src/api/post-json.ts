import { askServer } from "./ask-server.ts";

/** Asks for something to be done, and reads the answer. Throws `ApiProblem` for everything that is not an answer. */
export function postJson<Answer>(path: string): Promise<Answer> {
  return askServer<Answer>(path, { method: "POST", headers: { accept: "application/json" } });
}
