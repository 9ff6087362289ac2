import { Link, useLocation } from "@tanstack/react-router";

import type { StreamState } from "../../features/live/api/follow-stream.ts";
import { StreamBadge } from "../../features/live/components/stream-badge.tsx";
import { useLanguage } from "../../locales/language.tsx";
import { AlertsButton } from "./alerts-button.tsx";
import { LanguageMenu } from "./language-menu.tsx";
import { PAGES } from "./navigation.ts";
import { SchemeMenu } from "./scheme-menu.tsx";

import classes from "./header.module.css";

/** A page that stands above the one shown, where its address does not say so. */
const IS_ABOVE = { "data-status": "active", "aria-current": "true" } as const;

/** Where one is, whether it is live, and what belongs to the person: the same on every page. */
export function Header({ state }: { readonly state: Exclude<StreamState, "signedOut"> }) {
  const { t } = useLanguage();
  const path = useLocation({ select: ({ pathname }) => pathname });
  return (
    <header className={classes["header"]}>
      <Link to="/" className={classes["name"]}>
        <img src="/icon.svg" alt="" width={22} height={22} />
        <span className={classes["word"]}>{t("app.name")}</span>
      </Link>
      <nav aria-label={t("nav.main")} className={classes["pages"]}>
        {PAGES.map(({ to, label, exact, under }) => (
          <Link
            key={to}
            to={to}
            className={classes["page"]}
            activeOptions={{ exact, includeSearch: false }}
            {...(under !== null && path.startsWith(under) && IS_ABOVE)}
          >
            {t(label)}
          </Link>
        ))}
      </nav>
      <StreamBadge state={state} />
      <AlertsButton />
      <LanguageMenu />
      <SchemeMenu />
    </header>
  );
}
