import { Button } from "@mantine/core";

import type { KeeperFact } from "../../../api/contract.ts";
import { useLanguage } from "../../../locales/language.tsx";
import { Age } from "../../../ui/age.tsx";
import { type StuckGroup, stuckGroups } from "../api/stuck-groups.ts";

import classes from "./stuck-facts.module.css";

interface StuckFactsProps {
  readonly facts: readonly KeeperFact[];
  /** Of all there are; `facts` may be the newest only. */
  readonly total: number;
  readonly state: "waiting" | "poison";
  /** They wait for the keeper to go live, and for nobody. */
  readonly isKept: boolean;
  readonly onRetry: (factIds: readonly string[]) => void;
  readonly isRetrying: boolean;
}

/** What a keeper told that could not be worked on: how many, why, and what to do. */
export function StuckFacts({ facts, total, state, isKept, onRetry, isRetrying }: StuckFactsProps) {
  const { t } = useLanguage();
  return (
    <div className={classes["stuck"]} data-state={state}>
      <p className={classes["head"]}>{t(`keepers.facts.${state}`, { count: total })}</p>
      <ul className={classes["list"]}>
        {stuckGroups(facts).map((group) => (
          <li key={`${group.kind} ${group.error}`} className={classes["group"]}>
            <div>
              <p className={classes["why"]}>
                <Kinds group={group} />
                {/* The server's own sentence: it names what it could not find. */}
                <span lang="en">{group.error ?? t("keepers.facts.noReason")}</span>
              </p>
              <p className={classes["mend"]}>
                {t("keepers.facts.latest")} <Age instant={group.latestAt} />
              </p>
            </div>
            <Button
              size="compact-sm"
              variant="default"
              loading={isRetrying}
              onClick={() => onRetry(group.factIds)}
            >
              {t("error.retry")}
            </Button>
          </li>
        ))}
      </ul>
      <p className={classes["mend"]}>
        {isKept ? t("keepers.facts.kept.mend") : t(`keepers.facts.${state}.mend`)}
      </p>
    </div>
  );
}

function Kinds({ group }: { readonly group: StuckGroup }) {
  const { t } = useLanguage();
  const { kind, factIds } = group;
  return <strong className={classes["kind"]}>{t(`keepers.fact.${kind}`, { count: factIds.length })}</strong>;
}
