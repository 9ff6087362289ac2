import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";

import { useLanguage } from "../../locales/language.tsx";
import { Message } from "../../ui/message.tsx";
import { usePageTitle } from "../../ui/page-title.ts";

/** An address that leads nowhere. */
export function NotFoundPage() {
  const { t } = useLanguage();
  usePageTitle(t("notFound.title"), t("app.name"));
  return (
    <Message
      icon="search"
      title={t("notFound.title")}
      action={
        <Button variant="default" renderRoot={(props) => <Link {...props} to="/" />}>
          {t("notFound.home")}
        </Button>
      }
    />
  );
}
