import { useMantineColorScheme } from "@mantine/core";

import { useLanguage } from "../../locales/language.tsx";
import { ChoiceMenu } from "../../ui/choice-menu.tsx";

const schemes = ["auto", "light", "dark"] as const;

/** Chooses light or dark colours, or whatever the system has. */
export function SchemeMenu() {
  const { t } = useLanguage();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <ChoiceMenu
      icon="scheme"
      label={t("header.scheme")}
      choices={schemes.map((value) => ({ value, label: t(`header.scheme.${value}`) }))}
      chosen={colorScheme}
      onChoose={setColorScheme}
    />
  );
}
