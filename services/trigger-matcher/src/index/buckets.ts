import type { IndexedTrigger } from '../definition.ts';
import { Bucket } from './bucket.ts';

/** Buckets by the name that their triggers listen to. */
export class Buckets {
  readonly #bucketByName = new Map<string, Bucket>();

  get size(): number {
    return this.#bucketByName.size;
  }

  get(name: string): Bucket | undefined {
    return this.#bucketByName.get(name);
  }

  /** Files a workflow's triggers under their names. */
  add(workflowId: number, triggersByName: ReadonlyMap<string, readonly IndexedTrigger[]>): void {
    for (const [name, triggers] of triggersByName) {
      const bucket = this.#bucketByName.get(name) ?? new Bucket();
      this.#bucketByName.set(name, bucket);
      bucket.set(workflowId, triggers);
    }
  }

  remove(workflowId: number, names: Iterable<string>): void {
    for (const name of names) {
      const bucket = this.#bucketByName.get(name);
      bucket?.remove(workflowId);
      if (bucket?.isEmpty) this.#bucketByName.delete(name);
    }
  }
}
