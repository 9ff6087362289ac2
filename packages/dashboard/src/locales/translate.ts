import { IntlMessageFormat } from "intl-messageformat";

import { LOCALES, type Locale, type MessageKey } from "./locale.ts";

export type MessageValues = Readonly<Record<string, string | number>>;

/** Writes the text of a key in one language; `values` fill its ICU placeholders. */
export type Translate = (key: MessageKey, values?: MessageValues) => string;

/** `tag` decides how numbers inside a text are written. */
export function createTranslate(locale: Locale, tag: string): Translate {
  const messages = LOCALES[locale].messages;
  // Parsing a message costs more than filling it; a screen uses the same few hundred all day.
  const parsed = new Map<MessageKey, IntlMessageFormat>();
  return (key, values) => {
    let message = parsed.get(key);
    if (message === undefined) {
      message = new IntlMessageFormat(messages[key], tag, undefined, { ignoreTag: true });
      parsed.set(key, message);
    }
    return String(message.format({ ...values }));
  };
}
