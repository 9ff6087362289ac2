import { Button } from "@mantine/core";

import { ApiProblem } from "../api/problem.ts";
import { useLanguage } from "../locales/language.tsx";
import { Message } from "./message.tsx";

/** Something could not be read: says why in one sentence and offers to try again. */
export function Failure({ error, onRetry }: { readonly error: Error; readonly onRetry: () => void }) {
  const { t } = useLanguage();
  const reason =
    error instanceof ApiProblem
      ? error.code === "unreachable"
        ? t("error.unreachable")
        : t("error.refused", { message: error.message })
      : t("error.crash");
  return (
    <Message
      icon="alert"
      title={t("error.title")}
      urgent
      action={
        <Button variant="default" onClick={onRetry}>
          {t("error.retry")}
        </Button>
      }
    >
      {reason}
    </Message>
  );
}
