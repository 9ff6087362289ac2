import { createContext, use, useEffect, useMemo, useState, type ReactNode } from "react";

import { createFormats, type Formats } from "./format.ts";
import { firstLocale, regionalTag, type Locale } from "./locale.ts";
import { createTranslate, type Translate } from "./translate.ts";

/** The language of the screens: its texts, its way to write numbers and dates, and how to change it. */
export interface Language {
  readonly locale: Locale;
  readonly t: Translate;
  readonly format: Formats;
  readonly choose: (locale: Locale) => void;
}

const STORAGE_KEY = "onepool-language";
const LanguageContext = createContext<Language | null>(null);

/** Keeps the chosen language on this machine. */
export function LanguageProvider({ children }: { readonly children: ReactNode }) {
  const [locale, setLocale] = useState<Locale>(() => firstLocale(readChoice(), navigator.languages));
  useEffect(() => {
    document.documentElement.lang = locale;
  }, [locale]);
  const language = useMemo<Language>(() => {
    const tag = regionalTag(locale, navigator.languages);
    return {
      locale,
      t: createTranslate(locale, tag),
      format: createFormats(tag),
      choose: (chosen) => {
        writeChoice(chosen);
        setLocale(chosen);
      },
    };
  }, [locale]);
  return <LanguageContext value={language}>{children}</LanguageContext>;
}

export function useLanguage(): Language {
  const language = use(LanguageContext);
  if (language === null) throw new Error("useLanguage needs a LanguageProvider above it");
  return language;
}

// Storage may be forbidden (private windows, policies): the choice then lasts as long as the page.
function readChoice(): string | null {
  try {
    return localStorage.getItem(STORAGE_KEY);
  } catch {
    return null;
  }
}

function writeChoice(locale: Locale): void {
  try {
    localStorage.setItem(STORAGE_KEY, locale);
  } catch {
    // See above.
  }
}
