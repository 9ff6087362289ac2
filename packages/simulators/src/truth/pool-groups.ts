import { type ListingKey, listingCode } from "./listing-key.ts";

/** The units that really exist, and the listings that all sell from them. */
export interface PhysicalGroup {
  id: string;
  /** All units ever supplied: opening stock and every later delivery. */
  units: number;
  listings: (ListingKey & { unitsPerSale: number })[];
}

/** Pool units that one order took from one group. */
export interface Posting {
  groupId: string;
  units: number;
}

export interface GroupReport {
  id: string;
  units: number;
  acceptedUnits: number;
  releasedUnits: number;
  netAcceptedUnits: number;
  remainingUnits: number;
  oversoldUnits: number;
  lostUnits: number;
  lostServableUnits: number;
}

/** A listing's place in a group. */
interface Membership {
  groupId: string;
  unitsPerSale: number;
}

interface GroupState {
  units: number;
  members: (ListingKey & { unitsPerSale: number })[];
  acceptedUnits: number;
  releasedUnits: number;
  oversoldUnits: number;
  lostUnits: number;
  lostServableUnits: number;
}

function newGroup(): GroupState {
  return {
    units: 0,
    members: [],
    acceptedUnits: 0,
    releasedUnits: 0,
    oversoldUnits: 0,
    lostUnits: 0,
    lostServableUnits: 0,
  };
}

/** Counts every group's promises against its physical units. */
export class PoolGroups {
  readonly #groups = new Map<string, GroupState>();
  readonly #membershipsByListing = new Map<string, Membership[]>();

  /** Sets the units and members of these groups; their counters, and the other groups, stay. */
  declare(declared: readonly PhysicalGroup[]): void {
    for (const { id, units, listings } of declared) {
      this.#groups.set(id, { ...(this.#groups.get(id) ?? newGroup()), units, members: listings });
      this.#noteOversold(id);
    }
    this.#membershipsByListing.clear();
    for (const [groupId, { members }] of this.#groups) {
      for (const member of members) {
        const place = { groupId, unitsPerSale: member.unitsPerSale };
        this.#membershipsByListing.set(listingCode(member), [...this.#memberships(member), place]);
      }
    }
  }

  /** Makes `next` sell from every group that `like` sells from, as many units at a time. */
  join(like: ListingKey, next: ListingKey): void {
    for (const { groupId, unitsPerSale } of this.#memberships(like)) {
      const state = this.#group(groupId);
      state.members = [...state.members, { ...next, unitsPerSale }];
      const code = listingCode(next);
      this.#membershipsByListing.set(code, [...this.#memberships(next), { groupId, unitsPerSale }]);
    }
  }

  members(id: string): (ListingKey & { unitsPerSale: number })[] {
    return this.#group(id).members;
  }

  /** Physical units less the promises made on them; below 0 when oversold. */
  remaining(id: string): number {
    const { units, acceptedUnits, releasedUnits } = this.#group(id);
    return units - (acceptedUnits - releasedUnits);
  }

  /** Counts an accepted sale; what it took is what a later release gives back, whatever was declared meanwhile. */
  accept(key: ListingKey, quantity: number): Posting[] {
    return this.#memberships(key).map(({ groupId, unitsPerSale }) => {
      const units = quantity * unitsPerSale;
      this.#group(groupId).acceptedUnits += units;
      this.#noteOversold(groupId);
      return { groupId, units };
    });
  }

  release(postings: readonly Posting[]): void {
    for (const { groupId, units } of postings) this.#group(groupId).releasedUnits += units;
  }

  /** Counts a refused attempt as lost where the group still held units. */
  refuse(key: ListingKey, quantity: number): void {
    const places = this.#memberships(key).map((place) => ({
      state: this.#group(place.groupId),
      units: quantity * place.unitsPerSale,
      left: this.remaining(place.groupId),
    }));
    // A kit needs all its parts: one that has run out explains the refusal.
    const someLeft = places.every(({ left }) => left > 0);
    const allLeft = places.every(({ left, units }) => left >= units);
    for (const { state, units } of places) {
      if (someLeft) state.lostUnits += units;
      if (allLeft) state.lostServableUnits += units;
    }
  }

  report(): GroupReport[] {
    return [...this.#groups].map(([id, state]) => ({
      id,
      units: state.units,
      acceptedUnits: state.acceptedUnits,
      releasedUnits: state.releasedUnits,
      netAcceptedUnits: state.acceptedUnits - state.releasedUnits,
      remainingUnits: this.remaining(id),
      oversoldUnits: state.oversoldUnits,
      lostUnits: state.lostUnits,
      lostServableUnits: state.lostServableUnits,
    }));
  }

  #group(id: string): GroupState {
    const found = this.#groups.get(id);
    if (found === undefined) throw new Error(`no group ${id}`);
    return found;
  }

  #memberships(key: ListingKey): Membership[] {
    return this.#membershipsByListing.get(listingCode(key)) ?? [];
  }

  #noteOversold(id: string): void {
    const state = this.#group(id);
    state.oversoldUnits = Math.max(state.oversoldUnits, -this.remaining(id));
  }
}
