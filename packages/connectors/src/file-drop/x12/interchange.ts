// An X12 file → its transactions, its envelopes checked: ISA … IEA, GS … GE, ST … SE with their control numbers and counts.
import type { Problems } from "../csv/problems.ts";

/** A segment: its number in the file, from 1 on, and its elements; the first is its tag. */
export interface Segment {
  readonly number: number;
  readonly elements: readonly string[];
}

/** One transaction set (ST … SE), and what its envelopes say. */
export interface Transaction {
  /** Its kind: `846`. */
  readonly set: string;
  readonly opening: Segment;
  readonly envelope: Envelope;
  /** Between ST and SE. */
  readonly segments: readonly Segment[];
  readonly componentSeparator: string;
}

export interface Envelope {
  /** Sender, ISA date, ISA time, ISA13, GS06 and ST02: no two transactions have all of them in common. */
  readonly control: readonly string[];
  /** CCYYMMDD, when the group was made. */
  readonly date: string;
  /** HHMM and more. */
  readonly time: string;
}

/** Null when problems were found. A file may hold several interchanges, each with separators of its own. */
export function readInterchanges(text: string, problems: Problems): readonly Transaction[] | null {
  const transactions: Transaction[] = [];
  let [rest, count] = [text.replace(/^[\s\uFEFF]+/u, ""), 0];
  while (rest !== "" && problems.isEmpty) {
    const cut = cutInterchange(rest, count, problems);
    if (cut === null) break;
    transactions.push(...new EnvelopeReader(cut, problems).read());
    count += cut.segments.length;
    rest = cut.rest;
  }
  if (text.trim() === "") problems.add(1, null, "the file is empty.");
  return problems.isEmpty ? transactions : null;
}

interface Interchange {
  readonly segments: readonly Segment[];
  readonly componentSeparator: string;
  /** What comes after IEA. */
  readonly rest: string;
}

interface Separators {
  readonly element: string;
  readonly component: string;
  readonly terminator: string;
}

/** ISA shows them: its fourth character, the one after its last separator, and the one that ends it. Null where it is none. */
function separatorsOf(text: string): Separators | null {
  const element = text[3] ?? "";
  const head = text.startsWith("ISA") ? text.split(element, 17) : [];
  const length = head.slice(0, 16).join(element).length + 1;
  const [component = "", terminator = ""] = [text[length], text[length + 1]];
  const isWhole = head.length === 17 && terminator !== "" && !/[A-Za-z0-9]/.test(element + terminator);
  return isWhole ? { element, component, terminator } : null;
}

function cutInterchange(text: string, before: number, problems: Problems): Interchange | null {
  const separators = separatorsOf(text);
  if (separators === null) {
    const why = "here an interchange should begin with a whole ISA segment of 16 elements.";
    problems.add(before + 1, null, why);
    return null;
  }
  const { element, component, terminator } = separators;
  const segments: Segment[] = [];
  let at = 0;
  for (let end = text.indexOf(terminator); end >= 0; end = text.indexOf(terminator, at)) {
    // Lines are broken after segments, for people.
    const elements = text.slice(at, end).trimStart().split(element);
    at = end + 1;
    if (elements.length === 1 && elements[0] === "") continue;
    segments.push({ number: before + segments.length + 1, elements: elements.map((told) => told.trim()) });
    if (elements[0] === "IEA")
      return { segments, componentSeparator: component, rest: text.slice(at).trimStart() };
  }
  const why = "the file ends without IEA: it is cut off, have it sent again.";
  problems.add(before + segments.length, null, why);
  return null;
}

interface OpenEnvelope {
  readonly opening: Segment;
  readonly control: string;
  /** What its trailer counts. */
  count: number;
}

const CLOSES = { SE: "ST", GE: "GS", IEA: "ISA" } as const;
const COUNTED = { SE: "segments", GE: "transactions", IEA: "groups" } as const;
const INSIDE = { ISA: null, GS: "ISA", ST: "GS" } as const;
const CONTROL_AT = { ISA: 13, GS: 6, ST: 2 } as const;

/** Walks through one interchange; what is wrong with its envelopes ends the walk. */
class EnvelopeReader {
  private readonly open: OpenEnvelope[] = [];
  private readonly transactions: Transaction[] = [];
  private inner: Segment[] = [];
  private readonly interchange: Interchange;
  private readonly problems: Problems;

  constructor(interchange: Interchange, problems: Problems) {
    this.interchange = interchange;
    this.problems = problems;
  }

  read(): readonly Transaction[] {
    for (const segment of this.interchange.segments) {
      const tag = segment.elements[0] ?? "";
      const wrong = this.step(segment, tag);
      if (wrong === null) continue;
      this.problems.add(segment.number, tag, wrong);
      return [];
    }
    return this.transactions;
  }

  /** What is wrong with it, if anything. */
  private step(segment: Segment, tag: string): string | null {
    if (tag === "ISA" || tag === "GS" || tag === "ST") return this.enter(segment, tag);
    if (tag === "SE" || tag === "GE" || tag === "IEA") return this.leave(segment, tag);
    const innermost = this.open.at(-1);
    if (innermost === undefined || tagOf(innermost) !== "ST")
      return "it stands outside of a transaction (ST … SE).";
    innermost.count += 1;
    this.inner.push(segment);
    return null;
  }

  private enter(segment: Segment, tag: keyof typeof INSIDE): string | null {
    const around = this.open.at(-1);
    if ((around === undefined ? null : tagOf(around)) !== INSIDE[tag])
      return `it stands within ${around === undefined ? "nothing" : tagOf(around)}: what was before it is cut off, have the file sent again.`;
    if (tag === "ISA" && segment.elements[15] === "T")
      return "ISA15 is T: a test, whose counts are of no real goods. Have it sent as P.";
    const control = segment.elements[CONTROL_AT[tag]] ?? "";
    if (control === "") return "its control number is missing.";
    if (around !== undefined) around.count += 1;
    // SE counts itself and its ST.
    this.open.push({ opening: segment, control, count: tag === "ST" ? 2 : 0 });
    this.inner = [];
    return null;
  }

  private leave(segment: Segment, tag: keyof typeof CLOSES): string | null {
    const closed = this.open.at(-1);
    if (closed === undefined || tagOf(closed) !== CLOSES[tag])
      return `it ends a ${CLOSES[tag]} that is not open: part of the file is missing, have it sent again.`;
    const [, told = "", control = ""] = segment.elements;
    if (Number(told) !== closed.count || told === "")
      return `it says ${told} ${COUNTED[tag]} and there are ${closed.count}: the file is not whole, have it sent again.`;
    if (!isSameNumber(control, closed.control))
      return `its control number is ${control} and that of its ${CLOSES[tag]} ${closed.control}: parts of two files are in one.`;
    if (tag === "SE") this.keep(closed.opening);
    this.open.pop();
    return null;
  }

  private keep(opening: Segment): void {
    const [isa, gs] = this.open.map((envelope) => envelope.opening.elements);
    const at = (elements: readonly string[] | undefined, index: number): string => elements?.[index] ?? "";
    this.transactions.push({
      set: at(opening.elements, 1),
      opening,
      envelope: {
        control: [at(isa, 6), at(isa, 9), at(isa, 10), at(isa, 13), at(gs, 6), at(opening.elements, 2)],
        date: at(gs, 4),
        time: at(gs, 5),
      },
      segments: this.inner,
      componentSeparator: this.interchange.componentSeparator,
    });
  }
}

function tagOf({ opening }: OpenEnvelope): string {
  return opening.elements[0] ?? "";
}

/** Some write 000000007 where the other end says 7. */
function isSameNumber(one: string, other: string): boolean {
  return one.replace(/^0+/, "") === other.replace(/^0+/, "");
}
