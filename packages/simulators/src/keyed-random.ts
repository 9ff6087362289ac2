import { createHash } from "node:crypto";

/**
 * Draws that depend on the seed and on what they are for, never on how many were drawn before: two runs that
 * make the same calls of one kind get the same values, whatever else happened in between.
 */
export interface KeyedRandom {
  /** From 0 up to, not including, 1. */
  uniform(key: string): number;
  /** A whole number from `min` to `max`, both included. */
  between(key: string, min: number, max: number): number;
  /** True with the given probability from 0 to 1. */
  chance(key: string, probability: number): boolean;
  /** Lower-case hexadecimal digits. */
  hex(key: string, digits: number): string;
  /** A version 4 UUID. */
  uuid(key: string): string;
}

/** Draws of one seed. */
export function createKeyedRandom(seed: number): KeyedRandom {
  const digest = (key: string): string => createHash("sha256").update(`${seed}|${key}`).digest("hex");
  // 48 bits: exact in a double, and far more than any draw here needs.
  const uniform = (key: string): number => Number.parseInt(digest(key).slice(0, 12), 16) / 2 ** 48;

  return {
    uniform,
    between: (key, min, max) => min + Math.floor(uniform(key) * (max - min + 1)),
    chance: (key, probability) => probability > 0 && uniform(key) < probability,
    hex: (key, digits) => digest(key).slice(0, digits),
    uuid(key) {
      const digits = digest(key);
      const variant = "89ab".charAt(Number.parseInt(digits.charAt(16), 16) % 4);
      return [
        digits.slice(0, 8),
        digits.slice(8, 12),
        `4${digits.slice(13, 16)}`,
        variant + digits.slice(17, 20),
        digits.slice(20, 32),
      ].join("-");
    },
  };
}
