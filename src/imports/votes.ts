/** What several rows say of one thing: the most frequent, of equals the first. */
export class Votes<T> {
  private readonly counts = new Map<string, { value: T; count: number }>();

  add(value: T): void {
    const key = JSON.stringify(value);
    const known = this.counts.get(key);
    if (known) known.count++;
    else this.counts.set(key, { value, count: 1 });
  }

  get winner(): T | undefined {
    let best: { value: T; count: number } | undefined;
    for (const candidate of this.counts.values()) if (!best || candidate.count > best.count) best = candidate;
    return best?.value;
  }
}
