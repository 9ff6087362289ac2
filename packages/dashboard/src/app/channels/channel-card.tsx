import { Link } from "@tanstack/react-router";
import { useId } from "react";

import type { ConnectionView } from "../../api/contract.ts";
import { ChannelEvents } from "../../features/observe/components/channel-events.tsx";
import { ChannelFacts } from "../../features/observe/components/channel-facts.tsx";
import { ChannelProblems } from "../../features/observe/components/channel-problems.tsx";
import { ChannelState } from "../../features/observe/components/channel-state.tsx";
import { HopBars } from "../../features/observe/components/hop-bars.tsx";
import { useLanguage } from "../../locales/language.tsx";
import { Panel } from "../../ui/panel.tsx";

import classes from "./channel-card.module.css";

/** One connection. What is wrong comes before what is measured. */
export function ChannelCard({ connection }: { readonly connection: ConnectionView }) {
  const { t } = useLanguage();
  const { code, title, kind, mode, health, latency } = connection;
  const id = useId();
  return (
    <li className={classes["card"]} aria-labelledby={id}>
      <div className={classes["head"]}>
        <h2 id={id} className={classes["code"]}>
          {code}
        </h2>
        <span className={classes["kind"]}>{title ?? kind}</span>
        <ChannelState state={health.state} />
        <span className={classes["mode"]}>{t(`connection.mode.${mode}`)}</span>
        <Link to="/channels/$connection" params={{ connection: code }} className={classes["preview"]}>
          {t(mode === "live" ? "channels.compare" : "channels.goLive")}
        </Link>
      </div>
      <ChannelProblems problems={health.problems} />
      <ChannelFacts health={health} />
      <div className={classes["parts"]}>
        <Panel title={t("channels.latency")}>
          <HopBars hops={latency.lastHour} />
        </Panel>
        <Panel title={t("channels.events")}>
          <ChannelEvents events={health.events} />
        </Panel>
      </div>
    </li>
  );
}
