import { useQuery } from "@tanstack/react-query";
import { Outlet } from "@tanstack/react-router";

import { ApiProblem } from "../../api/problem.ts";
import { poolQuery } from "../../features/ledger/api/get-pool.ts";
import { StaleNotice } from "../../features/live/components/stale-notice.tsx";
import { useLanguage } from "../../locales/language.tsx";
import { LiveUpdatesProvider, useLive } from "../live/live-updates.tsx";
import { Header } from "./header.tsx";
import { SignedOutPage } from "./signed-out-page.tsx";

import classes from "./shell.module.css";

/** What stands around every page: the header, the live stream, and the pool, which stays while pages change. */
export function Shell() {
  return (
    <LiveUpdatesProvider>
      <Frame />
    </LiveUpdatesProvider>
  );
}

function Frame() {
  const { t } = useLanguage();
  const { state, asOf, ready } = useLive();
  const { error } = useQuery({ ...poolQuery, enabled: ready });
  if (state === "signedOut" || (error instanceof ApiProblem && error.signedOut)) return <SignedOutPage />;
  return (
    <div className={classes["shell"]}>
      <a href="#content" className={classes["skip"]}>
        {t("app.skipToContent")}
      </a>
      <Header state={state} />
      <main id="content" className={classes["content"]} tabIndex={-1}>
        <Outlet />
      </main>
      <StaleNotice state={state} asOf={asOf} />
    </div>
  );
}
