import { expect, test } from "vitest";

import { sealed, WrongSecretKey } from "./secret-box.ts";

const box = sealed("0123456789abcdef0123456789abcdef");

test("what was sealed can be opened by the same key only", () => {
  const bytes = box.seal("refresh token — ключ 🔑");
  expect(box.open(bytes)).toBe("refresh token — ключ 🔑");
  expect(sealed("0123456789abcdef0123456789abcdef").open(new Uint8Array(bytes))).toBe(
    "refresh token — ключ 🔑",
  );
  expect(() => sealed("another secret key of some length").open(bytes)).toThrow(WrongSecretKey);
});

test("the same text is never sealed the same way and does not show", () => {
  const [one, other] = [box.seal("APP_USR-token"), box.seal("APP_USR-token")];
  expect(one.equals(other)).toBe(false);
  expect(one.includes("APP_USR")).toBe(false);
});

test("a change of any byte is noticed", () => {
  const bytes = box.seal("secret");
  for (let at = 0; at < bytes.length; at += 1) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(() => box.open(changed)).toThrow(WrongSecretKey);
  }
  for (let length = 0; length < bytes.length; length += 1)
    expect(() => box.open(bytes.subarray(0, length))).toThrow(WrongSecretKey);
});
