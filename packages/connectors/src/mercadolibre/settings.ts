import { z } from "zod";

import type { ConnectorError } from "../contract/connector-error.ts";
import { failed, type Outcome, succeeded } from "../contract/outcome.ts";

const BASE_URL = "https://api.mercadolibre.com";

/** Where a seller of each site consents (DOC:autenticacion-y-autorizacion names the first; the others follow the country). */
const CONSENT_HOSTS: Readonly<Record<string, string>> = {
  MLA: "auth.mercadolibre.com.ar",
  MLB: "auth.mercadolivre.com.br",
  MLC: "auth.mercadolibre.cl",
  MCO: "auth.mercadolibre.com.co",
  MEC: "auth.mercadolibre.com.ec",
  MLM: "auth.mercadolibre.com.mx",
  MLU: "auth.mercadolibre.com.uy",
  MLV: "auth.mercadolibre.com.ve",
  MPE: "auth.mercadolibre.com.pe",
};

const settingsSchema = z.object({
  baseUrl: z.url().default(BASE_URL),
  tokenUrl: z.url().default(`${BASE_URL}/oauth/token`),
  /** The user id; asked for if absent. */
  accountId: z.coerce.string().optional(),
  /** The country's site, for example MLM: says where the seller consents. */
  siteId: z
    .string()
    .regex(/^[A-Z]{3}$/, "a site such as MLM")
    .optional(),
  /** In place of the site's own consent page. */
  authorizeUrl: z.url().optional(),
  /** The depot that the pool fills, for a seller who has several. */
  storeId: z.coerce.string().optional(),
  /** A probe of this account has shown that a sale moves `x-version`, so that a write can be refused because of one. */
  salesMoveVersion: z.boolean().default(false),
  /** For one call, in milliseconds. */
  timeoutMs: z.number().int().positive().max(60_000).default(10_000),
});
export type Settings = z.infer<typeof settingsSchema>;

/** Settings as stored, checked. */
export function readSettings(stored: unknown): Outcome<Settings> {
  const settings = settingsSchema.safeParse(stored);
  return settings.success ? succeeded(settings.data) : failed(wrongAccess("settings", settings.error));
}

/** What is wrong with a connection's settings or credentials, as the error that stops it. */
export function wrongAccess(what: "settings" | "credentials", error: z.ZodError): ConnectorError {
  const issue = error.issues[0];
  const message = `The connection's ${what} are wrong at ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`;
  return { kind: "auth", code: `wrong_${what}`, message };
}

/** The page on which a seller lets the app in. Beside a simulator's API lies its own. */
export function consentPageOf(settings: Settings): Outcome<URL> {
  if (settings.authorizeUrl !== undefined) return succeeded(new URL(settings.authorizeUrl));
  if (settings.baseUrl !== BASE_URL) return succeeded(new URL("/authorization", settings.baseUrl));
  const host = CONSENT_HOSTS[settings.siteId ?? ""];
  if (host !== undefined) return succeeded(new URL(`https://${host}/authorization`));
  const message = `The connection's settings are wrong at siteId: one of ${Object.keys(CONSENT_HOSTS).join(", ")} says in which country the seller signs in.`;
  return failed({ kind: "auth", code: "wrong_settings", message });
}
