import { describe, expect, test } from "vitest";

import { importsOf, packageOf } from "./house/imports.ts";
import { allFiles, isTest, lineAt, textOf } from "./house/repository.ts";

const files = allFiles();
const sources = files.filter((path) => /\.(ts|tsx|mjs)$/.test(path));
/** Text somebody wrote by hand; lockfile, fixtures and generated dumps are not. */
const written = files.filter(
  (path) => /\.(ts|tsx|mjs|sql|css|html|sh|md|json)$/.test(path) && !/package-lock|\/fixtures\//.test(path),
);

/** Every match of `pattern` in `paths`, as `path:line: text`. */
function findAll(paths: string[], pattern: RegExp): string[] {
  return paths.flatMap((path) => {
    const text = textOf(path);
    return [...text.matchAll(pattern)].map(
      (match) => `${path}:${lineAt(text, match.index)}: ${match[0].trim()}`,
    );
  });
}

describe("files", () => {
  test("are named for what they own, not for a drawer of odds and ends", () => {
    const drawers =
      /(^|\/)((utils?|helpers?|common|types?|misc)|[^/]*-(utils?|helpers?)|([^/]*-)?manager)(\.[^/]*)?(\/|$)/;
    // A folder's index hides where things come from and invites cycles; the packages have no entry but their files.
    const index = /(^|\/)index\.(ts|tsx|mjs)$/;
    expect(sources.filter((path) => drawers.test(path) || index.test(path))).toEqual([]);
  });

  test("stay short where oxlint does not count: 300 lines", () => {
    // A dump is as long as the schema, and a migration that has landed cannot be split any more.
    const uncounted = written.filter(
      (path) => /\.(sql|css|html|sh)$/.test(path) && !/\/(schema\.sql$|migrations\/)/.test(path),
    );
    expect(uncounted.filter((path) => textOf(path).split("\n").length > 300)).toEqual([]);
  });

  test("carry no reminders: what is left to do is an issue", () => {
    // The brackets keep this line from finding itself.
    const reminder = /\b(FIXM[E]|TOD[O]|XX[X]|HAC[K])\b.*/g;
    expect(findAll(written, reminder)).toEqual([]);
  });

  test("lift a rule only by name and with a reason", () => {
    const bare =
      /(oxlint|eslint)-(disable|enable)\S*(?!.*-- \S).*|@ts-(ignore|nocheck).*|@ts-expect-error\s*$/gm;
    expect(
      findAll(
        sources.filter((path) => path !== "tests/tidy.test.ts"),
        bare,
      ),
    ).toEqual([]);
  });
});

describe("tests", () => {
  test("are never switched off or singled out in the file; a test that cannot run says skip(reason)", () => {
    const switched = /\b(test|it|describe|suite)\.(skip|only|todo|fails|skipIf|runIf)\b.*/g;
    expect(findAll(sources.filter(isTest), switched)).toEqual([]);
  });

  test("do not replace our own modules", () => {
    expect(findAll(sources.filter(isTest), /\bvi\.(mock|doMock|hoisted)\(.*/g)).toEqual([]);
  });
});

describe("boundaries", () => {
  const imports = sources.flatMap((path) =>
    importsOf(path).map((each) => ({ ...each, from: packageOf(path) })),
  );

  test("a relative import stays in its package; another package is imported by name", () => {
    const leaving = imports.filter(({ from, target }) => {
      const to = target === undefined ? from : packageOf(target);
      // The tests' own tools belong to no package.
      return to !== from && from !== "tests" && to !== "tests" && from.includes("/");
    });
    expect(leaving.map(({ place, specifier }) => `${place}: ${specifier}`)).toEqual([]);
  });

  test("simulators import nothing of ours, so that no mistake is made on both sides", () => {
    const ours = imports.filter(
      ({ from, specifier }) => from === "packages/simulators" && specifier.startsWith("@onepool/"),
    );
    expect(ours.map(({ place, specifier }) => `${place}: ${specifier}`)).toEqual([]);
    const manifest: Record<string, object | undefined> = JSON.parse(
      textOf("packages/simulators/package.json"),
    );
    const needed = Object.keys({ ...manifest["dependencies"], ...manifest["devDependencies"] });
    expect(needed.filter((name) => name.startsWith("@onepool/"))).toEqual([]);
  });

  test("core has no clock: a date is made from an argument", () => {
    const core = sources.filter((path) => path.startsWith("packages/core/src/") && !isTest(path));
    expect(findAll(core, /\bnew Date\(\s*\)|(?<!new\s)\bDate\(.*/g)).toEqual([]);
  });

  test("core and server name their folders by the stages", () => {
    const stages = new Set(["intake", "ledger", "allocate", "publish", "observe", "decide", "live"]);
    const coreFolders = sources
      .filter((path) => /^packages\/core\/src\/[^/]+\//.test(path))
      .map((path) => path.split("/")[3] ?? "");
    expect([...new Set(coreFolders)].filter((folder) => !stages.has(folder))).toEqual([]);
  });
});

describe("connectors", () => {
  const everywhere = ["README.md", "connector.ts", "capability.ts"];
  const overHttp = ["client.ts", "auth.ts", "wire.ts", "error.ts"];
  const home = "packages/connectors/src/";
  const inside = files
    .filter((path) => path.startsWith(home))
    .map((path) => path.slice(home.length).split("/"));
  const channels = [...new Set(inside.map(([channel = ""]) => channel))].filter(
    (name) => name !== "contract",
  );

  /** Channels sell and are pushed to. A keeper stores; one that has no API of its own has nothing to call either. */
  function shapeOf(channel: string, found: ReadonlySet<string>): string[] {
    const isKeeper = textOf(`${home}${channel}/connector.ts`).includes(": KeeperKind =");
    if (!isKeeper) return [...everywhere, ...overHttp, "to-inbound.ts", "to-push.ts", "fixtures"];
    return found.has("client.ts") ? [...everywhere, ...overHttp, "fixtures"] : everywhere;
  }

  test.for(channels)("%s has the one inner shape, so that who knows one knows all", (channel) => {
    const found = new Set(inside.filter(([name]) => name === channel).map(([, entry = ""]) => entry));
    const wanted = new Set([...shapeOf(channel, found), `${channel}.test.ts`]);
    // What only this channel needs is named, with what it does, on its page.
    const page = textOf(`${home}${channel}/README.md`);
    const isOwn = (entry: string): boolean =>
      entry.endsWith(".test.ts") || entry === "testing" || page.includes(`\`${entry}\``);
    expect({
      missing: [...wanted].filter((entry) => !found.has(entry)),
      foreign: [...found].filter((entry) => !wanted.has(entry) && !isOwn(entry)),
    }).toEqual({ missing: [], foreign: [] });
  });
});

describe("kinds of channel", () => {
  const home = "packages/connectors/src/";
  const names = new Set(
    files
      .filter((path) => path.startsWith(home) && path.endsWith("/connector.ts"))
      .map((path) => path.slice(home.length).split("/")[0])
      .filter((name) => name !== "contract"),
  );

  test("are never asked for by name outside their connector: what they can do is data", () => {
    expect(names).toContain("mercadolibre");
    const kind = `["'\`](${[...names].join("|")})["'\`]`;
    // Compared with, a case of, a key of, looked up by, or in a list to look in; an example's value is none of these.
    const asked = [
      `[!=]==?\\s*${kind}`,
      `${kind}\\s*[!=]==?`,
      `\\bcase\\s+${kind}`,
      `${kind}\\s*:`,
      `\\[\\s*${kind}`,
      `\\.(has|get|includes|startsWith|indexOf)\\(\\s*${kind}`,
      `^\\s*(${[...names].join("|")})\\s*:`,
    ];
    const readers = sources.filter(
      (path) =>
        /^packages\/(core|server|dashboard)\/src\//.test(path) &&
        !isTest(path) &&
        !path.includes("/testing/"),
    );
    expect(findAll(readers, new RegExp(asked.join("|"), "gm"))).toEqual([]);
  });
});

describe("the lockfile", () => {
  test("names no download addresses, so that any registry or mirror serves it", () => {
    expect(textOf("package-lock.json").match(/"resolved": "(https?|git)[^"]*"/g)).toBeNull();
  });
});
