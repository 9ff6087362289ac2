import { en } from "./en.ts";
import { es } from "./es.ts";

/** Every text of the screens by its key; English sets the keys, every other language has them all. */
export type MessageKey = keyof typeof en;
export type Messages = Readonly<Record<MessageKey, string>>;

/** The languages, each by its own name. A further one is a file beside `es.ts` and a line here. */
export const LOCALES = {
  en: { name: "English", messages: en },
  es: { name: "Español", messages: es },
} as const satisfies Record<string, { name: string; messages: Messages }>;

export type Locale = keyof typeof LOCALES;

function isLocale(text: string | null): text is Locale {
  return text !== null && Object.hasOwn(LOCALES, text);
}

/** The language to begin with: the one chosen before, else the first the browser asks for that we speak, else English. */
export function firstLocale(chosen: string | null, asked: readonly string[]): Locale {
  if (isLocale(chosen)) return chosen;
  return asked.map((tag) => tag.slice(0, 2).toLowerCase()).find(isLocale) ?? "en";
}

/** Numbers and dates follow the region of whoever reads: the browser's own tag of that language, if it names one. */
export function regionalTag(locale: Locale, asked: readonly string[]): string {
  // Spanish without a region is read mostly in Latin America, where 1,234.5 is usual.
  return (
    asked.find((tag) => tag.toLowerCase().startsWith(`${locale}-`)) ?? (locale === "es" ? "es-419" : "en")
  );
}
