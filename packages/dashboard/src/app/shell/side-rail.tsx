import { memo } from "react";

import { useLanguage } from "../../locales/language.tsx";
import { SideContent } from "./side-content.tsx";

import classes from "./side-rail.module.css";

/** Alerts and changes beside a page that has the room. */
export const SideRail = memo(function SideRail() {
  const { t } = useLanguage();
  return (
    <aside className={classes["rail"]} aria-label={t("header.side")}>
      <SideContent />
    </aside>
  );
});
