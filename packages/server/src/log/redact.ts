// What must never reach a log line, whatever road it came by: a field with a telling name, a URL, a header, a request
// body quoted in an error, a connection string in a stack.

/** What stands in the place of a secret. */
const REDACTED = "[redacted]";

/** Fields whose value is a secret by their name, in any spelling (clientSecret, client_secret, CLIENT-SECRET). */
const SECRET_NAME =
  /(^|[^a-z])(authorization|cookie|password|passwd|passphrase|secret|token|credentials?|apikey|privatekey|sessionid|signature|link)s?$/;

/** Names that only look like one of the above. */
const HARMLESS_NAMES = new Set(["hastoken", "tokenstate", "tokenexpiresat"]);

/** Deeper than anything we log on purpose. */
const DEPTH_MAX = 8;

/** Whether a field of this name is never shown. */
export function isSecretName(name: string): boolean {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replaceAll(/(api|private|secret|access|session)[^a-z0-9]+(key|id)$/g, "$1$2")
    .replaceAll("secretkey", "secret")
    .replaceAll("accesskey", "secret");
  return SECRET_NAME.test(words) && !HARMLESS_NAMES.has(words.replaceAll(/[^a-z]/g, ""));
}

/** A copy of logged fields in which secret fields are replaced and errors are plain objects. Never throws. */
export function redactFields(fields: object): Record<string, unknown> {
  return copyOf(fields, 0, new Set()) as Record<string, unknown>;
}

function copyOf(value: unknown, depth: number, above: ReadonlySet<object>): unknown {
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "object" || value === null) return value;
  if (above.has(value)) return "[circular]";
  if (depth >= DEPTH_MAX) return "[deeper]";
  const inside = new Set(above).add(value);
  const inner = (item: unknown): unknown => copyOf(item, depth + 1, inside);
  if (Array.isArray(value) || value instanceof Set) return [...value].map(inner);
  if (value instanceof Map) return copyFields(Object.entries(Object.fromEntries(value)), inner);
  if (value instanceof Error || isPlain(value)) return copyFields(fieldsOf(value), inner);
  return instanceText(value);
}

function copyFields(fields: readonly [string, unknown][], inner: (item: unknown) => unknown): object {
  return Object.fromEntries(
    fields.map(([name, item]) => [name, isSecretName(name) ? REDACTED : inner(item)]),
  );
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Sockets, clients and requests hold the whole process within reach: only what names them is kept. */
function instanceText(value: object): unknown {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof URL) return value.href;
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if ("method" in value && "url" in value) return { method: value.method, url: value.url };
  if ("statusCode" in value) return { statusCode: value.statusCode };
  return `[${value.constructor.name}]`;
}

/** An error's own fields (code, detail …) together with those that JSON would leave out. */
function fieldsOf(value: object): [string, unknown][] {
  const own = Object.entries(value);
  if (!(value instanceof Error)) return own;
  const hidden: [string, unknown][] = [
    ["type", value.name],
    ["message", value.message],
    ["stack", value.stack],
  ];
  if (value.cause !== undefined) hidden.push(["cause", value.cause]);
  if (value instanceof AggregateError) hidden.push(["errors", value.errors]);
  return [...hidden, ...own];
}

/** Secrets by their shape, wherever they stand in a line; the first group stays, the rest of the match goes. */
const SECRET_SHAPES: readonly RegExp[] = [
  /\b(opk_)[A-Za-z0-9_-]{8,}/g,
  // Tokens of the vendors we talk to.
  /\b((?:APP_USR|TEST|TG)-)[A-Za-z0-9_-]{12,}/g,
  /\b(Atz[ar]\|)[^\s"'\\&]{8,}/g,
  /\b((?:Bearer|Basic) +)[A-Za-z0-9._~+/=|-]{6,}/gi,
  /((?:^|[^\w])(?:cookie|set-cookie|authorization)\\?["']?\s*[:=]\s*\\?["']?)[^"'\\\r\n]{4,}/gi,
  // user:password@ in a connection string or URL.
  /([a-z][a-z0-9+.-]*:\/\/[^\s/:@"'\\]*:)[^\s@"'\\]+(?=@)/gi,
  /(\/hooks\/[^/\s"'\\]+\/)[^/\s"'\\?#]+/g,
  // name=value and "name":"value", the quotes escaped any number of times when JSON is quoted in JSON.
  /([\w-]*(?:secret|token|password|passwd|api_?key|credentials?|signature)[\w-]*=)[^\s&"'\\,;)]+/gi,
  /([\w-]*(?:secret|token|password|passwd|api_?key)(?:_?key)?\\*["']\s*:\s*\\*["'])[^"'\\]+/gi,
  /([?&](?:link|code|state|sig)=)[^\s&"'\\#]+/gi,
];

/** A line of text in which everything shaped like a secret, and every secret given, is replaced. */
export function redactText(text: string, knownSecrets: ReadonlySet<string> = new Set()): string {
  let line = text;
  for (const secret of knownSecrets) line = line.replaceAll(secret, REDACTED);
  for (const shape of SECRET_SHAPES) line = line.replaceAll(shape, `$1${REDACTED}`);
  return line;
}
