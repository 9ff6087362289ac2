export interface X12Layout {
  readonly element?: string;
  readonly component?: string;
  /** The character that ends a segment, and line breaks that may follow it. */
  readonly terminator?: string;
  /** Of the interchange and its group. */
  readonly control?: number;
  /** HHMM, when the group was made. */
  readonly time?: string;
}

/** An interchange of one group. Each document is written with `*`, a segment per line, and begins with `ST*<set>`. */
export function writeX12(documents: readonly string[], layout: X12Layout = {}): string {
  const { element = "*", component = ">", terminator = "~", control = 7, time = "1100" } = layout;
  const number = String(control).padStart(9, "0");
  const party = (name: string): string => `ZZ*${name.padEnd(15)}`;
  const none = `00*${" ".repeat(10)}`;
  const transactions = documents.map((document, index) => {
    const set = String(index + 1).padStart(4, "0");
    const [first = "", ...others] = document.split("\n");
    return [`${first}*${set}`, ...others, `SE*${others.length + 2}*${set}`];
  });
  const segments = [
    `ISA*${none}*${none}*${party("3PL")}*${party("SELLER")}*261123*${time}*U*00401*${number}*0*P*`,
    `GS*AW*3PL*SELLER*20261123*${time}*${control}*X*004010`,
    ...transactions.flat(),
    `GE*${documents.length}*${control}`,
    `IEA*1*${number}`,
  ];
  return segments
    .map((segment, index) => segment.replaceAll("*", element) + (index === 0 ? component : "") + terminator)
    .join("");
}
