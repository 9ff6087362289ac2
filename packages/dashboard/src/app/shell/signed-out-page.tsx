import { Button } from "@mantine/core";

import { useLanguage } from "../../locales/language.tsx";
import { Message } from "../../ui/message.tsx";

/** The session ended while the page was open. Nothing is asked here: the way in is a link from the server. */
export function SignedOutPage() {
  const { t } = useLanguage();
  return (
    <main>
      <Message
        icon="held"
        title={t("signedOut.title")}
        action={<Button onClick={() => window.location.reload()}>{t("signedOut.again")}</Button>}
      >
        {t("signedOut.body")}
        <pre>npm run onepool -- link</pre>
      </Message>
    </main>
  );
}
