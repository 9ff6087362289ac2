import { expect, test } from "vitest";

import { apiServer } from "../../../testing/api-server.ts";
import { testDatabase } from "../../../testing/test-database.ts";

const api = apiServer(await testDatabase());

test("main exists from the start; others are made, changed and listed by code", async () => {
  expect((await api.get("/v1/locations/main")).body).toMatchObject({
    code: "main",
    kind: "warehouse",
    createdSeq: 1,
  });
  await api.put("/v1/locations/mty", { kind: "3pl", title: "Monterrey" });
  await api.put("/v1/locations/fba", { kind: "channel" });
  await api.put("/v1/locations/back", {});
  await api.put("/v1/locations/mty", { title: "Monterrey 2" });
  expect((await api.get("/v1/locations/mty")).body).toMatchObject({ kind: "3pl", title: "Monterrey 2" });
  const first = await api.get("/v1/locations?limit=3");
  expect(first.body.locations.map(({ code }: { code: string }) => code)).toEqual(["back", "fba", "main"]);
  const rest = await api.get(`/v1/locations?limit=3&cursor=${first.body.nextCursor}`);
  expect(rest.body).toMatchObject({ locations: [{ code: "mty" }], nextCursor: null });
});

test("units of ours and a channel's are never counted together", async () => {
  await api.put("/v1/locations/full", { kind: "channel" });
  expect(await api.put("/v1/locations/full", { kind: "warehouse" })).toMatchObject({
    status: 400,
    body: { code: "invalid_field", field: "kind" },
  });
});

test("what is not there is not there", async () => {
  expect(await api.get("/v1/locations/nowhere")).toMatchObject({
    status: 404,
    body: { code: "unknown_location" },
  });
  expect(await api.put("/v1/locations/x", { kind: "moon" })).toMatchObject({
    status: 400,
    body: { field: "kind" },
  });
});
