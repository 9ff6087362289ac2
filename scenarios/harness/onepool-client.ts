/** A caller of Onepool's API, as a seller's own script would be one. */
export interface OnepoolClient {
  put(path: string, body: unknown): Promise<Record<string, unknown>>;
  post(path: string, body: unknown): Promise<Record<string, unknown>>;
  get(path: string): Promise<Record<string, unknown>>;
}

export function onepoolClient(url: string, key: string): OnepoolClient {
  const call = async (method: string, path: string, body?: unknown): Promise<Record<string, unknown>> => {
    const headers: Record<string, string> = { authorization: `Bearer ${key}` };
    if (body !== undefined) headers["content-type"] = "application/json";
    const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
    const answer = await fetch(`${url}${path}`, init);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
    return JSON.parse(text) as Record<string, unknown>;
  };
  return {
    put: (path, body) => call("PUT", path, body),
    post: (path, body) => call("POST", path, body),
    get: (path) => call("GET", path),
  };
}
