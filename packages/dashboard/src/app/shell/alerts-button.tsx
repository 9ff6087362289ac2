import { ActionIcon, Drawer, Indicator } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";

import { alertsQuery } from "../../features/ledger/api/get-alerts.ts";
import { useLanguage } from "../../locales/language.tsx";
import { Icon } from "../../ui/icon.tsx";
import { SideContent } from "./side-content.tsx";

import classes from "./alerts-button.module.css";

/** The way to alerts and changes from everywhere, with the number of open alerts. */
export function AlertsButton() {
  const { t, format } = useLanguage();
  const [opened, { open, close }] = useDisclosure(false);
  const { data } = useQuery(alertsQuery);
  const count = data?.alerts.length ?? 0;
  const grave = data?.alerts.some(({ severity }) => severity === "critical") === true;
  // There are more than were read.
  const more = typeof data?.nextCursor === "string" ? "+" : "";
  return (
    <>
      <Indicator
        disabled={count === 0}
        label={`${format.units(count)}${more}`}
        size={16}
        offset={5}
        color={grave ? "var(--op-critical)" : "var(--op-warning)"}
        classNames={{ indicator: classes["count"] ?? "" }}
      >
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          onClick={open}
          aria-label={`${t("header.side")}: ${t("alerts.count", { count })}`}
        >
          <Icon name="bell" />
        </ActionIcon>
      </Indicator>
      <Drawer
        opened={opened}
        onClose={close}
        position="right"
        size="sm"
        title={t("header.side")}
        closeButtonProps={{ "aria-label": t("header.close") }}
      >
        {/* A link inside leads to another page: the drawer has done its work. */}
        <div onClickCapture={(event) => event.target instanceof HTMLAnchorElement && close()}>
          <SideContent />
        </div>
      </Drawer>
    </>
  );
}
