/** A cell: text is set to the left, numbers to the right. */
export type Cell = string | number;

/** Columns in line, for a screen of fixed width. */
export function tableOf(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => shown(row[column]).length)),
  );
  const isNumber = head.map((_, column) => rows.every((row) => typeof row[column] !== "string"));
  const lineOf = (cells: readonly (Cell | undefined)[]): string =>
    cells
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return isNumber[column] ? shown(cell).padStart(width) : shown(cell).padEnd(width);
      })
      .join("  ")
      .trimEnd();
  return [lineOf(head), lineOf(widths.map((width) => "-".repeat(width))), ...rows.map(lineOf)].join("\n");
}

/** As many digits as mean something: three, and whole numbers from 100 on, with thousands apart. */
function shown(cell: Cell | undefined): string {
  if (typeof cell !== "number") return cell ?? "";
  if (Number.isInteger(cell) || Math.abs(cell) >= 100) return Math.round(cell).toLocaleString("en-US");
  return cell.toPrecision(3);
}
