import { useLanguage } from "../locales/language.tsx";
import { useAtNow } from "./ticking-now.ts";

/** How long ago an instant was, in coarse steps; the exact time stands in the hint. */
export function Age({ instant }: { readonly instant: string }) {
  const { t, format } = useLanguage();
  const at = Date.parse(instant);
  const text = useAtNow((now) => format.age(now - at) ?? t("age.now"));
  return (
    <time dateTime={instant} title={format.dateTime(at)}>
      {text}
    </time>
  );
}
