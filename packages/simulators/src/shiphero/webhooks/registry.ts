import type { KeyedRandom } from "../../keyed-random.ts";
import { conflict, invalid, notFound, type VendorRefusal } from "../graphql/vendor-refusal.ts";
import { type Identifiers, legacyIdOf } from "../identifiers.ts";
import { isWebhookType, type WebhookType } from "./webhook-type.ts";

export type Health = "HEALTHY" | "WARNING" | "UNHEALTHY";

export interface Registration {
  legacyId: number;
  name: WebhookType;
  shopName: string;
  url: string;
  /** What its posts are signed with; told once, when it is made. */
  secret: string;
  enabled: boolean;
  health: Health;
  /** Failed attempts in a row. */
  failures: number;
  createdAt: number;
  updatedAt: number;
  lastEnabledChange: number;
}

interface RegistryParts {
  now: () => number;
  random: KeyedRandom;
  ids: Identifiers;
}

/** A shop name when none is given: orders made over the API belong to it too, documented. */
const DEFAULT_SHOP = "public-api";

/** More would be no account's: a client that registers without end must not fill the memory. */
const MOST_REGISTRATIONS = 1_000;

function isUrl(text: string): boolean {
  return URL.canParse(text) && ["http:", "https:"].includes(new URL(text).protocol);
}

/** The account's webhooks: one of a type per shop name. */
export class WebhookRegistry {
  readonly #parts: RegistryParts;
  readonly #registrations = new Map<number, Registration>();

  constructor(parts: RegistryParts) {
    this.#parts = parts;
  }

  create(asked: {
    name: string;
    url: string;
    enabled: boolean;
    shopName?: string | undefined;
  }): Registration | VendorRefusal {
    const { name, url, enabled, shopName = DEFAULT_SHOP } = asked;
    if (!isWebhookType(name)) return invalid(`Invalid webhook name: ${name}`);
    if (!isUrl(url)) return invalid("Invalid url");
    if (this.#named(name, shopName) !== undefined) return conflict(`Webhook ${name} already exists`);
    if (this.#registrations.size >= MOST_REGISTRATIONS) return conflict("Too many webhooks");
    const { ids, random } = this.#parts;
    const at = this.#parts.now();
    const legacyId = ids.next("Webhook");
    const registration: Registration = {
      legacyId,
      name,
      shopName,
      url,
      secret: random.hex(`webhook secret|${legacyId}`, 40),
      enabled,
      health: "HEALTHY",
      failures: 0,
      createdAt: at,
      updatedAt: at,
      lastEnabledChange: at,
    };
    this.#registrations.set(legacyId, registration);
    return registration;
  }

  remove(name: string, shopName = DEFAULT_SHOP): Registration | VendorRefusal {
    const found = this.#named(name, shopName);
    if (found === undefined) return notFound("Webhook");
    this.#registrations.delete(found.legacyId);
    return found;
  }

  /** Enabled by hand it is healthy again. */
  setEnabled(uuid: string, enabled: boolean): Registration | VendorRefusal {
    const legacyId = legacyIdOf("Webhook", uuid);
    const found = legacyId === undefined ? undefined : this.#registrations.get(legacyId);
    if (found === undefined) return notFound("Webhook");
    this.#switch(found, enabled);
    if (enabled) Object.assign(found, { health: "HEALTHY", failures: 0 });
    return found;
  }

  /** Notes how an attempt went, and disables what fails without end. */
  note(registration: Registration, delivered: boolean, limits: { warning: number; unhealthy: number }): void {
    const failures = delivered ? 0 : registration.failures + 1;
    registration.failures = failures;
    registration.updatedAt = this.#parts.now();
    if (failures >= limits.unhealthy) {
      registration.health = "UNHEALTHY";
      this.#switch(registration, false);
    } else registration.health = failures >= limits.warning ? "WARNING" : "HEALTHY";
  }

  /** Still there, and switched on. */
  isLive({ legacyId }: Registration): boolean {
    return this.#registrations.get(legacyId)?.enabled === true;
  }

  ofType(name: WebhookType): Registration[] {
    return this.all().filter((registration) => registration.name === name);
  }

  all(): Registration[] {
    return [...this.#registrations.values()];
  }

  #named(name: string, shopName: string): Registration | undefined {
    return this.all().find(
      (registration) => registration.name === name && registration.shopName === shopName,
    );
  }

  #switch(registration: Registration, enabled: boolean): void {
    if (registration.enabled === enabled) return;
    registration.enabled = enabled;
    registration.lastEnabledChange = registration.updatedAt = this.#parts.now();
  }
}
