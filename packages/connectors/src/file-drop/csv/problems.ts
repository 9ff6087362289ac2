/** What is wrong in a file, line by line; a file with one problem is refused whole. */
export class Problems {
  private readonly found: string[] = [];

  get isEmpty(): boolean {
    return this.found.length === 0;
  }

  /** `line`: from 1 on. `where`: the column. `what`: what is wrong and how to mend it. */
  add(line: number, where: string | null, what: string): void {
    this.found.push(`line ${line}${where === null ? "" : `, column ${where}`}: ${what}`);
  }

  toString(): string {
    const shown = this.found.slice(0, SHOWN_MAX);
    const more = this.found.length - shown.length;
    return shown.join("\n") + (more > 0 ? `\nand ${more} more lines with problems` : "");
  }
}

/** As many as somebody reads before asking for a new file. */
const SHOWN_MAX = 20;
