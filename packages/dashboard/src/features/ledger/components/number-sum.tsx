import type { SkuNumbers } from "../../../api/contract.ts";
import { useLanguage } from "../../../locales/language.tsx";
import { ChangingNumber } from "../../../ui/changing-number.tsx";

import classes from "./number-sum.module.css";

/** What stands between on hand and available, in the order in which it is taken away. */
const taken = ["reserved", "committed", "qualityControl", "damaged"] as const;
const outside = ["incoming", "returning"] as const;

/** On hand less what is promised or unfit is available: the sum one can check by eye. */
export function NumberSum({ numbers }: { readonly numbers: SkuNumbers }) {
  const { t } = useLanguage();
  return (
    <div className={classes["sum"]}>
      <dl className={classes["terms"]} title={t("numbers.identity")}>
        <Term name="onHand" numbers={numbers} />
        {taken.map((name) => (
          <Term key={name} name={name} numbers={numbers} sign="−" />
        ))}
        <Term name="available" numbers={numbers} sign="=" />
      </dl>
      <dl className={classes["terms"]} data-outside title={t("numbers.outside")}>
        {outside.map((name) => (
          <Term key={name} name={name} numbers={numbers} />
        ))}
      </dl>
    </div>
  );
}

interface TermProps {
  readonly name: keyof SkuNumbers;
  readonly numbers: SkuNumbers;
  readonly sign?: "−" | "=";
}

function Term({ name, numbers, sign }: TermProps) {
  const { t, format } = useLanguage();
  const value = numbers[name];
  return (
    <div className={classes["term"]} data-name={name} data-nought={value === 0 ? true : undefined}>
      <dt>{t(`numbers.${name}`)}</dt>
      <dd>
        {sign !== undefined && (
          <span className={classes["sign"]} aria-hidden="true">
            {sign}
          </span>
        )}
        <ChangingNumber value={value} text={format.units(value)} />
      </dd>
    </div>
  );
}
