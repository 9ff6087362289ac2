import { ActionIcon, Menu, useMantineColorScheme } from "@mantine/core";

import { useLanguage } from "../../locales/language.tsx";
import { Icon } from "../../ui/icon.tsx";

const schemes = ["auto", "light", "dark"] as const;

/** Chooses light or dark colours, or whatever the system has. */
export function SchemeMenu() {
  const { t } = useLanguage();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t("header.scheme")}>
          <Icon name="scheme" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {schemes.map((scheme) => (
          <Menu.Item
            key={scheme}
            role="menuitemradio"
            aria-checked={scheme === colorScheme}
            rightSection={scheme === colorScheme ? <Icon name="check" size={14} /> : null}
            onClick={() => setColorScheme(scheme)}
          >
            {t(`header.scheme.${scheme}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
