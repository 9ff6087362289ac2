import { Button } from "@mantine/core";

import { useLanguage } from "../../locales/language.tsx";
import { Message } from "../../ui/message.tsx";

import classes from "./signed-out-page.module.css";

/** The session ended while the page was open. Nothing is asked here: the way in is a link from the server. */
export function SignedOutPage() {
  const { t } = useLanguage();
  return (
    <main className={classes["page"]}>
      <Message
        icon="pool"
        title={t("signedOut.title")}
        action={<Button onClick={() => window.location.reload()}>{t("signedOut.again")}</Button>}
      >
        {t("signedOut.body")}
        <pre>npm run onepool -- link</pre>
      </Message>
    </main>
  );
}
