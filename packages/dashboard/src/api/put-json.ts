import { askServer } from "./ask-server.ts";

/** Writes, and reads the answer. Throws `ApiProblem` for everything that is not an answer. */
export function putJson<Answer>(path: string, body: object): Promise<Answer> {
  const headers = { accept: "application/json", "content-type": "application/json" };
  return askServer<Answer>(path, { method: "PUT", headers, body: JSON.stringify(body) });
}
