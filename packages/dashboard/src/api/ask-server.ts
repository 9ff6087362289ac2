import { ApiProblem } from "./problem.ts";
import { noteServerDate } from "./server-clock.ts";

/** One call of the API with the session cookie. Throws `ApiProblem` for everything that is not an answer. */
export async function askServer<Answer>(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetchFromServer(path, init);
  noteServerDate(response.headers.get("date"));
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw problemOf(response.status, body);
  if (body === null) throw new ApiProblem(response.status, "not_understood", `${path} answered no JSON`);
  return body as Answer;
}

async function fetchFromServer(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, { credentials: "same-origin", cache: "no-store", ...init });
  } catch (error) {
    if (init.signal?.aborted === true) throw error;
    throw new ApiProblem(0, "unreachable", `${path} did not answer: ${String(error)}`);
  }
}

/** The problem a refused call describes, whatever its body holds. */
function problemOf(status: number, body: unknown): ApiProblem {
  const { code, detail, title } = (typeof body === "object" && body !== null ? body : {}) as Record<
    string,
    unknown
  >;
  const said = [detail, title].find((text) => typeof text === "string");
  return new ApiProblem(
    status,
    typeof code === "string" ? code : `http_${status}`,
    said ?? `status ${status}`,
  );
}
