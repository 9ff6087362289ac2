import type { KeyedRandom } from "./keyed-random.ts";

/** What every simulator's rules have in common. */
interface StrikingRule {
  readonly probability: number;
  /** How often it may fire; unlimited when absent. */
  readonly times?: number | undefined;
}

/** The faults in force, and how often each rule has fired. */
export interface FaultBoard<Setup, Faults extends { readonly api: readonly StrikingRule[] }, Call> {
  current(): Faults;
  replace(setup: Setup): void;
  /** The rule that strikes this call, if any. Counts it as fired. */
  strike(call: Call): Faults["api"][number] | undefined;
}

/** What a simulator's faults look like. */
interface FaultWays<Setup, Faults extends { readonly api: readonly StrikingRule[] }, Call> {
  readonly random: KeyedRandom;
  readonly parse: (setup: Setup) => Faults;
  /** Whether a rule speaks of this call. */
  readonly fits: (rule: Faults["api"][number], call: Call) => boolean;
}

/** A board with the given faults in force. The first rule that fits a call and is not spared by its draw strikes. */
export function createFaultBoard<Setup, Faults extends { readonly api: readonly StrikingRule[] }, Call>(
  { random, parse, fits }: FaultWays<Setup, Faults, Call>,
  setup: Setup,
): FaultBoard<Setup, Faults, Call> {
  let faults = parse(setup);
  // Per rule: calls it fitted (each draws once) and times it fired.
  let tallies = faults.api.map(() => ({ draws: 0, fired: 0 }));

  return {
    current: () => faults,
    replace(next) {
      faults = parse(next);
      tallies = faults.api.map(() => ({ draws: 0, fired: 0 }));
    },
    strike(call) {
      for (const [index, rule] of faults.api.entries()) {
        const tally = tallies[index];
        if (tally === undefined || !fits(rule, call)) continue;
        if (rule.times !== undefined && tally.fired >= rule.times) continue;
        tally.draws += 1;
        if (!random.chance(`fault|${index}|${tally.draws}`, rule.probability)) continue;
        tally.fired += 1;
        return rule;
      }
      return undefined;
    },
  };
}
