import { useLanguage } from "../../locales/language.tsx";
import { LOCALES, type Locale } from "../../locales/locale.ts";
import { ChoiceMenu } from "../../ui/choice-menu.tsx";

const choices = Object.entries(LOCALES).map(([code, { name }]) => ({
  value: code as Locale,
  label: name,
  lang: code,
}));

/** Chooses the language of the screens; each is named in its own words. */
export function LanguageMenu() {
  const { locale, choose, t } = useLanguage();
  return (
    <ChoiceMenu
      icon="language"
      label={t("header.language")}
      choices={choices}
      chosen={locale}
      onChoose={choose}
    />
  );
}
