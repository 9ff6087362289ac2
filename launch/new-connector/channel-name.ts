import { existsSync } from "node:fs";
import { join } from "node:path";

/** The name is a folder, a connection's `kind` and a variable, all in one. */
const SHAPE = /^[a-z][a-z0-9]{1,29}$/;

/** Folders beside the connectors', and words that no variable may be called. */
const TAKEN = new Set(
  `contract truth sqs do if in for let new try var case else enum eval null this true void with await break catch class const
   false super throw while yield delete export import public return static switch typeof default extends finally package
   private continue debugger function arguments interface protected implements instanceof`.split(/\s+/),
);

/** Why no channel can be made under this name, in a sentence; null if one can. */
export function channelNameFault(root: string, name: string): string | null {
  if (!SHAPE.test(name))
    return `"${name}" is no name: 2 to 30 lower-case letters and digits, a letter first.`;
  if (TAKEN.has(name)) return `"${name}" means something else here already: choose another name.`;
  const places = [`packages/connectors/src/${name}`, `packages/simulators/src/${name}`];
  const taken = places.find((place) => existsSync(join(root, place)));
  return taken === undefined ? null : `${taken} is there already.`;
}
