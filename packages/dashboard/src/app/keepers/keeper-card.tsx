import { useQuery } from "@tanstack/react-query";
import { useId } from "react";

import type { KeeperStanding } from "../../api/contract.ts";
import { keeperState } from "../../features/intake/api/keeper-state.ts";
import { KeeperBadge } from "../../features/intake/components/keeper-badge.tsx";
import { KeeperFacts } from "../../features/intake/components/keeper-facts.tsx";
import { LevelBar } from "../../features/intake/components/level-bar.tsx";
import { keeperProblemsQuery } from "../../features/observe/api/get-connections.ts";
import { ChannelProblems } from "../../features/observe/components/channel-problems.tsx";
import { type Language, useLanguage } from "../../locales/language.tsx";
import { Panel } from "../../ui/panel.tsx";
import { HeldSnapshot } from "./held-snapshot.tsx";
import { OpenDrifts } from "./open-drifts.tsx";
import { RefusedOrders } from "./refused-orders.tsx";
import { StuckPanel } from "./stuck-panel.tsx";

import classes from "./keeper-card.module.css";

/** What this card shows by itself, with what to do about it. */
const SHOWN_BELOW: ReadonlySet<string> = new Set([
  "fact_stuck",
  "fact_waits",
  "keeper_drift",
  "keeper_snapshot_suspicious",
  "fulfilment_refused",
]);

/** One keeper. What waits for a person comes before what is only told. */
export function KeeperCard({ keeper }: { readonly keeper: KeeperStanding }) {
  const language = useLanguage();
  const { t } = language;
  const { connection, title, mode, heldSnapshot, levels, facts } = keeper;
  const { data } = useQuery(keeperProblemsQuery);
  const problems = (data?.get(connection) ?? []).filter(({ code }) => !SHOWN_BELOW.has(code));
  const id = useId();
  return (
    <li className={classes["card"]} aria-labelledby={id}>
      <div className={classes["head"]}>
        <h2 id={id} className={classes["code"]}>
          {connection}
        </h2>
        <span className={classes["kind"]}>{title}</span>
        <KeeperBadge keeper={keeper} />
        <span className={classes["mode"]}>{t(`connection.mode.${mode}`)}</span>
      </div>
      <p className={classes["sentence"]}>
        {standingSentence(keeper, language)}{" "}
        {mode !== "live" && <span className={classes["notLive"]}>{t("keepers.notLive")}</span>}
      </p>
      <ChannelProblems problems={problems} />
      {heldSnapshot !== null && <HeldSnapshot connection={connection} held={heldSnapshot} />}
      {levels.open > 0 && <OpenDrifts keeper={keeper} />}
      <RefusedOrders connection={connection} />
      {facts.poison > 0 && <StuckPanel keeper={keeper} state="poison" />}
      {facts.waiting > 0 && <StuckPanel keeper={keeper} state="waiting" />}
      <div className={classes["parts"]}>
        <Panel title={t("keepers.levels")}>
          <LevelBar levels={levels} />
        </Panel>
        <Panel title={t("keepers.heard")}>
          <KeeperFacts keeper={keeper} />
        </Panel>
      </div>
    </li>
  );
}

/** How it stands, in words. */
function standingSentence(keeper: KeeperStanding, { t, format }: Language): string {
  const { levels, openUnits, facts, mode } = keeper;
  const state = keeperState(keeper);
  if (state === "stuck") return t("keepers.sentence.stuck", { count: facts.poison });
  const key = state === "open" && mode !== "live" ? "compared" : state;
  return t(`keepers.sentence.${key}`, {
    open: levels.open,
    suspect: levels.suspect,
    units: openUnits,
    levels: format.units(levels.verified + levels.booked),
  });
}
