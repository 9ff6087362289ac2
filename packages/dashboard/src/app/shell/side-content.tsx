import { AlertList } from "../../features/ledger/components/alert-list.tsx";
import { SkuLink } from "../../features/ledger/components/sku-link.tsx";
import { RecentList } from "../../features/live/components/recent-list.tsx";
import { useLanguage } from "../../locales/language.tsx";
import { Panel } from "../../ui/panel.tsx";
import { useLive } from "../live/live-updates.tsx";

import classes from "./side-content.module.css";

const skuLink = (sku: string) => <SkuLink sku={sku} />;

/** What is wrong, then what just happened. */
export function SideContent() {
  const { t } = useLanguage();
  const { recent } = useLive();
  return (
    <div className={classes["parts"]}>
      <Panel title={t("alerts.title")}>
        <AlertList />
      </Panel>
      <Panel title={t("live.recent")}>
        <RecentList recent={recent} skuLink={skuLink} />
      </Panel>
    </div>
  );
}
