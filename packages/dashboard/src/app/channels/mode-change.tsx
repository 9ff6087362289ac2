import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";

import type { Preview } from "../../api/contract.ts";
import { connectionsQuery } from "../../features/observe/api/get-connections.ts";
import { setMode } from "../../features/publish/api/go-live.ts";
import { useLanguage } from "../../locales/language.tsx";
import { ConfirmLive } from "./confirm-live.tsx";

import classes from "./mode-change.module.css";

interface ModeChangeProps {
  readonly connection: string;
  readonly preview: Preview;
  /** The way to a newer comparison. */
  readonly again: ReactNode;
}

/** The next mode of a connection: from import to shadow at once, from shadow to live after one has confirmed. */
export function ModeChange({ connection, preview, again }: ModeChangeProps) {
  const { t } = useLanguage();
  const client = useQueryClient();
  const [asking, { open, close }] = useDisclosure(false);
  const change = useMutation({
    mutationFn: (mode: "shadow" | "live") =>
      setMode(connection, mode === "live" ? { mode, previewedSeq: preview.previewedSeq } : { mode }),
    onSettled: () => {
      close();
      return Promise.all([
        client.invalidateQueries({ queryKey: connectionsQuery.queryKey }),
        client.invalidateQueries({ queryKey: ["preview", connection] }),
      ]);
    },
  });
  return (
    <div className={classes["change"]}>
      <p className={classes["mode"]}>{t(`preview.mode.${preview.mode}`)}</p>
      <div className={classes["buttons"]}>
        {preview.mode === "import" && (
          <Button
            className={classes["primary"] ?? ""}
            loading={change.isPending}
            onClick={() => change.mutate("shadow")}
          >
            {t("preview.toShadow")}
          </Button>
        )}
        {preview.mode !== "live" && (
          <Button
            {...(preview.mode === "shadow"
              ? { className: classes["primary"] ?? "" }
              : { variant: "default" })}
            loading={change.isPending}
            onClick={open}
          >
            {t("preview.toLive")}
          </Button>
        )}
        {again}
      </div>
      <output className={classes["answer"]}>
        {change.data?.warnings?.map(({ code }) => (
          <span key={code}>{t(`preview.warning.${code}`)}</span>
        ))}
        {change.error !== null && <span>{t("error.refused", { message: change.error.message })}</span>}
      </output>
      <ConfirmLive
        {...{ connection, preview, asking, close }}
        isPending={change.isPending}
        onConfirm={() => change.mutate("live")}
      />
    </div>
  );
}
