import { parse, TYPE, type MessageFormatElement } from "@formatjs/icu-messageformat-parser";
import { describe, expect, it } from "vitest";

import { firstLocale, LOCALES, regionalTag } from "./locale.ts";
import { createTranslate } from "./translate.ts";

/** Every source of the screens as text, read by Vite at build time: no file system in a browser package. */
const sources = import.meta.glob<string>(["../**/*.{ts,tsx}", "!./*{en,es}.ts", "!../**/*.test.ts"], {
  query: "?raw",
  import: "default",
  eager: true,
});

const keys = Object.keys(LOCALES.en.messages);

describe.each(Object.entries(LOCALES))("the texts in %s", (_, { messages }) => {
  it("has every key that English has, and no other", () => {
    expect(Object.keys(messages).toSorted()).toEqual(keys.toSorted());
  });

  it("leaves no text empty", () => {
    expect(Object.entries(messages).filter(([, text]) => text.trim() === "")).toEqual([]);
  });

  it("takes the same values in every text as English does", () => {
    const english = Object.entries(LOCALES.en.messages).map(([key, text]) => [key, placeholders(text)]);
    const here = Object.entries(messages).map(([key, text]) => [key, placeholders(text)]);
    expect(Object.fromEntries(here)).toEqual(Object.fromEntries(english));
  });
});

it("keeps no text that no screen uses", () => {
  const code = Object.values(sources).join("\n");
  // Some keys are put together from a word and a state: `state.${state}`.
  const composed = [...code.matchAll(/`([a-zA-Z.]+\.)\$\{[^}]+\}([a-zA-Z.]*)`/g)].map(
    ([, before = "", after = ""]) => new RegExp(`^${literally(before)}\\w+${literally(after)}$`),
  );
  const unused = keys.filter(
    (key) => !code.includes(`"${key}"`) && !composed.some((pattern) => pattern.test(key)),
  );
  expect(unused).toEqual([]);
});

it("names a language in its own words", () => {
  expect(Object.values(LOCALES).map(({ name }) => name)).toEqual(["English", "Español"]);
});

it("fills values and counts in each language", () => {
  expect(createTranslate("en", "en")("chain.receipt", { location: "main", units: 1 })).toBe(
    "main received 1 unit.",
  );
  expect(createTranslate("en", "en")("chain.receipt", { location: "main", units: 1200 })).toBe(
    "main received 1,200 units.",
  );
  expect(createTranslate("es", "es-MX")("chain.receipt", { location: "main", units: 2 })).toBe(
    "main recibió 2 unidades.",
  );
});

it.each([
  { chosen: "es", asked: ["en-US"], first: "es" },
  { chosen: null, asked: ["fr-FR", "es-MX", "en"], first: "es" },
  { chosen: "xx", asked: ["de"], first: "en" },
  { chosen: "toString", asked: [], first: "en" },
])("begins with $first when $chosen was chosen and $asked are asked for", ({ chosen, asked, first }) => {
  expect(firstLocale(chosen, asked)).toBe(first);
});

it("writes numbers as the reader's region does", () => {
  expect(regionalTag("es", ["en-US", "es-AR"])).toBe("es-AR");
  expect(regionalTag("es", ["en-US"])).toBe("es-419");
  expect(regionalTag("en", ["en"])).toBe("en");
});

function literally(text: string): string {
  return text.replaceAll(".", "\\.");
}

/** The names of a text's values with their kinds, sorted: `units:plural`. */
function placeholders(text: string): readonly string[] {
  const found = new Set<string>();
  const visit = (element: MessageFormatElement) => {
    if (element.type === TYPE.literal || element.type === TYPE.pound) return;
    if (element.type !== TYPE.tag) found.add(`${element.value}:${TYPE[element.type]}`);
    if (element.type === TYPE.plural || element.type === TYPE.select) {
      for (const option of Object.values(element.options)) option.value.forEach(visit);
    }
  };
  parse(text, { ignoreTag: true }).forEach(visit);
  return [...found].toSorted();
}
