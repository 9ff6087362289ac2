import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";

import type { KeeperLevel, KeeperStanding } from "../../api/contract.ts";
import { serverNow } from "../../api/server-clock.ts";
import { acceptLevel, askRecount } from "../../features/intake/api/decide.ts";
import { bookingSentences } from "../../features/intake/api/keeper-sentence.ts";
import { useLanguage } from "../../locales/language.tsx";
import { Confirm } from "./confirm.tsx";
import { useDecision } from "./use-decision.ts";

import classes from "./keeper-notice.module.css";

interface DriftActionsProps {
  readonly keeper: KeeperStanding;
  readonly level: KeeperLevel;
}

/** Take the keeper's word, or have it look again: each after one has read what that does. */
export function DriftActions({ keeper, level }: DriftActionsProps) {
  const { t } = useLanguage();
  const { sku } = level;
  const [accepting, accept] = useDisclosure(false);
  const [recounting, recount] = useDisclosure(false);
  const isLive = keeper.mode === "live";
  return (
    <div className={classes["end"]}>
      {isLive && (
        <Button
          size="compact-sm"
          variant="default"
          aria-label={t("keepers.accept.of", { sku })}
          onClick={accept.open}
        >
          {t("keepers.accept")}
        </Button>
      )}
      <Button
        size="compact-sm"
        variant="subtle"
        aria-label={t("keepers.recount.of", { sku })}
        onClick={recount.open}
      >
        {t("keepers.recount")}
      </Button>
      <Accept {...{ keeper, level }} asking={accepting} close={accept.close} />
      <Recount {...{ keeper, level }} asking={recounting} close={recount.close} />
    </div>
  );
}

interface AskingProps extends DriftActionsProps {
  readonly asking: boolean;
  readonly close: () => void;
}

function Accept({ keeper, level, asking, close }: AskingProps) {
  const language = useLanguage();
  const { t, format } = language;
  const { connection } = keeper;
  const accept = useDecision((seen: KeeperLevel) => acceptLevel(connection, seen));
  const asOf = format.moment(Date.parse(level.asOf.to), serverNow());
  return (
    <Confirm
      {...{ asking, close }}
      title={t("keepers.accept.title", { connection, sku: level.sku })}
      yes={t("keepers.accept.yes")}
      isPending={accept.isPending}
      error={accept.error}
      onConfirm={() => accept.mutate(level, { onSuccess: close })}
    >
      {bookingSentences(level, language).map((sentence) => (
        <p key={sentence} className={classes["question"]}>
          {sentence}
        </p>
      ))}
      <p className={classes["question"]}>{t("keepers.accept.asOf", { asOf })}</p>
    </Confirm>
  );
}

function Recount({ keeper, level, asking, close }: AskingProps) {
  const { t } = useLanguage();
  const { connection } = keeper;
  const recount = useDecision((seen: KeeperLevel) => askRecount(connection, seen));
  return (
    <Confirm
      {...{ asking, close }}
      title={t("keepers.recount.title", { sku: level.sku })}
      yes={t("keepers.recount.yes")}
      isPending={recount.isPending}
      error={recount.error}
      onConfirm={() => recount.mutate(level, { onSuccess: close })}
    >
      <p className={classes["question"]}>{t("keepers.recount.question", { connection })}</p>
    </Confirm>
  );
}
