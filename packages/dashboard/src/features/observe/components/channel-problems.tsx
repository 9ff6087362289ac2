import { VisuallyHidden } from "@mantine/core";

import type { ConnectionView } from "../../../api/contract.ts";
import { useLanguage } from "../../../locales/language.tsx";
import type { Translate } from "../../../locales/translate.ts";
import { Icon } from "../../../ui/icon.tsx";

import classes from "./channel-problems.module.css";

type Problem = ConnectionView["health"]["problems"][number];

const knownCodes = [
  "reconnect_needed",
  "away",
  "throttled",
  "importing",
  "brake",
  "channel_blind",
  "not_subscribed",
  "notification_stuck",
  "keeper_silent",
  "keeper_code_unknown",
  "keeper_order_unknown",
  "return_missing",
  "return_overdue",
] as const;

/** What is wrong with a connection, the gravest first, each with what to do. */
export function ChannelProblems({ problems }: { readonly problems: readonly Problem[] }) {
  const { t } = useLanguage();
  if (problems.length === 0) return null;
  return (
    <ul className={classes["list"]}>
      {problems.map((problem) => (
        <li
          key={`${problem.code} ${problem.message}`}
          className={classes["item"]}
          data-severity={problem.severity}
        >
          <p className={classes["message"]}>
            <Icon name="alert" size={13} />
            <VisuallyHidden>{t(`alerts.severity.${problem.severity}`)}:</VisuallyHidden>
            {problem.message}
          </p>
          <p className={classes["mend"]}>{mendText(problem, t)}</p>
        </li>
      ))}
    </ul>
  );
}

/** What a person can do. The server's own sentence names addresses of the API; what is not known here says that. */
function mendText({ code, mend }: Problem, t: Translate): string {
  const known = knownCodes.find((one) => one === code);
  return known === undefined ? mend : t(`channels.mend.${known}`);
}
