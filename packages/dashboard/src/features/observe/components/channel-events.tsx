import type { ConnectionView } from "../../../api/contract.ts";
import { useLanguage } from "../../../locales/language.tsx";
import type { Translate } from "../../../locales/translate.ts";
import { Age } from "../../../ui/age.tsx";

import classes from "./channel-events.module.css";

type Event = ConnectionView["health"]["events"][number];

const knownKinds = [
  "received",
  "read",
  "pushed",
  "confirmed",
  "would_push",
  "drift",
  "held",
  "refused",
  "failed",
  "disconnected",
  "blind",
  "sighted",
] as const;

/** What was last seen and done at a channel, newest first. */
export function ChannelEvents({ events }: { readonly events: readonly Event[] }) {
  const { t } = useLanguage();
  if (events.length === 0) return <p className={classes["none"]}>{t("channels.events.none")}</p>;
  return (
    <ol className={classes["list"]}>
      {events.map((event) => (
        <li key={event.cursor} className={classes["event"]}>
          <span>{eventText(event, t)}</span>
          <Age instant={event.recordedAt} />
        </li>
      ))}
    </ol>
  );
}

function eventText({ kind, externalId, body }: Event, t: Translate): string {
  const known = knownKinds.find((one) => one === kind);
  if (known === undefined) return kind;
  const { quantity, observed, orderId, message } = body as Readonly<Record<string, unknown>>;
  return t(`channels.event.${known}`, {
    listing: externalId ?? "",
    quantity: textOf(quantity ?? observed),
    order: textOf(orderId),
    message: textOf(message),
  });
}

function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "?";
}
