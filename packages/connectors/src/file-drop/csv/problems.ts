/** What is wrong in a file, by line or segment; a file with one problem is refused whole. */
export class Problems {
  private readonly found: string[] = [];
  private readonly counted: "line" | "segment";

  /** `counted`: what the numbers count. */
  constructor(counted: "line" | "segment" = "line") {
    this.counted = counted;
  }

  get isEmpty(): boolean {
    return this.found.length === 0;
  }

  /** `line`: from 1 on. `where`: the column, or the segment's tag. `what`: what is wrong and how to mend it. */
  add(line: number, where: string | null, what: string): void {
    const place = this.counted === "line" ? `, column ${where}` : ` (${where})`;
    this.found.push(`${this.counted} ${line}${where === null ? "" : place}: ${what}`);
  }

  toString(): string {
    const shown = this.found.slice(0, SHOWN_MAX);
    const more = this.found.length - shown.length;
    return shown.join("\n") + (more > 0 ? `\nand ${more} more ${this.counted}s with problems` : "");
  }
}

/** As many as somebody reads before asking for a new file. */
const SHOWN_MAX = 20;
