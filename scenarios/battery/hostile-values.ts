/** Texts that lead somewhere else if somebody believes them. */
export const hostileTexts: readonly string[] = [
  "",
  " ",
  "..",
  "../users/me",
  "1/../../users/me",
  "/orders/1/../../users/me",
  "%2e%2e%2fusers%2fme",
  "/orders/%2e%2e/users/me",
  "..;/users/me",
  "..\\users\\me",
  "shipment:../users/me",
  "shipment:1/../../users/me",
  "1?x=1",
  "1#x",
  "1&seller=2",
  "/orders/1?access_token=x",
  "//evil.example/orders/1",
  "http://evil.example/orders/1",
  "https://127.0.0.1:1/orders/1",
  "@evil.example/orders/1",
  "/orders/1\n",
  "1\r\nx-injected: 1",
  "1\u0000",
  "\u0000",
  "１２３",
  "1\u202e",
  "-1",
  "1e9",
  "NaN",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "a topic of tomorrow",
  "x".repeat(1_000_000),
  "9".repeat(1_000),
];

/** Values of every type where something else is awaited. */
export const hostileValues: readonly unknown[] = [
  ...hostileTexts,
  undefined,
  null,
  true,
  0,
  -1,
  1.5,
  Number.MAX_SAFE_INTEGER,
  1e308,
  [],
  [[[]]],
  {},
  JSON.parse('{"__proto__":{"topic":"items"},"toString":1}'),
  Array.from({ length: 10_000 }, () => ({})),
];

/** `body` with one part at a time replaced by each of `values`, or gone; parts that are JSON in a text included. */
export function* mutationsOf(body: unknown, values: readonly unknown[]): Generator<unknown> {
  if (typeof body === "string") {
    const inner = parsed(body);
    if (inner === null) return;
    for (const forged of mutationsOf(inner, values)) yield JSON.stringify(forged);
    return;
  }
  if (typeof body !== "object" || body === null) return;
  for (const [name, part] of Object.entries(body)) {
    for (const value of values) yield replaced(body, name, value);
    for (const forged of mutationsOf(part, values)) yield replaced(body, name, forged);
  }
}

function replaced(body: object, name: string, value: unknown): unknown {
  if (Array.isArray(body)) return body.map((part: unknown, index) => (String(index) === name ? value : part));
  return { ...body, [name]: value };
}

function parsed(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}
