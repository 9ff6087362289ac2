/** A control call of a simulator (`/_sim/…`); throws when it is refused, since the battery then asks for the wrong thing. */
export async function simulatorControl(
  url: string,
  method: "GET" | "PUT" | "POST",
  path: string,
  body?: unknown,
): Promise<Record<string, unknown>> {
  const response = await fetch(new URL(path, url), {
    method,
    ...(body === undefined
      ? {}
      : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} was refused with ${response.status}: ${text}`);
  return JSON.parse(text) as Record<string, unknown>;
}
