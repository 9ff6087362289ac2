import { Button, Modal } from "@mantine/core";

import type { Preview } from "../../api/contract.ts";
import { type Language, useLanguage } from "../../locales/language.tsx";

import classes from "./mode-change.module.css";

interface ConfirmLiveProps {
  readonly connection: string;
  readonly preview: Preview;
  readonly asking: boolean;
  readonly close: () => void;
  readonly isPending: boolean;
  readonly onConfirm: () => void;
}

/** The last question before numbers are pushed, with what they come to. */
export function ConfirmLive({ connection, preview, asking, close, isPending, onConfirm }: ConfirmLiveProps) {
  const { t } = useLanguage();
  return (
    <Modal
      opened={asking}
      onClose={close}
      title={t("preview.confirm.title", { connection })}
      closeButtonProps={{ "aria-label": t("header.close") }}
    >
      <p className={classes["question"]}>{confirmText(preview, t)}</p>
      <div className={classes["buttons"]}>
        <Button className={classes["primary"] ?? ""} data-autofocus loading={isPending} onClick={onConfirm}>
          {t("preview.confirm.yes")}
        </Button>
        <Button variant="default" onClick={close}>
          {t("preview.confirm.no")}
        </Button>
      </div>
    </Modal>
  );
}

/** What one agrees to, in figures. */
function confirmText({ totals }: Preview, t: Language["t"]): string {
  const { rises = 0, falls = 0, toZero = 0, unread = 0 } = totals ?? {};
  const changes = t("preview.confirm.changes", { rises, falls, toZero });
  return unread === 0 ? changes : `${changes} ${t("preview.confirm.unread", { unread })}`;
}
