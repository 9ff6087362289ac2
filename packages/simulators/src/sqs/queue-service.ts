import type { KeyedRandom } from "../keyed-random.ts";
import type { SimulatorClock } from "../simulator-clock.ts";
import { defaultQueueSettings, type QueueSettings } from "./queue-attributes.ts";
import { Queue } from "./queue.ts";
import type { AccessKey } from "./signature.ts";
import type { QueueFaults } from "./sqs-faults.ts";

interface QueueServiceOptions {
  /** Times that messages carry, and retention. */
  clock: SimulatorClock;
  /** Real time for visibility, delays and long polls: who receives lives in real time. Closed by its owner. */
  wallClock: SimulatorClock;
  random: KeyedRandom;
  /** 12 digits; the account that owns every queue and key here. */
  accountId?: string | undefined;
  region?: string | undefined;
  accessKeys?: AccessKey[] | undefined;
  /** Those in force now. */
  faults: () => QueueFaults;
}

const queueArnPattern = /^arn:aws:sqs:([^:\s]+):(\d{12}):([\w-]{1,80})$/;

/** The queues of one AWS account in one region. */
export class QueueService {
  readonly clock: SimulatorClock;
  readonly wallClock: SimulatorClock;
  readonly random: KeyedRandom;
  readonly accountId: string;
  readonly region: string;
  readonly accessKeys: AccessKey[];
  readonly faults: () => QueueFaults;
  /** Ends waiting receives. */
  readonly closing = new AbortController();
  readonly #queues = new Map<string, Queue>();
  readonly #calls = new Map<string, number>();

  constructor(options: QueueServiceOptions) {
    const { random } = options;
    this.clock = options.clock;
    this.wallClock = options.wallClock;
    this.random = random;
    this.accountId =
      options.accountId ?? String(random.between("sqs|account", 100_000_000_000, 999_999_999_999));
    this.region = options.region ?? "us-east-1";
    this.accessKeys = options.accessKeys ?? [
      {
        accessKeyId: `AKIA${random.hex("sqs|key", 16).toUpperCase()}`,
        secretAccessKey: random.hex("sqs|secret", 40),
      },
    ];
    this.faults = options.faults;
  }

  /** Counts a call of a kind and returns which one it is, for draws and ids. */
  countCall(kind: string): number {
    const nth = (this.#calls.get(kind) ?? 0) + 1;
    this.#calls.set(kind, nth);
    return nth;
  }

  /** Whether a receive that does not wait asks the wrong servers and finds nothing. */
  misses(queueName: string): boolean {
    const nth = this.countCall(`receive|${queueName}`);
    return this.random.chance(`emptyReceive|${queueName}|${nth}`, this.faults().emptyReceive);
  }

  arnOf(name: string): string {
    return `arn:aws:sqs:${this.region}:${this.accountId}:${name}`;
  }

  create(name: string, settings: Partial<QueueSettings> = {}): Queue {
    const queue = new Queue(
      {
        name,
        arn: this.arnOf(name),
        clock: this.clock,
        wallClock: this.wallClock,
        random: this.random,
        faults: this.faults,
        queueOfArn: (arn) => this.byArn(arn),
      },
      { ...defaultQueueSettings, ...settings },
    );
    this.#queues.set(name, queue);
    return queue;
  }

  remove(queue: Queue): void {
    queue.purge();
    this.#queues.delete(queue.name);
  }

  all(): Queue[] {
    return [...this.#queues.values()];
  }

  byName(name: string): Queue | undefined {
    return this.#queues.get(name);
  }

  byArn(arn: string): Queue | undefined {
    const [, region, accountId, name] = queueArnPattern.exec(arn) ?? [];
    if (name === undefined || region !== this.region || accountId !== this.accountId) return undefined;
    return this.#queues.get(name);
  }

  /** Only the path of a queue URL counts: it may be written with any name of this machine. */
  byUrl(queueUrl: string): Queue | undefined {
    const [, accountId, name] = /^https?:\/\/[^/]+\/(\d{12})\/([\w-]+)\/?$/.exec(queueUrl) ?? [];
    return name !== undefined && accountId === this.accountId ? this.#queues.get(name) : undefined;
  }

  close(): void {
    this.closing.abort();
    for (const queue of this.#queues.values()) queue.purge();
  }
}
