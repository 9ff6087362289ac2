/** A sale that was announced, and that no push has taken account of yet. */
interface Announced {
  /** The most that a listing of the SKU may show once this sale is known. */
  readonly showsAtMost: number;
  readonly at: number;
}

/**
 * Tells how long each announced sale took to reach another listing of its SKU. Sales of a SKU are counted, not told apart: the n-th is taken account
 * of by the first push that shows n units less than there were, since a push states a quantity and covers all before it.
 */
export class IssuedTracker {
  private readonly openingUnits: number;
  private readonly announced = new Map<number, Announced[]>();
  private readonly sold = new Map<number, number>();
  private latencies: number[] = [];
  private open = 0;

  /** `openingUnits`: what every listing shows before the first sale. */
  constructor(openingUnits: number) {
    this.openingUnits = openingUnits;
  }

  /** One unit of a SKU was sold; times are in milliseconds of one clock. */
  announce(sku: number, at: number): void {
    const sold = (this.sold.get(sku) ?? 0) + 1;
    this.sold.set(sku, sold);
    const waiting = this.announced.get(sku) ?? [];
    this.announced.set(sku, waiting);
    waiting.push({ showsAtMost: this.openingUnits - sold, at });
    this.open += 1;
  }

  /** The other listing of the SKU is asked to show this many. */
  push(sku: number, quantity: number, at: number): void {
    const waiting = this.announced.get(sku) ?? [];
    for (let next = waiting[0]; next !== undefined && next.showsAtMost >= quantity; next = waiting[0]) {
      waiting.shift();
      this.latencies.push(at - next.at);
      this.open -= 1;
    }
  }

  /** Sales not yet taken account of. */
  get outstanding(): number {
    return this.open;
  }

  /** The latencies since the last call, and begins anew. */
  takeLatencies(): number[] {
    const { latencies } = this;
    this.latencies = [];
    return latencies;
  }
}
