import type { Availability } from "../../../api/contract.ts";
import { useLanguage } from "../../../locales/language.tsx";
import { useAtNow } from "../../../ui/ticking-now.ts";

import classes from "./incoming-list.module.css";

type Incoming = Availability["incomingAt"];

/** What is announced, soonest first: a line in time with a dot per delivery, as large as it brings units. */
export function IncomingList({ incoming }: { readonly incoming: Incoming }) {
  const { t } = useLanguage();
  if (incoming.length === 0) return <p className={classes["none"]}>{t("places.incoming.none")}</p>;
  const most = Math.max(...incoming.map(({ units }) => units));
  return (
    <ol className={classes["list"]}>
      {incoming.map((part) => (
        <IncomingItem key={`${part.inboundId} ${part.location}`} part={part} share={part.units / most} />
      ))}
    </ol>
  );
}

interface IncomingItemProps {
  readonly part: Incoming[number];
  /** Of the largest delivery, more than 0, at most 1. */
  readonly share: number;
}

function IncomingItem({ part, share }: IncomingItemProps) {
  const { t, format } = useLanguage();
  const { expectedAt, units, location, inboundId } = part;
  const at = expectedAt === null ? null : Date.parse(expectedAt);
  const days = useAtNow((now) => (at === null ? 0 : format.daysUntil(at, now)));
  const isLate = at !== null && days < 0;
  return (
    <li className={classes["item"]} data-late={isLate ? true : undefined}>
      <svg className={classes["dot"]} viewBox="0 0 20 20" aria-hidden="true">
        <circle cx={10} cy={10} r={3 + 6 * Math.sqrt(share)} />
      </svg>
      <div className={classes["words"]}>
        <span className={classes["when"]}>
          {at === null ? (
            t("places.incoming.unknown")
          ) : (
            <time dateTime={expectedAt ?? undefined} title={format.dateTime(at)}>
              {format.day(at)} · {format.inDays(days)}
            </time>
          )}
          {isLate && <strong className={classes["late"]}>{t("places.incoming.late")}</strong>}
        </span>
        <span className={classes["units"]}>{t("places.incoming.units", { units, location })}</span>
        <span className={classes["id"]}>{inboundId}</span>
      </div>
    </li>
  );
}
