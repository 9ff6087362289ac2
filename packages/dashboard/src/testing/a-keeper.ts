// Makers for tests of what keepers say: whole things with defaults, so that a test names only what it is about.
import type { KeeperLevel, KeeperStanding } from "../api/contract.ts";

export function aKeeper(differences: Partial<KeeperStanding> = {}): KeeperStanding {
  return {
    connection: "bodega-mx",
    kind: "file-drop",
    title: "Files",
    mode: "live",
    locations: ["mx"],
    levels: { verified: 6, suspect: 0, open: 0, booked: 0 },
    openUnits: 0,
    verifiedAsOf: "2026-11-23T14:00:00Z",
    toldAsOf: "2026-11-23T14:00:00Z",
    facts: { due: 0, waiting: 0, poison: 0 },
    heard: [],
    heldSnapshot: null,
    ...differences,
  };
}

export function aLevel(differences: Partial<KeeperLevel> = {}): KeeperLevel {
  return {
    location: "mx",
    sku: "KB-M",
    item: "KB-M",
    sellable: 60,
    held: 0,
    allocated: null,
    asOf: { from: "2026-11-23T14:00:00Z", to: "2026-11-23T14:00:00Z" },
    expected: 10,
    expectedHeld: 0,
    drift: 50,
    driftHeld: 0,
    state: "open",
    strikes: 2,
    firstDriftAt: "2026-11-23T12:00:00Z",
    likelyCause: "never_explained",
    verifiedAsOf: null,
    recountWantedAt: null,
    acceptedAt: null,
    bookedAt: null,
    bookedUnits: null,
    ...differences,
  };
}
