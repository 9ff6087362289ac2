import { ActionIcon, Menu } from "@mantine/core";

import { useLanguage } from "../../locales/language.tsx";
import { isLocale, LOCALES } from "../../locales/locale.ts";
import { Icon } from "../../ui/icon.tsx";

/** Chooses the language of the screens; each is named in its own words. */
export function LanguageMenu() {
  const { locale, choose, t } = useLanguage();
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t("header.language")}>
          <Icon name="language" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {Object.entries(LOCALES).map(([code, { name }]) => (
          <Menu.Item
            key={code}
            lang={code}
            role="menuitemradio"
            aria-checked={code === locale}
            rightSection={code === locale ? <Icon name="check" size={14} /> : null}
            onClick={() => {
              if (isLocale(code)) choose(code);
            }}
          >
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
