import { v7 } from 'uuid';

/** A repeatable source of chance (mulberry32): one seed, one sequence. */
export class Random {
  private state: number;

  constructor(private readonly seed: number) {
    this.state = seed >>> 0;
  }

  /** A sequence of its own, so that a change in one part of the sample leaves the other parts as they are. */
  stream(name: string): Random {
    let hash = this.seed ^ 0x811c9dc5;
    for (const char of name) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
    return new Random(hash);
  }

  /** In [0, 1). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** In [from, to). */
  number(from: number, to: number): number {
    return from + this.next() * (to - from);
  }

  /** Both ends included. */
  integer(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new Error('Nothing to pick from');
    return items[Math.floor(this.next() * items.length)]!;
  }

  pickBy<T>(items: readonly T[], weight: (item: T) => number): T {
    let rest = this.next() * items.reduce((sum, item) => sum + weight(item), 0);
    for (const item of items) {
      rest -= weight(item);
      if (rest < 0) return item;
    }
    return this.pick(items);
  }

  weighted<T extends string | number>(choices: readonly (readonly [T, number])[]): T {
    return this.pickBy(choices, ([, weight]) => weight)[0];
  }

  shuffled<T>(items: readonly T[]): T[] {
    const result = [...items];
    for (let last = result.length - 1; last > 0; last--) {
      const other = this.integer(0, last);
      [result[last], result[other]] = [result[other]!, result[last]!];
    }
    return result;
  }

  /** Up to `count` different ones. */
  some<T>(items: readonly T[], count: number): T[] {
    return this.shuffled(items).slice(0, count);
  }

  /** Positive, half of the values below the median; a few are much larger, as with deal sizes and durations. */
  logNormal(median: number, spread: number): number {
    const normal = Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
    return median * Math.exp(spread * normal);
  }

  /**
   * For each probability whether it happened, such that the number of events is the sum of the probabilities (±1): with
   * independent draws a small sample's win rate would depend on the seed more than on anything else.
   */
  decisions(probabilities: readonly number[]): boolean[] {
    const decided = new Array<boolean>(probabilities.length).fill(false);
    let sum = this.next();
    for (const index of this.shuffled(probabilities.map((_, index) => index))) {
      const before = Math.floor(sum);
      sum += probabilities[index]!;
      decided[index] = Math.floor(sum) > before;
    }
    return decided;
  }

  /** A version 7 UUID of that moment. */
  uuid(at: Date): string {
    return v7({ msecs: at.getTime(), random: Uint8Array.from({ length: 16 }, () => this.integer(0, 255)) });
  }
}
