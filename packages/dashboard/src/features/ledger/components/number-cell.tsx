import { useLanguage } from "../../../locales/language.tsx";
import { ChangingNumber } from "../../../ui/changing-number.tsx";
import { stockState } from "../api/stock-state.ts";

import classes from "./number-cell.module.css";

/** A number of the table. Noughts step back; the large one carries the colour of what it means. */
export function NumberCell({ value, large }: { readonly value: number; readonly large: boolean }) {
  const { format } = useLanguage();
  return (
    <span
      className={large ? classes["large"] : classes["small"]}
      data-state={large ? stockState({ available: value }) : undefined}
      data-nought={value === 0 ? true : undefined}
    >
      <ChangingNumber value={value} text={format.units(value)} />
    </span>
  );
}
