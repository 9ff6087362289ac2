import type { Keeper } from "@onepool/connectors/contract/keeper/keeper.ts";
import type { Outcome } from "@onepool/connectors/contract/outcome.ts";
import { describe, expect, it } from "vitest";

import { BAD_ANSWERS } from "../battery/bad-answers.ts";
import { needed } from "../battery/bench-of-each-test.ts";
import { benchOfEachPart } from "./bench-of-each-part.ts";
import type { KeeperBench } from "./keeper-bench.ts";
import type { KeeperSubject } from "./keeper-subject.ts";

type Read = (keeper: Required<Keeper>, bench: KeeperBench) => Promise<Outcome<unknown>>;

const READS: readonly [name: string, read: Read][] = [
  ["readAccount", (keeper) => keeper.readAccount()],
  ["readLevels", (keeper) => keeper.readLevels({})],
  ["collect", (keeper, { since }) => keeper.collect({ cursor: null, since })],
  ["listDocuments", (keeper, { since }) => keeper.listDocuments({ from: since })],
  ["readOrder", (keeper) => keeper.readOrder({ reference: "never" })],
];
/** Long enough for any good answer, and what an answer that never comes takes, in milliseconds. */
const PATIENT_MS = 10_000;
const HASTY_MS = 500;

export function settingsTests(subject: KeeperSubject): void {
  describe("settings", () => {
    const bench = benchOfEachPart(subject);

    it.each(Object.entries(subject.wrongSettings))("name what is wrong: %s", (name, value) => {
      expect(bench().tryConnect({ [name]: value })).toMatchObject({
        ok: false,
        error: { kind: "auth", message: expect.stringContaining(name) },
      });
      expect(bench().wire.calls).toEqual([]);
    });

    it("name the credential that is missing, and call nothing", ({ skip }) => {
      const wrong = needed(skip, subject.wrongCredentials);
      expect(bench().tryConnect({}, wrong)).toMatchObject({ ok: false, error: { kind: "auth" } });
      expect(bench().wire.calls).toEqual([]);
    });
  });
}

export function answersTests(subject: KeeperSubject): void {
  describe.each(READS)("%s", (_, read) => {
    const bench = benchOfEachPart(subject);

    it("answers when nothing is wrong", async () => {
      expect(await read(bench().connect(), bench())).toMatchObject({ ok: true });
    });

    it.each(BAD_ANSWERS)("takes for what it is, at every call: $name", async (bad) => {
      await read(bench().connect(), bench());
      const calls = bench().wire.count("api");
      expect(calls).toBeGreaterThan(0);
      for (let nth = 1; nth <= calls; nth++) {
        const keeper = bench().connect({ timeoutMs: bad.isSlow === true ? HASTY_MS : PATIENT_MS });
        const { baseUrl } = bench().wire;
        bench().wire.spoil((call, count) =>
          call.at === "api" && count === nth ? bad.spoil({ baseUrl, now: bench().clock.now() }) : null,
        );
        const outcome = await read(keeper, bench());
        expect(outcome, `call ${nth} of ${calls}`).toMatchObject({
          ok: false,
          error: { kind: expect.toBeOneOf([...bad.kinds]), message: expect.stringMatching(/\S/) },
        });
        expect(outcome).not.toMatchObject({ error: { mayHaveApplied: true } });
        expect(bench().wire.calls.filter(({ target }) => target.startsWith("/trap"))).toEqual([]);
        bench().wire.clear();
      }
    });

    it("is ended by a refused token, without a loop and without telling it", async () => {
      bench().wire.spoil(({ at }) => (at === "api" ? { kind: "answer", ...subject.refusal } : null));
      const outcome = await read(bench().connect(), bench());
      expect(outcome).toMatchObject({ ok: false, error: { kind: "auth" } });
      expect(bench().wire.count("api")).toBeLessThanOrEqual(2);
      const text = JSON.stringify(outcome);
      expect(bench().secrets()).not.toEqual([]);
      expect(
        bench()
          .secrets()
          .filter((secret) => text.includes(secret)),
      ).toEqual([]);
    });
  });
}
