import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";

import type { KeeperStanding } from "../../api/contract.ts";
import { acceptSnapshot } from "../../features/intake/api/decide.ts";
import { useLanguage } from "../../locales/language.tsx";
import { Age } from "../../ui/age.tsx";
import { Confirm } from "./confirm.tsx";
import { useDecision } from "./use-decision.ts";

import classes from "./keeper-notice.module.css";

interface HeldSnapshotProps {
  readonly connection: string;
  readonly held: NonNullable<KeeperStanding["heldSnapshot"]>;
}

/** Levels that look cut off or emptied: they are booked only when two say so and somebody says that they are right. */
export function HeldSnapshot({ connection, held }: HeldSnapshotProps) {
  const { t } = useLanguage();
  const [asking, { open, close }] = useDisclosure(false);
  const accept = useDecision(() => acceptSnapshot(connection), { onDone: close });
  return (
    <div className={classes["notice"]}>
      <div className={classes["words"]}>
        <p className={classes["what"]}>
          <strong>{t("keepers.held.title", { connection })}</strong> <span lang="en">{held.why}</span>
        </p>
        <p className={classes["muted"]}>
          {t(held.acceptedAt === null ? "keepers.held.mend" : "keepers.held.accepted", {
            strikes: held.strikes,
          })}{" "}
          · <Age instant={held.since} />
        </p>
      </div>
      {held.acceptedAt === null && (
        <Button size="compact-sm" variant="default" onClick={open}>
          {t("keepers.held.accept")}
        </Button>
      )}
      <Confirm
        {...{ asking, close }}
        title={t("keepers.held.confirm", { connection })}
        yes={t("keepers.held.yes")}
        isPending={accept.isPending}
        error={accept.error}
        onConfirm={() => accept.mutate(undefined)}
      >
        <p className={classes["question"]}>
          <span lang="en">{held.why}</span>. {t("keepers.held.question", { strikes: held.strikes })}
        </p>
      </Confirm>
    </div>
  );
}
