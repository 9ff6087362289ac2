import { Button, Modal } from "@mantine/core";
import type { ReactNode } from "react";

import { useLanguage } from "../../locales/language.tsx";

import classes from "./keeper-notice.module.css";

interface ConfirmProps {
  readonly title: string;
  readonly yes: string;
  readonly asking: boolean;
  readonly close: () => void;
  readonly isPending: boolean;
  readonly error: Error | null;
  readonly onConfirm: () => void;
  /** What one agrees to. */
  readonly children: ReactNode;
}

/** The last question before something is booked. It stays until the server has answered. */
export function Confirm(props: ConfirmProps) {
  const { title, yes, asking, close, isPending, error, onConfirm, children } = props;
  const { t } = useLanguage();
  return (
    <Modal
      opened={asking}
      onClose={close}
      title={title}
      closeButtonProps={{ "aria-label": t("header.close") }}
    >
      {children}
      <div className={classes["buttons"]}>
        <Button className={classes["primary"] ?? ""} data-autofocus loading={isPending} onClick={onConfirm}>
          {yes}
        </Button>
        <Button variant="default" onClick={close}>
          {t("keepers.confirm.no")}
        </Button>
      </div>
      <Refused error={error} />
    </Modal>
  );
}

/** Why something was not done. */
export function Refused({ error }: { readonly error: Error | null }) {
  const { t } = useLanguage();
  return (
    <output className={classes["refused"]}>
      {error !== null && t("error.refused", { message: error.message })}
    </output>
  );
}
