/** A reason to stop that the person at the keyboard can act on; shown as one sentence, without a stack. */
export class Stop extends Error {}

/**
 * Speaks to the person at the keyboard. On stderr, since stdout belongs to the command that was asked for.
 * @param {string} sentence
 */
export function say(sentence) {
  process.stderr.write(`onepool: ${sentence}\n`);
}
