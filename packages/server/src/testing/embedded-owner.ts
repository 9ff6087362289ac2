/**
 * A server of the tests that only owns an embedded PostgreSQL, to be killed in earnest:
 *
 *   node embedded-owner.ts <data folder>
 *
 * Prints one line of JSON when PostgreSQL runs (or why it does not), one more per event, and stops in order when its input ends.
 */
import { text } from "node:stream/consumers";

import { startEmbedded } from "../postgres/embedded.ts";

const say = (fact: object): void => {
  process.stdout.write(`${JSON.stringify(fact)}\n`);
};

const started = await startEmbedded({
  dataFolder: process.argv[2] ?? "",
  onEvent: (event) => say({ event: event.kind, sentence: event.sentence }),
});
if (started.ok) {
  const { embedded } = started;
  say({
    ok: true,
    url: embedded.url,
    foundRunning: embedded.foundRunning,
    postmasterPid: embedded.postmasterPid(),
    guardPid: embedded.guardPid(),
  });
  await text(process.stdin);
  await embedded.stop();
} else {
  say(started);
}
